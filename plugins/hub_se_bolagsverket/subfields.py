"""Values inside one field: ``$`` divides the parts of a value, ``|`` divides values.

Neither sign is escaped, and both occur in free text ("Restaurang | catering $ event"). So a value is
recognised by the code that every one of them carries (``…-ORGNAM``, ``…-AVOMFO``), and what has no code is
text that was torn apart. Source: Bolagsverket's page on downloadable files, corrected by what the file holds
(see the README).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ADDRESS_PARTS: Final = 5


@dataclass(frozen=True, slots=True)
class Coded:
    """One value with its code: ``Coded("Alfa AB", "FORETAGSNAMN-ORGNAM", "2014-03-11", "")``.

    ``before`` is what stands in front of the code, ``after`` the part behind it, ``rest`` all further parts.
    """

    before: str
    code: str
    after: str
    rest: str


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address without its c/o line. ``country`` is the published code, ``SE-LAND``."""

    street: str
    postal_code: str
    locality: str
    country: str


def split_coded(text: str, *suffixes: str) -> list[Coded]:
    """The values in ``text``, each recognised by a code that ends with one of ``suffixes``.

    A piece without a code belongs to the value before it when that one already has a free-text part, else to
    the one after it (a name with ``|`` in it). Text without any code gives one value with an empty code:
    nothing is lost.
    """
    values: list[str] = []
    waiting = ""
    for piece in text.split("|"):
        if _code_position(piece, suffixes) >= 0:
            values.append(waiting + piece)
            waiting = ""
        elif values and not waiting and _has_rest(values[-1], suffixes):
            values[-1] += "|" + piece
        elif piece or waiting:
            waiting += piece + "|"
    if waiting and values:
        values[-1] += "|" + waiting[:-1]
    elif waiting:
        values.append(waiting[:-1])
    return [_coded(value, suffixes) for value in values]


def split_address(text: str) -> Address | None:
    """The address in ``text``, or ``None`` when it has too few parts to tell which is which.

    Documented as street, c/o, postcode, locality, country; the file has locality before postcode. The part
    with digits is the postcode; when that does not decide, the order of the file holds. A ``$`` too many
    belongs to the c/o line.
    """
    parts = text.split("$")
    if len(parts) < ADDRESS_PARTS:
        return None
    third, fourth, country = parts[-3:]
    if _is_postcode(third) > _is_postcode(fourth):
        third, fourth = fourth, third
    return Address(street=parts[0], postal_code=fourth, locality=third, country=country)


def without_care_of(text: str) -> str:
    """The address with its c/o line emptied: it mostly names a natural person."""
    parts = text.split("$")
    last = len(parts) - 3 if len(parts) >= ADDRESS_PARTS else 1
    kept = ["" if 1 <= place < last or part[:3].casefold() == "c/o" else part for place, part in enumerate(parts)]
    return "$".join(kept)


def _code_position(piece: str, suffixes: tuple[str, ...]) -> int:
    for place, part in enumerate(piece.split("$")):
        if part.endswith(suffixes):
            return place
    return -1


def _has_rest(value: str, suffixes: tuple[str, ...]) -> bool:
    return value.count("$") > _code_position(value, suffixes) + 1


def _coded(value: str, suffixes: tuple[str, ...]) -> Coded:
    parts = value.split("$")
    place = _code_position(value, suffixes)
    if place < 0:
        return Coded(value, "", "", "")
    after = parts[place + 1] if len(parts) > place + 1 else ""
    return Coded("$".join(parts[:place]), parts[place], after, "$".join(parts[place + 2 :]))


def _is_postcode(part: str) -> int:
    """How much ``part`` looks like a postcode: digits alone 2, some digits 1 (``SW1A 1AA``), none 0."""
    compact = part.replace(" ", "")
    if compact.isdecimal():
        return 2
    return int(any(char.isdecimal() for char in compact))
