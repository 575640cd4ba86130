"""Amounts as TED writes them, with the ways in which an amount can be missing."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from hub.sdk import Money, parse_amount
from hub_eu_ted.codes import UNPUBLISHED
from hub_eu_ted.drift import Findings

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_NO_CURRENCY: Final = frozenset({"", UNPUBLISHED})


def is_withheld(written: str, currency: str) -> bool:
    """Whether the amount stands for one that is withheld: -1, or a currency of "unpublished" (BT-195)."""
    return written.strip() in {"-1", "-1.0", "-1.00"} or currency == UNPUBLISHED


def amount(written: str | None, currency: str | None, field: str, findings: Findings) -> Money | None:
    """The amount, or ``None`` for none, a withheld one, or one without a currency. An unreadable one is reported."""
    text, code = (written or "").strip(), (currency or "").strip()
    if not text or is_withheld(text, code):
        return None
    if _CURRENCY.fullmatch(code) is None:
        if code not in _NO_CURRENCY:
            findings.unreadable(f"{field}, currency", code)
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = _localised(text)
    if not value.is_finite():
        findings.unreadable(field, text)
        return None
    return Money.of(value, code)


def _localised(text: str) -> Decimal:
    """``878 000,00`` of R2.0.7 and R2.0.8; not a number when it cannot be read."""
    try:
        return parse_amount(text, ",")
    except ValueError:
        return Decimal("NaN")
