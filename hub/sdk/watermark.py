"""A timestamp cursor that loses nothing: for sources that are asked for what changed since a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

import msgspec

from hub.sdk.context import Context
from hub.sdk.errors import ContractBroken
from hub.sdk.events import Checkpoint, RawRecord

LOOKBACK: Final = timedelta(days=2)
"""Publishers commit rows late, with the time at which they began: so far back is asked again, by default."""

_MOST_AT_EDGE: Final = 10_000
"""Rows of one moment that are remembered. Beyond that they are read again, which costs a look-up each."""

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


class Watermark:
    """Where to ask from, and what to commit::

        mark = Watermark(ctx, "changed")
        for row in pages(ctx.http, since=mark.since):
            raw = RawRecord("notices", row["id"], row)
            if mark.is_news(raw, at=parse(row["changed"])):
                yield raw
            yield from mark.checkpoint()  # after each page, when the publisher sorts by that time

    ``since`` is the last committed moment less the look-back (the source's ``lookback``, else two days), or ``None`` at
    the first run and in a backfill. The committed moment never passes the run's start: a publisher's clock that is
    ahead would hide what comes next. Rows of exactly the committed moment that were read, and have not changed since,
    are no news: a bulk update that gives every row one time is not read again and again. A source may have several,
    each with its own name.
    """

    def __init__(self, ctx: Context[Any], name: str = "since") -> None:
        self._now = ctx.now
        self._name = name
        self._cursor = ctx.cursor
        self._marks = ctx._marks  # noqa: SLF001 - all watermarks of a run write into one cursor
        known: Mapping[str, Any] = self._cursor.get(name) or {}
        self._committed = datetime.fromisoformat(known["at"]) if known else None
        self._edge = set(known.get("read", ()))
        self._latest = self._committed
        self._at_latest = set(self._edge)
        lookback = LOOKBACK if ctx.lookback is None else ctx.lookback
        self.since = self._committed - lookback if self._committed and ctx.window is None else None

    def is_news(self, raw: RawRecord, *, at: datetime) -> bool:
        """Take note of a row and its time; ``False`` when it stood at the committed moment already and says the same.

        Raises ``ContractBroken`` for a time without a zone.
        """
        if at.tzinfo is None:
            message = f"{self._name} is a time without a zone"
            raise ContractBroken(message, where=raw.origin)
        moment = min(at.astimezone(UTC), self._now)
        content = raw.payload if isinstance(raw.payload, bytes) else _ENCODER.encode(raw.payload)
        mark = blake2b(content, digest_size=8, key=raw.key.encode()[:64]).hexdigest()
        known = moment == self._committed and mark in self._edge
        if self._latest is None or moment > self._latest:
            self._latest, self._at_latest = moment, set()
        if moment == self._latest and len(self._at_latest) < _MOST_AT_EDGE:
            self._at_latest.add(mark)
        return not known

    def checkpoint(self) -> tuple[Checkpoint, ...]:
        """The checkpoint behind what was noted so far; none when nothing was.

        Yield it at once. It holds what other watermarks of this run have in their latest checkpoints; other keys of the
        source's cursor stay as they were when the run began.
        """
        if self._latest is None:
            return ()
        mark = {"at": self._latest.isoformat(), "read": sorted(self._at_latest)}
        self._marks[self._name] = mark
        return (Checkpoint({**self._cursor, **self._marks}),)
