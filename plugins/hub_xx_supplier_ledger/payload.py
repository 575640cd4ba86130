"""Rows that came as JSON: spooled from a service page by page, or one of its answers saved as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from hub.sdk import ContractBroken
from hub.sdk.formats import Row, Table

_LIMIT: Final = 64 << 20
"""Bytes of a saved answer, which is held in memory. Spooled rows are not limited."""
_FEFF: Final = "\ufeff"


def is_json(path: Path) -> bool:
    """Whether the file begins as a JSON object, be it the first of many lines."""
    with path.open("rb") as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def spool(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write rows, one a line, and give their number."""
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            # As in a workbook, a number is told from a text that looks like one.
            cells = {name: [str(cell)] if _is_number(cell) else _text(cell) for name, cell in row.items()}
            stream.write(json.dumps(cells, ensure_ascii=False) + "\n")
            count += 1
    return count


def json_table(path: Path) -> Table:
    """Spooled rows, or a saved answer of a row store or data store, as a table.

    Raises ``ContractBroken`` when it is neither.
    """
    return Table(path=path, format="text", read=lambda: _rows(path))


def rows_of(answer: Any, where: str) -> list[Mapping[str, Any]]:
    """The rows in an answer: ``results`` (EntryScape) or ``result.records`` (CKAN).

    ``success`` in CKAN's body decides, whatever the HTTP status. Raises ``ContractBroken`` for anything else.
    """
    told = answer if isinstance(answer, Mapping) else {}
    if told.get("success") is False:
        error = told.get("error")
        words = error.get("message") or error.get("__type") if isinstance(error, Mapping) else error
        raise ContractBroken(
            f"the data store says that it failed: {str(words or 'without a reason')[:200]}",
            where=where,
            instruction="see on the publisher's page whether the resource still exists and is in the data store",
        )
    inner = told.get("result")
    rows = inner.get("records") if isinstance(inner, Mapping) else told.get("results")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ContractBroken(
            f"the answer has no rows; it holds {', '.join(map(str, list(told)[:8])) or 'no object'}",
            where=where,
            instruction="compare it with what the publisher documents",
        )
    return rows


def read_json(text: bytes | str, where: str) -> Any:
    """The JSON value, with exact numbers. Raises ``ContractBroken`` when it is none."""
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise ContractBroken(f"the answer is no JSON: {error}"[:200], where=where) from None


def _rows(path: Path) -> Iterator[Row]:
    columns: dict[str, None] = {}
    for row in _objects(path):
        columns.update(dict.fromkeys(row))
    yield Row(1, tuple(name.replace(_FEFF, "") for name in columns))
    for number, row in enumerate(_objects(path), 2):
        cells = [row.get(name, "") for name in columns]
        exact = frozenset(index for index, cell in enumerate(cells) if isinstance(cell, list))
        yield Row(number, tuple(cell[0] if isinstance(cell, list) else cell for cell in cells), exact)


def _objects(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8-sig") as stream:
        first = stream.readline()
    try:
        spooled = path.suffix == ".rows" and isinstance(json.loads(first), dict)
    except ValueError:
        spooled = False
    if spooled:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)
        return
    if path.stat().st_size > _LIMIT:
        raise ContractBroken("the saved answer is too large", where=path.name, instruction="save it page by page")
    for row in rows_of(read_json(path.read_bytes(), path.name), path.name):
        yield {name: [str(cell)] if _is_number(cell) else _text(cell) for name, cell in row.items()}


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | Decimal) and not isinstance(cell, bool)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False, default=str)
