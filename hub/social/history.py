"""Evidence over time: what fires now, joined with what is stored. Nothing that once held is lost, only ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from hub.model import DateBasis
from hub.social.evidence import Evidence, Hit, evidence_id


def merge(
    organisation_id: str, hits: Iterable[Hit], stored: Iterable[Evidence], now: datetime, forgotten: str = ""
) -> list[Evidence]:
    """The organisation's evidence after this look at it.

    * A hit that is stored stays what it is: its start and the day it was first seen do not move.
    * A new hit begins on its published day; else on the registration day (``assumed``), when the claim behind it has
      never changed; else today (``first_seen``).
    * A stored claim that no longer fires ended yesterday: from today on it does not count. One that began only today
      is dropped, for it never held for a whole day.
    * What the source ``forgotten`` said and no longer fires leaves no trace.
    """
    today = now.date()
    ended = {evidence.id: evidence for evidence in stored}
    current: dict[str, Evidence] = {}
    for hit in _distinct(hits):
        known = next((evidence for evidence in ended.values() if _same(evidence, hit)), None)
        if known is None:
            start, basis = _start(hit, today)
            new = _evidence(organisation_id, hit, start, basis, now)
            known = ended.get(new.id)  # it ended and begins again on the day on which it began
            evidence = new if known is None else replace(new, first_seen_at=known.first_seen_at)
        else:
            fresh = _evidence(organisation_id, hit, known.valid_from, known.valid_from_basis, now)
            published = hit.valid_from_basis or known.valid_from_basis
            evidence = replace(fresh, id=known.id, first_seen_at=known.first_seen_at, valid_from_basis=published)
        if known is not None:
            ended.pop(known.id, None)
        current.setdefault(evidence.id, evidence)
    past = (evidence for evidence in ended.values() if not forgotten or evidence.source_id != forgotten)
    history = [end for evidence in past if (end := _ended(evidence, today)) is not None]
    return sorted([*current.values(), *history], key=lambda evidence: (evidence.signal, evidence.id))


def _distinct(hits: Iterable[Hit]) -> Iterable[Hit]:
    """One hit of each claim; of two with the same start the one that holds longer."""
    found: dict[object, Hit] = {}
    for hit in hits:
        other = found.get(hit.key)
        if other is None or (other.valid_to is not None and (hit.valid_to is None or hit.valid_to > other.valid_to)):
            found[hit.key] = hit
    return found.values()


def _same(evidence: Evidence, hit: Hit) -> bool:
    if (evidence.signal, evidence.source_id, evidence.value) != (hit.signal, hit.source_id, hit.value):
        return False
    if hit.valid_from is not None:
        return evidence.valid_from == hit.valid_from
    return evidence.valid_to is None or evidence.valid_to == hit.valid_to


def _start(hit: Hit, today: date) -> tuple[date, DateBasis]:
    if hit.valid_from is not None:
        return hit.valid_from, hit.valid_from_basis or "published"
    if hit.assumed_from is not None and hit.assumed_from <= today:
        return hit.assumed_from, "assumed"
    return today, "first_seen"


def _evidence(organisation_id: str, hit: Hit, start: date | None, basis: DateBasis | None, now: datetime) -> Evidence:
    return Evidence(
        id=evidence_id(organisation_id, hit, start),
        organisation_id=organisation_id,
        signal=hit.signal,
        criterion=hit.criterion,
        strength=hit.strength,
        source_id=hit.source_id,
        field=hit.field,
        value=hit.value,
        valid_from=start,
        valid_from_basis=basis,
        valid_to=hit.valid_to,
        legal_reference=hit.legal_reference,
        first_seen_at=now,
    )


def _ended(evidence: Evidence, today: date) -> Evidence | None:
    if evidence.valid_to is not None and evidence.valid_to < today:
        return evidence
    if evidence.valid_from is not None and evidence.valid_from >= today:
        return None
    return replace(evidence, valid_to=today - timedelta(days=1))
