"""Replay: today's mapping over archived raw records, without asking the publisher (ADR 0004).

It maps what the source holds now: of each raw record that is not retired, the version that the archive has of it.
What comes of it is stored as in a sync, but for one thing: nobody has seen the publisher, so nothing counts as seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hub.runs import sql
from hub.runs.difference import Difference
from hub.runs.execution import Execution, execute
from hub.runs.lease import Stopped
from hub.runs.mapping import map_batch
from hub.runs.outcome import RunResult
from hub.runs.plan import RunPlan
from hub.runs.walk import Selection, Walk
from hub.store.engine import reading

EVERYTHING: Final = Selection()


def preview(plan: RunPlan, redact: Callable[[str], str], selection: Selection = EVERYTHING) -> Difference:
    """What a replay would change. Reads alone, and needs no lease."""
    walk = Walk(plan, selection)
    difference = Difference(redact, version=plan.connector.manifest.version)
    with reading(plan.engine) as connection:
        seed = sql.seed_of(connection, plan.source_id)
    for batch in walk.batches():
        if plan.stop.is_set():
            raise Stopped("stopped; nothing was stored")
        mapped = map_batch(plan.connector, seed, batch, batch.records)
        with reading(plan.engine) as connection:
            difference.add(connection, batch, mapped, walk.is_ahead)
    difference.missing = walk.missing
    return difference


def replay(plan: RunPlan, selection: Selection = EVERYTHING) -> RunResult:
    """Map archived raw records anew and store what comes of it, as a run of its own.

    The result's count ``missing`` tells of raw records that the archive no longer holds. Raises only when the run could
    not begin or the database is gone.
    """

    def work(run: Execution) -> None:
        walk = Walk(plan, selection, run.lease.run_id)
        for batch in walk.batches():
            run.go_on()
            run.writer.remap(batch, is_ahead=walk.is_ahead)
        run.go_on()
        for name, number in (("missing", walk.missing), ("masked_by_gate", walk.masked)):
            if number:
                run.result.counts[name] = number
        if not (run.result.changed or run.result.retired):
            run.result.outcome = "unchanged"

    return execute(plan, work, kind="replay")
