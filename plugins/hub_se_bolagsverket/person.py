"""Natural persons in the bulk file: whose rows are dropped and which words are taken out of the others.

About a third of the file is sole traders, whose identity is a personal number. Nothing of their rows leaves
the reader.
"""

from __future__ import annotations

from typing import Final

from hub.sdk import looks_like_person_number, mask_person_numbers
from hub_se_bolagsverket import bulk
from hub_se_bolagsverket.subfields import without_care_of

ORGANISATION: Final = "ORGNR-IDORG"
PERSON: Final = "PERSON-IDORG"
_SOLE_TRADER: Final = "E"
_ESTATE: Final = "1"
_ORGANISATION_DIGITS: Final = 10
_PERSON_DIGITS: Final = 12
_CENTURIES: Final = ("18", "19", "20")


def is_person(identity: str, form: str) -> bool:
    """Whether a row is about a natural person, living or dead (an estate).

    ``identity`` is the published value with its type (``5560125790$ORGNR-IDORG``). The number outweighs the type: an
    organisation has a third digit of at least 2, and a number that begins with 1 is an estate's.
    """
    number, _, kind = identity.partition("$")
    if kind == PERSON or form.partition("-")[0].strip() == _SOLE_TRADER:
        return True
    digits = number.replace("-", "").replace(" ", "")
    if len(digits) == _ORGANISATION_DIGITS:
        return not is_organisation_number(digits)
    return (len(digits) == _PERSON_DIGITS and digits.startswith(_CENTURIES)) or looks_like_person_number(number)


def is_organisation_number(digits: str) -> bool:
    """Whether ten digits can be an organisation's and no person's; the check digit is not looked at."""
    return len(digits) == _ORGANISATION_DIGITS and digits.isdecimal() and digits[2] >= "2" and digits[0] != _ESTATE


def masked(cells: dict[str, str]) -> tuple[dict[str, str], int]:
    """An organisation's row with personal numbers masked and no c/o line, and how many numbers there were.

    A c/o line mostly names a natural person, and nothing in the hub needs it.
    """
    kept = {**cells, bulk.ADDRESS: without_care_of(cells[bulk.ADDRESS])}
    _, found = mask_person_numbers("\n".join(kept.values()))
    if found:
        kept = {column: mask_person_numbers(text)[0] for column, text in kept.items()}
    return kept, found
