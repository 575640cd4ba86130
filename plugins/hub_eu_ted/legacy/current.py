"""R2.0.9, the layout of forms F01-F15, F20-F25, T01 and T02 since 2014 (``F03_2014``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from hub.sdk import Mention, clean
from hub.sdk.formats.xml import Element
from hub_eu_ted.legacy.export import Export, language
from hub_eu_ted.legacy.form import Award, Form

_NATURE: Final = {"WORKS": "works", "SUPPLIES": "supplies", "SERVICES": "services"}
_REASONS: Final = {"ADDITIONAL_NEED": "add-wss", "UNFORESEEN_CIRCUMSTANCE": "mod-cir"}
_SECTIONS: Final = frozenset(
    {
        "LEGAL_BASIS", "LEGAL_BASIS_OTHER", "DIRECTIVE", "NOTICE", "CONTRACTING_BODY", "OBJECT_CONTRACT", "LEFTI",
        "PROCEDURE", "AWARD_CONTRACT", "RESULTS", "MODIFICATIONS_CONTRACT", "CHANGES", "COMPLEMENTARY_INFO",
    }
)  # fmt: skip


def read(export: Export) -> Form:
    """The form's facts."""
    form = export.form
    for section in form:
        if section.tag not in _SECTIONS:
            export.findings.new(f"{form.tag!s}/{section.tag!s}")
    objects = form.findall("OBJECT_CONTRACT")
    main = objects[0] if objects else None
    procedure, lefti = form.find("PROCEDURE"), form.find("LEFTI")
    facts = Form(
        title=export.text(main, "TITLE"),
        titles=_titles(export),
        description=export.text(main, "SHORT_DESCR"),
        contract_nature=_NATURE.get(export.attribute(main, "TYPE_CONTRACT", "CTYPE") or ""),
        cpv_main=export.attribute(main, "CPV_MAIN/CPV_CODE", "CODE"),
        framework=_has(procedure, "FRAMEWORK"),
        dynamic=_has(procedure, "DPS"),
        reserved=tuple(
            code
            for tag, code in (
                ("RESTRICTED_SHELTERED_WORKSHOP", "res-ws"),
                ("RESERVED_ORGANISATIONS_SERVICE_MISSION", "res-pub-ser"),
            )
            if _has(lefti, tag)
        ),
        sheltered_programme=_has(lefti, "RESTRICTED_SHELTERED_PROGRAM"),
        deadline=_deadline(export, procedure),
        pointers=_pointers(export, form),
    )
    for place, contract in enumerate(objects, start=1):
        _read_lots(export, facts, contract, str(place) if len(objects) > 1 else None)
    facts.cpv_additional = tuple(dict.fromkeys(code for lot in facts.lots.values() for code in lot["cpv_additional"]))
    facts.nuts = tuple(dict.fromkeys(code for lot in facts.lots.values() for code in lot["nuts"]))
    _read_value(export, facts, main)
    facts.awards = [*_awards(export), *_prizes(export)]
    _read_modification(export, facts)
    return facts


def _titles(export: Export) -> dict[str, str]:
    found = {}
    for form in (export.form, *export.translations):
        if title := export.text(form, "OBJECT_CONTRACT/TITLE"):
            found[language(form) or "und"] = title
    return found


def _read_lots(export: Export, facts: Form, contract: Element, part: str | None) -> None:
    """F01 and F04 have several contracts, each with lots: the part's number goes before the lot's."""
    descriptions = contract.findall("OBJECT_DESCR")
    for at in descriptions:
        number = export.text(at, "LOT_NO")
        if part is not None:
            number = f"{part}.{number}" if number else part
        facts.add_lot(number, _lot(export, at, contract, alone=len(descriptions) == 1))


def _lot(export: Export, at: Element, contract: Element, *, alone: bool) -> dict[str, Any]:
    own = export.text(at, "TITLE") or (export.text(contract, "TITLE") if alone else None)
    duration = at.find("DURATION")
    unit = None if duration is None else duration.get("TYPE")
    return {
        "title": own,
        "titles": {export.language or "und": own} if own else {},
        "description": export.text(at, "SHORT_DESCR"),
        "contract_nature": _NATURE.get(export.attribute(contract, "TYPE_CONTRACT", "CTYPE") or ""),
        "cpv_main": export.attribute(contract, "CPV_MAIN/CPV_CODE", "CODE"),
        "cpv_additional": export.attributes(at, "CPV_ADDITIONAL/CPV_CODE", "CODE"),
        "nuts": export.attributes(at, "NUTS", "CODE"),
        "value": export.money(at.find("VAL_OBJECT")),
        "starts_on": _date(export, at, "DATE_START"),
        "ends_on": _date(export, at, "DATE_END"),
        "duration": export.number_at(at, "DURATION"),
        "duration_unit": "UNLIMITED" if at.find("INDEFINITE_DURATION") is not None else unit,
        "renewal_text": export.text(at, "RENEWAL_DESCR"),
        "options_text": export.text(at, "OPTIONS_DESCR"),
    }


