"""Whose turn it is: round after round through the watched numbers, as many as a run may ask.

In a fixed order that goes on behind the last number asked, the next one is always the one asked longest ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.sdk import Checkpoint


class Lap:
    """A run's share of the round. ``after`` is the last number asked in turn, ``again`` those without an answer."""

    def __init__(self, numbers: Iterable[str], cursor: Mapping[str, Any], limit: int) -> None:
        ordered = sorted(set(numbers))
        self._after: str = cursor.get("after", "")
        watched = set(ordered)
        self._again = dict.fromkeys(number for number in cursor.get("again", ()) if number in watched)
        # An outage that lasts must not stop the round: half the run is for those that have not been asked yet.
        first = list(self._again)[: (limit + 1) // 2]
        skipped = set(first)
        turn = [number for number in ordered if number > self._after]
        turn += [number for number in ordered if number <= self._after]
        in_turn = [number for number in turn if number not in skipped]
        self._in_turn = frozenset(in_turn)
        self._numbers = (first + in_turn)[:limit]

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def answered(self, number: str, *, whole: bool) -> None:
        """Note that ``number`` was asked; without a whole answer it is among the first of the next run."""
        if number in self._in_turn:
            self._after = number
        self._again.pop(number, None)
        if not whole:
            self._again[number] = None

    def checkpoint(self) -> Checkpoint:
        """Where the next run goes on."""
        return Checkpoint({"after": self._after, "again": list(self._again)})
