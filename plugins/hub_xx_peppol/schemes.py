"""Numbers by the scheme they are written under: ICD and EAS codes and VAT prefixes → the hub's schemes.

Source: OpenPeppol code lists ICD (ISO 6523) and EAS. 0088 (GLN) and all others name no register of the hub's.
"""

from __future__ import annotations

import re
from typing import Final

from hub.sdk import Identifier

SWEDISH: Final = "0007"
_REGISTERS: Final = {
    SWEDISH: "SE-ON",
    "0192": "NO-BRC",
    "0184": "DK-CVR",
    "0096": "DK-CVR",
    "0198": "DK-CVR",
    "0037": "FI-PRO",
    "0212": "FI-PRO",
    "0213": "FI-PRO",
    "0216": "FI-PRO",
    "0002": "FR-RCS",
    "0009": "FR-RCS",
    "0191": "EE-RIK",
    "0199": "XI-LEI",
}
_VAT: Final = {"SE": "SE-ON", "NO": "NO-BRC", "DK": "DK-CVR", "FI": "FI-PRO"}
"""VAT numbers that hold the register's own number. A French or Estonian one is another number."""
_CHECKED_COUNTRIES: Final = frozenset(_VAT)
"""Where a number without a scheme is still told by its check digit."""
_OVT: Final = re.compile(r"(?:0037)?(\d{8})[0-9A-Za-z]{0,5}")
"""A Finnish OVT id: 0037, the Y-tunnus without its hyphen and up to five characters for a unit."""


def by_scheme(code: str, text: str, country: str | None) -> Identifier | None:
    """The identifier behind a number under an ICD or EAS code; without a code, by the party's country."""
    text = text.strip().removeprefix(f"{code}:") if code else text.strip()
    if code in {"0037", "0216"} and (ovt := _OVT.fullmatch(text)):
        text = ovt[1]
    if code:
        register = _REGISTERS.get(code)
        return Identifier.parse(text, scheme=register) if register else None
    return Identifier.parse(text, country=country) if country in _CHECKED_COUNTRIES else None


def by_vat(text: str) -> Identifier | None:
    """The identifier inside a VAT number, by the country's letters in front of it."""
    register = _VAT.get(text.strip()[:2].upper())
    return Identifier.parse(text, scheme=register) if register else None
