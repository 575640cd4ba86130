"""What the commands print: tables, pairs, Swedish numbers and dates, JSON. Nothing that a source wrote is markup."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

THIN_SPACE: Final = "\u202f"
_PIPED_WIDTH: Final = 200
"""Columns when the output is no terminal: a file or another program has no edge."""
_NARROW: Final = 100
_WORD: Final = 18
_SHORT: Final = {"unchanged": "same", "retired": "gone", "quarantined": "quar.", "quarantine": "quar.", "seconds": "s"}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_STYLES: Final = {
    "succeeded": "green",
    "unchanged": "cyan",
    "partial": "yellow",
    "suspect": "yellow",
    "cancelled": "magenta",
    "failed": "bold red",
    "lost": "bold red",
    "confirmed": "bold green",
    "likely": "green",
    "possible": "yellow",
    "excluded": "dim",
    "unknown": "dim",
    "ready": "green",
    "not loaded": "dim",
    "never run": "dim",
    "running": "blue",
}


def console(*, error: bool = False) -> Console:
    """The terminal's standard output or error; markup is off, for names may hold brackets."""
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else _PIPED_WIDTH
    return Console(stderr=error, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def show(*parts: RenderableType) -> None:
    """Print to standard output; into a pipe without the spaces that fill a terminal's line."""
    terminal = console()
    if terminal.is_terminal:
        terminal.print(*parts, sep="\n")
        return
    with terminal.capture() as captured:
        terminal.print(*parts, sep="\n")
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def show_json(value: Any) -> None:
    """One JSON value on a line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def cell(value: object, style: str = "") -> Text:
    """A value as text that commands no terminal; outcomes and verdicts get their colour."""
    if isinstance(value, Text):
        return value
    if value is None or value == "":
        return Text("–", "dim")
    if isinstance(value, bool):
        return Text("yes" if value else "no", style)
    if isinstance(value, int):
        return Text(number(value), style or ("dim" if value == 0 else ""))
    plain = _CONTROL.sub(" ", str(value))
    return Text(plain, style or _STYLES.get(plain, ""))


def table(columns: Iterable[str], rows: Iterable[Iterable[object]], *, title: str = "") -> Table:
    """A table without a cage. A column whose name begins with ``>`` is aligned right, with ``*`` it takes the room.

    Short values are never broken over lines; on a narrow terminal some headings are shorter.
    """
    cells = [[cell(value) for value in row] for row in rows]
    made = Table(
        box=box.SIMPLE_HEAD,
        title=title or None,
        title_justify="left",
        title_style="bold",
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    narrow = console().width < _NARROW
    for index, column in enumerate(columns):
        name = column.lstrip(">*")
        right = column.startswith(">")
        made.add_column(
            _SHORT.get(name, name) if narrow else name,
            justify="right" if right else "left",
            no_wrap=right or all(row[index].cell_len <= _WORD for row in cells),
            ratio=1 if column.startswith("*") else None,
            overflow="fold",
            header_style="bold",
        )
    for row in cells:
        made.add_row(*row)
    return made


def pairs(items: Mapping[str, object]) -> Table:
    """Names and values under each other; what is empty is left out."""
    made = Table.grid(padding=(0, 2))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in items.items():
        if value is not None and value != "":
            made.add_row(name, cell(value))
    return made


def section(title: str, *parts: RenderableType) -> Group:
    """A heading with what belongs to it."""
    return Group(Text(title, "bold"), *(Padding(part, (0, 0, 0, 2)) for part in parts), Text())


def note(text: str, style: str = "dim") -> Text:
    """A line beside the data."""
    return Text(_CONTROL.sub(" ", text), style)


def number(value: int) -> str:
    """``12 345`` with thin spaces."""
    return f"{value:,}".replace(",", THIN_SPACE).replace("-", "\u2212")


def money(minor: int | None, currency: str | None = "SEK") -> str:
    """``12 345 kr``: whole units, rounded half away from zero; the exact amount stands in ``--json``."""
    from hub.model import minor_digits

    if minor is None:
        return ""
    unit = 10 ** minor_digits(currency or "SEK")
    whole = (abs(minor) + unit // 2) // unit
    return f"{number(-whole if minor < 0 else whole)}{THIN_SPACE}{'kr' if currency in ('SEK', None) else currency}"


def moment(stored: str | None) -> str:
    """A stored instant for people: ``2026-11-24 10:00``, in UTC as everything in the hub."""
    return stored[:16].replace("T", " ") if stored else ""


def ago(stored: str | None, now: datetime | None = None) -> str:
    """How long ago an instant was, in its largest unit: ``3 h ago``."""
    if not stored:
        return "never"
    seconds = int(((now or datetime.now(UTC)) - datetime.fromisoformat(stored)).total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return "just now"


def period(first: str | None, last: str | None) -> str:
    """``2023-04-12 – 2025-05-31``; open ends stay open."""
    return f"{first or '…'} – {last or ''}".strip() if first or last else "always"
