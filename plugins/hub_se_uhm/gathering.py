"""Rows of one data set, put on disk and given back in order: by year, then by what they are about.

Rows about one lot may stand anywhere in a file of any size, so they are sorted in a temporary database that SQLite
keeps on disk and removes by itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Self


@dataclass(frozen=True, slots=True)
class Group:
    """All different rows about one thing, in an order that does not depend on the file's."""

    year: str
    key: str
    rows: list[dict[str, str]]
    origin: str


class Gathering:
    """A place for rows; use it in a ``with`` block."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a private file, gone when it is closed
        self._database.execute(
            "CREATE TABLE row (year, key, cells, origin, PRIMARY KEY (year, key, cells)) WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._database.close()

    def add(self, year: str, key: str, row: dict[str, str], origin: str) -> bool:
        """Keep a row; ``False`` when the very same one is there already."""
        cells = json.dumps(row, ensure_ascii=False, sort_keys=True)
        added = self._database.execute("INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?)", (year, key, cells, origin))
        return added.rowcount == 1

    def groups(self) -> Iterator[Group]:
        """What was added, ordered by year, key and content."""
        with closing(self._database.execute("SELECT * FROM row ORDER BY year, key, cells")) as found:
            for (year, key), rows in groupby(found, key=lambda row: (row[0], row[1])):
                same = list(rows)
                yield Group(year, key, [json.loads(row[2]) for row in same], same[0][3])