def _deadline(export: Export, procedure: Element | None) -> tuple[str, str | None] | None:
    day = export.text(procedure, "DATE_RECEIPT_TENDERS")
    return (day, export.text(procedure, "TIME_RECEIPT_TENDERS")) if day else None


def _read_value(export: Export, facts: Form, main: Element | None) -> None:
    """VAL_TOTAL is what was awarded, VAL_ESTIMATED_TOTAL the estimate; a range (lowest, highest) is neither."""
    if main is None:
        return
    total = export.money(main.find("VAL_TOTAL"))
    estimate = export.money(main.find("VAL_ESTIMATED_TOTAL"))
    facts.value = total or estimate
    facts.value_kind = "awarded" if total else "estimated" if estimate else None


def _awards(export: Export) -> Iterator[Award]:
    for place, at in enumerate(export.form.iterfind("AWARD_CONTRACT"), start=1):
        key = at.get("ITEM") or str(place)
        inner = at.find("AWARDED_CONTRACT")
        if inner is None:
            none = at.find("NO_AWARDED_CONTRACT")
            reason = (
                next((str(el.tag) for el in none if str(el.tag).startswith("PROCUREMENT_")), None)
                if (none is not None)
                else None
            )
            yield Award(key, export.text(at, "LOT_NO"), awarded=False, reason=reason)
            continue
        total = next(inner.iter("VAL_TOTAL"), None)
        yield Award(
            key=key,
            lots=export.text(at, "LOT_NO"),
            awarded=True,
            reference=export.text(at, "CONTRACT_NO"),
            title=export.text(at, "TITLE"),
            suppliers=_winners(export, inner),
            value=export.money(total),
            signed_on=_date(export, inner, "DATE_CONCLUSION_CONTRACT"),
            tenders_received=_count(export, next(inner.iter("NB_TENDERS_RECEIVED"), None)),
        )


def _winners(export: Export, at: Element) -> tuple[Mention, ...]:
    """An award without contractors had them taken out before publication (PUBLICATION="NO")."""
    found = _contractors(export, at, "ADDRESS_CONTRACTOR")
    if not found:
        export.withheld.add("CONTRACTORS")
    return found


def _prizes(export: Export) -> Iterator[Award]:
    """F13: a jury's prize stands in the place of a contract."""
    for place, at in enumerate(export.form.iterfind("RESULTS/AWARDED_PRIZE"), start=1):
        yield Award(
            key=str(place),
            lots=None,
            awarded=True,
            suppliers=_contractors(export, at, "ADDRESS_WINNER"),
            value=export.money(at.find("VAL_PRIZE")),
            decided_on=_date(export, at, "DATE_DECISION_JURY"),
            tenders_received=_count(export, next(at.iter("NB_PARTICIPANTS"), None)),
        )


def _read_modification(export: Export, facts: Form) -> None:
    """F20: the award stands in AWARD_CONTRACT, what it costs now in INFO_MODIFICATIONS."""
    info = export.form.find("MODIFICATIONS_CONTRACT/INFO_MODIFICATIONS")
    if info is None:
        return
    facts.reason = next((code for tag, code in _REASONS.items() if _has(info, tag)), None)
    after = export.money(next(info.iter("VAL_TOTAL_AFTER"), None))
    if after is not None:
        facts.value, facts.value_kind = after, "awarded"
        if len(facts.awards) == 1:
            facts.awards[0].value = after


def _contractors(export: Export, at: Element, tag: str) -> tuple[Mention, ...]:
    found = (export.mention(address) for address in at.iter(tag) if export.published(address) is not None)
    return tuple(dict.fromkeys(mention for mention in found if mention is not None))


def _pointers(export: Export, form: Element) -> tuple[str, ...]:
    paths = ("COMPLEMENTARY_INFO/NOTICE_NUMBER_OJ", "PROCEDURE/NOTICE_NUMBER_OJ")
    found = [export.text(element) for path in paths for element in form.iterfind(path)]
    return tuple(dict.fromkeys(text for text in found if text))


def _date(export: Export, at: Element, path: str) -> date | None:
    text = export.text(at, path)
    try:
        return clean.iso_date(text)
    except ValueError:
        export.findings.unreadable(path, text or "")
        return None


def _count(export: Export, element: Element | None) -> int | None:
    element = export.published(element)
    return None if element is None else export.number_at(element, ".")


def _has(at: Element | None, tag: str) -> bool:
    return at is not None and at.find(tag) is not None
