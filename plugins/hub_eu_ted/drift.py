"""What a notice says that the connector does not know, collected while it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from hub.sdk import Drift
from hub_eu_ted.countries import iso2


class Findings:
    """The drift of one notice, each said once."""

    def __init__(self) -> None:
        self._found: dict[Drift, None] = {}

    def __iter__(self) -> Iterator[Drift]:
        return iter(self._found)

    def code(self, field: str, value: str | None, known: Collection[str]) -> str | None:
        """The code as published; a code outside the list is kept and reported."""
        if value is not None and value not in known:
            self.add(Drift("unknown_code", field, value))
        return value

    def country(self, field: str, written: str | None) -> str | None:
        """The country as ISO2; the model holds no other codes, so an unknown one is reported and left out."""
        found = iso2(written)
        if written and found is None:
            self.add(Drift("unknown_code", field, written))
        return found

    def unreadable(self, field: str, value: str) -> None:
        """A number, amount or date that is none."""
        self.add(Drift("changed_type", field, value[:60]))

    def missing(self, field: str, value: str = "") -> None:
        """Something needed that is not there, with what was done instead."""
        self.add(Drift("missing_field", field, value))

    def new(self, field: str) -> None:
        """An element that is neither mapped nor known to be ignored."""
        self.add(Drift("new_field", field))

    def add(self, drift: Drift) -> None:
        """Remember it."""
        self._found[drift] = None
