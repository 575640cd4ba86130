"""Facts × signals → hits, and the dated evidence that hits become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from hub.model import DateBasis, make_id
from hub.model.person import mask_person_numbers
from hub.social.catalogue import Signals
from hub.social.condition import Condition, Findings
from hub.social.facts import OrganisationFacts, Origin
from hub.social.phrase import EXCERPT
from hub.social.signal import Signal

_LISTED: Final = "hub:"
"""Before the name of one of the hub's own list files, as the source of what rests on it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A signal that fires now. Without ``valid_from`` nobody published when it began; see ``assumed_from``."""

    signal: str
    criterion: str
    strength: str
    source_id: str
    field: str
    value: str
    legal_reference: str | None = None
    valid_from: date | None = None
    valid_from_basis: DateBasis | None = None
    valid_to: date | None = None
    assumed_from: date | None = None

    @property
    def key(self) -> tuple[str, str, str, date | None]:
        """What makes two hits the same claim: an undated one stays itself while its value does."""
        return (self.signal, self.source_id, self.value, self.valid_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stored reason for or against, in force from ``valid_from`` to ``valid_to``, both days included."""

    id: str
    organisation_id: str
    signal: str
    criterion: str
    strength: str
    source_id: str
    field: str
    value: str
    valid_from: date | None
    valid_from_basis: DateBasis | None
    valid_to: date | None
    legal_reference: str | None
    first_seen_at: datetime

    @property
    def criteria(self) -> frozenset[str]:
        """The criteria that it supports, or after ``exclusion`` speaks against."""
        return frozenset(self.criterion.split("+"))

    @property
    def against(self) -> bool:
        """Whether it speaks against."""
        return "exclusion" in self.criteria

    def in_force(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def evidence_id(organisation_id: str, hit: Hit, valid_from: date | None) -> str:
    """The evidence's id, which follows from what it says and when it begins."""
    value = sha256(hit.value.encode()).hexdigest()[:16]
    start = valid_from.isoformat() if valid_from else ""
    return make_id("social_evidence", organisation_id, hit.signal, hit.source_id, value, start)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One value of one field."""

    value: str
    origin: Origin
    shown: str | None = None
    valid_from: date | None = None
    valid_from_basis: DateBasis | None = None
    valid_to: date | None = None


def collect(facts: OrganisationFacts, signals: Signals) -> list[Hit]:
    """Every signal that fires on these facts."""
    if facts.gone_since_unknown:
        return []
    origin = facts.origins.get("purpose")
    findings: Findings = signals.book.read(facts.purpose) if facts.purpose and origin else {}
    hits: list[Hit] = []
    for field in signals.fields:
        if field == "purpose" and not findings:
            continue
        for reading in _readings(facts, field):
            known = False
            for signal in signals.of(field, reading.value):
                if signal.condition.is_remainder and known:
                    continue
                value = signal.condition.test(reading.value, findings)
                if value is None or not _applies(signal, facts, findings):
                    continue
                known = True
                if (hit := _hit(signal, reading, value, facts)) is not None:
                    hits.append(hit)
    return hits


def _readings(facts: OrganisationFacts, field: str) -> Iterator[_Reading]:
    if field == "membership":
        for member in facts.memberships:
            yield _Reading(
                member.register_id,
                Origin(member.source_id),
                member.register_name,
                member.valid_from,
                member.valid_from_basis,
                member.valid_to,
            )
    elif field.startswith("activity:"):
        scheme = field.removeprefix("activity:")
        for activity in facts.activities:
            if activity.scheme == scheme:
                yield _Reading(activity.code, activity.origin)
    else:
        value = facts.form if field == "legal_form" else getattr(facts, field)
        # No claim gives the identifier: it stands with whatever the name, or else anything, was claimed by.
        by = "name" if field == "identifier" and "name" in facts.origins else field
        origin = facts.origins.get(by) or (next(iter(facts.origins.values()), None) if field == "identifier" else None)
        if value and origin:
            yield _Reading(value, origin)


def _applies(signal: Signal, facts: OrganisationFacts, findings: Findings) -> bool:
    if signal.country and not facts.is_of(signal.country):
        return False
    return all(_holds(condition, facts, findings) for condition in signal.also)


def _holds(condition: Condition, facts: OrganisationFacts, findings: Findings) -> bool:
    # "other" is also true where the field is empty: no known code stands there.
    readings = list(_readings(facts, condition.field))
    if not readings:
        return condition.match.startswith("other")
    return any(condition.test(reading.value, findings) is not None for reading in readings)


def _hit(signal: Signal, reading: _Reading, value: str, facts: OrganisationFacts) -> Hit | None:
    shown, _ = mask_person_numbers(reading.shown or value)
    start = _later(reading.valid_from, signal.valid_from) if reading.valid_from else None
    end = min((day for day in (reading.valid_to, signal.valid_to) if day), default=None)
    if start and end and end < start:
        return None  # it was never in force
    listed = signal.condition.listed
    return Hit(
        signal=signal.id,
        criterion="+".join(signal.criteria),
        strength=signal.strength,
        source_id=f"{_LISTED}{listed}" if listed else reading.origin.source_id,
        field=signal.condition.field.partition(":")[0],
        value=shown[:EXCERPT],
        legal_reference=signal.legal_reference,
        valid_from=start,
        valid_from_basis=reading.valid_from_basis if start else None,
        valid_to=end,
        assumed_from=_later(facts.registered_on, signal.valid_from) if reading.origin.settled else None,
    )


def _later(day: date | None, other: date | None) -> date | None:
    return max(day, other) if day and other else day
