"""The rows of one worksheet, straight from its XML: exact text, in constant memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import IO, Final

from lxml import etree
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel

from hub.sdk.errors import ContractBroken
from hub.sdk.formats.table import Row
from hub.sdk.formats.xml import Element

_LAST_ROW: Final = 1_048_576
_WHOLE: Final = re.compile(r"-?\d{1,15}")
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")


def elements(source: IO[bytes], tag: str, *, where: str) -> Iterator[Element]:
    """The document's elements of that name, one at a time; each is dropped when the next is asked for.

    Entities are not expanded; a document type, which no real workbook has, raises ``ContractBroken``.
    """
    for _, element in etree.iterparse(source, tag=f"{{*}}{tag}", resolve_entities=False, no_network=True):
        if element.getroottree().docinfo.doctype:
            raise ContractBroken("the workbook holds a document type", where=where, instruction="save it anew")
        yield element
        element.clear()
        while (before := element.getprevious()) is not None and (parent := before.getparent()) is not None:
            parent.remove(before)


def sheet_rows(
    source: IO[bytes], strings: Sequence[str], date_styles: frozenset[str], epoch: datetime, *, where: str, cells: int
) -> Iterator[Row]:
    """The sheet's rows, with the empty ones that the file leaves out.

    The size that a sheet declares is not used: it is often wrong and would cut columns off. Raises ``ContractBroken``
    for more rows than a sheet can have or more than ``cells`` cells in one.
    """
    number = 0
    for element in elements(source, "row", where=where):
        told = element.get("r")
        at = int(told) if told else number + 1
        if at > _LAST_ROW or len(element) > cells:
            raise ContractBroken("the sheet is larger than a workbook can be", where=f"{where}:{number + 1}")
        yield from (Row(empty, ()) for empty in range(number + 1, at))
        number = at
        yield _row(number, element, strings, date_styles, epoch)


def _row(number: int, element: Element, strings: Sequence[str], date_styles: frozenset[str], epoch: datetime) -> Row:
    cells: list[str] = []
    exact = set()
    for cell in element:
        place = cell.get("r")
        index = _column(place) if place else len(cells)
        if index > len(cells):
            cells.extend([""] * (index - len(cells)))
        kind = cell.get("t", "n")
        value = cell.findtext("{*}v")
        if kind == "s":
            text = strings[int(value)] if value else ""
        elif kind == "inlineStr":
            text = "".join(cell.itertext("{*}t"))
        elif kind == "b":
            text = "TRUE" if value == "1" else "FALSE"
        elif kind != "n" or not value:
            text = value or ""
        elif cell.get("s") in date_styles:
            text = _date_text(value, epoch)
        else:
            text = number_text(value)
            exact.add(len(cells))
        cells.append(text.replace("_x000D_", ""))
    return Row(number, tuple(cells), frozenset(exact))


def number_text(value: str) -> str:
    """A stored number as Excel shows it: 15 digits, whole numbers without decimals, no exponent.

    Excel stores the double next to what was typed, such as 12.340000000000002 for 12.34.
    """
    if _WHOLE.fullmatch(value):
        return value
    shown = Decimal(f"{float(value):.15g}")
    return f"{shown.to_integral_value():f}" if shown == shown.to_integral_value() else f"{shown:f}"


@lru_cache(maxsize=10_000)
def _date_text(value: str, epoch: datetime) -> str:
    found = from_excel(float(value), epoch)
    if isinstance(found, datetime):
        return found.date().isoformat() if found.time() == time() else found.isoformat(sep=" ", timespec="seconds")
    return found.isoformat() if isinstance(found, date | time) else number_text(value)


@lru_cache(maxsize=100_000)
def _column(place: str) -> int:
    letters = _LETTERS.match(place)
    return column_index_from_string(letters[0]) - 1 if letters else 0
