"""Payments: lines of a supplier ledger (leverantörsreskontra) and invoices."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from hub.model.identifier import Mention
from hub.model.money import Money
from hub.model.record import Record


class Payment(Record):
    """One ledger line. Credit notes are negative. Identical lines of one file are told apart by ``line_key``."""

    entity: ClassVar[str] = "payment"

    line_key: str = Field(description="Unique within the source: usually the raw record's key")
    buyer: Mention
    buyer_unit: str | None = None
    supplier: Mention
    supplier_local_number: str | None = Field(default=None, description="The buyer's own number for the supplier")
    kind: Literal["purchase", "grant", "transfer", "unknown"] = "unknown"
    value: Money
    amount_basis: Literal["net", "gross", "unknown"]
    dated_on: date | None = None
    date_kind: Literal["booking", "payment", "invoice", "period"] | None = None
    period: str | None = Field(default=None, description="YYYY-MM or YYYY: the accounting period")
    account_code: str | None = None
    account_text: str | None = None
    category: str | None = None
    description: str | None = None
    document_number: str | None = None
    invoice_number: str | None = None
    agreement_reference: str | None = None
    order_reference: str | None = None
    line_of: Literal["ledger", "invoice"] = Field(
        default="ledger", description="An invoice line is counted only while no ledger holds that invoice"
    )

    @property
    def natural_key(self) -> tuple[str, ...]:
        """The line's key."""
        return (self.line_key,)
