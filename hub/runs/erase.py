"""Erasing raw records: their values go everywhere, archive segments and earlier change rows included (ADR 0012).

Segments are written anew under other names before the transaction, which points to them; the old files are deleted
after the commit. A process that dies in between leaves a file that nobody refers to: the next whole sync or erasure
deletes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import uuid4

from hub.archive import find_positions, write_without
from hub.identity import canonicalise
from hub.identity.sql import prune_mentions
from hub.runs import retention, sql
from hub.runs.execution import Execution, execute
from hub.runs.outcome import RunResult
from hub.runs.plan import RunPlan
from hub.store import archived, changes, retelling
from hub.store import erase as records
from hub.store.archived import StoredSegment
from hub.store.engine import Connection, empty_log, reading, transaction
from hub.store.raw import raw_id
from hub.store.rows.aggregate import instant

PUBLISHER: Final = "the publisher"
"""Who demands what a connector's ``Erase`` asks for."""

Chosen = Callable[[Connection, str], Collection[str]]
"""Which raw records to erase, asked when the source's lease is held; the text is what their ids are made from."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Who demands that raw records be erased, and why; what is ``barred`` is not stored again when it comes again."""

    by: str
    reason: str
    barred: bool


@dataclass(frozen=True, slots=True)
class _Rewritten:
    """A segment without the erased raw records, in a file that nobody refers to yet."""

    segment: StoredSegment
    path: str
    byte_count: int


def run(plan: RunPlan, chosen: Chosen, demand: Demand) -> RunResult:
    """Erase raw records of a source, as a run of its own; ``unchanged`` when nothing was stored of them.

    Raises only when the run could not begin or the database is gone.
    """

    def work(execution: Execution) -> None:
        with reading(plan.engine) as connection:
            raw_ids = chosen(connection, execution.lease.seed)
        if not erase(execution, raw_ids, demand):
            execution.result.outcome = "unchanged"

    return execute(plan, work, kind="erase")


def erase(work: Execution, raw_ids: Iterable[str], demand: Demand) -> int:
    """Erase raw records of the source that is being worked on; gives of how many something was stored.

    Each batch is a transaction of its own. The result counts them as ``erased``.
    """
    wanted, size = sorted(set(raw_ids)), work.plan.batch_size
    # What a killed run wrote and did not commit may be of these; no segment's row knows of it.
    retention.sweep(work)
    erased = sum(_erase(work, wanted[first : first + size], demand) for first in range(0, len(wanted), size))
    if erased:
        # A checkpoint that the connector made ready before the demand still names them.
        work.closing.append(partial(records.forget_reading, source_id=work.lease.source_id))
        if not empty_log(work.plan.engine):
            work.log.warning("the write-ahead log keeps what was erased until nobody reads the database any more")
    return erased


def _erase(work: Execution, raw_ids: Collection[str], demand: Demand) -> int:
    engine = work.plan.engine
    with reading(engine) as connection:
        held = records.held(connection, raw_ids)
    if demand.barred:
        with work.committing() as connection:
            if barred := records.bar(connection, raw_ids):
                work.result.counts["barred_anew"] += barred
    if not held:
        return 0
    quoted: dict[str, str] = {}
    rewritten = list(_rewrite(work, frozenset(held), quoted))
    with work.writer.counted(), transaction(engine) as connection:
        records.forget_drift(connection, quoted, work.lease.source_id)
        for each in rewritten:
            records.move_segment(connection, each.segment.id, each.path, each.byte_count)
        _erase_rows(work, connection, held, demand)
    for each in rewritten:
        _replace(work, each)
    return len(held)


def _erase_rows(work: Execution, connection: Connection, held: Collection[str], demand: Demand) -> None:
    plan, source_id, run_id = work.plan, work.lease.source_id, work.lease.run_id
    erased = records.erase_records(connection, held, source_id)
    records.keep_erasures(
        connection,
        held,
        source_id=source_id,
        run_id=run_id,
        at=instant(datetime.now(UTC)) or "",
        demanded_by=demand.by,
        reason=demand.reason,
        barred=demand.barred,
    )
    records.forget_reading(connection, source_id)
    work.result.counts["erased"] += len(held)
    changes.take_turn(connection)
    about = erased.organisation_ids
    prune_mentions(connection, about, source_id)
    log = canonicalise(connection, about, precedence=plan.precedence, at=work.at)
    gone = retelling.forget_organisations(connection, about)
    log += plan.assess(connection, about - gone, work.now, forgotten=source_id)
    log = erased.changes + retelling.tell_anew(connection, about, log)
    sql.note_progress(connection, work.result, at=datetime.now(UTC))
    changes.append(connection, log, run_id=run_id, at=work.at)


def _rewrite(work: Execution, raw_ids: Collection[str], quoted: dict[str, str]) -> Iterator[_Rewritten]:
    """The segments of the source that hold some version of the raw records, without them.

    ``quoted`` takes drift, by id, whose value stands in one of them.
    """
    engine, folder, seed = work.plan.engine, work.plan.archive, work.lease.seed
    with reading(engine) as connection:
        segments = archived.segments(connection, work.lease.source_id)
        drift = records.drift_values(connection, work.lease.source_id)
    written = {drift_id: json.dumps(value, ensure_ascii=False)[1:-1].encode() for drift_id, value in drift.items()}
    for segment in segments:
        work.go_on()
        positions = set()
        # A segment whose file somebody deleted holds nothing that could be erased.
        with suppress(FileNotFoundError):
            wanted = partial(_is_among, raw_ids, seed)
            for position, line in find_positions(folder / segment.path, segment.byte_count, wanted):
                positions.add(position)
                quoted |= {drift_id: drift[drift_id] for drift_id, value in written.items() if value in line}
        if positions:
            path = f"{segment.path.partition('.jsonl.gz')[0]}.jsonl.gz.{uuid4().hex[:8]}"
            size = write_without(folder / segment.path, segment.byte_count, positions, folder / path)
            yield _Rewritten(segment, path, size)


def _is_among(raw_ids: Collection[str], seed: str, stream: str, key: str) -> bool:
    return raw_id(seed, stream, key) in raw_ids


def _replace(work: Execution, done: _Rewritten) -> None:
    """After the commit: this run's own segment is gone on with in the new file, and the old file goes."""
    if done.segment.id == work.lease.run_id:
        work.writer.segment.go_on_in(done.path, done.byte_count)
    old = work.plan.archive / done.segment.path
    try:
        old.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        work.log.warning("%s still holds what was erased: it cannot be deleted (%s)", old, why)
