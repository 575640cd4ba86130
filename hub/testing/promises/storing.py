"""What storing does: once is enough, order does not matter, and one bad record harms no other."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from hub.runs import RunResult
from hub.runs.outcome import WHOLE
from hub.sdk import Checkpoint, Complete, Connector, Erase, FetchItem, RawRecord
from hub.testing import sql
from hub.testing.database import Database
from hub.testing.difference import between, shown
from hub.testing.promise import BrokenPromise
from hub.testing.trial import Trial

_GARBAGE: Final = "\ufffd%&#/"


def twice(trial: Trial) -> None:
    """The first run reads the fixture whole; one a day later over the same source changes nothing."""
    with trial.stage() as stage, trial.database() as database:
        read_whole(stage.run(database), "the first run")
        before, last = database.content(), sql.last_change(database.engine)
        second = stage.run(database, now=trial.fixture.now + timedelta(days=1))
        read_whole(second, "the second run")
        after, now_last = database.content(), sql.last_change(database.engine)
    told = between(before, after)
    counts = {name: getattr(second, name) for name in ("stored", "changed", "retired")}
    if any(counts.values()) or now_last != last or told:
        raise BrokenPromise(
            f"the second run over the same data wrote {counts} and {now_last - last} changes: {told or 'see v1_change'}"
            " → keep out of the payload what differs from fetch to fetch (times, tokens, counters)"
        )


def order(trial: Trial) -> None:
    """Shuffled raw records, and a source in another order, give the same ids and tables."""
    with trial.stage() as stage, trial.database() as database:
        stage.run(database)
        expected = database.content()
    shuffled = list(trial.items)
    ends = [item for item in shuffled if isinstance(item, Complete | Erase) or _is_cursor(item)]
    others = [item for item in shuffled if not isinstance(item, Checkpoint | Complete | Erase)]
    random.Random(1).shuffle(others)  # noqa: S311 - the same order each time
    with trial.stage() as stage, trial.database() as database:
        # A site has another port each time: what was fetched first is compared with itself, shuffled.
        played_first, played_shuffled = _playing(trial.items), _playing([*others, *ends])
        if stage.server is not None:
            stage.run(database, fetch=played_first)
            expected = database.content()
            with trial.database() as again:
                stage.run(again, fetch=played_shuffled)
                _same(expected, again.content(), "its raw records shuffled")
        else:
            stage.run(database, fetch=played_shuffled)
            _same(expected, database.content(), "its raw records shuffled")
    if trial.fixture.reordered is not None:
        with trial.stage(change=trial.fixture.reordered) as stage, trial.database() as database:
            stage.run(database)
            # What could not be read is known by its place.
            _same(_readable(expected), _readable(database.content()), "its source in another order")


def broken_record(trial: Trial) -> None:
    """Each of some ways to break one record ends in quarantine or as drift, with the others stored."""
    with trial.stage() as stage, trial.database() as database:
        good = stage.run(database, fetch=_playing(trial.items))
        standing = {row["key"] for row in database.rows("raw_record") if not row["rejected"]}
    for index in _some(trial, standing):
        victim = trial.items[index]
        assert isinstance(victim, RawRecord)  # `_some` chose it
        for how, broken in _ways(victim):
            items = [*trial.items[:index], broken, *trial.items[index + 1 :]]
            with trial.stage() as stage, trial.database() as database:
                result = stage.run(database, fetch=_playing(items))
                _judge(victim, how, good, result, database)


def read_whole(result: RunResult, what: str) -> None:
    """Raise when a run did not read its source whole."""
    if result.outcome not in WHOLE:
        raise BrokenPromise(
            f"{what} ended as {result.outcome}: {result.reason}"
            " → mend the connector, or give the fixture a source that can be read whole"
        )


def _judge(victim: RawRecord, how: str, good: RunResult, result: RunResult, database: Database) -> None:
    said = f"with the payload of key {shown(victim.key)} {how}"
    if result.outcome in ("failed", "cancelled", "lost"):
        raise BrokenPromise(f"{said} the run {result.outcome}: {result.reason} → raise RecordRejected in normalise")
    faults = [row for row in database.rows("v1_quarantine") if row["key"] == victim.key]
    if any("the connector failed with" in row["reason"] for row in faults):
        raise BrokenPromise(
            f"{said} {faults[-1]['reason'].split(';')[0]} → raise sdk.RecordRejected with the field and what to do"
        )
    stored = {row["key"] for row in database.rows("raw_record") if not row["rejected"]}
    if result.stored < good.stored - 1:
        raise BrokenPromise(
            f"{said} {good.stored - result.stored} records are not stored → let one record harm no other"
        )
    if not faults and victim.key in stored and not database.rows("v1_drift"):
        raise BrokenPromise(f"{said} it is stored without a word → reject it, or report what is wrong with it as Drift")


def _ways(raw: RawRecord) -> Iterator[tuple[str, RawRecord]]:
    if isinstance(raw.payload, bytes):
        yield "cut in half", replace(raw, payload=raw.payload[: len(raw.payload) // 2])
        yield "made of noise", replace(raw, payload=bytes(random.Random(1).randbytes(200)))  # noqa: S311
        yield "emptied", replace(raw, payload=b"")
        return
    yield "made of garbage", replace(raw, payload=_each(raw.payload, lambda _: _GARBAGE))
    yield "emptied", replace(raw, payload=_each(raw.payload, lambda _: ""))
    yield "without any field", replace(raw, payload={})


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {name: _each(item, change) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each(item, change) for item in value]
    return change(value)


def _some(trial: Trial, standing: set[str]) -> list[int]:
    """The first good raw record of each stream."""
    chosen: dict[str, int] = {}
    for index, item in enumerate(trial.items):
        if isinstance(item, RawRecord) and item.key in standing:
            chosen.setdefault(item.stream, index)
    return list(chosen.values())


def _playing(items: Sequence[FetchItem]) -> Callable[[Connector[Any], Any], Iterator[FetchItem]]:
    return lambda _connector, _context: iter(items)


def _is_cursor(item: FetchItem) -> bool:
    return isinstance(item, Checkpoint) and not (item.stream or item.scope)


def _readable(content: sql.Content) -> sql.Content:
    return {table: rows for table, rows in content.items() if table != "quarantine"}


def _same(expected: sql.Content, found: sql.Content, what: str) -> None:
    if told := between(expected, found):
        raise BrokenPromise(
            f"with {what}, the database differs: {told}"
            " → make keys and ids of what a record says, not of where it stands or what came before it"
        )
