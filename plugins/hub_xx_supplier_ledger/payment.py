"""One ledger row as a payment of the model. Pure: what the row itself does not tell stands in the file's facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from hub.sdk import Identifier, Mention, Money, Payment, RecordRejected, parse_amount
from hub_xx_supplier_ledger.dialect import is_placeholder, read_date
from hub_xx_supplier_ledger.kind import kind_of
from hub_xx_supplier_ledger.period import read_period
from hub_xx_supplier_ledger.privacy import PSEUDONYM, is_masked

Basis = Literal["net", "gross", "unknown"]
DateKind = Literal["booking", "payment", "invoice", "period"]

_BASIS: Final[dict[str, Basis]] = {"amount_net": "net", "amount_gross": "gross", "amount": "unknown"}
_DATE_KINDS: Final[tuple[DateKind, ...]] = ("booking", "payment", "invoice")
_CODE_AND_TEXT: Final = re.compile(r"(\d{3,8})[\s\-–:]+(\D.*)")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_LARGEST: Final = Decimal(10) ** 15
"""No payment comes near it. More digits would also make sums of such amounts inexact."""


class LedgerRow:
    """A raw record's payload, read by canonical field."""

    def __init__(self, payload: Mapping[str, Any], where: str) -> None:
        facts = payload.get("_file")
        if not isinstance(facts, Mapping) or not isinstance(facts.get("fields"), Mapping):
            raise RecordRejected("the row comes without what its file's header says", field="_file", where=where)
        self.facts: Mapping[str, Any] = facts
        self.where = where
        self._payload = payload
        self._fields: Mapping[str, str] = facts["fields"]

    def label(self, field: str) -> str:
        """The header of the field's column."""
        return self._fields.get(field, "")

    def text(self, field: str) -> str:
        """The field's cell as written; empty when there is none."""
        return str(self._payload.get(self._fields.get(field, ""), ""))

    def said(self, field: str) -> str | None:
        """The field's cell, or ``None`` where it is empty or only says so."""
        text = self.text(field)
        return None if is_placeholder(text) else text

    @property
    def pseudonym(self) -> str:
        """The stand-in of a supplier who is a natural person, if the row has one."""
        number = self.text("supplier_org_no") or str(self._payload.get(PSEUDONYM, ""))
        return number if number.startswith("person:") else ""


def payment(row: LedgerRow, key: str) -> Payment:
    """The payment. Raises ``RecordRejected`` for an amount or date that is none."""
    amount, basis = row_amount(row)
    dated_on, date_kind, period = row_time(row)
    masked = is_masked(row.text("supplier_name")) or is_masked(row.text("supplier_org_no"))
    code, text = _account(row)
    return Payment(
        line_key=key,
        buyer=_buyer(row),
        buyer_unit=row.said("unit"),
        supplier=Mention() if masked else supplier(row),
        supplier_local_number=None if masked or row.pseudonym else _local_number(row),
        kind=kind_of(
            row.facts["country"],
            code or "",
            tuple(filter(None, (text, row.said("account_group"), row.said("category"), row.said("description")))),
            row.text("grant_flag"),
        ),
        value=_money(row, amount),
        amount_basis=basis,
        dated_on=dated_on,
        date_kind=date_kind,
        period=period,
        account_code=code,
        account_text=text,
        category=row.said("category"),
        description=row.said("description"),
        document_number=row.said("voucher_no"),
        invoice_number=row.said("invoice_no"),
        agreement_reference=row.said("agreement_ref"),
    )


def row_amount(row: LedgerRow) -> tuple[Decimal, Basis]:
    """The amount and what it includes, from the column that the source prefers, else from the next best.

    Raises ``RecordRejected`` when the row has none or it cannot be read.
    """
    order = ("amount_net", "amount", "amount_gross")
    for field in order[::-1] if row.facts.get("amount") == "gross" else order:
        if (text := row.text(field)) and text not in {"-", "–", "—"}:
            basis = _BASIS[field]
            if field == "amount" and row.facts.get("amount_is_net"):
                basis = "net"
            return _number(row, field, text) * _sign(row), basis
    debit, credit = row.text("debit"), row.text("credit")
    if debit or credit:
        return (_number(row, "debit", debit or "0") - _number(row, "credit", credit or "0")) * _sign(row), "unknown"
    raise RecordRejected(
        "the row has no amount",
        where=row.where,
        field=row.label("amount_net") or row.label("amount") or row.label("amount_gross"),
        instruction="look at the row in the file; if it is no payment it can be left out",
    )


def _sign(row: LedgerRow) -> int:
    return -1 if row.facts.get("reversed") else 1


