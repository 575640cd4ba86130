"""CSV files, plain or packed with gzip, as rows under plain headings."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hub.sdk import ContractBroken
from hub.sdk.formats.table import Table, open_table
from hub_se_uhm.columns import plain

UNPACKED_LIMIT: Final = 4 << 30
"""Bytes; the largest file known has 115 MB."""
RATIO_LIMIT: Final = 200
"""Unpacked to packed size; real files reach about 15."""
_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A row with its number; ``cells`` is ``None`` when it has more or fewer cells than the header."""

    number: int
    cells: dict[str, str] | None


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The file itself, or what a gzip file holds, on disk for as long as the ``with`` block lasts."""
    with path.open("rb") as stream:
        packed = stream.read(2) == _GZIP
    if not packed:
        yield path
        return
    limit = min(UNPACKED_LIMIT, path.stat().st_size * RATIO_LIMIT)
    with TemporaryDirectory(prefix="uhm-") as folder:
        target = Path(folder, path.name.removesuffix(".gz"))
        try:
            with gzip.open(path) as source, target.open("wb") as out:
                written = 0
                while chunk := source.read(_CHUNK):
                    written += len(chunk)
                    if written > limit:
                        raise ContractBroken(f"the file unpacks to more than {limit:,} bytes", where=path.name)
                    out.write(chunk)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ContractBroken(f"the gzip file is damaged ({error})", where=path.name) from error
        yield target


def headings(table: Table) -> tuple[str, ...]:
    """The header row in plain spelling; empty for an empty file. A heading given twice raises ``ContractBroken``."""
    first = next(table.rows(), None)
    found = tuple(plain(cell) for cell in first.cells) if first else ()
    if len(set(found)) < len(found):
        raise ContractBroken("a heading stands there twice", where=table.path.name)
    return found


def rows(table: Table) -> Iterator[SavedRow]:
    """The rows below the header; empty ones are left out."""
    header = headings(table)
    body = table.rows()
    next(body, None)
    for row in body:
        if any(cell.strip() for cell in row.cells):
            whole = len(row.cells) == len(header) and row.end != "quote"
            yield SavedRow(row.number, dict(zip(header, row.cells, strict=True)) if whole else None)


def table(path: Path) -> Table:
    """The file as a table; what stands in it decides, not its name."""
    return open_table(path)
