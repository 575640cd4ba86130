"""Tabular files as rows of text cells, whatever they are: delimited text in any usual dialect, or an Excel workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from hub.sdk.errors import ContractBroken, SourceUnavailable


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader accepts. What is larger raises ``ContractBroken`` before it can fill memory or disk."""

    file_bytes: int = 4 << 30
    row_characters: int = 1 << 20
    cells: int = 2_000
    """Per row."""
    unpacked_bytes: int = 8 << 30
    """Of a workbook, all its parts together."""
    unpacked_strings: int = 1 << 29
    """Of a workbook's shared strings, which have to be held in memory."""
    ratio: int = 500
    """Unpacked to packed size of a workbook's part; real sheets reach about 60."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts from 1 as a spreadsheet shows it, empty rows included.

    ``exact`` holds the positions (from 0) of cells that the file stores as numbers: their text has a decimal point
    and no thousands mark, whatever marks the text cells of the same file use.

    ``end`` tells what the row ends with: ``line`` everywhere but in the last row of a text file that has no line end
    (``file``), or not even the closing quote of its last cell (``quote``). Such a file may have been cut off.
    """

    number: int
    cells: tuple[str, ...]
    exact: frozenset[int] = frozenset()
    end: Literal["line", "file", "quote"] = "line"


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table: what was decided about the file, and its rows as often as wanted."""

    path: Path
    format: Literal["text", "workbook", "xml"]
    read: Callable[[], Iterator[Row]] = field(repr=False)
    encoding: str = ""
    """Codec of a text file: decided from its bytes, or as told."""
    delimiter: str = ""
    """Cell separator of a text file."""
    sheet: str = ""
    """The sheet of a workbook that is read."""
    sheets: tuple[str, ...] = ()
    """All sheets of the workbook."""

    def rows(self) -> Iterator[Row]:
        """The rows from the top, one at a time. Every call starts anew.

        Raises ``ContractBroken`` when the file turns out damaged or exceeds its limits on the way.
        """
        return self.read()


_OTHER_FORMATS: Final = (
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind (.xls)"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a Word document (RTF)"),
    (b"\x1f\x8b", "a gzip archive"),
)
_ZIP: Final = b"PK\x03\x04"
_AS_TABLE: Final = "save it as .xlsx or CSV"


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
) -> Table:
    """Open a file as a table, by what it contains rather than by its suffix.

    ``encoding``, ``delimiter`` and ``sheet`` (name, or position from 1) override what would be decided from the file.
    Raises ``SourceUnavailable`` when the file cannot be read, ``ContractBroken`` when it is no table or too large.
    """
    from hub.sdk.formats.delimited import open_delimited
    from hub.sdk.formats.workbook import open_workbook

    limits = limits or Limits()
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(2048)
        if size > limits.file_bytes:
            raise ContractBroken(
                f"the file has {size:,} bytes and the limit is {limits.file_bytes:,}",
                where=path.name,
                instruction="split it, for instance by year",
            )
        if start.startswith(_ZIP):
            return open_workbook(path, sheet=sheet, limits=limits)
        _refuse_other_formats(path, start)
        return open_delimited(path, encoding=encoding, delimiter=delimiter, limits=limits)
    except OSError as error:
        raise SourceUnavailable(f"the file cannot be read ({error.strerror or error})", where=path.name) from error
    except zipfile.BadZipFile as error:
        raise ContractBroken(
            "the file begins as a workbook but is damaged", where=path.name, instruction="fetch it again"
        ) from error


def _refuse_other_formats(path: Path, start: bytes) -> None:
    if not start.strip(b"\xef\xbb\xbf\0 \t\r\n"):
        raise ContractBroken("the file is empty", where=path.name, instruction="ask the publisher for the right file")
    for magic, what in _OTHER_FORMATS:
        if start.startswith(magic):
            raise ContractBroken(f"the file is {what}, not a table", where=path.name, instruction=_AS_TABLE)
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if head.startswith((b"<?xml", b"<!doctype html", b"<html", b"<table")):
        what = "a web page" if b"html" in head or head.startswith(b"<table") else "XML"
        raise ContractBroken(f"the file is {what}, not a table", where=path.name, instruction=_AS_TABLE)
