"""What normalise does: the same for the same input, touching nothing, and telling what it does not know."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from hub.sdk import Drift, RawRecord, Record, RecordRejected
from hub.testing import elsewhere
from hub.testing.difference import of_objects, shown
from hub.testing.promise import BrokenPromise
from hub.testing.tables import UNKNOWN
from hub.testing.trial import Trial
from hub.testing.watch import watched

Outcome = list[Any]
_KNOWN: Final = (RecordRejected, ValueError)  # pydantic's errors are ValueErrors


def pure(trial: Trial) -> None:
    """Called again on copies, at another place on earth and in another process, it gives the same."""
    connector = trial.connector()
    first = [_untouched(connector, raw) for raw in trial.raw]  # reads what it reads once: code lists
    for zone in ("Etc/GMT+12", "Etc/GMT-14"):  # never the same day
        with watched(zone) as touched:
            for raw, expected in zip(trial.raw, first, strict=True):
                found = _untouched(connector, raw)
                _compare(raw, expected, found, "called again on the same raw record")
        if touched:
            raise BrokenPromise(
                f"normalise uses {touched[0]} → put what it needs into the payload in fetch: archived records are"
                " mapped again years later"
            )
    for raw, expected, found in zip(trial.raw, first, elsewhere.normalised(trial.connector, trial.raw), strict=False):
        _compare(raw, expected, found, "called in another process")


def unknown_field(trial: Trial) -> None:
    """A field that the connector does not know is reported as drift, by fetch or by normalise."""
    if trial.fixture.unknown_file is not None:
        with trial.stage(change=trial.fixture.unknown_file) as stage:
            items = stage.fetch()
        found = [item for item in items if isinstance(item, Drift)]
        found += [drift for item in items if isinstance(item, RawRecord) for drift in _drift(trial, item)]
        _alarms(found, "the changed file", "yield Drift('new_field', name, stream=…) for columns that are not known")
        return
    put = trial.fixture.unknown or _add_field
    seen: set[str] = set()
    for raw in trial.raw:
        if raw.stream not in seen and not _rejects(trial, raw):
            seen.add(raw.stream)
            changed = put(raw)
            if changed == raw:
                raise BrokenPromise("the fixture's `unknown` changes nothing → let it add a field that nobody knows")
            advice = "take, ignore by name, or report every field: sdk.clean.Fields(row).left_over() does it"
            _alarms(_drift(trial, changed), f"key {shown(raw.key)} of stream {raw.stream!r}", advice)


def _alarms(found: list[Drift], where: str, advice: str) -> None:
    new = [drift for drift in found if drift.kind == "new_field"]
    if not any(UNKNOWN.replace("_", "") in drift.field.replace("_", "").casefold() for drift in new):
        raise BrokenPromise(
            f"{where} has the unknown field {UNKNOWN!r} and no Drift('new_field', …) names it"
            f" (drift: {shown([drift.field for drift in found])}) → {advice}"
        )


def _add_field(raw: RawRecord) -> RawRecord:
    if not isinstance(raw.payload, Mapping):
        raise BrokenPromise("payloads are bytes → give the fixture `unknown`, which puts an unknown element into one")
    return replace(raw, payload={**raw.payload, UNKNOWN: "x"})


def _drift(trial: Trial, raw: RawRecord) -> list[Drift]:
    return [item for item in _outcome(trial.connector(), raw) if isinstance(item, Drift)]


def _rejects(trial: Trial, raw: RawRecord) -> bool:
    try:
        trial.normalised(raw)
    except _KNOWN:
        return True
    return False


def _untouched(connector: Any, raw: RawRecord) -> Outcome:
    """The outcome for a copy, which must be as before afterwards."""
    given = replace(raw, payload=copy.deepcopy(raw.payload))
    outcome = _outcome(connector, given)
    if given != raw:
        raise BrokenPromise(f"normalise changes its input, the payload of key {shown(raw.key)} → work on a copy of it")
    return outcome


def _outcome(connector: Any, raw: RawRecord) -> Outcome:
    """Records and drift, or the rejection as the only item."""
    try:
        found = list(connector.normalise(raw))
    except _KNOWN as error:
        return [f"rejected: {error}"]
    except Exception as error:
        raise BrokenPromise(
            f"normalise raises {type(error).__name__} for key {shown(raw.key)}: {shown(str(error))}"
            " → raise sdk.RecordRejected with the field and what to do"
        ) from error
    for item in found:
        if not isinstance(item, Record | Drift):
            raise BrokenPromise(f"normalise yields a {type(item).__name__} → yield records of the sdk, and Drift")
    return found


def _compare(raw: RawRecord, expected: Outcome, found: Outcome, when: str) -> None:
    for one, other in _pairs(expected, found):
        if one != other:
            raise BrokenPromise(
                f"normalise of key {shown(raw.key)}, {when}, differs: {of_objects(one, other)}"
                " → use nothing but the raw record: no state, time, chance, or order of a set"
            )


def _pairs(expected: Outcome, found: Outcome) -> Iterator[tuple[object, object]]:
    for index in range(max(len(expected), len(found))):
        yield (
            expected[index] if index < len(expected) else "nothing",
            found[index] if index < len(found) else "nothing",
        )
