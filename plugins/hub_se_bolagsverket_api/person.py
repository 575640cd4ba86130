"""Natural persons in answers: whose rows are dropped, and which words are taken out of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hub.sdk import mask_person_numbers
from hub_se_bolagsverket_api.answer import identity

_PERSONAL: Final = frozenset({"PERSONNUMMER", "SAMORDNINGSNUMMER"})
_SOLE_TRADER: Final = "E"
_PERSON_FORMS: Final = frozenset({"10", "91"})
"""Natural persons and undivided estates, in Statistics Sweden's list of legal forms."""
_DIGITS: Final = 10
_ESTATE: Final = "1"


def is_organisation_number(number: str) -> bool:
    """Whether it can be an organisation's and no person's: ten digits, the third at least 2, the first not 1."""
    if len(number) != _DIGITS or not (number.isascii() and number.isdecimal()):
        return False
    return number[2] >= "2" and number[0] != _ESTATE


def is_person(row: Mapping[str, Any]) -> bool:
    """Whether a row is about a natural person: by its number, its type, or a sole trader's form."""
    number = identity(row)
    if number and not is_organisation_number(number):
        return True
    kind = _code(_block(row, "organisationsidentitet").get("typ"))
    form, legal = _code(row.get("organisationsform")), _code(row.get("juridiskForm"))
    return kind in _PERSONAL or form == _SOLE_TRADER or legal in _PERSON_FORMS


def cleaned(value: Any) -> Any:
    """The same with personal numbers masked and c/o lines emptied: they mostly name a natural person."""
    if isinstance(value, Mapping):
        return {name: None if name == "coAdress" else cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    return mask_person_numbers(value)[0] if isinstance(value, str) else value


def _block(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    block = row.get(name)
    return block if isinstance(block, Mapping) else {}


def _code(block: Any) -> str:
    return str(block.get("kod") or "").strip() if isinstance(block, Mapping) else ""
