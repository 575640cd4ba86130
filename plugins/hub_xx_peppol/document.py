"""Reading one document, in any of the dialects, into an invoice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from hub.sdk import Drift, Mention, RecordRejected, clean
from hub.sdk.formats.xml import Element
from hub_xx_peppol.dialect import CREDIT_TYPES, SVEFAKTURA, Dialect, dialect_of
from hub_xx_peppol.invoice import Invoice, Part, Totals
from hub_xx_peppol.party import mention

_AMOUNT: Final = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,10})?|\.\d{1,10})", re.ASCII)
_EN16931: Final = "urn:cen.eu:en16931:2017"
_NO_ORDER: Final = "NA"
"""Stands for no order reference where only the seller has one (Peppol BIS Billing 3, BT-13)."""


def read_invoice(root: Element, where: str) -> Invoice:
    """The invoice. Raises ``RecordRejected`` with the field for what is missing or cannot be read."""
    dialect = dialect_of(root, where)
    currency = _needed(root, dialect.currency)
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise RecordRejected("not an ISO 4217 currency", field=_plain(dialect.currency), value=currency)
    order = _text(root, dialect.order)
    account = _text(root, "{*}AccountingCost")
    return Invoice(
        number=_needed(root, "{*}ID"),
        issued_on=_date(_needed(root, "{*}IssueDate")),
        type_code=_type_code(root, dialect),
        currency=currency,
        sign=dialect.sign,
        supplier=_party(root, dialect.supplier),
        buyer=_party(root, dialect.buyer),
        buyer_reference=_text(root, "{*}BuyerReference"),
        contract=_text(root, dialect.contract),
        parts=tuple(_parts(root, dialect, currency, account, None if order == _NO_ORDER else order)),
        totals=Totals(
            net=_amount(root, dialect.net_total, currency),
            lines=_stated(root, dialect.line_total, currency),
            allowances=_stated(root, dialect.allowance_total, currency),
            charges=_stated(root, dialect.charge_total, currency),
        ),
    )


def unknown_codes(root: Element, invoice: Invoice) -> Iterator[Drift]:
    """Codes outside their lists: the type of document, and a specification other than the European norm's."""
    dialect = dialect_of(root, invoice.number)
    if invoice.type_code not in dialect.types:
        yield Drift("unknown_code", _plain(dialect.type_code), invoice.type_code)
    specification = _text(root, "{*}CustomizationID") or ""
    if dialect is not SVEFAKTURA and not specification.startswith(_EN16931):
        yield Drift("unknown_code", "CustomizationID", specification)


def _parts(root: Element, dialect: Dialect, currency: str, account: str | None, order: str | None) -> Iterator[Part]:
    lines = root.findall(dialect.line)
    if not lines:
        raise RecordRejected("the document has no line", field=_plain(dialect.line))
    for line in lines:
        yield Part(
            "line",
            _amount(line, "{*}LineExtensionAmount", currency),
            description=_text(line, dialect.line_name),
            category=_category(line),
            account_code=_text(line, "{*}AccountingCost") or account,
            order_reference=_text(line, dialect.line_order) or order,
        )
    for found in root.iterfind("{*}AllowanceCharge"):
        said = _needed(found, "{*}ChargeIndicator")
        if said not in {"true", "1", "false", "0"}:
            raise RecordRejected("neither true nor false", field="AllowanceCharge/ChargeIndicator", value=said)
        charge, amount = said in {"true", "1"}, _amount(found, "{*}Amount", currency)
        yield Part(
            "charge" if charge else "allowance",
            amount if charge else -amount,
            description=_text(found, dialect.reason) or _reason_code(found),
            account_code=account,
            order_reference=order,
        )


def _type_code(root: Element, dialect: Dialect) -> str:
    code = _needed(root, dialect.type_code)
    if dialect.sign > 0 and code in CREDIT_TYPES:
        raise RecordRejected(
            f"{dialect.title} of type {code}, a credit note's: whether its amounts bear a sign cannot be told",
            field=_plain(dialect.type_code),
            value=code,
            instruction="ask for a credit note with the root <CreditNote>, or an invoice with negative amounts",
        )
    return code


def _party(root: Element, path: str) -> Mention:
    found = mention(root.find(path))
    if not (found.name or found.identifier_as_written or found.pseudonym):
        raise RecordRejected("the party has neither a name nor a number", field=_plain(path))
    return found


def _category(line: Element) -> str | None:
    """Classifications with their list (UNTDID 7143; STI is CPV): ``STI 90911200``; several are divided by ``; ``."""
    codes = line.findall("{*}Item/{*}CommodityClassification/{*}ItemClassificationCode")
    return "; ".join(f"{code.get('listID') or ''} {clean.text(code.text) or ''}".strip() for code in codes) or None


def _reason_code(found: Element) -> str | None:
    code = _text(found, "{*}AllowanceChargeReasonCode")
    return f"UNTDID 5189/7161 {code}" if code else None


def _amount(at: Element, path: str, currency: str) -> Decimal:
    amount = _stated(at, path, currency)
    if amount is None:
        raise RecordRejected("the amount is missing", field=_under(at, path))
    return amount


def _stated(at: Element, path: str, currency: str) -> Decimal | None:
    element = at.find(path)
    text = clean.text(element.text) if element is not None else None
    if element is None or text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        raise RecordRejected("not an amount", field=_under(at, path), value=text)
    written = element.get("currencyID") or element.get("amountCurrencyID")
    if written != currency:
        reason = f"the amount is in {written or 'no currency'}, and the document in {currency}"
        raise RecordRejected(reason, field=_under(at, path), value=text)
    return Decimal(text)


def _date(text: str) -> date:
    try:
        found = clean.iso_date(text)
    except ValueError:
        found = None
    if found is None:
        raise RecordRejected("not a date", field="IssueDate", value=text)
    return found


def _text(at: Element, path: str) -> str | None:
    return clean.text(at.findtext(path))


def _needed(at: Element, path: str) -> str:
    if text := _text(at, path):
        return text
    raise RecordRejected("the field is missing or empty", field=_under(at, path))


def _under(at: Element, path: str) -> str:
    return _plain(path) if at.getparent() is None else f"{etree.QName(at).localname}/{_plain(path)}"


def _plain(path: str) -> str:
    return path.replace("{*}", "")
