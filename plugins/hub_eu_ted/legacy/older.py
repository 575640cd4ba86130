"""R2.0.7 and R2.0.8, and the defence forms F16-F19 that kept their layout until 2022.

Names of sections carry the form's name (``CONTRACT_AWARD_DEFENCE``), names of facts mostly do not: facts are looked
for by name, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from hub.sdk import Mention, Money
from hub.sdk.formats.xml import Element
from hub_eu_ted.clock import date_of_parts
from hub_eu_ted.legacy.export import Export, language
from hub_eu_ted.legacy.form import Award, Form

_NATURE: Final = {"WORKS": "works", "SUPPLIES": "supplies", "SERVICES": "services", "SERVICE": "services"}
_COSTS: Final = ("COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE", "COSTS_RANGE_AND_CURRENCY")
_DESCRIPTIONS: Final = ("SHORT_CONTRACT_DESCRIPTION", "TOTAL_QUANTITY_OR_SCOPE", "DESCRIPTION")
_FRAMEWORKS: Final = ("CONCLUSION_FRAMEWORK_AGREEMENT", "F17_FRAMEWORK", "F02_FRAMEWORK", "F16_FRAMEWORK")


def read(export: Export) -> Form:
    """The form's facts."""
    form = export.form
    lots = _lot_elements(form)
    # The elements themselves, not their id(): lxml makes a new object for an element that nobody holds.
    inside = {code for lot in lots for code in lot.iter("CPV_MAIN", "CPV_ADDITIONAL")}
    cpv = [code for code in form.iter("CPV_MAIN") if code not in inside]
    more = [code for code in form.iter("CPV_ADDITIONAL") if code not in inside]
    titles = _titles(export)
    facts = Form(
        title=titles.get(export.language or "und"),
        titles=titles,
        description=next((t for tag in _DESCRIPTIONS if (t := export.text(form, f".//{tag}"))), None),
        contract_nature=_nature(export),
        cpv_main=export.attribute(cpv[0], "CPV_CODE", "CODE") if cpv else None,
        cpv_additional=tuple(dict.fromkeys(code for at in more for code in export.attributes(at, "CPV_CODE", "CODE"))),
        nuts=tuple(dict.fromkeys(nuts.get("CODE", "") for nuts in form.iter("NUTS") if nuts.get("CODE"))),
        framework=any(form.find(f".//{tag}") is not None for tag in _FRAMEWORKS),
        dynamic=form.find(".//SETTING_UP_DPS") is not None or form.find(".//CONTRACTS_DPS") is not None,
        reserved=("res-ws",) if _reserved(form, "RESTRICTED_TO_SHELTERED_WORKSHOPS") else (),
        sheltered_programme=_reserved(form, "RESTRICTED_TO_FRAMEWORK"),
        deadline=_deadline(export),
        pointers=tuple(dict.fromkeys(text for el in form.iter("NOTICE_NUMBER_OJ") if (text := export.text(el)))),
    )
    total, estimate = _cost(export, form.find(".//TOTAL_FINAL_VALUE")), _estimate(export)
    facts.value = total or estimate
    facts.value_kind = "awarded" if total else "estimated" if estimate else None
    facts.awards = list(_awards(export))
    period = _period(export)
    for lot in lots:
        facts.add_lot(export.text(lot, "LOT_NUMBER"), period | _lot(export, lot))
    if not lots:
        _lots_of_awards(facts, period)
    return facts


def _lot_elements(form: Element) -> list[Element]:
    """Annex B per lot, or the defence forms' own list; an award's LOT_NUMBER only points."""
    holders = (number.getparent() for number in form.iter("LOT_NUMBER"))
    return [at for at in holders if at is not None and not str(at.tag).startswith("AWARD_OF_CONTRACT")]


def _lot(export: Export, at: Element) -> dict[str, Any]:
    title = export.text(at, "LOT_TITLE")
    fields = {
        "title": title,
        "titles": {export.language or "und": title} if title else {},
        "description": export.text(at, ".//LOT_DESCRIPTION"),
        "cpv_main": export.attribute(at, ".//CPV_MAIN/CPV_CODE", "CODE"),
        "cpv_additional": export.attributes(at, ".//CPV_ADDITIONAL/CPV_CODE", "CODE"),
        "value": _cost(export, at),
    }
    return {name: value for name, value in fields.items() if value}


