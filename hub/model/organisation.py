"""What a register says about one organisation, and membership of special registers and networks."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from hub.model.code import Code
from hub.model.identifier import Identifier, Mention
from hub.model.record import Record, Value


class Kind(StrEnum):
    """What sort of body it is, across countries. The register's own form stands beside it in ``legal_form``."""

    COMPANY = "company"
    COOPERATIVE = "cooperative"
    ASSOCIATION = "association"
    FOUNDATION = "foundation"
    FAITH_COMMUNITY = "faith_community"
    HOUSING = "housing"
    PARTNERSHIP = "partnership"
    PUBLIC_BODY = "public_body"
    ESTATE = "estate"
    BRANCH = "branch"
    OTHER = "other"


class Status(StrEnum):
    """Whether the register counts it as existing."""

    ACTIVE = "active"
    WINDING_UP = "winding_up"
    DISSOLVED = "dissolved"


DateBasis = Literal["published", "first_seen", "assumed"]
"""Where a start date comes from: the source states it; the hub first saw it then; or it follows from something else."""


class Activity(Value):
    """An industry code of an organisation; rank 1 is the main one."""

    code: Code
    rank: int = Field(ge=1)


class Figure(Value):
    """A yearly figure: ``Figure(figure="employees", year=2024, value="12", unit="persons")``."""

    figure: str
    year: int
    value: str = Field(description="Exact decimal text")
    unit: str


class Organisation(Record):
    """One register row about one organisation. ``None`` means that this source does not say."""

    entity: ClassVar[str] = "organisation_claim"

    identifier: Identifier
    name: str
    row_key: str = Field(default="", description="Tells rows of one number apart (Bolagsverket's namnskyddslöpnummer)")
    other_identifiers: tuple[Identifier, ...] = ()
    other_names: tuple[str, ...] = ()
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2")
    legal_form: str | None = None
    legal_form_scheme: str | None = None
    kind: Kind | None = None
    status: Status | None = None
    status_reason: str | None = Field(default=None, description="The register's code for why, e.g. KKAV")
    registered_on: date | None = None
    dissolved_on: date | None = None
    street: str | None = None
    postal_code: str | None = None
    locality: str | None = None
    municipality_code: str | None = None
    municipality_basis: Literal["seat", "postal_code", "reference"] | None = None
    purpose: str | None = Field(default=None, description="Registered purpose or line of business, in its own words")
    activities: tuple[Activity, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def natural_key(self) -> tuple[str, ...]:
        """Scheme, number and the row's own key."""
        return (self.identifier.scheme, self.identifier.value, self.row_key)


class Membership(Record):
    """An organisation's place in a special register, a network or a certificate list."""

    entity: ClassVar[str] = "membership"

    register_id: str = Field(description="Id that signals refer to, e.g. se_idebura")
    register_name: str
    member: Mention
    number: str | None = Field(default=None, description="The member's number in that register")
    valid_from: date | None = None
    valid_to: date | None = None
    valid_from_basis: DateBasis | None = None

    @property
    def natural_key(self) -> tuple[str, ...]:
        """Register, member (by number or pseudonym, else by name) and the start of the period."""
        who = self.member.organisation_id or self.member.pseudonym or (self.member.name or "").casefold()
        return (self.register_id, who, self.number or "", self.valid_from.isoformat() if self.valid_from else "")
