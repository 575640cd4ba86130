"""Days on which an organisation's evidence changes, and what is in force between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hub.social.evidence import Evidence

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, both days included; ``None`` is open. Never without evidence."""

    first: date | None
    last: date | None
    evidence: tuple[Evidence, ...]


def periods(evidence: Iterable[Evidence], *, until: date | None = None) -> list[Period]:
    """The longest periods over which the same evidence holds, in order.

    ``until`` is the organisation's last day: nothing is said about later ones, for there is nobody to say it about.
    Days without any evidence belong to no period.
    """
    items = [item for item in evidence if not (item.valid_from and item.valid_to and item.valid_to < item.valid_from)]
    if until is not None:
        items = [item for item in items if item.valid_from is None or item.valid_from <= until]
    if not items:
        return []
    starts = {item.valid_from for item in items if item.valid_from}
    ends = {item.valid_to + _DAY for item in items if item.valid_to and item.valid_to < date.max}
    bounds: list[date | None] = [*sorted(starts | ends)]
    if any(item.valid_from is None for item in items):
        bounds.insert(0, None)
    found: list[Period] = []
    for index, first in enumerate(bounds):
        following = bounds[index + 1] if index + 1 < len(bounds) else None
        last = following - _DAY if following else None
        if until is not None and first is not None and first > until:
            break
        day = first or last or date.min
        held = tuple(item for item in items if item.in_force(day))
        if held:
            found.append(Period(first, _earlier(last, until), held))
    return found


def _earlier(day: date | None, other: date | None) -> date | None:
    return min((one for one in (day, other) if one is not None), default=None)
