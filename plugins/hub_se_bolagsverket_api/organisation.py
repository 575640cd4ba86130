"""From a row of an answer to the organisation it speaks of. Facts about each field are in the README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from hub.sdk import (
    SNI_2025,
    Activity,
    Code,
    Drift,
    Identifier,
    Kind,
    Organisation,
    RecordRejected,
    Status,
    clean,
)
from hub_se_bolagsverket_api import codes
from hub_se_bolagsverket_api.row import Row, day

FORM_SCHEME: Final = "Bolagsverket organisationsform"
LEGAL_FORM_SCHEME: Final = "SCB juridisk form"
_PROCEDURES: Final = (
    "pagaendeAvvecklingsEllerOmstruktureringsforfarande",
    "pagandeAvvecklingsEllerOmstruktureringsforfarande",
)
"""The specification's spelling and the one of an official example."""
_CODED: Final = ("kod", "klartext")
_SNI_DIGITS: Final = 5
_ONLY_2007: Final = "45"
"""Trade in vehicles is a division of SNI 2007 and none of SNI 2025."""


def organisation(published: Mapping[str, Any], number: str, sni: str) -> Iterator[Organisation | Drift]:
    """The organisation, and drift for what is in no list. ``sni`` is the version of the industry codes.

    Raises ``RecordRejected`` for a wrong number, a row without a name, and a date that is none.
    """
    row = Row(published)
    who = row.block("organisationsidentitet", known=("identitetsbeteckning", "typ"))
    identifier = Identifier.parse(number, scheme="SE-ON")
    if identifier is None or clean.text(who.get("identitetsbeteckning")) not in {None, number}:
        raise RecordRejected("not an organisation number, or not the one that was asked for", field="number")
    name, other_names = _names(row)
    form, scheme, kind = _form(row)
    dates = row.block("organisationsdatum", known=("registreringsdatum", "infortHosScb"))
    dissolved = row.block("avregistreradOrganisation", known=("avregistreringsdatum",))
    dissolved_on = day(dissolved.get("avregistreringsdatum"), "avregistreringsdatum")
    status, reason = _standing(row, dissolved=dissolved_on is not None, registered=scheme == FORM_SCHEME)
    postal = row.block("postadressOrganisation", known=("postadress",)).get("postadress")
    lines = ("utdelningsadress", "postnummer", "postort", "land", "coAdress")
    address = row.part(postal, "postadress", lines)
    for flag in ("reklamsparr", "verksamOrganisation"):
        code = clean.text(row.block(flag, known=_CODED).get("kod"))
        if code not in {None, "JA", "NEJ"}:
            row.drift.append(Drift("unknown_code", flag, code or ""))
    purpose = row.block("verksamhetsbeskrivning", known=("beskrivning",))
    yield Organisation(
        identifier=identifier,
        row_key=row.value("namnskyddslopnummer") or "",
        name=name,
        other_names=other_names,
        country=_country(row),
        legal_form=form,
        legal_form_scheme=scheme,
        kind=kind,
        status=status,
        status_reason=reason,
        registered_on=day(dates.get("registreringsdatum"), "registreringsdatum"),
        dissolved_on=dissolved_on,
        street=clean.text(address.get("utdelningsadress")),
        postal_code=clean.text(address.get("postnummer")),
        locality=clean.text(address.get("postort")),
        purpose=clean.text(purpose.get("beskrivning")),
        activities=_activities(row, sni),
    )
    yield from row.left_over()


def _names(row: Row) -> tuple[str, tuple[str, ...]]:
    """The registered name (else the first one) and all others."""
    block = row.block("organisationsnamn", known=("organisationsnamnLista",))
    known = ("namn", "organisationsnamntyp", "registreringsdatum", "verksamhetsbeskrivningSarskiltForetagsnamn")
    named: list[tuple[str | None, str]] = []
    for entry in row.parts(block.get("organisationsnamnLista"), "organisationsnamnLista", known):
        kind = row.part(entry.get("organisationsnamntyp"), "organisationsnamntyp", _CODED)
        if text := clean.text(entry.get("namn")):
            code = clean.text(kind.get("kod"))
            named.append((row.meaning(codes.NAMES, code, "organisationsnamntyp"), text))
    if not named:
        raise RecordRejected("the organisation has no name", field="organisationsnamn")
    main = next((name for kind, name in named if kind == "name"), named[0][1])
    return main, tuple(dict.fromkeys(name for _, name in named if name != main))


def _form(row: Row) -> tuple[str | None, str | None, Kind | None]:
    """Bolagsverket's form; for what only Statistics Sweden knows its legal form."""
    form = clean.text(row.block("organisationsform", known=_CODED).get("kod"))
    legal = clean.text(row.block("juridiskForm", known=_CODED).get("kod"))
    meaning = row.meaning(codes.FORMS, form, codes.FORMS)
    legal_meaning = row.meaning(codes.LEGAL_FORMS, legal, codes.LEGAL_FORMS)
    kind = meaning or legal_meaning
    if form:
        return form, FORM_SCHEME, Kind(kind) if kind else None
    return legal, LEGAL_FORM_SCHEME if legal else None, Kind(kind) if kind else None


def _standing(row: Row, *, dissolved: bool, registered: bool) -> tuple[Status | None, str | None]:
    """As in the bulk file. Nothing for what is not in Bolagsverket's own register, or under an unknown procedure."""
    why = clean.text(row.block("avregistreringsorsak", known=_CODED).get("kod"))
    row.meaning(codes.DISSOLUTIONS, why, codes.DISSOLUTIONS)
    lists = tuple(f"{name}Lista" for name in _PROCEDURES)
    block = row.block(*_PROCEDURES, known=lists)
    steps = (step for name in lists for step in row.parts(block.get(name), name, (*_CODED, "fromDatum")))
    open_codes = [code for step in steps if (code := clean.text(step.get("kod")))]
    open_now = [(row.meaning(codes.PROCEDURES, code, _PROCEDURES[0]), code) for code in open_codes]
    if dissolved or why:
        return Status.DISSOLVED, why
    for status in (Status.WINDING_UP, None, Status.ACTIVE):
        for meaning, code in open_now:
            if meaning == status:
                return status, code
    return (Status.ACTIVE if registered else None), None


def _country(row: Row) -> str | None:
    code = clean.text(row.block("registreringsland", known=_CODED).get("kod"))
    bare = code.removesuffix("-LAND") if code else ""
    if len(bare) == 2 and bare.isalpha() and bare.isupper():  # noqa: PLR2004 - ISO 3166-1 alpha-2
        return bare
    if code:
        row.drift.append(Drift("unknown_code", "registreringsland", code[:80]))
    return None


def _activities(row: Row, sni: str) -> tuple[Activity, ...]:
    """Industry codes in their order; slots that are not used hold blanks."""
    block = row.block("naringsgrenOrganisation", known=("sni",))
    found: list[str] = []
    for slot in row.parts(block.get("sni"), "sni", _CODED):
        code = clean.text(slot.get("kod"))
        if code is None:
            continue
        if len(code) != _SNI_DIGITS or not code.isdecimal():
            row.drift.append(Drift("changed_type", "sni", code[:80]))
            continue
        if sni == SNI_2025 and code.startswith(_ONLY_2007):
            row.drift.append(Drift("unknown_code", "sni", code))
        found.append(code)
    return tuple(Activity(code=Code(scheme=sni, code=code), rank=rank) for rank, code in enumerate(found, start=1))
