"""From a row of the bulk file, or an enterprise in an answer, to the organisation it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from hub.sdk import Activity, Code, Drift, Identifier, Kind, Organisation, RecordRejected, Status, clean
from hub_se_scb import reference
from hub_se_scb.person import CARE_OF, is_person, organisation_number

FORM_SCHEME: Final = "SCB juridisk form"
_MUNICIPALITY: Final = "82"
_NOT_BOUGHT: Final = "*"
_NO_NAME: Final = {
    "null": "the name is the word null: a name, or a mark for none; the row does not tell",
    _NOT_BOUGHT: "the name is a variable that was not bought",
}
_LEGAL_ENTITY: Final = {"1": Status.ACTIVE, "2": None, "9": Status.DISSOLVED}
"""JEStat; nobody has described 2."""
_ENTERPRISE: Final = {"0": "never active", "1": "active", "9": "no longer active"}
_FLAGS: Final = tuple(
    "m" + column
    for column in (
        *("COAdress", "Foretagsnamn", "FtgStat", "Gatuadress", "JEStat", "JurForm", "Namn", "Ng1", "Ng2", "Ng3"),
        *("Ng4", "Ng5", "PostNr", "PostOrt", "RegDatKtid", "Reklamsparrtyp"),
    )
)
_UNUSED_IN_ANSWER: Final = (
    *("OrgNr", "Säteskommun", "Säteslän, kod", "Säteslän", "Antal arbetsställen", "Stkl, kod", "Storleksklass"),
    *("Företagsstatus", "Registrerad hos SKV, kod", "Registrerad hos SKV", "Juridisk form", "Startdatum"),
    *("Telefon", "E-post", "Reklam, kod", *(f"Bransch_{rank}" for rank in range(1, 6))),
)


def from_bulk(cells: Mapping[str, str], sni: str) -> Iterator[Organisation | Drift]:
    """The organisation in a row, and drift for what is in no list. ``sni`` is the scheme of Ng1–Ng5.

    Raises ``RecordRejected`` for a wrong number, a row without a name, and a date that is none.
    """
    row = clean.Fields(cells)
    row.ignore("ForAndrTyp", CARE_OF, "Reklamsparrtyp", *_FLAGS)
    drift: list[Drift] = []
    form = row.take("JurForm")
    identifier = _identifier(row.take("PeOrgNr"), form)
    legal_entity, enterprise = row.take("JEStat"), row.take("FtgStat")
    _known(legal_entity, _LEGAL_ENTITY, "JEStat", drift)
    _known(enterprise, _ENTERPRISE, "FtgStat", drift)
    postal_code = row.take("PostNr")
    municipality = reference.municipality_of(postal_code) if postal_code else None
    name, firm = _name(cells, row, "Namn"), row.take("Foretagsnamn")
    yield Organisation(
        identifier=identifier,
        name=name,
        other_names=(firm,) if firm and firm != name else (),
        legal_form=form,
        legal_form_scheme=FORM_SCHEME if form else None,
        kind=_kind(form, "JurForm", identifier, drift),
        status=_LEGAL_ENTITY.get(legal_entity or ""),
        status_reason=f"FtgStat {enterprise}" if enterprise not in {None, "1"} else None,
        registered_on=_date(row.take("RegDatKtid"), "RegDatKtid"),
        street=row.take("Gatuadress"),
        postal_code=postal_code,
        locality=row.take("PostOrt"),
        municipality_code=municipality,
        municipality_basis="postal_code" if municipality else None,
        activities=_activities([row.take(f"Ng{rank}") for rank in range(1, 6)], sni),
    )
    yield from drift
    yield from row.left_over()


def from_answer(cells: Mapping[str, str], sni: str) -> Iterator[Organisation | Drift]:
    """The organisation in an enterprise of the API. ``*`` is a variable that was not bought: nothing is known of it."""
    row = clean.Fields({name: None if value == _NOT_BOUGHT else value for name, value in cells.items()})
    row.ignore(CARE_OF, *_UNUSED_IN_ANSWER)
    drift: list[Drift] = []
    form = row.take("Juridisk form, kod")
    identifier = _identifier(row.take("PeOrgNr"), form)
    enterprise = row.take("Företagsstatus, kod")
    _known(enterprise, _ENTERPRISE, "Företagsstatus, kod", drift)
    dissolved_on = _date(row.take("Slutdatum"), "Slutdatum")
    seat = row.take("Säteskommun, kod")
    alive = Status.ACTIVE if enterprise == "1" else None
    yield Organisation(
        identifier=identifier,
        name=_name(cells, row, "Företagsnamn"),
        legal_form=form,
        legal_form_scheme=FORM_SCHEME if form else None,
        kind=_kind(form, "Juridisk form, kod", identifier, drift),
        status=Status.DISSOLVED if dissolved_on else alive,
        status_reason=f"FtgStat {enterprise}" if enterprise not in {None, "1"} else None,
        registered_on=_date(row.take("Registreringsdatum"), "Registreringsdatum"),
        dissolved_on=dissolved_on,
        street=row.take("PostAdress"),
        postal_code=row.take("PostNr"),
        locality=row.take("PostOrt"),
        municipality_code=seat,
        municipality_basis="seat" if seat else None,
        activities=_activities([row.take(f"Bransch_{rank}, kod") for rank in range(1, 6)], sni),
    )
    yield from drift
    yield from row.left_over()


def _identifier(identity: str | None, form: str | None) -> Identifier:
    if is_person(identity or "", form or ""):
        raise RecordRejected("the row of a natural person; the reader drops these", field="PeOrgNr")
    number = organisation_number(identity or "")
    identifier = Identifier.parse(number, scheme="SE-ON")
    if identifier is None:
        raise RecordRejected("not 16 and an organisation number with its check digit", field="PeOrgNr")
    return identifier


def _kind(form: str | None, column: str, identifier: Identifier, drift: list[Drift]) -> Kind | None:
    """What sort of body the form is; a municipality whose number the reference list lacks is told of."""
    if form == _MUNICIPALITY and identifier.value not in reference.municipality_numbers():
        drift.append(Drift("unknown_code", "PeOrgNr of a municipality", identifier.value))
    _known(form, reference.forms(), column, drift)
    meaning = reference.forms().get(form or "")
    return Kind(meaning) if meaning else None


def _known(code: str | None, codes: Mapping[str, object], column: str, drift: list[Drift]) -> None:
    if code is not None and code not in codes:
        drift.append(Drift("unknown_code", column, code))


def _name(cells: Mapping[str, str], row: clean.Fields, column: str) -> str:
    name = row.take(column)
    if name is None:
        written = cells.get(column, "").strip()
        raise RecordRejected(_NO_NAME.get(written, "the row has no name"), field=column, value=written)
    return name


def _activities(codes: list[str | None], sni: str) -> tuple[Activity, ...]:
    found = dict.fromkeys(code for code in codes if code)
    return tuple(Activity(code=Code(scheme=sni, code=code), rank=rank) for rank, code in enumerate(found, 1))


def _date(text: str | None, column: str) -> date | None:
    try:
        return clean.iso_date(text)
    except ValueError as error:
        raise RecordRejected(str(error), field=column, value=text or "") from error
