"""The rows of SCB's bulk file, read in one pass and constant memory: tabs, cp1252, and a tab too many at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final, NamedTuple

from hub.sdk import ContractBroken
from hub.sdk.formats.zip import zip_members

IDENTITY: Final = "PeOrgNr"
FORM: Final = "JurForm"
_REQUIRED: Final = (IDENTITY, FORM, "Namn", "JEStat", "FtgStat", "PostNr", "RegDatKtid", "Ng1")
_LONGEST_LINE: Final = 1 << 20


class Row(NamedTuple):
    """One line as published, but for NUL characters, which no database keeps."""

    number: int
    cells: dict[str, str]


class BrokenRow(NamedTuple):
    """A line that gives no row; its words are not kept."""

    number: int
    reason: str


def read(path: Path) -> Iterator[Row | BrokenRow]:
    """Every line behind the header of ``path``, a ``.txt`` or a ``.zip`` with one ``.txt`` in it.

    Raises ``ContractBroken`` when the header lacks a column or the file ends in the middle of a row.
    """
    with _opened(path) as stream:
        columns = _columns(stream.readline(_LONGEST_LINE), path.name)
        for number, raw in enumerate(iter(partial(stream.readline, _LONGEST_LINE), b""), 2):
            if len(raw) == _LONGEST_LINE:
                message = f"a line of more than {_LONGEST_LINE} bytes"
                raise ContractBroken(message, where=f"{path.name}:{number}")
            row = _row(number, raw.rstrip(b"\r\n"), columns)
            if isinstance(row, BrokenRow) and not raw.endswith(b"\n"):
                message = "the file ends in the middle of a row"
                raise ContractBroken(message, where=f"{path.name}:{number}", instruction="download the file again")
            if row is not None:
                yield row


def _row(number: int, raw: bytes, columns: tuple[str, ...]) -> Row | BrokenRow | None:
    try:
        line = raw.decode("cp1252").replace("\0", "")
    except UnicodeDecodeError as error:
        return BrokenRow(number, f"byte {raw[error.start]:#04x} at position {error.start} is not cp1252")
    if not line.strip():
        return None
    cells = _cells(line)
    if len(cells) != len(columns):
        return BrokenRow(number, f"has {len(cells)} values instead of {len(columns)}")
    return Row(number, dict(zip(columns, cells, strict=True)))


def _cells(line: str) -> list[str]:
    """The values; every line, the header too, ends with a tab that divides nothing."""
    return line.removesuffix("\t").split("\t")


def _columns(header: bytes, name: str) -> tuple[str, ...]:
    columns = tuple(column.strip() for column in _cells(header.decode("cp1252", "replace").rstrip("\r\n")))
    if missing := [column for column in _REQUIRED if column not in columns]:
        message = f"the header lacks {', '.join(missing)}; it has {', '.join(columns)[:400] or 'nothing'}"
        raise ContractBroken(message, where=f"{name}:1")
    if len(set(columns)) < len(columns):
        raise ContractBroken("the header names a column twice", where=f"{name}:1")
    return columns


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as plain:
        if plain.read(2) != b"PK":  # a download's file has no suffix to go by
            plain.seek(0)
            yield plain
            return
    members = zip_members(path, select=lambda name: name.casefold().endswith(".txt"))
    member = next(members, None)
    if member is None:
        raise ContractBroken("the archive holds no .txt file", where=path.name)
    yield member.stream
    if next(members, None) is not None:
        raise ContractBroken("the archive holds more than one .txt file", where=path.name)
