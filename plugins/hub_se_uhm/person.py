"""Natural persons among buyers and suppliers: a keyed pseudonym in place of name and number."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hub.sdk import Identifier, looks_like_person_number, mask_person_numbers
from hub_se_uhm import columns

PERSON_FORM: Final = "fysiska personer"
_SOLE_TRADER: Final = re.compile(r"(?i)enskild (näringsidkare|firma)\b")
_COMPANY: Final = re.compile(
    r"(?i)(?<!\w)(aktiebolag(et)?|ab|publ|hb|kb|handelsbolag|kommanditbolag|ek\.? ?för\.?|ekonomisk förening"
    r"|förening(en)?|stiftelse(n)?|förbund(et)?|kommun|region(en)?|universitet|högskola|myndighet(en)?|filial"
    r"|ltd|limited|llc|plc|inc|corp|gmbh|ag|kg|se|sa|sas|sarl|srl|spa|bv|b\.v\.|nv|oy|oyj|a/s|as|asa|aps"
    r"|sp\. z o\.o\.|ou|oü|sia|uab)(?!\w)"
)
_UNKNOWN: Final = {"", "uppgift saknas"}
_TWELVE: Final = re.compile(r"(?!16)\d{12}")
_TEN: Final = 10


def without_persons(row: dict[str, str], person: Callable[[str], str]) -> dict[str, str]:
    """The row as it may be kept: personal numbers masked, and persons under a pseudonym in the number's place."""
    row = _one(row, columns.BUYER, columns.BUYER_NUMBER, columns.BUYER_FORM, person, buyer=True)
    if columns.SUPPLIER in row or columns.SUPPLIER_NUMBER in row:
        row = _one(row, columns.SUPPLIER, columns.SUPPLIER_NUMBER, columns.SUPPLIER_FORM, person, buyer=False)
    return {heading: mask_person_numbers(cell)[0] for heading, cell in row.items()}


def _one(
    row: dict[str, str], name: str, number: str, form: str, person: Callable[[str], str], *, buyer: bool
) -> dict[str, str]:
    stated, written = row.get(name, "").strip(), row.get(number, "").strip()
    if not (stated or written) or not is_person(stated, written, row.get(form, ""), buyer=buyer):
        return row
    kept = {heading: cell for heading, cell in row.items() if heading != name}
    return kept | {number: person(written if written.casefold() not in _UNKNOWN else stated)}


def is_person(name: str, number: str, form: str, *, buyer: bool) -> bool:
    """Whether a natural person is meant, or may be: by number, else by legal form, else by what the name lacks.

    A supplier without number and legal form, whose name has no word of an organisation, may be a person. A buyer is
    not: whoever must follow procurement law is an organisation, unless the number says otherwise.
    """
    digits = re.sub(r"[\s-]", "", number)
    if _may_be_personal(digits) or mask_person_numbers(name)[1]:
        return True
    if Identifier.parse(number, country="SE"):
        return False
    if buyer:
        return form.strip().casefold() == PERSON_FORM
    if form.strip().casefold() == PERSON_FORM or _SOLE_TRADER.match(name):
        return True
    return form.strip().casefold() in _UNKNOWN and not _COMPANY.search(name)


def _may_be_personal(digits: str) -> bool:
    if looks_like_person_number(digits) or _TWELVE.fullmatch(digits):
        return True
    return len(digits) == _TEN and digits.isdecimal() and digits[2] < "2"
