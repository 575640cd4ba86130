"""Rows that are no payments: totals, running numbers, footnotes, repeated headers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from hub.sdk import RecordRejected
from hub_xx_supplier_ledger.headings import AMOUNTS
from hub_xx_supplier_ledger.layout import Layout, fold

RowKind = Literal["payment", "total", "filler"]

_TOTAL_WORDS: Final = frozenset(
    {
        *("summa", "summor", "summasumma", "totalt", "totalsumma", "slutsumma", "delsumma", "ialt", "resultat"),
        *("total", "totals", "grandtotal", "subtotal", "sum", "overalltotal", "totalgeneral"),
        *("yhteensa", "kaikkiyhteensa", "summayhteensa", "loppusumma"),
    }
)
_FACTS: Final = (
    "supplier_org_no", "supplier_vat_no", "booking_date", "payment_date", "invoice_date", "voucher_no", "invoice_no"
)  # fmt: skip
"""A row that has one of these speaks of a single payment."""
_SPARSE: Final = 3
_GROUPS: Final = 10_000
"""Groups with totals of their own that are remembered."""


class Totals:
    """The sums that a total may state: of all payments so far, or of those since an earlier total."""

    def __init__(self) -> None:
        self.sum = Decimal(0)
        self._starts = {Decimal(0)}
        """The sum where each group of rows began; always the file's first."""

    def add(self, amount: Decimal) -> None:
        """Count a payment."""
        self.sum += amount

    def state(self, amount: Decimal) -> bool:
        """Whether ``amount`` is such a sum; if so the next group begins here."""
        if self.sum - amount not in self._starts:
            return False
        if len(self._starts) < _GROUPS:
            self._starts.add(self.sum)
        return True


def row_kind(line: Mapping[str, str], layout: Layout, amount: Decimal | None, totals: Totals, *, last: bool) -> RowKind:
    """What a row is; ``last`` tells the file's last row with content.

    Raises ``RecordRejected`` for a row that has the form of a total and states another sum: rows are missing or
    damaged, or it is a payment to somebody called Total, and somebody has to look.
    """
    if layout.repeats_header(line):
        return "filler"
    if any(layout.take(line, field) for field in _FACTS):
        return "payment"
    amounts = {layout.fields[field] for field in (*AMOUNTS, "vat_amount") if field in layout.fields}
    others = [text for label, text in line.items() if label not in amounts]
    named = len(others) <= _SPARSE and any(fold(text).rstrip("0123456789") in _TOTAL_WORDS for text in others)
    if len(others) == len(line):
        # A running number, a footnote, a heading of a group.
        return "filler" if len(others) == 1 or named else "payment"
    if amount is None or not (named or not others):
        return "payment"
    if totals.state(amount):
        return "total"
    if named or last:
        raise RecordRejected(
            f"the row has the form of a total, {amount}, but the rows above it add up to {totals.sum}",
            field=next(field for field in line if field in amounts),
            instruction="see whether rows are missing in the file or were rejected",
        )
    return "payment"
