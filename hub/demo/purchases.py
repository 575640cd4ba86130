"""What the municipality paid, with every krona in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.demo import sql
from hub.store.engine import Connection
from hub.store.plain import Row

SOCIAL: Final = ("confirmed", "likely")
PURCHASES: Final = (*SOCIAL, "possible", "other", "unlinked", "private")
GROUPS: Final = (*PURCHASES, "grant")
"""Where a payment can belong. Grants and transfers are no purchases and stand apart."""

_SHOWN: Final = 12


@dataclass(frozen=True)
class Supplier:
    """A known supplier's purchases within one group."""

    name: str
    identifier: str
    group: str
    lines: int
    amount: int


@dataclass(frozen=True)
class Purchases:
    """Amounts in öre by year and group. ``""`` is the year of lines without a date."""

    years: tuple[str, ...]
    by_year: dict[tuple[str, str], int]
    lines: dict[str, int]
    ledger_total: int
    credits: int
    foreign_lines: int
    basis: str
    suppliers: tuple[Supplier, ...]

    def amount(self, group: str, year: str | None = None) -> int:
        """A group's amount in a year, or in all."""
        return sum(self.by_year.get((one, group), 0) for one in ([year] if year is not None else self.years))

    def bought(self, year: str | None = None) -> int:
        """All purchases."""
        return sum(self.amount(group, year) for group in PURCHASES)

    def social(self, year: str | None = None) -> int:
        """From confirmed and likely social enterprises."""
        return sum(self.amount(group, year) for group in SOCIAL)

    def everything(self, year: str | None = None) -> int:
        """Purchases and grants: what the ledger adds up to."""
        return self.bought(year) + self.amount("grant", year)

    def of(self, *groups: str, most: int = _SHOWN) -> list[Supplier]:
        """The largest suppliers in some groups."""
        return [supplier for supplier in self.suppliers if supplier.group in groups][:most]

    def paid_to(self, identifier: str) -> int:
        """Purchases from one organisation, whatever its verdict was."""
        return sum(s.amount for s in self.suppliers if s.identifier == identifier and s.group != "grant")


def gather(connection: Connection, buyer: Row) -> Purchases:
    """Read a buyer's ledgers."""
    rows = sql.spending(connection, buyer["id"])
    ledger = sql.ledger(connection, buyer["id"])
    lines = {group: sum(row["lines"] for row in rows if row["group"] == group) for group in GROUPS}
    return Purchases(
        years=tuple(sorted({row["year"] for row in rows})),
        by_year={(row["year"], row["group"]): row["amount"] for row in rows},
        lines=lines,
        ledger_total=ledger["amount"],
        credits=ledger["credits"] or 0,
        foreign_lines=ledger["foreign_lines"] or 0,
        basis=ledger["basis"] if ledger["basis"] == ledger["other_basis"] else "unknown",
        suppliers=tuple(
            Supplier(row["name"] or row["identifier"], row["identifier"], row["group"], row["lines"], row["amount"])
            for row in sql.suppliers(connection, buyer["id"])
        ),
    )
