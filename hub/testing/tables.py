"""Changing a fixture's CSV file as a publisher might."""

from __future__ import annotations

from pathlib import Path
from typing import Final

UNKNOWN: Final = "hub_unknown_field"
"""The field that no connector can know."""


def add_column(path: Path, *, delimiter: str = ";", header: int = 1, encoding: str = "utf-8") -> None:
    """Add the column ``hub_unknown_field`` to a CSV file whose header is line number ``header``.

    Values with a line break inside are not understood.
    """
    lines = _lines(path, encoding)
    for index, line in enumerate(lines):
        if index >= header - 1 and line.strip():
            lines[index] = f"{line}{delimiter}{UNKNOWN if index == header - 1 else 'x'}"
    path.write_bytes("\n".join(lines).encode(encoding))


def reverse_rows(path: Path, *, header: int = 1, encoding: str = "utf-8") -> None:
    """Turn round the order of the rows below line number ``header`` of a CSV file."""
    lines = _lines(path, encoding)
    rows = [line for line in lines[header:] if line.strip()]
    path.write_bytes("\n".join([*lines[:header], *reversed(rows), ""]).encode(encoding))


def _lines(path: Path, encoding: str) -> list[str]:
    return path.read_bytes().decode(encoding).replace("\r\n", "\n").split("\n")
