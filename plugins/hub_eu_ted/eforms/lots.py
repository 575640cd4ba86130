"""Lots (BT-137) and planned parts. Groups of lots (GLO-nnnn) are no lots and are left out."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from hub.sdk import Lot
from hub.sdk.formats.xml import Element
from hub_eu_ted import codes
from hub_eu_ted.clock import instant
from hub_eu_ted.eforms.document import EXTENSION, PROJECT, Document
from hub_eu_ted.eforms.results import LotOutcome

LOTS: Final = "cac:ProcurementProjectLot[cbc:ID[not(@schemeName) or @schemeName='Lot' or @schemeName='Part']]"
CPV_MAIN: Final = f"{PROJECT}/cac:MainCommodityClassification/cbc:ItemClassificationCode"
CPV_ADDITIONAL: Final = f"{PROJECT}/cac:AdditionalCommodityClassification/cbc:ItemClassificationCode"
NUTS: Final = f"{PROJECT}/cac:RealizedLocation/cac:Address/cbc:CountrySubentityCode"
NATURE: Final = f"{PROJECT}/cbc:ProcurementTypeCode"
ESTIMATE: Final = f"{PROJECT}/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"
MAXIMUM: Final = f"{PROJECT}/cac:RequestedTenderTotal/{EXTENSION}/efbc:FrameworkMaximumAmount"

_PROCESS: Final = "cac:TenderingProcess"
_TERMS: Final = "cac:TenderingTerms"
_DEADLINES: Final = (
    ("tenders", f"{_PROCESS}/cac:TenderSubmissionDeadlinePeriod"),
    ("requests", f"{_PROCESS}/cac:ParticipationRequestReceptionPeriod"),
    ("expressions", f"{_PROCESS}/{EXTENSION}/efac:InterestExpressionReceptionPeriod"),
)
"""BT-131, BT-1311, BT-630, in this order."""
_RESERVED: Final = (
    f"{_TERMS}/cac:TendererQualificationRequest/cac:SpecificTendererRequirement"
    "/cbc:TendererRequirementTypeCode[@listName='reserved-procurement']"
)
_EXECUTION: Final = (
    f"{_TERMS}/cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode[@listName='reserved-execution']"
)
_PERIOD: Final = f"{PROJECT}/cac:PlannedPeriod"
_EXTENDED: Final = f"{PROJECT}/cac:ContractExtension"


def read_lots(document: Document, local: tzinfo | None, outcomes: dict[str, LotOutcome]) -> tuple[Lot, ...]:
    """Every lot and part; ``local`` is the buyer's clock, ``outcomes`` what the notice's results say per lot."""
    return tuple(_lot(document, element, local, outcomes) for element in document.all(document.root, LOTS))


def _lot(document: Document, at: Element, local: tzinfo | None, outcomes: dict[str, LotOutcome]) -> Lot:
    number = document.text(at, "cbc:ID") or "LOT-0000"
    outcome = outcomes.get(number, LotOutcome())
    kind, deadline = _deadline(document, at, local)
    return Lot(
        lot_number=number,
        internal_id=document.text(at, f"{PROJECT}/cbc:ID"),
        title=document.spoken(at, f"{PROJECT}/cbc:Name"),
        titles=document.by_language(at, f"{PROJECT}/cbc:Name"),
        description=document.spoken(at, f"{PROJECT}/cbc:Description"),
        contract_nature=document.code(at, NATURE, "BT-23", codes.NATURE),
        cpv_main=document.text(at, CPV_MAIN),
        cpv_additional=document.texts(at, CPV_ADDITIONAL),
        nuts=document.texts(at, NUTS),
        countries=document.countries(
            at, f"{PROJECT}/cac:RealizedLocation/cac:Address/cac:Country/cbc:IdentificationCode", "BT-5141"
        ),
        reserved_participation=document.codes(at, _RESERVED, "BT-71", codes.RESERVED),
        reserved_execution=document.code(at, _EXECUTION, "BT-736", codes.APPLICABILITY),
        strategic=document.codes(at, _additional("strategic-procurement"), "BT-06", codes.STRATEGIC),
        social_objectives=document.codes(at, _additional("social-objective"), "BT-775", codes.SOCIAL),
        value=document.money(at, ESTIMATE, "BT-27"),
        framework=document.code(at, _system("framework-agreement"), "BT-765", codes.FRAMEWORK),
        framework_maximum=outcome.framework_maximum or document.money(at, MAXIMUM, "BT-271"),
        dynamic_purchasing=document.code(at, _system("dps-usage"), "BT-766", codes.DPS),
        deadline_at=deadline,
        deadline_kind=kind,
        starts_on=document.date(at, f"{_PERIOD}/cbc:StartDate", "BT-536"),
        ends_on=document.date(at, f"{_PERIOD}/cbc:EndDate", "BT-537"),
        duration=document.number(at, f"{_PERIOD}/cbc:DurationMeasure", "BT-36"),
        duration_unit=_duration_unit(document, at),
        renewals_max=document.number(at, f"{_EXTENDED}/cbc:MaximumNumberNumeric", "BT-58"),
        renewal_text=document.spoken(at, f"{_EXTENDED}/cac:Renewal/cac:Period/cbc:Description"),
        options_text=document.spoken(at, f"{_EXTENDED}/cbc:OptionsDescription"),
        outcome=outcome.code,
        outcome_reason=outcome.reason,
        tenders_received=outcome.tenders_received,
    )


def _additional(listed: str) -> str:
    return f"{PROJECT}/cac:ProcurementAdditionalType/cbc:ProcurementTypeCode[@listName='{listed}']"


def _system(listed: str) -> str:
    return f"{_PROCESS}/cac:ContractingSystem/cbc:ContractingSystemTypeCode[@listName='{listed}']"


def _deadline(document: Document, at: Element, local: tzinfo | None) -> tuple[str | None, datetime | None]:
    for kind, path in _DEADLINES:
        day = document.text(at, f"{path}/cbc:EndDate")
        if day is None:
            continue
        hour = document.text(at, f"{path}/cbc:EndTime")
        try:
            return kind, instant(day, hour, local)
        except ValueError:
            document.findings.unreadable(f"deadline for {kind}", f"{day} {hour or ''}".strip())
    return None, None


def _duration_unit(document: Document, at: Element) -> str | None:
    measure = document.first(at, f"{_PERIOD}/cbc:DurationMeasure")
    unit = None if measure is None else measure.get("unitCode")
    if unit:
        return document.findings.code("BT-36", unit, codes.PERIOD)
    return document.code(at, f"{_PERIOD}/cbc:DescriptionCode", "BT-538", codes.PERIOD)
