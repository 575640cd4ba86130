"""One row of a list: natural persons made nameless, a stable key, and the membership that it states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from hub.sdk import (
    DateBasis,
    Drift,
    Identifier,
    Membership,
    Mention,
    RecordRejected,
    clean,
    looks_like_person_number,
    mask_person_numbers,
)

_YEAR: Final = 4
_IDENTIFYING: Final = ("identifier", "number", "name")
_KEPT_OF_PERSONS: Final = ("valid_from", "valid_to")


def without_person(
    cells: Mapping[str, str], identifier: Identifier | None, person: Callable[[str], str]
) -> dict[str, str]:
    """The row as it may be kept: of a natural person only the dates, and a pseudonym in the identifier's place.

    ``person`` makes a pseudonym of a number. A member is a natural person when a personal number stands in the row;
    but with a valid ``identifier`` it is an organisation, and the number beside its name, a contact's, is masked.
    """
    if identifier:
        return _masked(cells)
    for column in _IDENTIFYING:
        text = cells.get(column, "")
        if mask_person_numbers(text)[1] or (column == "identifier" and looks_like_person_number(text)):
            kept = {name: cells[name] for name in _KEPT_OF_PERSONS if name in cells}
            return {"identifier": person(_number_in(text))} | _masked(kept)
    return _masked(cells)


def _number_in(text: str) -> str:
    """The personal number alone, so that the words around it do not make another person of the same one."""
    masked, count = mask_person_numbers(text, "\0")
    before, _, after = masked.partition("\0")
    return text[len(before) : len(text) - len(after)] if count == 1 else text


def key_of(cells: Mapping[str, str], identifier: Identifier | None) -> str:
    """What makes the row itself in every edition of the list; empty when it names nobody.

    The official number in its stored form, else the member's number, else the name, else the number as written; and
    the start of the period, because a member who came back has two rows. The start counts as a date: the next edition
    may write it in another way.
    """
    name = " ".join(cells.get("name", "").split()).casefold()
    number = cells.get("number", "")
    who = identifier.value if identifier else (number and f"no {number}") or name or cells.get("identifier", "")
    start = _plain_date(cells, "valid_from", _start_date)
    return f"{who}/{start}" if who and start else who


def end_of(cells: Mapping[str, str]) -> str:
    """The end of the period, the same for every way to write it; empty when the row has none."""
    return _plain_date(cells, "valid_to", _end)


def _plain_date(cells: Mapping[str, str], column: str, read: Callable[[str], date | None]) -> str:
    text = cells.get(column, "")
    try:
        found = read(text) if text else None
    except RecordRejected:  # the mapping says so, with the field; until then it is told apart as written
        return text
    return found.isoformat() if found else ""


def membership(payload: Mapping[str, str]) -> tuple[Membership, list[Drift]]:
    """The membership in a raw record. A number with a wrong check digit is kept as written and links to nobody.

    Raises ``RecordRejected`` for dates that are none, and when neither name nor number says who the member is.
    """
    row = clean.Fields(payload)
    row.ignore("municipality")  # the model has no place for it; kept in the raw record for matching by name
    member = Mention.of(
        row.take("name"), row.take("identifier"), country=row.take("country"), scheme=row.take("scheme")
    )
    number = row.take("number")
    if not (member.name or member.identifier or member.pseudonym or number):
        message = "the number is not valid and the row has no name: nobody can tell who is meant"
        raise RecordRejected(message, field="identifier", value=member.identifier_as_written or "")
    valid_from, basis = _start(row.take("valid_from"))
    valid_to = _end(row.take("valid_to"))
    if valid_from and valid_to and valid_to < valid_from:
        message = f"the membership ends ({valid_to}) before it starts ({valid_from})"
        raise RecordRejected(message, field="valid_to", value=str(valid_to))
    stated = Membership(
        register_id=row.take("register") or "",
        register_name=row.take("register_name") or "",
        member=member,
        number=number,
        valid_from=valid_from,
        valid_to=valid_to,
        valid_from_basis=basis,
    )
    return stated, list(row.left_over())


def _start(text: str | None) -> tuple[date | None, DateBasis | None]:
    if text is None:
        return None, None
    return _start_date(text), "assumed" if _is_year(text) else "published"


def _start_date(text: str) -> date:
    return date(int(text), 1, 1) if _is_year(text) else _date(text, "valid_from")


def _end(text: str | None) -> date | None:
    if text is None:
        return None
    return date(int(text), 12, 31) if _is_year(text) else _date(text, "valid_to")


def _is_year(text: str) -> bool:
    return len(text) == _YEAR and text.isdecimal() and text.startswith(("19", "20"))


def _date(text: str, column: str) -> date:
    found = clean.any_date(text)
    if found is None:
        message = f"{text[:40]!r} is not a date"
        raise RecordRejected(message, field=column, value=text, instruction="write it as YYYY-MM-DD")
    return found


def _masked(cells: Mapping[str, str]) -> dict[str, str]:
    return {column: mask_person_numbers(text)[0] for column, text in cells.items()}
