"""A data set of the row store, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from hub.sdk import ContractBroken
from hub_se_uhm.columns import plain

PAGE: Final = 500
"""The largest page that the row store gives."""


def read(client: Any, base: str, dataset: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row with its number from 1, until as many have come as the store says there are.

    Raises ``ContractBroken`` when that number changes on the way or rows are missing: the set was replaced meanwhile.
    """
    url = f"{base.rstrip('/')}/rowstore/dataset/{dataset}/json"
    offset, total = 0, None
    while total is None or offset < total:
        answer = client.get(url, params={"_limit": str(PAGE), "_offset": str(offset)}).raise_for_status()
        results, count = _page(answer.content, url)
        if total is not None and count != total:
            raise _moved(url, f"there were {total} rows and now there are {count}")
        if not results and offset < count:
            raise _moved(url, f"the store says {count} rows and gives {offset}")
        total = count
        for row in results:
            offset += 1
            yield offset, {plain(name): "" if cell is None else str(cell) for name, cell in row.items()}
    if offset != total:
        raise _moved(url, f"the store says {total} rows and gives {offset}")


def _page(body: bytes, url: str) -> tuple[list[dict[str, Any]], int]:
    try:
        answer = json.loads(body, parse_float=Decimal)
        results, count = answer["results"], answer["resultCount"]
    except (ValueError, KeyError, TypeError) as error:
        raise ContractBroken("the answer is not the row store's JSON (results, resultCount)", where=url) from error
    if not isinstance(results, list) or not isinstance(count, int) or not all(isinstance(row, dict) for row in results):
        raise ContractBroken("`results` is no list of rows, or `resultCount` no number", where=url)
    return results, count


def _moved(url: str, reason: str) -> ContractBroken:
    return ContractBroken(reason, where=url, instruction="the set was replaced while it was read: run again later")