def _number(row: LedgerRow, field: str, text: str) -> Decimal:
    try:
        amount = parse_amount(text, row.facts["mark"])
    except ValueError:
        raise RecordRejected(
            f"the amount column holds {text[:40]!r}, which is not an amount with decimal mark {row.facts['mark']!r}",
            where=row.where,
            field=row.label(field),
            value=text[:40],
            instruction="if cells have slipped to another column, mend the row and load the file again",
        ) from None
    if abs(amount) >= _LARGEST:
        raise _too_large(row, row.label(field), text)
    return amount


def _too_large(row: LedgerRow, label: str, text: str) -> RecordRejected:
    return RecordRejected(
        f"the amount column holds {text[:40]!r}, which is too large for an amount",
        where=row.where,
        field=label,
        value=text[:40],
        instruction="look at the row in the file: it may be a number of another column, or written as 1E+20",
    )


def _money(row: LedgerRow, amount: Decimal) -> Money:
    currency = _currency(row)
    try:
        return Money.of(amount, currency)
    except ValueError:  # more minor units than are stored; how many a unit has depends on the currency
        raise _too_large(row, row.label("amount_net") or row.label("amount"), str(amount)) from None


def row_time(row: LedgerRow) -> tuple[date | None, DateKind | None, str | None]:
    """The date, which of the row's dates it is, and the accounting period.

    Raises ``RecordRejected`` when a date column holds something else.
    """
    period = read_period(row.text("period") or row.text("year"), row.text("month"))
    if row.facts.get("fiscal_periods"):
        period = ""
    period = period or str(row.facts.get("period", ""))
    for kind in _DATE_KINDS:
        text = row.text(f"{kind}_date")
        if is_placeholder(text):
            continue
        day = read_date(text, day_first=not row.facts.get("month_first"))
        if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return day, kind, period or None
        if in_cell := read_period(text):
            return None, "period", in_cell
        raise RecordRejected(
            f"the date column holds {text[:40]!r}, which is not a date",
            where=row.where,
            field=row.label(f"{kind}_date"),
            value=text[:40],
            instruction="if cells have slipped to another column, mend the row and load the file again",
        )
    return None, "period" if period else None, period or None


def _buyer(row: LedgerRow) -> Mention:
    """Who the row says if it gives a valid number, else who the configuration says, else what is written."""
    country = row.facts["country"]
    written, name = row.said("buyer_id"), row.said("buyer_name")
    told, told_name = row.facts.get("buyer"), row.facts.get("buyer_name")
    if Identifier.parse(written, country=country):
        return Mention.of(name or told_name, written, country=country)
    return Mention.of(told_name or name, told or written, country=country)


def supplier(row: LedgerRow) -> Mention:
    """The supplier as the row names it, linked when one of its numbers is valid."""
    if row.pseudonym:
        return Mention.of(None, row.pseudonym)
    name, home = row.said("supplier_name"), row.facts["country"]
    abroad = row.text("supplier_country").upper()
    country = abroad if re.fullmatch(r"[A-Z]{2}", abroad) else home
    written = []
    for field, scheme in (("supplier_org_no", None), ("supplier_vat_no", None), ("supplier_charity_no", "GB-CHC")):
        number = (row.said(field) or "").removesuffix(".0")
        if not any(map(str.isdigit, number)) or is_masked(number):
            continue
        if field == "supplier_org_no" and row.facts.get("internal_numbers"):
            continue
        prefix = re.match(r"([A-Z]{2})[\dA-Z]", number) if field != "supplier_charity_no" and home != "GB" else None
        where = prefix[1] if prefix else country
        if field == "supplier_vat_no" and home == "GB":
            where = ""  # a British VAT number is not a company number
        written.append(number)
        if Identifier.parse(number, scheme=scheme, country=where):
            return Mention.of(name, number, scheme=scheme, country=where)
    return Mention.of(name, written[0] if written else None, country=None)


def _local_number(row: LedgerRow) -> str | None:
    number = row.said("supplier_local_no")
    if number is None and row.facts.get("internal_numbers"):
        number = row.said("supplier_org_no")
    return None if number is None or is_masked(number) else number.removesuffix(".0")


def _account(row: LedgerRow) -> tuple[str | None, str | None]:
    code, text = row.said("account_code"), row.said("account_text")
    # Both in one cell, whichever of the two headers it stands under.
    if (code is None or text is None) and (match := _CODE_AND_TEXT.fullmatch(code or text or "")):
        return match[1], match[2].strip()
    return code, text


def _currency(row: LedgerRow) -> str:
    text = row.text("currency").strip().upper()
    if re.fullmatch(r"[A-Z]{3}", text):
        return text
    if text in {"", "KR", "KR.", "KRONOR", "-", "£", "€"}:
        return str(row.facts["currency"])
    raise RecordRejected(
        f"{text[:10]!r} is not a currency code", where=row.where, field=row.label("currency"), value=text[:10]
    )
