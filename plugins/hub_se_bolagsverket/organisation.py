"""From a row of the bulk file to the organisation it speaks of. Facts about each field are in the README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from hub.sdk import Drift, Identifier, Kind, Organisation, RecordRejected, clean, mask_person_numbers
from hub_se_bolagsverket import bulk, codes, places
from hub_se_bolagsverket.person import is_person
from hub_se_bolagsverket.standing import procedures, standing
from hub_se_bolagsverket.subfields import Address, split_address, split_coded

FORM_SCHEME: Final = "Bolagsverket organisationsform"
_SWEDEN: Final = "SE-LAND"


def organisation(cells: Mapping[str, str]) -> Iterator[Organisation | Drift]:
    """The organisation in a row, and drift for codes and columns that are in no list.

    Raises ``RecordRejected`` for a wrong number, a row without a name, and a date that is none.
    """
    row = clean.Fields(cells)
    drift: list[Drift] = []

    def known(code_list: str, code: str | None, column: str) -> str | None:
        """What the code means; a code that is not in the list is reported and means nothing."""
        if code is None:
            return None
        meaning = codes.meanings(code_list).get(code)
        if meaning is None:
            drift.append(Drift("unknown_code", column, code))
        return meaning

    form = row.take(bulk.FORM)
    identifier = _identifier(row.take(bulk.IDENTITY) or "", form or "")
    kind = known(codes.FORMS, form, bulk.FORM)
    why = row.take(bulk.DISSOLVED_WHY)
    known(codes.DISSOLUTIONS, why, bulk.DISSOLVED_WHY)
    steps = [step for column in bulk.PROCEDURES for step in procedures(row.take(column) or "")]
    for step in steps:
        known(codes.PROCEDURES, step.code, bulk.PROCEDURES[0])
    dissolved_on = _date(row.take(bulk.DISSOLVED_ON), bulk.DISSOLVED_ON)
    state = standing(dissolved_on, why, steps)
    name, other_names = _names(row.take(bulk.NAMES) or "", drift)
    country = row.take(bulk.COUNTRY)
    known(codes.COUNTRIES, country, bulk.COUNTRY)
    address = _address(row.take(bulk.ADDRESS), drift)
    municipality = places.municipality_of(address.postal_code) if address.country == _SWEDEN else None
    yield Organisation(
        identifier=identifier,
        row_key=row.take(bulk.SERIAL) or "",
        name=name,
        other_names=other_names,
        country=codes.bare(country) if country else None,
        legal_form=codes.bare(form) if form else None,
        legal_form_scheme=FORM_SCHEME if form else None,
        kind=Kind(kind) if kind else None,
        status=state.status,
        status_reason=state.reason,
        registered_on=_date(row.take(bulk.REGISTERED_ON), bulk.REGISTERED_ON),
        dissolved_on=dissolved_on,
        street=clean.text(address.street),
        postal_code=clean.text(address.postal_code),
        locality=clean.text(address.locality),
        municipality_code=municipality,
        municipality_basis="postal_code" if municipality else None,
        purpose=_words(row.take(bulk.PURPOSE)),
    )
    yield from drift
    yield from row.left_over()


def _identifier(identity: str, form: str) -> Identifier:
    if is_person(identity, form):
        message = "the row of a natural person; the reader drops these"
        raise RecordRejected(message, field=bulk.IDENTITY)
    number = identity.partition("$")[0]
    identifier = Identifier.parse(number, scheme="SE-ON")
    if identifier is None:
        message = "not an organisation number: its check digit or its first digits are wrong"
        raise RecordRejected(message, field=bulk.IDENTITY, value=number)
    return identifier


def _names(text: str, drift: list[Drift]) -> tuple[str, tuple[str, ...]]:
    """The registered name (else the first one) and all others."""
    values = split_coded(text, "-ORGNAM")
    named = [(value.code, name) for value in values if (name := _words(clean.text(value.before)))]
    if not named:
        raise RecordRejected("the row has no name", field=bulk.NAMES, value=text[:80])
    meanings = codes.meanings(codes.NAMES)
    drift.extend(Drift("unknown_code", bulk.NAMES, code) for code, _ in named if code not in meanings)
    main = next((name for code, name in named if meanings.get(code) == "name"), named[0][1])
    return main, tuple(dict.fromkeys(name for _, name in named if name != main))


def _address(text: str | None, drift: list[Drift]) -> Address:
    address = split_address(text) if text else Address("", "", "", "")
    if address is None:
        drift.append(Drift("changed_type", bulk.ADDRESS, f"{(text or '').count('$') + 1} parts"))
        return Address("", "", "", "")
    return address


def _words(text: str | None) -> str | None:
    """Free text with doubled quotes made one, masked again: cleaning may have joined a number's halves."""
    return mask_person_numbers(text.replace('""', '"'))[0] if text else None


def _date(text: str | None, column: str) -> date | None:
    try:
        return clean.iso_date(text)
    except ValueError as error:
        raise RecordRejected(str(error), field=column, value=text or "") from error
