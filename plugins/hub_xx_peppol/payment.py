"""The payments that an invoice stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hub.sdk import Money, Payment
from hub_xx_peppol.invoice import Invoice, Part


def payments(invoice: Invoice, key: str) -> Iterator[Payment]:
    """One for each part and one for what rounding took, so that their sum is the net total. Credit is negative."""
    counted: Counter[str] = Counter()
    for part in invoice.parts:
        counted[part.kind] += 1
        yield _payment(invoice, part, f"{key}/{part.kind}/{counted[part.kind]}")
    if invoice.rounding:
        yield _payment(invoice, Part("charge", invoice.rounding, description="Avrundning"), f"{key}/rounding")


def _payment(invoice: Invoice, part: Part, line_key: str) -> Payment:
    return Payment(
        line_key=line_key,
        buyer=invoice.buyer,
        buyer_unit=invoice.buyer_reference,
        supplier=invoice.supplier,
        kind="purchase",
        value=Money.of(invoice.rounded(part.amount) * invoice.sign, invoice.currency),
        amount_basis="net",
        dated_on=invoice.issued_on,
        date_kind="invoice",
        account_code=part.account_code,
        category=part.category,
        description=part.description,
        invoice_number=invoice.number,
        agreement_reference=invoice.contract,
        order_reference=part.order_reference,
        line_of="invoice",
    )
