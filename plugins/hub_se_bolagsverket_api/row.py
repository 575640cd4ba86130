"""One row of an answer, taken apart block by block so that no field is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from hub.sdk import Drift, RecordRejected, clean
from hub_se_bolagsverket_api import codes

_ABOUT_A_BLOCK: Final = ("dataproducent", "fel")
_PRODUCERS: Final = ("Bolagsverket", "SCB")


class Row:
    """A row's blocks. ``drift`` is what nobody knows; ``left_over`` adds the blocks that were not taken."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row
        self._left = set(row)
        self.drift: list[Drift] = []

    def block(self, *spellings: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        """The first of these blocks that says something; empty when none does."""
        found: Mapping[str, Any] = {}
        for name in spellings:
            self._left.discard(name)
            found = found or self.part(self._row.get(name), name, (*known, *_ABOUT_A_BLOCK))
        producer = found.get("dataproducent")
        if producer is not None and producer not in _PRODUCERS:
            self.drift.append(Drift("unknown_code", "dataproducent", str(producer)[:80]))
        return found

    def part(self, value: Any, name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        """A mapping inside a block; what it has besides ``known`` is drift."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise RecordRejected("is no JSON object", field=name)
        self.drift.extend(Drift("new_field", f"{name}.{field}") for field in sorted(set(value) - set(known)))
        return value

    def parts(self, value: Any, name: str, known: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
        """The mappings in a list inside a block."""
        if value is not None and not isinstance(value, list | tuple):
            raise RecordRejected("is no list", field=name)
        for item in value or ():
            yield self.part(item, name, known)

    def value(self, name: str) -> str | None:
        """A field that is no block, as text."""
        self._left.discard(name)
        value = self._row.get(name)
        if isinstance(value, Mapping | list | tuple):
            raise RecordRejected("is no single value", field=name)
        return clean.text(value)

    def meaning(self, code_list: str, code: str | None, field: str) -> str | None:
        """What a code means; one that is in no list is reported and means nothing."""
        if code is None:
            return None
        found = codes.meanings(code_list).get(code)
        if found is None:
            self.drift.append(Drift("unknown_code", field, code[:80]))
        return found

    def left_over(self) -> Iterator[Drift]:
        """Everything that is not known about this row."""
        yield from self.drift
        for name in sorted(self._left):
            yield Drift("new_field", name)


def day(value: Any, field: str) -> date | None:
    """A date or date-time as published. Raises ``RecordRejected`` for what is none."""
    try:
        return clean.iso_date(clean.text(value))
    except ValueError as error:
        raise RecordRejected(str(error), field=field, value=str(value)[:40]) from None
