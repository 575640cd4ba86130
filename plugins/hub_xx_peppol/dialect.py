"""The documents that are read, and where each has its parts: UBL 2.1 invoice and credit note, Svefaktura 1.0.

Sources: Peppol BIS Billing 3.0, https://docs.peppol.eu/poacc/billing/3.0/; SFTI Svefaktura 1.0, withdrawn 2025-07-01.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from hub.sdk import RecordRejected
from hub.sdk.formats.xml import Element

WRAPPER: Final = "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}StandardBusinessDocument"
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd"
_OTHERS: Final = {
    "Order": "a purchase order",
    "OrderChange": "a change of an order",
    "OrderCancellation": "a cancellation of an order",
    "OrderResponse": "an answer to an order",
    "Catalogue": "a catalogue of goods and prices",
    "DespatchAdvice": "a despatch advice",
    "ReceiptAdvice": "a receipt advice",
    "ApplicationResponse": "a message about another document",
    "Reminder": "a reminder",
    "Statement": "a statement of account",
    "CodeList": "a code list",
    "CrossIndustryInvoice": "an invoice in the syntax CII, which is not read yet",
    "Finvoice": "an invoice in the Finnish format Finvoice, which is not read yet",
}
"""What else is found beside invoices, by root element."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where a kind of document has its parts: paths below the root, or below a line where the name says so."""

    title: str
    sign: int
    types: frozenset[str]
    """Type codes (UNTDID 1001) that this root may carry."""
    line: str
    currency: str
    type_code: str
    supplier: str
    buyer: str
    order: str
    contract: str
    line_order: str
    line_name: str
    reason: str
    line_total: str
    allowance_total: str
    charge_total: str
    net_total: str


def _anywhere(path: str) -> str:
    """A path with every name in whatever namespace: only the root's decides what a document is."""
    return re.sub(r"(?<![\w@'])([A-Z]\w*)", r"{*}\1", path)


def _ubl(title: str, root: str, sign: int, types: str) -> Dialect:
    return Dialect(
        title=title,
        sign=sign,
        types=frozenset(types.split()),
        line=_anywhere(f"{root}Line"),
        currency=_anywhere("DocumentCurrencyCode"),
        type_code=_anywhere(f"{root}TypeCode"),
        supplier=_anywhere("AccountingSupplierParty/Party"),
        buyer=_anywhere("AccountingCustomerParty/Party"),
        order=_anywhere("OrderReference/ID"),
        contract=_anywhere("ContractDocumentReference/ID"),
        line_order=_anywhere("OrderLineReference/OrderReference/ID"),
        line_name=_anywhere("Item/Name"),
        reason=_anywhere("AllowanceChargeReason"),
        line_total=_anywhere("LegalMonetaryTotal/LineExtensionAmount"),
        allowance_total=_anywhere("LegalMonetaryTotal/AllowanceTotalAmount"),
        charge_total=_anywhere("LegalMonetaryTotal/ChargeTotalAmount"),
        net_total=_anywhere("LegalMonetaryTotal/TaxExclusiveAmount"),
    )


CREDIT_TYPES: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""Credit notes by type code; in the root of an invoice they contradict the sign of its amounts."""
INVOICE: Final = _ubl(
    "an invoice",
    "Invoice",
    1,
    "71 80 82 84 102 218 219 326 331 380 382 383 384 386 388 389 393 395 553 575 623 780 817 870 875 876 877",
)
CREDIT_NOTE: Final = _ubl("a credit note", "CreditNote", -1, " ".join(sorted(CREDIT_TYPES)))
SVEFAKTURA: Final = Dialect(
    title="a Svefaktura 1.0",
    sign=1,
    types=frozenset({"380"}),
    line=_anywhere("InvoiceLine"),
    currency=_anywhere("InvoiceCurrencyCode"),
    type_code=_anywhere("InvoiceTypeCode"),
    supplier=_anywhere("SellerParty/Party"),
    buyer=_anywhere("BuyerParty/Party"),
    order=_anywhere("OrderReference/BuyersID"),
    contract=_anywhere("AdditionalDocumentReference/ID[@identificationSchemeID='CT']"),
    line_order=_anywhere("OrderLineReference/OrderReference/BuyersID"),
    line_name=_anywhere("Item/Description"),
    reason=_anywhere("ReasonCode"),
    line_total=_anywhere("LegalTotal/LineExtensionTotalAmount"),
    allowance_total=_anywhere("LegalTotal/AllowanceTotalAmount"),
    charge_total=_anywhere("LegalTotal/ChargeTotalAmount"),
    net_total=_anywhere("LegalTotal/TaxExclusiveTotalAmount"),
)
_BY_ROOT: Final = {
    f"{{{_UBL}:Invoice-2}}Invoice": INVOICE,
    f"{{{_UBL}:CreditNote-2}}CreditNote": CREDIT_NOTE,
    "{urn:sfti:documents:BasicInvoice:1:0}Invoice": SVEFAKTURA,
}


def dialect_of(root: Element, where: str) -> Dialect:
    """What the document is, by its root element. Raises ``RecordRejected`` saying what it is instead."""
    if found := _BY_ROOT.get(str(root.tag)):
        return found
    name = etree.QName(root)
    what = _OTHERS.get(name.localname)
    said = f": {what}" if what else f" in the namespace {name.namespace or '(none)'}"
    raise RecordRejected(
        f"the root element is <{name.localname}>{said}; only invoices and credit notes are read",
        field="/",
        value=name.localname,
        where=where,
        instruction="keep only Peppol BIS Billing 3 (UBL) and Svefaktura 1.0 in the source's path",
    )


def unwrapped(root: Element) -> list[Element]:
    """The documents in an envelope (SBDH), else the document itself."""
    if root.tag != WRAPPER:
        return [root]
    return [child for child in root if not str(child.tag).endswith("}StandardBusinessDocumentHeader")]
