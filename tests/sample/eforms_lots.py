"""Lots (and parts of planned purchases) in eForms notices."""

from __future__ import annotations

from typing import Final

from tests.sample.eforms_parts import contracting_party, cpv, dated, money, offset, place, reference, text
from tests.sample.procedures import Lot, Procedure, Publication
from tests.sample.xml import Node, el, path

# A notice whose date and time of one deadline carry different offsets.
UNEVEN_OFFSETS: Final = ("990720-2026",)

__all__ = ["contracting_party", "lot_id", "lot_node", "project"]


def lot_id(procedure: Procedure, number: int, stage: str = "call") -> str:
    if stage == "planning":
        return f"PAR-{number:04d}"
    single = len(procedure.lots) == 1 and procedure.buyer == "grannkommunen"
    return "LOT-0000" if single else f"LOT-{number:04d}"


def project(procedure: Procedure) -> Node:
    return el("cac:ProcurementProject", (
        el("cbc:ID", procedure.key.upper(), schemeName="InternalID"),
        *text("cbc:Name", procedure.title, procedure.english),
        *text("cbc:Description", procedure.description),
        el("cbc:ProcurementTypeCode", procedure.nature, listName="contract-nature"),
        path("cac:RequestedTenderTotal", (
            money("cbc:EstimatedOverallContractAmount", sum(lot.value for lot in procedure.lots)),)),
        cpv(procedure.lots[0].cpv),
        place(),
    ))  # fmt: skip


def lot_node(procedure: Procedure, number: int, notice: Publication) -> Node:
    lot = procedure.lots[number - 1]
    planning = notice.stage == "planning"
    calls = notice.stage in {"call", "change"}
    return el("cac:ProcurementProjectLot", (
        el("cbc:ID", lot_id(procedure, number, notice.stage), schemeName="Part" if planning else "Lot"),
        _terms(lot, calls=calls),
        None if planning else _process(lot, notice),
        _lot_project(procedure, number, planning=planning),
    ))  # fmt: skip


def _terms(lot: Lot, *, calls: bool) -> Node:
    appeal = path("cac:AppealTerms/cac:AppealReceiverParty", (reference("ORG-0002"),))
    if not calls:
        return el("cac:TenderingTerms", (appeal,))
    return el("cac:TenderingTerms", (
        el("cbc:FundingProgramCode", "no-eu-funds", listName="eu-funded"),
        path("cac:TendererQualificationRequest/cac:SpecificTendererRequirement/cbc:TendererRequirementTypeCode",
             lot.reserved, listName="reserved-procurement"),
        path("cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode", lot.execution,
             listName="reserved-execution"),
        path("cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode", "required", listName="einvoicing"),
        appeal,
        path("cac:Language/cbc:ID", "SWE"),
    ))  # fmt: skip


def _process(lot: Lot, notice: Publication) -> Node:
    deadline = None
    if notice.deadline:
        day, clock = notice.deadline.split("T")
        shift = "+02:00" if notice.number in UNEVEN_OFFSETS else offset(day)
        deadline = el("cac:TenderSubmissionDeadlinePeriod", (
            el("cbc:EndDate", day + shift), el("cbc:EndTime", f"{clock}:00{offset(day)}")))  # fmt: skip
    return el("cac:TenderingProcess", (
        el("cbc:SubmissionMethodCode", "required", listName="esubmission") if deadline else None,
        deadline,
        path("cac:ContractingSystem/cbc:ContractingSystemTypeCode", lot.framework, listName="framework-agreement"),
        path("cac:ContractingSystem/cbc:ContractingSystemTypeCode", "none", listName="dps-usage"),
    ))  # fmt: skip


def _lot_project(procedure: Procedure, number: int, *, planning: bool) -> Node:
    lot = procedure.lots[number - 1]
    extra = [("strategic-procurement", code) for code in lot.strategic or ("none",)]
    extra += [("social-objective", code) for code in lot.social]
    return el("cac:ProcurementProject", (
        el("cbc:ID", f"{procedure.key}-{number}", schemeName="InternalID"),
        *text("cbc:Name", lot.title, procedure.english),
        *text("cbc:Description", f"{lot.title}. {procedure.description}"),
        el("cbc:ProcurementTypeCode", procedure.nature, listName="contract-nature"),
        *([] if planning else [
            path("cac:ProcurementAdditionalType/cbc:ProcurementTypeCode", code, listName=name)
            for name, code in extra]),
        path("cac:RequestedTenderTotal", _amounts(lot)),
        cpv(lot.cpv),
        place(),
        None if planning else _period(lot),
        _extension(lot) if lot.renewals and not planning else None,
    ))  # fmt: skip


def _amounts(lot: Lot) -> list[Node]:
    amount = money("cbc:EstimatedOverallContractAmount", lot.value)
    if lot.framework == "none":
        return [amount]
    maximum = path("ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension",
                   (money("efbc:FrameworkMaximumAmount", lot.value * 12 // 10),))  # fmt: skip
    return [maximum, amount]


def _period(lot: Lot) -> Node:
    if lot.ends:
        return el("cac:PlannedPeriod", (el("cbc:StartDate", dated(lot.starts)), el("cbc:EndDate", dated(lot.ends))))
    return path("cac:PlannedPeriod/cbc:DurationMeasure", lot.months, unitCode="MONTH")


def _extension(lot: Lot) -> Node:
    return el("cac:ContractExtension", (
        el("cbc:MaximumNumberNumeric", lot.renewals),
        path("cac:Renewal/cac:Period", text("cbc:Description", "Kan förlängas med 12 månader i taget.")),
    ))  # fmt: skip
