"""Notices from the web, day by day: found by search, read from their own XML or the day's package."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from hub.sdk import (
    Complete,
    Context,
    Drift,
    FetchItem,
    RawRecord,
    RecordRejected,
    Reject,
    SourceUnavailable,
    Watermark,
)
from hub.sdk.formats.xml import parse_xml
from hub_eu_ted import query, search
from hub_eu_ted.config import TedConfig
from hub_eu_ted.notice import NOTICES, raw_record
from hub_eu_ted.package import members, publication_of

_FIRST: Final = timedelta(days=7)
_MARK: Final = "published"
_PASSES: Final = 3
"""Times that a day's notices are gone through for XML that is still being made: it is ready within minutes."""
_NOT_READY: Final = frozenset({202, 204, 404, 410})


def read(ctx: Context[TedConfig]) -> Iterator[FetchItem]:
    """Every day from the look-back to today, or of the backfill's window; a checkpoint behind each whole day.

    The first day with a notice that could not be had holds the cursor: later days are stored too, and read again.
    """
    mark = Watermark(ctx, _MARK)
    days = list(_days(ctx, mark))
    held = False
    for done, day in enumerate(days, start=1):
        reading = _Day(ctx, day)
        for item in reading.items():
            if isinstance(item, RawRecord):
                # Noted but sent in any case: what a day lacks now is retired by the day's `Complete`.
                mark.is_news(item, at=datetime.combine(day, time(), UTC))
            yield item
        held = held or bool(reading.missing)
        if not held:
            yield from mark.checkpoint()
        ctx.progress(done, len(days), day.isoformat())


def _days(ctx: Context[TedConfig], mark: Watermark) -> Iterator[date]:
    today = ctx.now.date()
    if ctx.window is not None:
        day, end = ctx.window
        if broken_off := ctx.cursor.get(_MARK):
            day = max(day, datetime.fromisoformat(broken_off["at"]).date())
    else:
        day, end = ctx.config.since or today - _FIRST, today + timedelta(days=1)
        if mark.since is not None:
            day = mark.since.date()
    while day < end:
        yield day
        day += timedelta(days=1)


class _Day:
    """One day of publication. ``missing`` are the notices that were found and could not be had."""

    def __init__(self, ctx: Context[TedConfig], day: date) -> None:
        self._ctx = ctx
        self._day = day
        self._sent = 0
        self._refused = False
        self.missing: dict[str, search.Found] = {}

    def items(self) -> Iterator[FetchItem]:
        """The day's notices, and that it is whole when every one of them was read."""
        found = search.find(self._ctx, self._day)
        self.missing = {hit.number: hit for hit in found}
        for written in {hit.issue_as_written for hit in found if hit.issue is None}:
            yield Drift("changed_type", query.ISSUE, written, stream=NOTICES)
        # A package is one request for a whole day: for history. News are had one by one, as they need no download.
        ways = (self._singly, self._packed)
        for way in ways if self._ctx.window is None else reversed(ways):
            yield from way()
        for number in self.missing:
            reason = f"its XML could not be had from {self._ctx.config.site_url}; the next run tries again"
            yield Reject(NOTICES, number, reason, origin=self._origin(number), whole=True)
        if found and not self.missing and not self._refused:
            yield Complete(NOTICES, self._day.isoformat(), self._sent)

    def _singly(self) -> Iterator[FetchItem]:
        for _ in range(_PASSES):
            for number in list(self.missing):
                answer = self._ctx.http.get(self._address(number))
                if answer.status_code in _NOT_READY:
                    continue
                answer.raise_for_status()
                # An empty answer is XML that is not made yet; a web page is the site's guard.
                if answer.content.strip() and "html" not in answer.headers.get("Content-Type", ""):
                    yield self._notice(number, answer.content, self._origin(number))

    def _packed(self) -> Iterator[FetchItem]:
        for issue in sorted({hit.issue for hit in self.missing.values() if hit.issue}):
            try:
                with self._ctx.download(f"{self._ctx.config.site_url}/packages/daily/{issue}") as path:
                    if path is not None:
                        yield from self._members(path, issue)
            except SourceUnavailable as error:
                # Not there yet, or not any more: what it would have held stays missing, and is told so.
                self._ctx.log.warning("package %s cannot be had: %s", issue, error)

    def _members(self, path: Path, issue: str) -> Iterator[FetchItem]:
        for member in members(path, lambda name: publication_of(name) in self.missing):
            yield self._notice(publication_of(member.name) or "", member.data, f"package {issue}, {member.name}")

    def _notice(self, number: str, data: bytes, origin: str) -> FetchItem:
        del self.missing[number]
        try:
            root = parse_xml(data, where=origin)
            raw = raw_record(root, self._ctx, origin, number=number, scope=self._day.isoformat())
        except RecordRejected as error:
            self._refused = True
            return Reject(NOTICES, number, error.reason, origin=origin, field=error.field, value=error.value)
        if raw.key != number:
            self._refused = True
            return Reject(NOTICES, number, "the XML is another notice's", origin, query.NUMBER, raw.key)
        self._sent += 1
        return raw

    def _origin(self, number: str) -> str:
        """With eight digits, as in the XML: with six, one number in 130 passes for a personal number."""
        return f"{self._ctx.config.site_url}, notice {number:0>13}"

    def _address(self, number: str) -> str:
        return f"{self._ctx.config.site_url}/en/notice/{number}/xml"
