"""A TED XML notice as a whole, in the words of eForms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Final

from hub.sdk import Contract, ContractSupplier, Drift, Lot, Notice, Party, clean
from hub.sdk.formats.xml import Element
from hub_eu_ted.clock import END_OF_DAY, instant
from hub_eu_ted.legacy import current, older
from hub_eu_ted.legacy.export import Export
from hub_eu_ted.legacy.form import Award, Form
from hub_eu_ted.legacy.kinds import form_number, kind_of, legal_basis_of, procedure_code, procedure_of
from hub_eu_ted.numbers import notice_url, reference

_CODED: Final = "CODED_DATA_SECTION"
_TWO_STAGES: Final = frozenset("2346BCG")
"""Procedures (PR_PROC) whose deadline is for requests to participate."""


def read_notice(root: Element) -> Iterator[Notice | Contract | Drift]:
    """The notice, its contracts, and what of it is unknown."""
    export = Export(root)
    # Only R2.0.7 and R2.0.8 write their release into the form.
    facts = (older if export.form.get("VERSION", "").startswith("R2.0.") else current).read(export)
    notice = _notice(export, facts)
    yield notice
    yield from _contracts(facts, notice)
    yield from export.findings


def _notice(export: Export, facts: Form) -> Notice:
    buyers = export.buyers()
    notice_type, form_type = kind_of(export)
    pointers = tuple(reference(text) for text in facts.pointers)
    changing = form_type in {"change", "cont-modif"} and bool(pointers)
    coded = (export.text(el) for el in export.root.iterfind(f"{_CODED}/NOTICE_DATA/REF_NOTICE/NO_DOC_OJS"))
    previous = dict.fromkeys([*pointers[int(changing) :], *(reference(text) for text in coded if text)])
    if changing:
        previous.pop(pointers[0], None)
    parties = dict.fromkeys(Party(role="buyer", organisation=buyer) for buyer in buyers)
    for award in facts.awards:
        for lot in facts.lots_meant(award.lots) or (None,):
            for supplier in award.suppliers:
                parties[Party(role="supplier", organisation=supplier, lot_number=lot)] = None
    return Notice(
        notice_identifier=export.number,
        version="01",
        publication_number=export.number,
        notice_type=notice_type,
        notice_subtype=form_number(export) or None,
        form_type=form_type,
        procedure_type=procedure_of(export),
        legal_basis=legal_basis_of(export),
        sdk_version=export.form.get("VERSION") or "R2.0.9",
        language=export.language,
        title=facts.title,
        titles=facts.titles,
        description=facts.description,
        published_on=clean.iso_date(export.text(export.root, f"{_CODED}/REF_OJS/DATE_PUB")),
        sent_at=_at(export, export.text(export.root, f"{_CODED}/CODIF_DATA/DS_DATE_DISPATCH"), None, time()),
        country=export.country,
        contract_nature=facts.contract_nature,
        cpv_main=facts.cpv_main,
        cpv_additional=facts.cpv_additional,
        nuts=facts.nuts,
        value=facts.value,
        value_kind=facts.value_kind,
        withheld=tuple(sorted(export.withheld)),
        changes=pointers[0] if changing else None,
        change_reason=facts.reason,
        previous=tuple(previous),
        url=notice_url(export.number),
        lots=_lots(export, facts),
        parties=tuple(parties),
    )


def _lots(export: Export, facts: Form) -> tuple[Lot, ...]:
    """The lots, each with what the form says once for all of them.

    Reserved flags are per notice in TED XML; a notice whose text reserves one lot only cannot be told apart.
    """
    deadline = _at(export, *facts.deadline, END_OF_DAY) if facts.deadline else None
    kind = "requests" if (procedure_code(export) or "") in _TWO_STAGES else "tenders"
    shared: dict[str, Any] = {
        "reserved_participation": facts.reserved,
        "reserved_execution": "yes" if facts.sheltered_programme else None,
        # TED XML tells that it is a framework or a dynamic system, and not which kind: no code of eForms fits.
        "framework": "framework" if facts.framework else None,
        "dynamic_purchasing": "dps" if facts.dynamic else None,
        "deadline_at": deadline,
        "deadline_kind": kind if deadline else None,
    }
    outcomes: dict[str, dict[str, Any]] = {}
    for award in facts.awards:
        for lot in facts.lots_meant(award.lots):
            _add_outcome(outcomes.setdefault(lot, {}), award)
    return tuple(
        Lot(lot_number=number, **(fields | shared | outcomes.get(number, {}))) for number, fields in facts.lots.items()
    )


def _add_outcome(outcome: dict[str, Any], award: Award) -> None:
    """A lot awarded to several in turn is awarded, whatever another award says."""
    if award.awarded:
        outcome |= {"outcome": "selec-w", "outcome_reason": None}
    elif "outcome" not in outcome:
        outcome |= {"outcome": "clos-nw", "outcome_reason": award.reason}
    if award.tenders_received is not None:
        outcome.setdefault("tenders_received", award.tenders_received)


def _at(export: Export, day: str | None, hour: str | None, missing: time) -> datetime | None:
    """An instant by the buyer's clock: TED XML gives no zones."""
    if day is None:
        return None
    if export.local is None:
        export.findings.missing("time zone", f"no clock known for country {export.country or '(none)'}: UTC")
    try:
        return instant(day, hour, export.local, missing=missing)
    except ValueError:
        export.findings.unreadable("date and time", f"{day} {hour or ''}".strip())
        return None


def _contracts(facts: Form, notice: Notice) -> Iterator[Contract]:
    """One per award. A number that returns for the same lot is told apart by the award's place."""
    buyers = tuple(party.organisation for party in notice.parties if party.role == "buyer")
    used: set[tuple[str, str | None]] = set()
    for award in facts.awards:
        if not award.awarded:
            continue
        own = award.reference if award.reference and award.reference.strip("-. ") else None
        number = own or award.key
        meant = facts.lots_meant(award.lots)
        lot = meant[0] if len(meant) == 1 else award.lots
        if (number, lot) in used:
            number = f"{number} ({award.key})"
        used.add((number, lot))
        fields = facts.lots.get(lot or "", {})
        yield Contract(
            kind="award",
            reference=number,
            title=award.title or fields.get("title") or notice.title,
            buyers=buyers,
            notice_key=notice.natural_key,
            lot_number=lot,
            decided_on=award.decided_on,
            signed_on=award.signed_on,
            starts_on=fields.get("starts_on"),
            ends_on=fields.get("ends_on"),
            value=award.value,
            amount_kind=_amount_kind(notice, award),
            cpv_main=fields.get("cpv_main") or notice.cpv_main,
            framework=facts.framework or None,
            suppliers=tuple(ContractSupplier(organisation=supplier) for supplier in award.suppliers),
        )


def _amount_kind(notice: Notice, award: Award) -> Any:
    if award.value is None:
        return None
    return "changed" if notice.form_type == "cont-modif" else "awarded"
