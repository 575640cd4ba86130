"""The rows of Bolagsverket's bulk file, read in one pass and constant memory.

The file looks like CSV and is none: quotes inside a value are not doubled, so a CSV reader loses its place.
Every value stands in quotes and rows are lines, so the outer quotes are cut off and the rest is split on
``";"``. A row for which that does not give one value for each column is handed on as broken, with its line
number and without its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final, NamedTuple

from hub.sdk import ContractBroken
from hub.sdk.formats.zip import zip_members

IDENTITY: Final = "organisationsidentitet"
SERIAL: Final = "namnskyddslopnummer"
COUNTRY: Final = "registreringsland"
NAMES: Final = "organisationsnamn"
FORM: Final = "organisationsform"
DISSOLVED_ON: Final = "avregistreringsdatum"
DISSOLVED_WHY: Final = "avregistreringsorsak"
PROCEDURES: Final = (
    "pagandeAvvecklingsEllerOmstruktureringsforfarande",
    "pagaendeAvvecklingsEllerOmstruktureringsforfarande",
)
"""The file's spelling and the documented one."""
REGISTERED_ON: Final = "registreringsdatum"
PURPOSE: Final = "verksamhetsbeskrivning"
ADDRESS: Final = "postadress"

_REQUIRED: Final = (
    *(IDENTITY, SERIAL, COUNTRY, NAMES, FORM, DISSOLVED_ON, DISSOLVED_WHY, REGISTERED_ON, PURPOSE, ADDRESS),
)
_LONGEST_LINE: Final = 1 << 20


class Row(NamedTuple):
    """One line, as published but for NUL characters, which are dropped: no database keeps them as text."""

    number: int
    cells: dict[str, str]


class BrokenRow(NamedTuple):
    """A line that gives no row. ``first_cells`` are its first two values, as far as they can be told."""

    number: int
    first_cells: tuple[str, str]
    reason: str


def read(path: Path) -> Iterator[Row | BrokenRow]:
    """Every line behind the header of ``path``, a ``.txt`` or a ``.zip`` with one ``.txt`` in it.

    Raises ``ContractBroken`` when the header lacks a column or the file ends before its end.
    """
    with _opened(path) as stream:
        columns = _columns(stream.readline(_LONGEST_LINE), path.name)
        raw, number = b"\n", 1
        row: Row | BrokenRow | None = None
        for raw in iter(partial(stream.readline, _LONGEST_LINE), b""):
            number += 1
            if len(raw) == _LONGEST_LINE:
                message = f"a line of more than {_LONGEST_LINE} bytes"
                raise ContractBroken(message, where=f"{path.name}:{number}")
            row = _row(number, raw.rstrip(b"\r\n"), columns)
            if row is not None and (raw.endswith(b"\n") or isinstance(row, Row)):
                yield row
        if isinstance(row, BrokenRow) and not raw.endswith(b"\n"):
            message = "the file ends in the middle of a row"
            raise ContractBroken(message, where=f"{path.name}:{number}", instruction="download the file again")


def _row(number: int, raw: bytes, columns: tuple[str, ...]) -> Row | BrokenRow | None:
    try:
        line = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.decode(errors="replace")
        return _broken(number, line, f"byte {raw[error.start]:#04x} at position {error.start} is not UTF-8")
    if "\0" in line:
        line = line.replace("\0", "")
    cells = line[1:-1].split('";"')
    if len(cells) == len(columns) and line[0] == line[-1] == '"':
        return Row(number, dict(zip(columns, cells, strict=True)))
    if not line.strip():
        return None
    if line[0] != '"':
        return _broken(number, line, "does not begin with a quote: the rest of a text with a line break in it?")
    if len(cells) < len(columns):
        reason = f"has {len(cells)} values instead of {len(columns)}"
        return _broken(number, line, reason if line[-1] == '"' else reason + ": a line break inside a text?")
    reason = f"has {len(cells)} values instead of {len(columns)}, or no quote at its end"
    return _broken(number, line, reason)


def _broken(number: int, line: str, reason: str) -> BrokenRow:
    first, second, *_ = [*line.removeprefix('"').split('";"', 2), ""]
    return BrokenRow(number, (first, second), reason)


def _columns(header: bytes, name: str) -> tuple[str, ...]:
    columns = tuple(part.strip(' "') for part in header.decode("utf-8-sig", errors="replace").strip().split(";"))
    missing = [column for column in _REQUIRED if column not in columns]
    if not any(column in columns for column in PROCEDURES):
        missing.append(PROCEDURES[0])
    if missing:
        message = f"the header lacks {', '.join(missing)}; it has {', '.join(columns)[:400] or 'nothing'}"
        raise ContractBroken(message, where=f"{name}:1")
    return columns


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix.casefold() != ".zip":
        with path.open("rb") as plain:
            yield plain
        return
    members = zip_members(path, select=lambda name: name.casefold().endswith(".txt"))
    member = next(members, None)
    if member is None:
        raise ContractBroken("the archive holds no .txt file", where=path.name)
    yield member.stream
    if next(members, None) is not None:
        raise ContractBroken("the archive holds more than one .txt file", where=path.name)
