"""Excel workbooks (.xlsx, .xlsm): one sheet as rows of text cells, exact and bounded."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError  # the exception alone; parsing is openpyxl's, with defusedxml

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from hub.sdk.errors import ConfigError, ContractBroken
from hub.sdk.formats.table import Limits, Row, Table

_LAST_ROW: Final = 1_048_576
_RATIO_FROM: Final = 1 << 20
"""Small parts may be packed as tightly as they like."""
_DAMAGE: Final = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, EOFError)


def open_workbook(path: Path, *, sheet: str | None, limits: Limits) -> Table:
    """Open a workbook on the sheet told by name or position from 1, else on the first visible one with data."""
    _check_parts(path, limits)
    with _opened(path) as book:
        names = tuple(worksheet.title for worksheet in book.worksheets)
        visible = [worksheet.title for worksheet in book.worksheets if worksheet.sheet_state == "visible"]
    chosen = _told(path, names, sheet) if sheet else _first_with_data(path, visible or list(names), limits)
    read = partial(_rows, path, chosen, limits)
    return Table(path=path, format="workbook", read=read, sheet=chosen, sheets=names)


def cell_text(value: object) -> str:
    """A value as text: whole numbers without decimals, others in the 15 digits that Excel shows, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        exact = Decimal(f"{value:.15g}")
        return f"{exact.to_integral_value():f}" if exact == exact.to_integral_value() else f"{exact:f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("_x000D_", "")


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
def _opened(path: Path) -> Iterator[Workbook]:
    try:
        # Given a path, openpyxl would judge the file by its suffix.
        with path.open("rb") as stream:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # missing default styles, unknown extensions: not about the data
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            with closing(book):
                yield book
    except _DAMAGE as error:
        raise ContractBroken(
            f"the workbook is damaged ({type(error).__name__})",
            where=path.name,
            instruction="open it in a spreadsheet program and save it anew",
        ) from error


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


def _first_with_data(path: Path, names: list[str], limits: Limits) -> str:
    for name in names:
        # A cover sheet has a few lines of one cell each; a table has a row with several.
        with closing(_rows(path, name, limits)) as rows:
            if any(sum(bool(cell.strip()) for cell in row.cells) > 1 for row in rows):
                return name
    raise ContractBroken("no sheet of the workbook holds a table", where=path.name)


def _rows(path: Path, sheet: str, limits: Limits) -> Generator[Row]:
    with _opened(path) as book:
        worksheet = book[sheet]
        # The size that a sheet declares is often wrong, and would cut columns off.
        worksheet.reset_dimensions()
        for number, values in enumerate(worksheet.iter_rows(values_only=True), 1):
            if number > _LAST_ROW or len(values) > limits.cells:
                raise ContractBroken("the sheet is larger than a workbook can be", where=f"{path.name}:{number}")
            exact = frozenset(
                index
                for index, value in enumerate(values)
                if isinstance(value, int | float) and not isinstance(value, bool)
            )
            yield Row(number, tuple(map(cell_text, values)), exact)
