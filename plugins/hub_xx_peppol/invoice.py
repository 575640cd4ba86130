"""An invoice as it was read: its parts, and whether they add up to its own totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from hub.sdk import Mention, RecordRejected, minor_digits


@dataclass(frozen=True, slots=True)
class Part:
    """A line, or an allowance or charge on the whole document; ``amount`` is net and, for an allowance, negative."""

    kind: Literal["line", "allowance", "charge"]
    amount: Decimal
    description: str | None = None
    category: str | None = None
    account_code: str | None = None
    order_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What the document says of itself; ``None`` where it says nothing. ``net`` is without VAT."""

    net: Decimal
    lines: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """One document. ``sign`` is -1 for a credit note, whose amounts are written as positive."""

    number: str
    issued_on: date
    type_code: str
    currency: str
    sign: int
    supplier: Mention
    buyer: Mention
    buyer_reference: str | None
    contract: str | None
    parts: tuple[Part, ...]
    totals: Totals

    @property
    def key(self) -> str:
        """Supplier, number, date and type: the same invoice has it in every file, a corrected one has its own."""
        who = self.supplier
        told = f"{who.identifier.scheme}:{who.identifier.value}" if who.identifier else None
        told = told or who.pseudonym or who.identifier_as_written or (who.name or "").casefold()
        return f"{told}/{self.number}/{self.issued_on.isoformat()}/{self.type_code}"

    def rounded(self, amount: Decimal) -> Decimal:
        """To the decimals of the currency, half up: the one rounding that EN 16931 knows (two decimals in a total)."""
        return amount.quantize(Decimal(1).scaleb(-minor_digits(self.currency)), ROUND_HALF_UP)

    @property
    def rounding(self) -> Decimal:
        """What the net total has beyond its parts when each is rounded by itself; zero unless a part has more decimals
        than the currency.
        """
        return self.rounded(self.totals.net) - sum((self.rounded(part.amount) for part in self.parts), Decimal(0))

    def check(self) -> None:
        """Raises ``RecordRejected`` with both figures when the parts do not add up (EN 16931, BR-CO-10 to BR-CO-13).

        There is no tolerance: the exact sum, rounded once as the standard does, must be the total.
        """
        lines, allowances, charges = (self._sum(kind) for kind in ("line", "allowance", "charge"))
        for what, rule, total, stated in (
            ("the lines", "BR-CO-10", lines, self.totals.lines),
            ("the allowances", "BR-CO-11", -allowances, self.totals.allowances),
            ("the charges", "BR-CO-12", charges, self.totals.charges),
            ("lines, allowances and charges", "BR-CO-13", lines + allowances + charges, self.totals.net),
        ):
            if stated is not None and self.rounded(total) != self.rounded(stated):
                raise RecordRejected(
                    f"{what} add up to {total} {self.currency}, and the document says {stated} ({rule})",
                    field="LegalMonetaryTotal",
                    value=str(stated),
                    instruction="ask the supplier for a correct document; nothing of this one was stored",
                )

    def _sum(self, kind: str) -> Decimal:
        return sum((part.amount for part in self.parts if part.kind == kind), Decimal(0))
