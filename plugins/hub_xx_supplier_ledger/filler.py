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


def row_kind(line: Mapping[str, str], layout: Layout, amount: Decimal | None, total: Decimal, *, last: bool) -> RowKind:
    """What a row is. ``total`` is the sum of the payments above it, ``last`` tells the file's last row with content.

    Raises ``RecordRejected`` for a last row that has the form of a grand total and another sum: the file is then
    incomplete or damaged, and somebody has to know.
    """
    if layout.repeats_header(line):
        return "filler"
    written = next((layout.take(line, field) for field in AMOUNTS if layout.take(line, field)), "")
    if any(layout.take(line, field) for field in _FACTS):
        return "payment"
    amounts = {layout.fields[field] for field in (*AMOUNTS, "vat_amount") if field in layout.fields}
    others = [text for label, text in line.items() if label not in amounts]
    named = any(fold(text).rstrip("0123456789") in _TOTAL_WORDS for text in others)
    if not written:
        # A running number, a footnote, a heading of a group.
        return "filler" if len(others) <= 1 or (named and len(others) <= _SPARSE) else "payment"
    if named and len(others) <= _SPARSE:
        return "total"
    if not others and amount is not None:
        if amount == total:
            return "total"
        if last:
            raise RecordRejected(
                f"the last row is a total of {amount}, but the rows above it add up to {total}",
                field=layout.fields.get("amount_net", ""),
                instruction="ask for the file again: rows are missing or were read wrongly",
            )
    return "payment"
