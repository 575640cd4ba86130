"""Contracts: awards from notices, agreements from catalogues, planned purchases."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from hub.model.identifier import Mention
from hub.model.money import Money
from hub.model.record import Record, Value


class ContractSupplier(Value):
    """One supplier in a contract; several mean a consortium or ranked suppliers of a framework."""

    organisation: Mention
    rank: int | None = None
    lead: bool | None = None


class Contract(Record):
    """One award of one lot, one agreement, or one planned purchase."""

    entity: ClassVar[str] = "contract"

    kind: Literal["award", "agreement", "planned"]
    reference: str = Field(description="BT-150, or the catalogue's number; unique with lot within its notice or list")
    title: str | None = None
    buyers: tuple[Mention, ...] = Field(default=(), description="The first one is the contract's buyer")
    procedure_id: str | None = None
    notice_key: tuple[str, ...] | None = Field(default=None, description="Natural key of the notice it stands in")
    lot_number: str | None = None
    decided_on: date | None = Field(default=None, description="BT-1451")
    signed_on: date | None = Field(default=None, description="BT-145")
    starts_on: date | None = None
    ends_on: date | None = Field(default=None, description="End without extensions")
    extendable_until: date | None = Field(default=None, description="End with every extension used")
    value: Money | None = None
    amount_kind: Literal["awarded", "framework_maximum", "estimated", "changed"] | None = None
    cpv_main: str | None = None
    framework: bool | None = None
    suppliers: tuple[ContractSupplier, ...] = ()

    @property
    def natural_key(self) -> tuple[str, ...]:
        """The notice (or nothing), the reference and the lot."""
        return ("/".join(self.notice_key or ()), self.reference, self.lot_number or "")
