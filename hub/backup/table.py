"""Tables as files: a JSON array of values per row, compressed."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

from hub.backup.file import sealed
from hub.backup.manifest import TableFile
from hub.store import dump
from hub.store.engine import Connection

Progress = Callable[[str, int, int | None], None]
"""Called with what is being worked on, how much of it is done and how much there is, if known."""

_LEVEL: Final = 3
_PAGE: Final = 5000


def write(connection: Connection, of: dump.Dumped, folder: Path, progress: Progress) -> TableFile:
    """Write a table's rows into a backup."""
    name, written = str(of.table.name), 0
    encoder = msgspec.json.Encoder()
    with sealed(folder / "tables" / f"{name}.jsonl.gz") as file:
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
            for page in dump.rows(connection, of):
                packed.write(encoder.encode_lines(page))
                written += len(page)
                progress(name, written, None)
        return TableFile(name, of.names, written, file.size, file.sha256)


def read(of: TableFile, folder: Path, progress: Progress) -> Iterator[list[list[Any]]]:
    """The rows of a table in a backup, a page at a time."""
    decoder, done = msgspec.json.Decoder(list[Any]), 0
    with gzip.open(folder / of.file, "rb") as lines:
        while page := [decoder.decode(line) for line in islice(lines, _PAGE)]:
            yield page
            done += len(page)
            progress(of.name, done, of.rows)
