"""Excel workbooks (.xlsx, .xlsm): one sheet as rows of text cells, exact and bounded."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from hub.sdk.errors import ConfigError, ContractBroken, RecordRejected
from hub.sdk.formats.sheet import elements, sheet_rows
from hub.sdk.formats.table import Limits, Row, Table
from hub.sdk.formats.xml import Element, parse_xml

_RATIO_FROM: Final = 1 << 20
"""Small parts may be packed as tightly as they like."""
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    RecordRejected,
    LookupError,
    ValueError,
    EOFError,
)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class Book:
    """What all sheets of a workbook share."""

    parts: dict[str, str]
    """Sheet name → its part in the archive, in the workbook's order."""
    hidden: frozenset[str]
    strings: tuple[str, ...]
    date_styles: frozenset[str]
    epoch: datetime


def open_workbook(path: Path, *, sheet: str | None, limits: Limits) -> Table:
    """Open a workbook on the sheet told by name or position from 1, else on the first visible one with data."""
    _check_parts(path, limits)
    with _damage_told(path), zipfile.ZipFile(path) as archive:
        book = _book(archive, path.name)
    chosen = _told(path, tuple(book.parts), sheet) if sheet else _first_with_data(path, book, limits)
    read = partial(_rows, path, book, chosen, limits)
    return Table(path=path, format="workbook", read=read, sheet=chosen, sheets=tuple(book.parts))


def _check_parts(path: Path, limits: Limits) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise ContractBroken(
            "the file is an archive or another kind of document, not an .xlsx workbook",
            where=path.name,
            instruction="save it as .xlsx or CSV; unpack archives first",
        )
    total = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename == "xl/sharedStrings.xml")
    dense = [p for p in parts if p.file_size > _RATIO_FROM and p.file_size > limits.ratio * max(p.compress_size, 1)]
    if total > limits.unpacked_bytes or strings > limits.unpacked_strings or dense:
        raise ContractBroken(
            f"the workbook unpacks to {total:,} bytes, more than is safe",
            where=path.name,
            instruction="save it as CSV, or split it",
        )


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ContractBroken(
            f"the workbook is damaged ({error})"[:300],
            where=path.name,
            instruction="open it in a spreadsheet program and save it anew",
        ) from error


def _book(archive: zipfile.ZipFile, where: str) -> Book:
    names = set(archive.namelist())
    root = parse_xml(archive.read("xl/workbook.xml"), where=where)
    relations = parse_xml(archive.read("xl/_rels/workbook.xml.rels"), where=where)
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    parts, hidden = {}, set()
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        name = sheet.get("name", "")
        target = targets[sheet.get(_RELATION) or sheet.get(_RELATION_STRICT)]
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part.startswith("xl/worksheets/"):  # a chart sheet has no rows
            parts[name] = part
            if sheet.get("state", "visible") != "visible":
                hidden.add(name)
    settings = root.find("{*}workbookPr")
    mac = settings is not None and settings.get("date1904", "0") in {"1", "true"}
    styles = parse_xml(archive.read("xl/styles.xml"), where=where) if "xl/styles.xml" in names else None
    strings: tuple[str, ...] = ()
    if "xl/sharedStrings.xml" in names:
        with archive.open("xl/sharedStrings.xml") as source:
            strings = tuple(_string(item) for item in elements(source, "si", where=where))
    return Book(parts, frozenset(hidden), strings, _date_styles(styles), MAC_EPOCH if mac else WINDOWS_EPOCH)


def _string(item: Element) -> str:
    """A shared string with its runs joined, without the reading aid of Asian scripts."""
    return "".join(text.text or "" for text in item.iterfind("{*}t")) + "".join(
        text.text or "" for text in item.iterfind("{*}r/{*}t")
    )


def _date_styles(styles: Element | None) -> frozenset[str]:
    """The numbers of the cell styles that show a number as a date or time."""
    if styles is None:
        return frozenset()
    formats = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in styles.iterfind("{*}numFmts/{*}numFmt")}
    found = set()
    for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        code = int(style.get("numFmtId", "0"))
        if is_date_format(formats.get(code) or BUILTIN_FORMATS.get(code, "General")):
            found.add(str(number))
    return frozenset(found)


def _told(path: Path, names: tuple[str, ...], sheet: str) -> str:
    if sheet in names:
        return sheet
    if sheet.isascii() and sheet.isdigit() and 1 <= int(sheet) <= len(names):
        return names[int(sheet) - 1]
    raise ConfigError(
        f"the workbook has no sheet {sheet!r}",
        where=path.name,
        instruction=f"choose one of: {', '.join(names)}",
    )


def _first_with_data(path: Path, book: Book, limits: Limits) -> str:
    for name in [name for name in book.parts if name not in book.hidden] or list(book.parts):
        # A cover sheet has a few lines of one cell each; a table has a row with several.
        with closing(_rows(path, book, name, limits)) as rows:
            if any(sum(bool(cell.strip()) for cell in row.cells) > 1 for row in rows):
                return name
    raise ContractBroken("no sheet of the workbook holds a table", where=path.name)


def _rows(path: Path, book: Book, sheet: str, limits: Limits) -> Generator[Row]:
    with _damage_told(path), zipfile.ZipFile(path) as archive, archive.open(book.parts[sheet]) as source:
        yield from sheet_rows(source, book.strings, book.date_styles, book.epoch, where=path.name, cells=limits.cells)
