"""Money: whole minor units (öre, cents) with their ISO 4217 currency. No float ever touches an amount."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

MINOR_DIGITS: Final[dict[str, int]] = {
    # ISO 4217 (list one, 2024-06): every currency that has not two decimals and circulates today.
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Decimals of a currency's minor unit where it is not 2."""

LARGEST: Final = 2**63 - 1
"""What a database's whole number holds; no real amount comes near it."""

_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2007']+")
_PLAIN: Final = re.compile(r"\d+(?:\.\d*)?|\.\d+")


def minor_digits(currency: str) -> int:
    """How many decimals the currency's minor unit has (SEK 2, ISK 0)."""
    return MINOR_DIGITS.get(currency, 2)


class Money(BaseModel):
    """An amount in minor units of one currency: ``Money(amount_minor=12345, currency="SEK")`` is 123,45 kronor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount_minor: int = Field(ge=-LARGEST, le=LARGEST)
    currency: str = Field(pattern=r"^[A-Z]{3}$")

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> Money:
        """From a decimal amount in major units. More decimals than the currency has are rounded half up.

        Raises ``ValueError`` for text that is not a plain decimal number; :func:`parse_amount` reads the rest.
        """
        try:
            exact = Decimal(amount)
        except InvalidOperation:
            message = f"not a decimal number: {str(amount)[:40]!r}"
            raise ValueError(message) from None
        scaled = exact.scaleb(minor_digits(currency)).to_integral_value(rounding=ROUND_HALF_UP)
        return cls(amount_minor=int(scaled), currency=currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-minor_digits(self.currency))

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def parse_amount(text: str, decimal_mark: str) -> Decimal:
    """A published amount as an exact decimal.

    ``decimal_mark`` is "," or "."; the other one, spaces of every width and apostrophes are thousands marks. Accepts
    a currency sign or code, a minus before or after, the Unicode minus, and accountants' parentheses for negatives.
    Raises ``ValueError`` when what is left is not one number, or when a thousands mark stands where it groups nothing
    (``1,5`` with "." as decimal mark).
    """
    cleaned = _SPACES.sub("", text).replace("\u2212", "-").replace("\u2013", "-")
    cleaned = re.sub(r"(?i)^(?:SEK|EUR|GBP|NOK|DKK|kr|£|€)|(?:SEK|EUR|GBP|NOK|DKK|kr|:-|£|€)$", "", cleaned)
    negative = False
    if cleaned.startswith("(") and cleaned.endswith(")"):
        negative, cleaned = True, cleaned[1:-1]
    cleaned = re.sub(r"^(-?)[£€$]", r"\1", cleaned)
    if cleaned.startswith("-") or cleaned.endswith("-"):
        negative, cleaned = not negative, cleaned.strip("-")
    cleaned = cleaned.removeprefix("+")
    thousands = "." if decimal_mark == "," else ","
    whole, mark, fraction = cleaned.partition(decimal_mark)
    if thousands in whole:
        groups = whole.split(thousands)
        if not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):  # noqa: PLR2004
            message = f"{text[:40]!r} has a thousands mark in the wrong place"
            raise ValueError(message)
        whole = "".join(groups)
    number = f"{whole}.{fraction}" if mark else whole
    if not _PLAIN.fullmatch(number) or not number.isascii():
        message = f"{text[:40]!r} is not an amount"
        raise ValueError(message)
    value = Decimal(number)
    return -value if negative else value
