"""The elements of an invoice that are mapped, and those that are known and not used. Any other is drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from hub.sdk import Drift
from hub.sdk.formats.xml import Element
from hub_xx_peppol.privacy import REMOVED

MAPPED: Final = frozenset(
    {
        "CustomizationID", "ID", "IssueDate", "InvoiceTypeCode", "CreditNoteTypeCode", "DocumentCurrencyCode",
        "InvoiceCurrencyCode", "BuyerReference", "AccountingCost", "OrderReference", "BuyersID",
        "ContractDocumentReference", "AccountingSupplierParty", "AccountingCustomerParty", "SellerParty", "BuyerParty",
        "Party", "EndpointID", "PartyIdentification", "PartyName", "Name", "PostalAddress", "Address", "Country",
        "IdentificationCode", "PartyTaxScheme", "CompanyID", "PartyLegalEntity", "RegistrationName", "AllowanceCharge",
        "ChargeIndicator", "AllowanceChargeReasonCode", "AllowanceChargeReason", "ReasonCode", "Amount",
        "LegalMonetaryTotal", "LegalTotal", "LineExtensionAmount", "LineExtensionTotalAmount", "TaxExclusiveAmount",
        "TaxExclusiveTotalAmount", "AllowanceTotalAmount", "ChargeTotalAmount", "InvoiceLine", "CreditNoteLine",
        "OrderLineReference", "Item", "CommodityClassification", "ItemClassificationCode",
    }
)  # fmt: skip
IGNORED: Final = REMOVED | {
    # what kind of exchange it is, and dates other than the issue's
    "UBLVersionID", "ProfileID", "UUID", "CopyIndicator", "IssueTime", "DueDate", "TaxPointDate", "InvoicePeriod",
    "LineItemCountNumeric", "LineCountNumeric",
    # VAT, and amounts with it: payments are net
    "TaxCurrencyCode", "TaxTotal", "TaxCategory", "ClassifiedTaxCategory", "TaxScheme", "TaxInclusiveAmount",
    "TaxInclusiveTotalAmount", "PrepaidAmount", "PayableRoundingAmount", "PayableAmount", "RoundOffAmount",
    "PaymentTerms", "ExchangeRate", "PaymentExchangeRate", "ExemptionReason",
    # other documents: the invoice that is corrected, despatch, receipt, tender, project, the seller's order number
    "BillingReference", "DespatchDocumentReference", "ReceiptDocumentReference", "OriginatorDocumentReference",
    "AdditionalDocumentReference", "InitialInvoiceDocumentReference", "ProjectReference", "SalesOrderID", "SellersID",
    "DocumentReference", "LineID", "SalesOrderLineID", "BuyersLineID", "SellersLineID",
    # addresses and legal details of the parties
    "StreetName", "AdditionalStreetName", "CityName", "PostalZone", "CountrySubentity", "AddressLine", "Postbox",
    "Department", "BuildingNumber", "CompanyLegalForm", "RegistrationAddress", "Language", "Description",
    # how an amount came about
    "InvoicedQuantity", "CreditedQuantity", "Price", "BasePrice", "BaseAmount", "MultiplierFactorNumeric",
    "SequenceNumeric",
    # what the goods are beyond name and classification
    "BuyersItemIdentification", "SellersItemIdentification", "StandardItemIdentification", "OriginCountry",
    "AdditionalItemProperty",
}  # fmt: skip


def unknown_elements(root: Element) -> Iterator[Drift]:
    """One drift per path that is neither mapped nor ignored by name, below what is ignored as a whole."""
    seen: set[str] = set()
    waiting = [(child, "") for child in reversed(root)]
    while waiting:
        element, above = waiting.pop()
        name = etree.QName(element).localname
        path = f"{above}/{name}" if above else name
        if name in MAPPED:
            waiting += [(child, path) for child in reversed(element)]
        elif name not in IGNORED and path not in seen:
            seen.add(path)
            yield Drift("new_field", path)
