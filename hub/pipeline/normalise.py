"""Running a connector's mapping over one raw record, with every failure turned into a fault for quarantine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from hub.model.record import Record
from hub.sdk.errors import RecordRejected
from hub.sdk.events import Drift, RawRecord


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a raw record could not be mapped."""

    reason: str
    field: str = ""
    value: str = ""


@dataclass(slots=True)
class Normalised:
    """What one raw record gave. With a rejection there are no records: an item is stored whole or not at all."""

    records: list[Record] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    rejection: Rejection | None = None


def normalise(mapping: Callable[[RawRecord], Iterator[Record | Drift]], raw: RawRecord) -> Normalised:
    """Map one raw record. Never raises: what goes wrong inside the connector is that record's rejection."""
    result = Normalised()
    try:
        for item in mapping(raw):
            if isinstance(item, Drift):
                result.drift.append(replace(item, stream=raw.stream) if not item.stream else item)
            else:
                result.records.append(item)
    except RecordRejected as error:
        elsewhere = error.where and error.where != raw.origin
        reason = f"{error.where}: {error.reason}" if elsewhere else error.reason
        result.rejection = Rejection(_sentence(reason, error.instruction), error.field, error.value)
    except ValidationError as error:
        result.rejection = _invalid(error)
    except Exception as error:  # noqa: BLE001 - a connector's fault must not stop the run
        place = _where(error)
        result.rejection = Rejection(
            f"the connector failed with {type(error).__name__}{place}; report it to the connector's author"
        )
    if result.rejection is not None:
        result.records.clear()
    return result


def _sentence(reason: str, instruction: str) -> str:
    return f"{reason} → {instruction}" if instruction else reason


def _invalid(error: ValidationError) -> Rejection:
    first: Any = error.errors(include_url=False, include_context=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    value = "" if isinstance(first["input"], dict) else str(first["input"])
    return Rejection(f"{error.title}: {first['msg']}", path, value)


def _where(error: Exception) -> str:
    # The message of a foreign exception may quote data, so only its type and place are told.
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" at {trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}"
