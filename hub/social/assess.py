"""Evidence → assessments: one verdict per period, with its reasons in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from hub.model import DateBasis, make_id
from hub.social.catalogue import Signals
from hub.social.evidence import Evidence
from hub.social.explanation import explain
from hub.social.facts import OrganisationFacts
from hub.social.marks import Mark, marks
from hub.social.timeline import Period, periods
from hub.social.verdict import Confidence, Status, decide

RULES: Final = "rules"
"""``decided_by`` of what the hub works out itself; a reviewer's decisions carry the reviewer's name."""
_LEAST_CERTAIN_FIRST: Final[tuple[DateBasis, ...]] = ("assumed", "first_seen", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One verdict over a period; both days belong to it, ``None`` is open."""

    organisation_id: str
    status: Status
    confidence: Confidence
    valid_from: date | None
    valid_from_basis: DateBasis | None
    valid_to: date | None
    rules_version: str
    explanation_sv: str
    explanation_en: str
    marks: Mapping[str, Mark]
    evidence_ids: tuple[str, ...]
    decided_by: str = RULES

    @property
    def id(self) -> str:
        """The id: whose verdict, by whom, from when."""
        start = self.valid_from.isoformat() if self.valid_from else ""
        return make_id("social_assessment", self.organisation_id, self.decided_by, start)

    def fields(self) -> dict[str, Any]:
        """Every value in the form in which the change feed shows it."""
        return {
            "organisation_id": self.organisation_id,
            "status": self.status.value,
            "confidence": self.confidence.value,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_from_basis": self.valid_from_basis,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "decided_by": self.decided_by,
            "rules_version": self.rules_version,
            "explanation_sv": self.explanation_sv,
            "explanation_en": self.explanation_en,
            "marks": dict(self.marks),
            "evidence_ids": list(self.evidence_ids),
        }

    @property
    def content_hash(self) -> str:
        """Tells whether anything changed."""
        return sha256(json.dumps(self.fields(), sort_keys=True).encode()).hexdigest()[:32]


def assess(
    facts: OrganisationFacts, evidence: Iterable[Evidence], signals: Signals, *, titles: Mapping[str, str] | None = None
) -> list[Assessment]:
    """The verdicts over time, in order.

    Days without evidence, and days after the organisation was dissolved, have no assessment: :func:`as_of` answers
    ``unknown`` for them. ``titles`` gives sources the names that readers know them by.
    """
    found: list[Assessment] = []
    known = tuple(evidence)
    for period in periods(known, until=facts.dissolved_on):
        verdict = decide(period.evidence)
        explanation_sv, explanation_en = explain(verdict, signals, titles or {})
        this = Assessment(
            organisation_id=facts.organisation_id,
            status=verdict.status,
            confidence=verdict.confidence,
            valid_from=period.first,
            valid_from_basis=_basis(period, known),
            valid_to=period.last,
            rules_version=signals.version,
            explanation_sv=explanation_sv,
            explanation_en=explanation_en,
            marks=marks(facts, period.evidence),
            evidence_ids=tuple(item.id for item in (*verdict.reasons, *verdict.doubts)),
        )
        if found and _continues(found[-1], this):
            found[-1] = replace(found[-1], valid_to=this.valid_to)
        else:
            found.append(this)
    return found


def as_of(assessments: Iterable[Assessment], day: date) -> Status:
    """The status on a day."""
    for item in assessments:
        if (item.valid_from is None or item.valid_from <= day) and (item.valid_to is None or day <= item.valid_to):
            return item.status
    return Status.UNKNOWN


def _continues(before: Assessment, after: Assessment) -> bool:
    if before.valid_to is None or after.valid_from != before.valid_to + timedelta(days=1):
        return False
    same = replace(
        after, valid_from=before.valid_from, valid_from_basis=before.valid_from_basis, valid_to=before.valid_to
    )
    return same == before


def _basis(period: Period, evidence: Iterable[Evidence]) -> DateBasis | None:
    """Where the first day comes from: the least certain of what begins then, else of what ended the day before.

    A register that publishes when a membership begins publishes its end too; other ends are seen, not published.
    """
    if period.first is None:
        return None
    begun = {item.valid_from_basis for item in period.evidence if item.valid_from == period.first}
    for basis in _LEAST_CERTAIN_FIRST:
        if basis in begun:
            return basis
    eve = period.first - timedelta(days=1)
    ended = [item for item in evidence if item.valid_to == eve]
    published = all(item.field == "membership" and item.valid_from_basis == "published" for item in ended)
    return "published" if ended and published else "first_seen"
