"""What is known about one organisation when the signals look at it: plain values with the source of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hub.model import DateBasis


@dataclass(frozen=True, slots=True)
class Origin:
    """The claim that gave a value.

    ``settled`` says that the claim has not changed since the hub first saw it. Only then may a value be assumed to
    hold from registration: after a change nobody knows which of its values is new.
    """

    source_id: str
    settled: bool = True


@dataclass(frozen=True, slots=True)
class ActivityFact:
    """An industry code; the scheme holds its version."""

    scheme: str
    code: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """A period in a special register, network or certificate list; both days belong to it."""

    register_id: str
    register_name: str
    source_id: str
    valid_from: date
    valid_from_basis: DateBasis
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """One organisation as the store knows it now. ``None`` means that no source says."""

    organisation_id: str
    scheme: str
    identifier: str
    name: str | None = None
    country: str | None = None
    legal_form: str | None = None
    legal_form_scheme: str | None = None
    kind: str | None = None
    status: str | None = None
    registered_on: date | None = None
    dissolved_on: date | None = None
    purpose: str | None = None
    activities: tuple[ActivityFact, ...] = ()
    memberships: tuple[MembershipFact, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """By field: which claim gave it. A field without an origin is no longer claimed by anyone and proves nothing."""

    @property
    def form(self) -> str | None:
        """The legal form's bare code: Bolagsverket's file says ``EK-ORGFO`` where its interface says ``EK``."""
        return self.legal_form.removesuffix("-ORGFO") if self.legal_form else None

    @property
    def gone_since_unknown(self) -> bool:
        """Struck off without a date: nothing can be said about any day."""
        return self.status == "dissolved" and self.dissolved_on is None

    def is_of(self, country: str) -> bool:
        """Whether the organisation is registered in ``country`` (ISO 3166-1 alpha-2)."""
        return self.country == country or self.scheme.startswith(f"{country}-")
