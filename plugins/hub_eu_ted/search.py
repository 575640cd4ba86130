"""TED's search API v3, used to find notices: which were published on a day, and in which issue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from hub.sdk import Context, ContractBroken, SourceUnavailable, clean
from hub_eu_ted import query
from hub_eu_ted.config import TedConfig
from hub_eu_ted.numbers import publication_number

STALE: Final = frozenset({"EXPIRED_ITERATION_TOKEN", "INVALID_ITERATION_TOKEN"})
_TRIES: Final = 3
"""For a page that is told to be incomplete, and for a search whose token ran out."""
_ISSUE: Final = re.compile(r"(?:(?:OJ\s?S|OJS)\s*)?(?:(\d{1,3})/(\d{4})|(\d{4})/S\s*(\d{1,3})|(\d{1,3}))")
_REFUSED: Final = 400
_WORD: Final = re.compile(r"[\w.()-]{1,80}")


class Found(NamedTuple):
    """One hit. ``issue`` is the OJ S number as packages are called (202600157), ``None`` when it cannot be read."""

    number: str
    issue: str | None
    issue_as_written: str


class _Stale(Exception):
    """The token of this search is no longer taken."""


def find(ctx: Context[TedConfig], day: date) -> list[Found]:
    """The notices of one day, each once, in the order of the answer.

    They are listed before any of them is read: a token that runs out means that the list is begun anew, nothing else.
    Raises ``SourceUnavailable`` for answers that stay incomplete, ``ContractBroken`` for what the API refuses.
    """
    for _ in range(_TRIES):
        try:
            return list({found.number: found for found in _hits(ctx, day)}.values())
        except _Stale:
            ctx.count("searches_begun_anew")
    message = f"the token of the search for {day} ran out {_TRIES} times"
    raise SourceUnavailable(message, where=_where(ctx))


def _hits(ctx: Context[TedConfig], day: date) -> Iterator[Found]:
    token: str | None = None
    came = 0
    while True:
        page = _page(ctx, query.request(ctx.config, day, token))
        rows, told, token = page.get("notices"), page.get("totalNoticeCount"), page.get("iterationNextToken")
        if not isinstance(rows, list) or not isinstance(told, int):
            raise _broken(ctx, "the answer lacks the list `notices` or the number `totalNoticeCount`")
        if not rows:
            break
        came += len(rows)
        if came > told:  # else pages that repeat would be read for ever
            raise _broken(ctx, f"the search told of {told} notices on {day} and gave {came}")
        yield from (_found(ctx, row, day) for row in rows)
        if not token:
            raise _broken(ctx, "a page has no `iterationNextToken`, so that the next one cannot be asked for")
    if came < told:
        message = f"the search told of {told} notices on {day} and gave {came}"
        raise SourceUnavailable(message, where=_where(ctx))


def _page(ctx: Context[TedConfig], body: Mapping[str, object]) -> Mapping[str, Any]:
    """One whole page. ``timedOut`` says that some of it is missing: it is asked for again."""
    for _ in range(_TRIES):
        answer = ctx.http.post(f"{ctx.config.api_url}/notices/search", json=body, extensions={"hub.safe": True})
        if answer.status_code == _REFUSED:
            raise _refusal(ctx, answer.content)
        page = _object(ctx, answer.raise_for_status().content)
        if page.get("timedOut") is not True:
            return page
        ctx.count("pages_timed_out")
    message = f"the search gave up early {_TRIES} times, its answer is incomplete (timedOut)"
    raise SourceUnavailable(message, where=_where(ctx))


def _refusal(ctx: Context[TedConfig], content: bytes) -> Exception:
    """What the API says is wrong: its type and the field. Its message may list every field there is."""
    error = _object(ctx, content).get("error")
    told = error if isinstance(error, dict) else {}
    kind = _word(told.get("type")) or "no reason"
    if kind in STALE:
        return _Stale()
    named = _word(told.get("fieldName")) or _word(told.get("parameterName"))
    place = told.get("location")
    column = place.get("beginColumn") if isinstance(place, dict) else None
    reason = f"the search was refused: {kind}" + (f", field {named}" if named else "")
    reason += f", column {column} of the query" if isinstance(column, int) else ""
    return _broken(ctx, reason, "correct `query` in the source's [config], or compare the API with the README")


def _found(ctx: Context[TedConfig], row: object, day: date) -> Found:
    if not isinstance(row, dict):
        raise _broken(ctx, "a hit is no object")
    number = publication_number(_first(row.get(query.NUMBER)))
    if number is None:
        raise _broken(ctx, f"a hit of {day} has no readable {query.NUMBER}")
    try:
        published = clean.iso_date(_first(row.get(query.DATE)))
    except ValueError:
        published = None
    if published != day:  # a date that the search does not understand finds anything or nothing, without an error
        message = f"asked for notices of {day}, got {number} of {published or 'no readable date'}"
        raise _broken(ctx, message)
    written = _first(row.get(query.ISSUE))
    return Found(number, issue(written, day), written)


def issue(written: str, day: date) -> str | None:
    """A package's number, 202600157, from an issue's: ``157/2026``, ``2026/S 157``, or ``157`` and the day's year."""
    match = _ISSUE.fullmatch(written.strip())
    if not match:
        return None
    year, number = match[2] or match[3] or day.year, match[1] or match[4] or match[5]
    return f"{year}{int(number):05d}"


def _first(value: object) -> str:
    """A value, or the first of several: the API gives single values with and without a list around them."""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, str) else ""


def _word(value: object) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""


def _object(ctx: Context[TedConfig], content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        raise _broken(ctx, "the answer is no JSON") from None
    if not isinstance(found, dict):
        raise _broken(ctx, "the answer is no JSON object")
    return found


def _where(ctx: Context[TedConfig]) -> str:
    return f"POST {ctx.config.api_url}/notices/search"


def _broken(ctx: Context[TedConfig], reason: str, instruction: str = "") -> ContractBroken:
    return ContractBroken(
        reason, where=_where(ctx), instruction=instruction or "compare the answer with the connector's README"
    )
