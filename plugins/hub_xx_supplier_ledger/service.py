"""Row services on the web, page by page: EntryScape's row store and CKAN's data store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from hub.sdk import Context, ContractBroken, SourceUnavailable
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.payload import read_json, rows_of

_ROWSTORE_PAGE: Final = 500
"""What EntryScape's own clients ask for; the largest that is allowed is not documented."""
_DATASTORE_PAGE: Final = 1_000
"""CKAN allows 32,000 (ckan.datastore.search.rows_max) and gives 100 unasked."""
_CHANGED: Final = "it was probably published anew in the meantime; the next run reads it whole"


def rowstore_rows(ctx: Context[LedgerConfig], address: str) -> Iterator[Mapping[str, Any]]:
    """All rows of an EntryScape data set. Raises ``SourceError`` unless they are as many as it says."""
    where = _place(address)
    expected, offset = -1, 0
    while offset != expected:
        answer = _ask(ctx, f"{address}/json", {"_limit": _ROWSTORE_PAGE, "_offset": offset}, where)
        rows = rows_of(answer, where)
        count = answer.get("resultCount")
        if not isinstance(count, int):
            raise ContractBroken("the row store does not say how many rows there are (resultCount)", where=where)
        expected = _same(expected, count, where)
        offset = _further(offset, len(rows), expected, where)
        yield from rows
        ctx.progress(offset, expected, where)


def datastore_rows(ctx: Context[LedgerConfig], address: str) -> Iterator[Mapping[str, Any]]:
    """All rows of a CKAN resource, in the order of its row numbers. Raises ``SourceError`` unless they are as many
    as it says.
    """
    base, _, resource = address.partition("?resource_id=")
    where = _place(base)
    expected, offset = -1, 0
    while offset != expected:
        page: dict[str, str | int] = {"limit": _DATASTORE_PAGE, "offset": offset, "sort": "_id"}
        answer = _ask(ctx, base, {"resource_id": resource, **page}, where)
        rows = rows_of(answer, where)
        total = answer["result"].get("total")
        if not isinstance(total, int) or answer["result"].get("total_was_estimated"):
            raise ContractBroken("the data store does not say exactly how many rows there are (total)", where=where)
        expected = _same(expected, total, where)
        offset = _further(offset, len(rows), expected, where)
        yield from rows
        ctx.progress(offset, expected, where)


def _ask(ctx: Context[LedgerConfig], address: str, asked: Mapping[str, str | int], where: str) -> Any:
    response = ctx.http.get(address, params=dict(asked))
    # CKAN tells what is wrong in the body, under an error status or under 200.
    if response.is_error and not response.text.lstrip().startswith("{"):
        response.raise_for_status()
    answer = read_json(response.content, where)
    if response.is_error:
        rows_of(answer, where)
        response.raise_for_status()
    return answer


def _same(expected: int, count: int, where: str) -> int:
    if expected not in (-1, count):
        raise SourceUnavailable(
            f"the number of rows changed from {expected} to {count} while they were read",
            where=where,
            instruction=_CHANGED,
        )
    return count


def _further(offset: int, rows: int, expected: int, where: str) -> int:
    """Where the next page begins. A server may give fewer rows than were asked for, but not none or too many."""
    if offset + rows > expected or (rows == 0 and offset < expected):
        raise SourceUnavailable(
            f"{offset + rows} rows came and {expected} were announced", where=where, instruction=_CHANGED
        )
    return offset + rows


def _place(address: str) -> str:
    return address.partition("://")[2]
