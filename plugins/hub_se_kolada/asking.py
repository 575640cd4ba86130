"""The API asked: everything about an indicator the first time, after that what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from hub.sdk import Checkpoint, Context, ContractBroken, Drift, FetchItem, clean
from hub_se_kolada import answer
from hub_se_kolada.value import raw_records

LOOKBACK: Final = timedelta(days=2)
"""Days asked again, for values that were published late; the source's `lookback` goes before it."""
_MOST_KPIS: Final = 12
_MOST_MUNICIPALITIES: Final = 13
"""At most 25 ids a call; nobody says whether of each sort or together, so together."""
_PER_PAGE: Final = 5000


def asked(ctx: Context[Any]) -> Iterator[FetchItem]:
    """All values of what was not asked for before, or was with another title or other municipalities; then changes.

    Deletions are told to ``from_date`` alone, so whatever was stored once is asked for its changes too.
    """
    kpis, municipalities = list(dict.fromkeys(ctx.config.kpis)), list(dict.fromkeys(ctx.config.municipalities))
    titles: dict[str, str | None] = {}
    for part in _parts(kpis, _MOST_KPIS):
        yield from _titles(ctx, part, titles)
    today = {kpi: [titles.get(kpi), *sorted(municipalities)] for kpi in kpis}
    before = ctx.cursor.get("asked", {})
    yield from _values(ctx, [kpi for kpi in kpis if before.get(kpi) != today[kpi]], municipalities, titles)
    if since := ctx.cursor.get("since"):
        yield from _values(ctx, [kpi for kpi in kpis if kpi in before], municipalities, titles, from_date=since)
    lookback = LOOKBACK if ctx.lookback is None else ctx.lookback
    yield Checkpoint({"since": (ctx.now - lookback).date().isoformat(), "asked": today})


def _values(
    ctx: Context[Any], kpis: Sequence[str], municipalities: Sequence[str], titles: dict[str, str | None], **more: str
) -> Iterator[FetchItem]:
    for some in _parts(kpis, _MOST_KPIS):
        for where in _parts(municipalities, _MOST_MUNICIPALITIES):
            query = {"kpi_id": ",".join(some), "municipality_id": ",".join(where), **more, "per_page": _PER_PAGE}
            url = f"{ctx.config.api_url}/data/?{urlencode(query, safe=',')}"
            for page, place in _pages(ctx, url):
                yield from page.drift
                for member in page.members:
                    yield from raw_records(member, titles.get(str(member.get("kpi"))), place)


def _titles(ctx: Context[Any], kpis: Sequence[str], titles: dict[str, str | None]) -> Iterator[Drift]:
    """What the indicators are called. One that the publisher does not know is told; it has no values either."""
    for page, _ in _pages(ctx, f"{ctx.config.api_url}/kpi/{','.join(kpis)}"):
        yield from page.drift
        titles.update({str(member.get("id")): clean.text(member.get("title")) for member in page.members})
    yield from (Drift("unknown_code", "kpi", kpi) for kpi in kpis if kpi not in titles)


def _pages(ctx: Context[Any], url: str) -> Iterator[tuple[answer.Answer, str]]:
    """Each page with its address, to the last one."""
    api, seen = urlsplit(ctx.config.api_url), set[str]()
    while url:
        if url in seen:
            raise ContractBroken("the next page is one that was read already", where=url)
        seen.add(url)
        response = ctx.http.get(url)
        response.raise_for_status()
        page = answer.read(response.content, url)
        yield page, url
        following = urlsplit(page.following)
        if page.following and following.hostname not in {None, api.hostname}:
            raise ContractBroken("the next page is on another host", where=url)
        # Only path and query are the publisher's to say: behind a proxy it may think that it is asked by plain http.
        url = following._replace(scheme=api.scheme, netloc=api.netloc).geturl() if page.following else ""


def _parts(ids: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + most] for start in range(0, len(ids), most))