def _lots_of_awards(facts: Form, period: dict[str, Any]) -> None:
    """Award notices name lots in their awards alone; a notice without any has one."""
    named: dict[str | None, None] = dict.fromkeys(award.lots for award in facts.awards if award.lots)
    shared = {"cpv_main": facts.cpv_main, "nuts": facts.nuts, "contract_nature": facts.contract_nature}
    for number in named or {None: None}:
        title = next((a.title for a in facts.awards if a.lots == number and number), facts.title)
        facts.add_lot(number, period | shared | {"title": title, "cpv_additional": facts.cpv_additional})


def _titles(export: Export) -> dict[str, str]:
    found = {}
    for form in (export.form, *export.translations):
        if title := export.text(form, ".//TITLE_CONTRACT"):
            found[language(form) or "und"] = title
    return found


def _nature(export: Export) -> str | None:
    written = export.attribute(export.form, ".//TYPE_CONTRACT", "VALUE") or export.attribute(
        export.form, "*[@CTYPE]", "CTYPE"
    )
    return _NATURE.get((written or "").upper())


def _reserved(form: Element, tag: str) -> bool:
    return form.find(f".//RESERVED_CONTRACTS/{tag}") is not None


def _deadline(export: Export) -> tuple[str, str | None] | None:
    at = export.form.find(".//RECEIPT_LIMIT_DATE")
    day = _date(export, at)
    return (day.isoformat(), export.text(at, "TIME")) if day else None


def _period(export: Export) -> dict[str, Any]:
    at = export.form.find(".//PERIOD_WORK_DATE_STARTING")
    if at is None:
        return {}
    unit = "MONTH" if at.find("MONTHS") is not None else "DAY" if at.find("DAYS") is not None else None
    return {
        "duration": export.number_at(at, f"{unit}S") if unit else None,
        "duration_unit": unit,
        "starts_on": _date(export, at.find(".//START_DATE")),
        "ends_on": _date(export, at.find(".//END_DATE")),
    }


def _cost(export: Export, at: Element | None) -> Money | None:
    if at is None:
        return None
    return next((money for cost in at.iter(*_COSTS) if (money := export.money(cost))), None)


def _estimate(export: Export) -> Money | None:
    places = ("TOTAL_ESTIMATED", "NATURE_QUANTITY_SCOPE", "QUANTITY_SCOPE")
    return next((money for tag in places if (money := _cost(export, export.form.find(f".//{tag}")))), None)


def _awards(export: Export) -> Iterator[Award]:
    awards = [el for el in export.form.iter("*") if str(el.tag).startswith("AWARD_OF_CONTRACT") and len(el)]
    for place, at in enumerate(awards, start=1):
        yield Award(
            key=at.get("ITEM") or str(place),
            lots=export.text(at, "LOT_NUMBER"),
            awarded=True,
            reference=export.text(at, "CONTRACT_NUMBER"),
            title=export.text(at, "CONTRACT_TITLE"),
            suppliers=_operators(export, at),
            value=_cost(export, at.find("CONTRACT_VALUE_INFORMATION")),
            decided_on=_date(export, at.find("CONTRACT_AWARD_DATE")),
            tenders_received=export.number_at(at, "OFFERS_RECEIVED_NUMBER"),
        )


def _operators(export: Export, at: Element) -> tuple[Mention, ...]:
    addresses = at.iterfind("ECONOMIC_OPERATOR_NAME_ADDRESS/*")
    found = (export.mention(address) for address in addresses)
    return tuple(dict.fromkeys(mention for mention in found if mention is not None))


def _date(export: Export, at: Element | None) -> date | None:
    if at is None:
        return None
    parts = [export.text(at, part) for part in ("YEAR", "MONTH", "DAY")]
    try:
        return date_of_parts(*parts)
    except ValueError:
        export.findings.unreadable(str(at.tag), "-".join(part or "" for part in parts))
        return None
