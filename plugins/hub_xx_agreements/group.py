"""Rows by reference: a framework has one row per supplier. Held in memory; catalogues have thousands of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hub.sdk import RecordRejected
from hub_xx_agreements.agreement import check
from hub_xx_agreements.row import term


class Groups:
    """The rows of each reference, in the order of the file."""

    def __init__(self, country: str, currency: str) -> None:
        self._country, self._currency = country, currency
        self._good: dict[str, tuple[list[Mapping[str, Any]], str]] = {}
        self._bad: dict[str, tuple[list[Mapping[str, Any]], str]] = {}

    def add(self, line: Mapping[str, Any], origin: str) -> RecordRejected | None:
        """Take a row, or say why it cannot stand with the others of its reference."""
        reference = str(line.get("reference", ""))
        try:
            check(line, self._country, self._currency)
            self._agree(reference, line)
        except RecordRejected as refused:
            if reference:
                self._bad.setdefault(reference, ([line], origin))
            return refused
        self._good.setdefault(reference, ([], origin))[0].append(line)
        return None

    def _agree(self, reference: str, line: Mapping[str, Any]) -> None:
        if reference in self._good and term(self._good[reference][0][0]) != term(line):
            message = "an earlier row of the same reference states other dates"
            raise RecordRejected(message, field="ends", value=str(line.get("ends", "")))

    def whole(self) -> Iterator[tuple[str, list[Mapping[str, Any]], str]]:
        """Reference, rows and origin. A reference with bad rows alone comes too, so that it is not taken for gone."""
        for reference, (rows, origin) in (self._bad | self._good).items():
            yield reference, rows, origin
