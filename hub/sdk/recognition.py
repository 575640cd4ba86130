"""What a connector makes of a file that somebody dropped: told to people before and after it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hub.model.money import Money


@dataclass(frozen=True, slots=True)
class Recognition:
    """A file as one connector understands it. Texts are in Swedish, for whoever left the file.

    ``kind`` is ``ledger``, ``agreements``, ``procurement_plan``, ``membership_list`` or ``invoice``; ``title`` the same
    in words. ``sureness`` goes from 0 to 1: the surest connector gets the file. ``columns`` pairs each heading as
    written with the field that it means, empty when none. ``rows`` and ``total`` are the connector's own count and
    sums, one per currency, to compare with the system that the file came from. ``notes`` say what to mend, and
    ``profile`` is the TOML for ``[config]`` that settles what the file does not tell; empty when nothing is needed.
    """

    kind: str
    title: str
    sureness: Decimal
    columns: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    rows: int | None = None
    total: tuple[Money, ...] = ()
    period: str | None = None
    notes: tuple[str, ...] = ()
    profile: str = ""
