"""What an answer of ``POST /organisationer`` says as a whole: found, not found, or not known at present."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from hub.sdk import RecordRejected

ROWS: Final = "organisationer"
NOT_FOUND: Final = "ORGANISATION_FINNS_EJ"
INVALID: Final = "OGILTIG_BEGARAN"
_UNKNOWN_NOW: Final = frozenset({"TIMEOUT", "OTILLGANGLIG_UPPGIFTSKALLA"})
_INSTEAD: Final = {
    "dokument": "a list of documents, no organisation",
    "identitetsbeteckning": "a request, no answer",
    "access_token": "an access token, no answer",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """``incomplete``: a block is missing because its source did not answer, so nothing of it may be stored.

    ``unlisted`` are kinds of error that are in no list; their blocks count as unknown.
    """

    verdict: Literal["found", "not_found", "incomplete", "invalid"]
    rows: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()


def parse(content: bytes) -> Answer:
    """The answer in a body. Raises ``RecordRejected`` for what is none, without a word of it."""
    try:
        said = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise RecordRejected("is not JSON in UTF-8") from None
    if not isinstance(said, dict):
        raise RecordRejected("is JSON, and no object")
    rows = said.get(ROWS)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RecordRejected(_other(said), field=ROWS)
    return _judged(tuple(rows))


def identity(row: Mapping[str, Any]) -> str:
    """The number that a row is about, as published; empty when it names none."""
    block = row.get("organisationsidentitet")
    value = block.get("identitetsbeteckning") if isinstance(block, dict) else None
    return str(value or "").strip()


def _judged(rows: tuple[Mapping[str, Any], ...]) -> Answer:
    faults = [fault for row in rows for fault in _faults(row)]
    kinds = {kind for _, kind in faults}
    unlisted = tuple(sorted(kinds - _UNKNOWN_NOW - {NOT_FOUND, INVALID}))
    missing = tuple(sorted({name for name, kind in faults if kind not in {NOT_FOUND, INVALID}}))
    if missing:
        return Answer("incomplete", rows, missing, unlisted)
    if INVALID in kinds:
        return Answer("invalid", rows)
    named = tuple(row for row in rows if _is_named(row))
    if named:
        # One of the two registers may not have it while the other one does.
        return Answer("found", rows)
    return Answer("not_found" if NOT_FOUND in kinds or not rows else "found", rows)


def _faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, block in row.items():
        fault = block.get("fel") if isinstance(block, dict) else None
        if fault:
            yield name, str(fault.get("typ") or "") if isinstance(fault, dict) else "?"


def _is_named(row: Mapping[str, Any]) -> bool:
    block = row.get("organisationsnamn")
    return isinstance(block, dict) and bool(block.get("organisationsnamnLista"))


def _other(said: Mapping[str, Any]) -> str:
    if "title" in said and "status" in said:
        return f"an error of the API ({str(said['status'])[:3]}), no organisation"
    return next(
        (what for name, what in _INSTEAD.items() if name in said), f"has no list `{ROWS}`: no answer of this API"
    )
