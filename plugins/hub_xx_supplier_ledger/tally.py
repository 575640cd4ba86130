"""Counting equal rows of a whole year without keeping the rows."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Final

_FIRST_SIZE: Final = 1 << 10
"""Slots; always a power of two."""


class Tally:
    """How often each digest came, for 64-bit digests.

    Open addressing in a flat array: measured 12 to 24 bytes per different row, and 36 at the moment when it grows.
    A set of ints takes 70 to 91, a ``Counter`` of 16-byte digests 91 to 121.
    """

    def __init__(self) -> None:
        self._slots = _empty(_FIRST_SIZE)
        self._used = 0
        self._repeats: Counter[int] = Counter()

    def add(self, digest: int) -> int:
        """Count a digest; gives 1 for the first of its kind, 2 for the second."""
        digest = digest or 1  # 0 marks an empty slot
        place = _place(self._slots, digest)
        if self._slots[place]:
            self._repeats[digest] += 1
            return self._repeats[digest] + 1
        self._slots[place] = digest
        self._used += 1
        if self._used * 3 > len(self._slots) * 2:
            self._grow()
        return 1

    def _grow(self) -> None:
        slots = _empty(len(self._slots) * 2)
        for digest in self._slots:
            if digest:
                slots[_place(slots, digest)] = digest
        self._slots = slots


def _empty(size: int) -> array[int]:
    return array("Q", [0]) * size


def _place(slots: array[int], digest: int) -> int:
    """Where the digest stands, or the empty slot where it belongs."""
    last = len(slots) - 1
    place = digest & last
    while slots[place] not in (0, digest):
        place = (place + 1) & last
    return place
