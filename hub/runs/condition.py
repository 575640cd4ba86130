"""What is wrong with a source, from when it is noticed until it is over.

=========  =================================================  =====================================================
kind       raised when                                        cleared when
=========  =================================================  =====================================================
failing    a sync failed, was lost or read only a part        it is read whole
           (``failing_after`` times in a row not read whole)
suspect    a sync found so much gone that it retired nothing  it is read whole
stale      it was not read whole for longer than its limit    it is read whole, is paused or switched off
flapping   in 3 of its last 5 whole syncs, more than 5 and    none of its last 3 whole syncs did so
           1 % of the records came back from retirement
drifting   a run meets what no run of it met before and its   somebody acknowledges it, or a newer version of the
           connector does not know                            connector mapped all its records and met nothing
                                                              unknown
=========  =================================================  =====================================================

A condition stands once per source and kind, and keeps the words that it was raised with. An unchanged record is not
mapped again, so that a sync without drift says nothing; only a newer connector does, once it has mapped every standing
record anew. Where a source is only asked for what changed, that takes a replay. Drift of a run that died is raised by
the next one.
Only syncs count, not backfills or replays, and none that was cancelled; but new drift is drift in any run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from hub.model.person import mask_person_numbers
from hub.runs.outcome import WHOLE, RunResult
from hub.sdk import HubError
from hub.store import condition as store
from hub.store.condition import Reading
from hub.store.engine import Connection
from hub.store.plain import Row
from hub.store.rows.aggregate import instant

Kind = Literal["failing", "stale", "suspect", "drifting", "flapping"]
KINDS: Final[tuple[Kind, ...]] = ("failing", "stale", "suspect", "drifting", "flapping")

_ENDED_BY_READING: Final[tuple[Kind, ...]] = ("failing", "suspect", "stale")
_SHOWN: Final = 5
_LATEST, _TURBULENT, _CALM = 5, 3, 3
_FEW, _SHARE = 5, 0.01


def settle(connection: Connection, result: RunResult, *, at: datetime, sync: bool, failing_after: int = 1) -> None:
    """Raise and clear what the end of a run says. Call it in the transaction that ends the run."""
    if new := store.raise_drift(connection, result.source):
        _put(connection, result, "drifting", _unknown(new), at=at)
    if not sync:
        return
    health = store.health(connection, result.source)
    if result.whole:
        _settle_whole(connection, result, health.connector_version, at=at)
    elif result.outcome == "suspect":
        _put(connection, result, "suspect", result.reason, at=at)
    elif result.outcome != "cancelled" and health.failures >= failing_after:
        _put(connection, result, "failing", _failed(result.outcome, result.reason, health.failures), at=at)


def _settle_whole(connection: Connection, result: RunResult, version: int, *, at: datetime) -> None:
    def end(kinds: Sequence[Kind], reason: str) -> None:
        store.end(connection, result.source, kinds, reason, at=instant(at) or "")

    end(_ENDED_BY_READING, "it was read whole")
    latest = store.whole_syncs(connection, result.source, WHOLE, _LATEST)
    if is_flapping(latest):
        detail = f"{latest[0].revived} records that were gone came back, as in runs before"
        _put(connection, result, "flapping", detail, at=at)
    elif is_calm(latest):
        end(["flapping"], f"hardly a record came back in the last {_CALM} runs")
    if "drifting" in store.standing(connection, result.source) and store.knows_all(connection, result.source, version):
        end(["drifting"], f"version {version} of its connector knows all that it says")


def check_lost(connection: Connection, *, now: datetime, failing_after: int = 1) -> None:
    """Raise ``failing`` of sources whose last sync died: its own process could not say so."""
    standing = store.sources_with(connection, "failing")
    for row in store.lost_syncs(connection):
        if row["source"] not in standing and row["failures"] >= failing_after:
            detail = _failed("lost", row["reason"] or "", row["failures"])
            _put(connection, RunResult(row["source"], row["run"]), "failing", detail, at=now)


def check_freshness(connection: Connection, limits: Mapping[str, timedelta | None], *, now: datetime) -> None:
    """Raise ``stale`` of sources that were not read whole for longer than their limit.

    A source that never was counts from its first run; one that was never run is not stale. Without a limit (``None``)
    nobody expects it to be read. Sources that ``limits`` does not name are somebody else's and left alone.
    """
    standing = store.sources_with(connection, "stale")
    for row in store.last_read(connection):
        source_id = row["source"]
        if source_id not in limits or row["since"] is None:
            continue
        limit = limits[source_id]
        paused = row["paused_at"] is not None
        late = limit is not None and now - datetime.fromisoformat(row["since"]) > limit
        if late and not paused and source_id not in standing:
            since = row["last_success_at"]
            told = f"not read whole since {since}" if since else f"never read whole, first tried {row['since']}"
            detail = f"{told}; it should be every {_span(limit)}"
            _put(connection, RunResult(source_id, ""), "stale", detail, at=now)
        elif source_id in standing and (paused or not late):
            reason = "it is paused" if paused else "it is within its limit" if limit else "it is switched off"
            store.end(connection, source_id, ["stale"], reason, at=instant(now) or "")


def acknowledge(connection: Connection, row: Row, reason: str, *, now: datetime) -> None:
    """Clear a drifting condition because somebody has seen it. Raises :class:`HubError` for what ends by itself."""
    if row["kind"] != "drifting":
        raise HubError(
            f"{row['kind']} is not acknowledged: it ends when it is over",
            where=row["source"],
            instruction=ADVICE[row["kind"]].format(source=row["source"]),
        )
    why = f"acknowledged: {mask_person_numbers(reason)[0]}" if reason else "acknowledged"
    store.end(connection, row["source"], ["drifting"], why, at=instant(now) or "")


def end_all(connection: Connection, source_id: str, reason: str, *, now: datetime) -> None:
    """Clear all that stands of a source that is removed."""
    store.end(connection, source_id, KINDS, reason, at=instant(now) or "")


def is_flapping(latest: Sequence[Reading]) -> bool:
    """Whether records come and go: of the latest whole syncs, newest first, at least three revived many."""
    return sum(map(_turbulent, latest)) >= _TURBULENT


def is_calm(latest: Sequence[Reading]) -> bool:
    """Whether the last three whole syncs revived few records."""
    return len(latest) >= _CALM and not any(map(_turbulent, latest[:_CALM]))


def _put(connection: Connection, result: RunResult, kind: Kind, detail: str, *, at: datetime) -> None:
    said = mask_person_numbers(detail)[0]  # a source's own words may be in it
    store.put(connection, result.source, kind, said, run_id=result.run_id or None, at=instant(at) or "")


def _turbulent(sync: Reading) -> bool:
    return sync.revived > max(_FEW, sync.read * _SHARE)


def _failed(outcome: str, reason: str, failures: int) -> str:
    told = f"{outcome}: {reason}" if reason else outcome
    return told if failures <= 1 else f"{failures} runs in a row did not read it whole, the last one {told}"


def _unknown(drift: Sequence[Row]) -> str:
    named = [f"{d['kind'].replace('_', ' ')} {d['field']} {d['value']}".strip() for d in drift[:_SHOWN]]
    more = len(drift) - len(named)
    return "not known to its connector: " + "; ".join(named) + (f"; and {more} more" if more else "")


def _span(limit: timedelta | None) -> str:
    hours = round((limit or timedelta()).total_seconds() / 3600, 1)
    return f"{hours:g} h"


ADVICE: Final[Mapping[str, str]] = {
    "failing": "see `hub runs --source {source}`, mend what the reason says, then run `hub sync {source}`",
    "stale": "see `hub status` and `hub runs --source {source}`: does the scheduler run, and do runs of it end well?",
    "suspect": "compare the source with its publisher; if it is right, run `hub sync --accept-shrinking {source}`",
    "drifting": "see `hub drift --source {source}`; then `hub conditions acknowledge ID`, or update the connector",
    "flapping": "see `hub runs --source {source}`: its keys or its lists change from run to run; tell the connector's"
    " author",
}
"""What to do about each kind."""
