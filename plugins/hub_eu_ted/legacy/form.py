"""What either layout of TED XML says, before it becomes a notice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from hub.sdk import Mention, Money

_DIGITS: Final = re.compile(r"\d+")


@dataclass(slots=True)
class Award:
    """One award, or one lot that was not awarded."""

    key: str
    lots: str | None
    awarded: bool
    reference: str | None = None
    title: str | None = None
    suppliers: tuple[Mention, ...] = ()
    value: Money | None = None
    decided_on: date | None = None
    signed_on: date | None = None
    tenders_received: int | None = None
    reason: str | None = None


@dataclass(slots=True)
class Form:
    """The form's facts. ``lots`` are the fields of lots by their numbers, in the notice's order."""

    title: str | None = None
    titles: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    contract_nature: str | None = None
    cpv_main: str | None = None
    cpv_additional: tuple[str, ...] = ()
    nuts: tuple[str, ...] = ()
    value: Money | None = None
    value_kind: str | None = None
    framework: bool = False
    dynamic: bool = False
    reserved: tuple[str, ...] = ()
    sheltered_programme: bool = False
    deadline: tuple[str, str | None] | None = None
    lots: dict[str, dict[str, Any]] = field(default_factory=dict)
    awards: list[Award] = field(default_factory=list)
    pointers: tuple[str, ...] = ()
    reason: str | None = None

    def add_lot(self, number: str | None, fields: dict[str, Any]) -> None:
        """A lot under its number; a number that is missing or taken is made unique by its place."""
        place = str(len(self.lots) + 1)
        key = number or place
        self.lots[key if key not in self.lots else f"{key} ({place})"] = fields

    def lots_meant(self, written: str | None) -> tuple[str, ...]:
        """The lots that an award speaks of: ``2``, ``Lot 1 and 2``; the only lot when it names none."""
        if written in self.lots:
            return (written,) if written else ()
        if written:
            return tuple(number for number in _DIGITS.findall(written) if number in self.lots)
        return tuple(self.lots) if len(self.lots) == 1 else ()
