"""Delimited text (CSV and its relatives): delimiter, line ends and quotes as they come."""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, Literal, TextIO

from hub.sdk.errors import ContractBroken
from hub.sdk.formats.encoding import STRAY_BYTES, detect_encoding
from hub.sdk.formats.table import Limits, Row, Table

DELIMITERS: Final = (";", ",", "\t", "|")
_SAMPLE: Final = 1 << 16
_ALIKE: Final = 0.9
_CERTAIN: Final = 1e6


def open_delimited(path: Path, *, encoding: str | None, delimiter: str | None, limits: Limits) -> Table:
    """Open delimited text. What is not told is decided: the encoding from all bytes, the delimiter from the start."""
    encoding = encoding or detect_encoding(path)
    if delimiter is None:
        with _open(path, encoding) as stream:
            delimiter = detect_delimiter(stream.read(_SAMPLE))
    read = partial(_rows, path, encoding, delimiter, limits)
    return Table(path=path, format="text", read=read, encoding=encoding, delimiter=delimiter)


def detect_delimiter(sample: str) -> str:
    """The delimiter that cuts the sample's lines into many cells, equally many in most lines.

    A first line ``sep=;``, as Excel writes and reads it, decides. A comma when nothing separates.
    """
    first = sample.lstrip("\ufeff")[:5]
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:]
    lines = io.StringIO(sample.replace("\0", ""), newline="").readlines()
    # The sample may end in the middle of a line.
    whole = lines[:-1] if len(lines) > 1 and len(sample) >= _SAMPLE else lines
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        widths = Counter(len(cells) for cells in csv.reader(whole, delimiter=candidate) if cells)
        rows = sum(widths.values())
        score, width, count = max(
            (((width - 1) * count / rows, width, count) for width, count in widths.items()), default=(0.0, 1, 1)
        )
        # Commas stand in names and amounts too; nothing else cuts nearly all lines alike by chance.
        if candidate != "," and width > 1 and count >= _ALIKE * rows:
            score += _CERTAIN
        if score > best_score:
            best, best_score = candidate, score
    return best


def _open(path: Path, encoding: str) -> TextIO:
    # newline="" keeps line ends inside quoted cells and still ends lines at CR, LF and CRLF.
    errors = STRAY_BYTES if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(path.open("rb"), encoding=encoding, errors=errors, newline="")


class _Lines:
    """The physical lines of a file, remembering those of the row being read so that they can be read again."""

    def __init__(self, stream: TextIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._again: deque[str] = deque()
        self._size = 0
        self.current: list[str] = []
        self.over = False
        """Whether the row being read wanted a line and there was none."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._stream.readline(self._limit + 1)
        if not line:
            self.over = True
            raise StopIteration
        self._size += len(line)
        self.current.append(line)
        if self._size > self._limit:
            raise csv.Error("the row does not end")
        return line.replace("\0", "")

    def next_row(self) -> None:
        self.current, self._size, self.over = [], 0, False

    def first_alone(self) -> str:
        """The current row's first line; the others will be read anew as rows of their own."""
        first, *others = self.current
        self._again.extendleft(reversed(others))
        self.next_row()
        return first


def _rows(path: Path, encoding: str, delimiter: str, limits: Limits) -> Iterator[Row]:
    with _open(path, encoding) as stream:
        lines = _Lines(stream, limits.row_characters)
        number = 0
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            number += 1
            try:
                cells = next(reader)
                end: Literal["line", "file", "quote"] = "line" if _ends(lines.current[-1]) else "file"
                lines.next_row()
            except StopIteration:
                return
            except csv.Error:
                # Some exports write quotes without meaning: `;"Alfa" AB;` or one that never closes, which would
                # swallow the rows after it. Read the line by itself, quotes as they stand if need be.
                open_quote = lines.over
                line = lines.first_alone()
                cells = _lenient(line, delimiter, where=f"{path.name}:{number}", limits=limits)
                end = "line" if _ends(line) else "quote" if open_quote else "file"
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
            if len(cells) > limits.cells:
                raise ContractBroken(
                    f"the row has {len(cells):,} cells and the limit is {limits.cells:,}",
                    where=f"{path.name}:{number}",
                    instruction="check the delimiter",
                )
            if number == 1 and cells:
                cells[0] = cells[0].removeprefix("\ufeff")
            yield Row(number, tuple(cells), end=end)


def _ends(line: str) -> bool:
    return line[-1] in "\r\n"


def _lenient(line: str, delimiter: str, *, where: str, limits: Limits) -> list[str]:
    line = line.replace("\0", "")
    if len(line) > limits.row_characters:
        raise ContractBroken("the row does not end", where=where, instruction="check that this is a text table")
    try:
        if line.count('"') % 2:
            return next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise ContractBroken(f"the row cannot be read ({error})", where=where, instruction="mend the row") from error
