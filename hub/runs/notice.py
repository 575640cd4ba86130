"""Telling people that something is wrong, and that it is over: each once, through every channel."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol

from hub.observe import Receiver, dispatch
from hub.runs.condition import ADVICE
from hub.sdk import HubError
from hub.store import condition as store
from hub.store.engine import Engine, transaction
from hub.store.plain import Row
from hub.store.rows.aggregate import instant

CLAIM: Final = timedelta(minutes=10)
"""For so long nobody else tells what a process has begun to tell; it may die meanwhile."""

PAUSE: Final = timedelta(minutes=5)
"""After this long a channel that failed is tried again, in the next round."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """That a condition was raised or cleared. The fields are those of logs, events and the webhook's JSON.

    Instants are UTC text; ``condition`` with ``action`` is unique.
    """

    action: Literal["condition_raised", "condition_cleared"]
    hub: str
    condition: str
    source: str
    kind: str
    detail: str
    run_id: str | None
    raised_at: str
    cleared_at: str | None
    clear_reason: str | None
    advice: str

    @property
    def raised(self) -> bool:
        """Whether something is wrong; else it is over."""
        return self.action == "condition_raised"

    @property
    def line(self) -> str:
        """What a person reads first."""
        if self.raised:
            return f"source {self.source} is {self.kind}: {self.detail}"
        return f"source {self.source} is no longer {self.kind}: {self.clear_reason}"

    def as_event(self) -> dict[str, Any]:
        """By field name, for machines."""
        return asdict(self)


class Channel(Protocol):
    """A way to reach people."""

    @property
    def name(self) -> str:
        """How the hub remembers what went this way."""

    def tell(self, notices: Sequence[Notice]) -> Iterator[Notice]:
        """Tell them in order, giving each that has arrived. Raises ``HubError`` when the rest cannot be told."""


class Log:
    """A line in the log for each."""

    name = "log"

    def tell(self, notices: Sequence[Notice]) -> Iterator[Notice]:
        for notice in notices:
            level = logging.WARNING if notice.raised else logging.INFO
            _log.log(level, "%s", notice.line, extra=notice.as_event())
            yield notice


class Events:
    """An event to every plugin for each. A plugin's error is logged and is its own."""

    name = "events"

    def __init__(self, receivers: Callable[[], Iterable[Receiver]]) -> None:
        self._receivers = receivers

    def tell(self, notices: Sequence[Notice]) -> Iterator[Notice]:
        for notice in notices:
            dispatch(notice.as_event(), self._receivers())
            yield notice


def deliver(
    engine: Engine, channels: Sequence[Channel], *, hub: str, redact: Callable[[str], str], now: datetime
) -> None:
    """Tell what people have not been told yet. A channel that fails is logged, and tried again in a later round.

    Rows are claimed, so that two processes never tell the same. Each channel's success is noted before the claim ends:
    only a process that dies between the two tells something twice.
    """
    while rows := _claim(engine, now):
        for row in rows:
            row["detail"] = redact(row["detail"])
            row["clear_reason"] = row["clear_reason"] and redact(row["clear_reason"])
        untold = {(row["id"], raised): _notice(row, hub, raised=raised) for row in rows for raised in _pending(row)}
        told = {row["id"]: set(row["told"].split()) for row in rows}
        try:
            for channel in channels:
                _tell(channel, list(untold.values()), told)
        finally:
            _keep(engine, rows, told, [channel.name for channel in channels], now)


def _claim(engine: Engine, now: datetime) -> list[Row]:
    with transaction(engine) as connection:
        return store.claim_untold(connection, now=instant(now) or "", until=instant(now + CLAIM) or "")


def _tell(channel: Channel, notices: Sequence[Notice], told: dict[str, set[str]]) -> None:
    wanted = [notice for notice in notices if _mark(notice.raised, channel.name) not in told[notice.condition]]
    try:
        for notice in channel.tell(wanted):
            told[notice.condition].add(_mark(notice.raised, channel.name))
    except Exception as error:  # noqa: BLE001 - whatever it is, the other channels go on
        why = str(error) if isinstance(error, HubError) else type(error).__name__
        message = f"notices by {channel.name} failed: {why}; tried again in a later round"
        _log.warning(message, extra={"action": "notices_failed", "channel": channel.name})


def _keep(
    engine: Engine, rows: Sequence[Row], told: dict[str, set[str]], channels: Sequence[str], now: datetime
) -> None:
    with transaction(engine) as connection:
        for row in rows:
            marks = told[row["id"]]
            pending = _pending(row)
            done = {raised: all(_mark(raised, name) in marks for name in channels) for raised in pending}
            store.keep_told(
                connection,
                row["id"],
                told=" ".join(sorted(marks)),
                raise_told_at=instant(now) if done.get(True) else row["raise_told_at"],
                clear_told_at=instant(now) if done.get(False) else row["clear_told_at"],
                telling_until=None if all(done.values()) else instant(now + PAUSE),
            )


def _pending(row: Row) -> list[bool]:
    """What is to be told of a condition: that it was raised (true), that it was cleared (false), or both in turn."""
    raised = row["raise_told_at"] is None
    cleared = row["cleared_at"] is not None and row["clear_told_at"] is None
    return [True] * raised + [False] * cleared


def _mark(raised: bool, channel: str) -> str:  # noqa: FBT001 - of a pair
    return f"{'raised' if raised else 'cleared'}:{channel}"


def _notice(row: Row, hub: str, *, raised: bool) -> Notice:
    return Notice(
        action="condition_raised" if raised else "condition_cleared",
        hub=hub,
        condition=row["id"],
        source=row["source"],
        kind=row["kind"],
        detail=row["detail"],
        run_id=row["run_id"],
        raised_at=row["raised_at"],
        cleared_at=None if raised else row["cleared_at"],
        clear_reason=None if raised else row["clear_reason"],
        advice=ADVICE[row["kind"]].format(source=row["source"]) if raised else "",
    )
