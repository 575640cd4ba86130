"""A year and its months, told twice: which scope a row belongs to when periods of one buyer overlap.

The finer period wins, month by month, and by the row's own month rather than by its file's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from hub_xx_supplier_ledger.period import months_of

_SHARE: Final = 50
"""A month counts as held by a file when at least one in so many of its rows lies in it; ledgers have strays."""


def span(scope: str) -> tuple[str, ...]:
    """The months of a scope's period; none for a scope that is named after a file."""
    return months_of(scope.rpartition(":")[2]) if ":" in scope else ()


def held_months(scope: str, months: Counter[str]) -> set[str]:
    """The months that a scope holds, by its files' rows; one month holds itself, whatever its rows are dated."""
    all_of_it = set(span(scope))
    if len(all_of_it) <= 1 or not any(month in all_of_it for month in months):
        return all_of_it
    return {month for month in all_of_it if months[month] * _SHARE >= months.total()}


class Overlap:
    """The scopes of a run by the months that they hold, and those that hold payments of earlier runs only."""

    def __init__(self, present: Mapping[str, Collection[str]], stored: Mapping[str, Collection[str]]) -> None:
        """``present`` scopes have files in this run. ``stored`` ones have none, and keep what they had."""
        self._present = present
        self._stored = stored

    def elsewhere(self, scope: str) -> dict[str, str]:
        """The months of ``scope`` that belong to a finer one of the same buyer: month → that scope."""
        owners: dict[str, str] = {}
        for finer in self._finer(scope, self._present):
            for month in self._present[finer]:
                owners.setdefault(month, finer)
        for finer in self._finer(scope, self._stored):
            for month in self._stored[finer]:
                owners.setdefault(month, finer)
        return owners

    def told_by(self, scope: str) -> str:
        """The stored scope of a longer period that holds months of ``scope`` and has no file to take them out of."""
        for coarser in sorted(self._stored):
            longer = _same_buyer(scope, coarser) and len(span(coarser)) > len(span(scope)) > 0
            if longer and set(self._stored[coarser]) & set(self._present.get(scope, ())):
                return coarser
        return ""

    def _finer(self, scope: str, among: Iterable[str]) -> list[str]:
        within = set(span(scope))
        found = [
            other
            for other in among
            if _same_buyer(scope, other) and 0 < len(span(other)) < len(within) and within & set(span(other))
        ]
        return sorted(found, key=lambda other: (len(span(other)), other))


def _same_buyer(one: str, other: str) -> bool:
    return one.rpartition(":")[0] == other.rpartition(":")[0] != ""
