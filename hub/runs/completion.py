"""What becomes of a scope that was seen whole: what it no longer holds is retired, unless too much is gone."""

from __future__ import annotations

from typing import Final

from hub.runs import sql
from hub.runs.execution import Execution
from hub.sdk import Complete
from hub.store import position, raw
from hub.store.engine import reading

FEW: Final = 5
"""So many records fewer never make a scope suspect, unless none is left."""


def complete(work: Execution, item: Complete, *, yielded: int, since: int, floor: float) -> str:
    """Retire what a scope no longer holds, when it is proven whole and did not shrink below its floor.

    ``yielded`` raw records came, the first of them in the source's run number ``since``. Gives the reason why the scope
    is suspect, in which case nothing is retired; empty when all is well.
    """
    plan, source_id = work.plan, work.lease.source_id
    if yielded != item.expected:
        _forget(work, item)
        return f"scope {item.scope!r} promised {item.expected} raw records and gave {yielded}"
    with reading(plan.engine) as connection:
        seen, lost = raw.count_in_scope(connection, source_id, item.stream, item.scope, since=since)
        # A scope that was never complete is measured by what broken-off readings of it have stored.
        before = sql.last_scope_count(connection, source_id, item.stream, item.scope) or seen + lost
    if not plan.accept_shrinking and fell(seen, lost, before, floor):
        _forget(work, item)
        return (
            f"{lost} of {max(before, lost)} raw records of scope {item.scope!r} are gone; nothing was retired"
            f" → if that is right, run `hub sync --accept-shrinking {source_id}`"
        )
    while True:
        with reading(plan.engine) as connection:
            missing = raw.missing_in_scope(
                connection, source_id, item.stream, item.scope, since=since, limit=plan.batch_size
            )
        if not missing:
            break
        work.writer.retire(missing)
    with work.committing() as connection:
        sql.keep_scope(
            connection,
            source_id=source_id,
            stream=item.stream,
            scope=item.scope,
            run_id=work.lease.run_id,
            count=seen,
            at=work.at,
        )
        position.forget(connection, source_id, item.stream, item.scope)
    return ""


def _forget(work: Execution, item: Complete) -> None:
    """Its reading is over, although not to our liking: the next run begins at the beginning."""
    with work.committing() as connection:
        position.forget(connection, work.lease.source_id, item.stream, item.scope)


def fell(seen: int, lost: int, before: int, floor: float) -> bool:
    """Whether so much is gone from a scope that something is probably wrong. A short list may lose a few members.

    What is new does not make up for what is gone: last month's ledger in place of this one's has as many rows.
    """
    return lost > 0 and (seen == 0 or lost > max(FEW, before * (1 - floor)))
