"""Procurement notices with lots and parties. Terms follow the EU eProcurement vocabulary; BT numbers are eForms'."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field, model_validator

from hub.model.identifier import Mention
from hub.model.money import Money
from hub.model.record import Record, Value


class Party(Value):
    """An organisation's role in a notice (OCDS ``parties/roles``): buyer, supplier, tenderer, subcontractor, ..."""

    role: str
    organisation: Mention
    lot_number: str | None = None


class Lot(Value):
    """A lot (anbudsområde). Codes stand as published."""

    lot_number: str = Field(description="BT-137: LOT-0001; PAR-0001 for a planned part")
    internal_id: str | None = Field(default=None, description="BT-22")
    title: str | None = None
    titles: dict[str, str] = Field(default_factory=dict, description="By ISO 639-3 language, as published")
    description: str | None = None
    contract_nature: str | None = Field(default=None, description="BT-23: works, supplies, services")
    cpv_main: str | None = Field(default=None, description="BT-262")
    cpv_additional: tuple[str, ...] = Field(default=(), description="BT-263")
    nuts: tuple[str, ...] = Field(default=(), description="BT-5071")
    countries: tuple[str, ...] = Field(default=(), description="BT-5141, ISO 3166-1 alpha-2")
    reserved_participation: tuple[str, ...] = Field(
        default=(), description="BT-71: none, res-ws, res-pub-ser; empty when the notice does not say"
    )
    reserved_execution: str | None = Field(default=None, description="BT-736: yes, no, not-known")
    strategic: tuple[str, ...] = Field(default=(), description="BT-06")
    social_objectives: tuple[str, ...] = Field(default=(), description="BT-775")
    value: Money | None = Field(default=None, description="BT-27 estimated value excluding VAT")
    framework: str | None = Field(default=None, description="BT-765: none, fa-wo-rc, fa-w-rc, fa-mix")
    framework_maximum: Money | None = Field(default=None, description="BT-271 in calls, BT-709 in results")
    dynamic_purchasing: str | None = Field(default=None, description="BT-766")
    deadline_at: AwareDatetime | None = Field(default=None, description="BT-131, else BT-1311, else BT-630")
    deadline_kind: str | None = Field(default=None, description="tenders, requests or expressions")
    starts_on: date | None = Field(default=None, description="BT-536")
    ends_on: date | None = Field(default=None, description="BT-537")
    duration: int | None = Field(default=None, description="BT-36, counted in duration_unit")
    duration_unit: str | None = Field(default=None, description="BT-36 unit (DAY, WEEK, MONTH, YEAR) or BT-538 code")
    renewals_max: int | None = Field(default=None, description="BT-58")
    renewal_text: str | None = Field(default=None, description="BT-57")
    options_text: str | None = Field(default=None, description="BT-54")
    outcome: str | None = Field(default=None, description="BT-142: selec-w, open-nw, clos-nw")
    outcome_reason: str | None = Field(default=None, description="BT-144")
    tenders_received: int | None = Field(default=None, description="BT-759 for BT-760 tenders")


class Notice(Record):
    """One edition of one notice version.

    A publication is identified by notice id and version (BT-701, BT-757); when withheld values become public the same
    version appears again under a new publication number, so an edition is version plus number.
    """

    entity: ClassVar[str] = "notice"

    notice_identifier: str = Field(description="BT-701 UUID; legacy notices: their publication number")
    version: str = Field(description="BT-757, two digits")
    publication_number: str | None = Field(default=None, description="OPP-010 without leading zeros: 421816-2024")
    notice_type: str | None = Field(default=None, description="BT-02 as published, e.g. cn-standard")
    notice_subtype: str | None = Field(default=None, description="OPP-070")
    form_type: str | None = Field(default=None, description="BT-03: planning, competition, result, ...")
    procedure_id: str | None = Field(default=None, description="BT-04; joins calls, awards and changes")
    procedure_type: str | None = Field(default=None, description="BT-105")
    legal_basis: str | None = Field(default=None, description="BT-01")
    sdk_version: str | None = Field(default=None, description="OPT-002 customisation, or the TED XML release")
    language: str | None = Field(default=None, description="BT-702, ISO 639-3 upper case as published")
    title: str | None = Field(default=None, description="BT-21 in the official language")
    titles: dict[str, str] = Field(default_factory=dict)
    description: str | None = Field(default=None, description="BT-24 in the official language")
    published_on: date | None = Field(default=None, description="OPP-012")
    sent_at: datetime | None = Field(default=None, description="BT-05")
    country: str | None = Field(default=None, description="The first buyer's country, ISO 3166-1 alpha-2")
    contract_nature: str | None = None
    cpv_main: str | None = None
    cpv_additional: tuple[str, ...] = ()
    nuts: tuple[str, ...] = ()
    value: Money | None = None
    value_kind: str | None = Field(default=None, description="estimated (BT-27), awarded (BT-161) or framework_maximum")
    withheld: tuple[str, ...] = Field(default=(), description="BT-195: fields withheld from publication")
    changes: str | None = Field(default=None, description="BT-758 or BT-1501: the notice changed, as written")
    change_reason: str | None = Field(default=None, description="BT-140 or BT-200")
    previous: tuple[str, ...] = Field(default=(), description="Earlier notices that this one points to, as written")
    url: str | None = None
    lots: tuple[Lot, ...] = ()
    parties: tuple[Party, ...] = ()

    @model_validator(mode="after")
    def _lots_differ(self) -> Self:
        numbers = [lot.lot_number for lot in self.lots]
        if len(set(numbers)) < len(numbers):
            twice = next(number for number in numbers if numbers.count(number) > 1)
            message = f"two lots have the number {twice!r}"
            raise ValueError(message)
        return self

    @property
    def natural_key(self) -> tuple[str, ...]:
        """Notice id, version and the edition's publication number."""
        return (self.notice_identifier, self.version, self.publication_number or "")
