"""Natural persons in SCB's register: whose rows are dropped, and what is taken out of the others.

Nothing of a person's row leaves the reader.
"""

from __future__ import annotations

from typing import Final

from hub.sdk import looks_like_person_number, mask_person_numbers
from hub_se_scb import reference

ORGANISATION_PREFIX: Final = "16"
"""SCB writes twelve digits: a person's begin with the century, an organisation's with 16."""
CARE_OF: Final = "COAdress"
_NUMBER_DIGITS: Final = 10
_IDENTITY_DIGITS: Final = 12
_ESTATE: Final = "1"


def is_person(identity: str, form: str) -> bool:
    """Whether a row is about a natural person, living or dead: by its juridisk form, else by its number."""
    if reference.forms().get(form) == reference.PERSON:
        return True
    digits = identity.replace("-", "").replace(" ", "")
    if len(digits) == _IDENTITY_DIGITS and digits.startswith(ORGANISATION_PREFIX):
        digits = digits.removeprefix(ORGANISATION_PREFIX)
    elif len(digits) == _IDENTITY_DIGITS:
        return digits.isdecimal()
    if len(digits) == _NUMBER_DIGITS and digits.isdecimal():
        return digits[2] < "2" or digits[0] == _ESTATE
    return looks_like_person_number(identity)


def organisation_number(identity: str) -> str | None:
    """The ten digits in SCB's twelve; ``None`` for anything else. The check digit is not looked at."""
    digits = identity.strip()
    if len(digits) != _IDENTITY_DIGITS or not digits.isdecimal() or not digits.startswith(ORGANISATION_PREFIX):
        return None
    return digits.removeprefix(ORGANISATION_PREFIX)


def masked(cells: dict[str, str]) -> tuple[dict[str, str], int]:
    """An organisation's row with personal numbers masked and no c/o line, and how many numbers there were.

    The identity stays as it is: it was found to be an organisation's.
    """
    kept, found = {}, 0
    for column, text in cells.items():
        if column == CARE_OF:
            kept[column] = ""
        elif column in {"PeOrgNr", "OrgNr"}:
            kept[column] = text
        else:
            kept[column], numbers = mask_person_numbers(text)
            found += numbers
    return kept, found
