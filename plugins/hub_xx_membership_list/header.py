"""Finding the header row of a list and, in it, the columns that were asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from hub.sdk import ContractBroken, clean
from hub.sdk.formats.table import Row
from hub_xx_membership_list.config import Column

_SEARCHED: Final = 30
"""Workbooks made for readers have a title and a few lines of text above the table."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header row: its number, where each wanted column stands, and the headers that nobody asked for."""

    number: int
    places: Mapping[str, int]
    others: tuple[str, ...]

    def cells(self, row: Row) -> dict[str, str]:
        """What stands in the wanted columns of a row; empty cells are left out."""
        found = {
            column: clean.text(row.cells[place]) for column, place in self.places.items() if place < len(row.cells)
        }
        return {column: text for column, text in found.items() if text}


def find_header(rows: Iterable[Row], wanted: Mapping[Column, str], *, where: str) -> Header:
    """The first row that holds every header in ``wanted`` (column → header); upper and lower case are one.

    Raises ``ContractBroken`` with the headers that the file has, and the likeliest one for each that is missing.
    """
    nearest: list[str] = []
    score = -1
    asked = {column: _plain(header) for column, header in wanted.items()}
    for row in islice(rows, _SEARCHED):
        headers = [clean.text(cell) or "" for cell in row.cells]
        plain = [_plain(header) for header in headers]
        hits = sum(header in plain for header in asked.values())
        if hits == len(asked):
            places: dict[str, int] = {column: plain.index(header) for column, header in asked.items()}
            others = tuple(header for place, header in enumerate(headers) if header and place not in places.values())
            return Header(row.number, places, others)
        # Without a single hit, the row with the most texts is the likeliest header.
        row_score = hits * 1000 + sum(map(bool, headers))
        if row_score > score:
            nearest, score = [header for header in headers if header], row_score
    raise _missing(nearest, wanted, where)


def _missing(headers: list[str], wanted: Mapping[Column, str], where: str) -> ContractBroken:
    by_plain = {_plain(header): header for header in headers}
    lost = []
    for column, header in wanted.items():
        if _plain(header) not in by_plain:
            close = difflib.get_close_matches(_plain(header), by_plain, n=1, cutoff=0.5)
            hint = f" (did you mean {by_plain[close[0]]!r}?)" if close else ""
            lost.append(f"{header!r} for {column}{hint}")
    return ContractBroken(
        f"no row holds the header {', '.join(lost)}; the file has {', '.join(map(repr, headers))}",
        where=where,
        instruction="correct `columns` in the source's [config]",
    )


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold()
