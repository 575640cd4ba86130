"""The verdict on one day, from the evidence in force on that day (DESIGN §7). Pure.

How the table is read where it leaves room:

* *Social aim or work integration shown*: by a list, by the registered purpose or another source. Legal form and
  industry code never show an aim by themselves, but a form may be the other criterion.
* *Another criterion* is one that is not about the aim: profit, governance, independence or business. A rehabilitation
  company speaks of work integration and of social aims alike; what tells it from a social enterprise is where its
  profit goes and who decides.
* A registered purpose gives a group of phrases strength ``medium`` from weight 3, ``weak`` below.
* A list whose meaning the hub does not know (criterion ``unspecified``) is enough for ``possible`` and no more.
* Public ownership beats even a conclusive status: only a reviewer can say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.social.evidence import Evidence

AIMS: Final = frozenset({"social_aim", "work_integration"})
OTHERS: Final = frozenset({"profit_reinvestment", "governance", "independence", "business_activity"})
STRUCTURAL: Final = frozenset({"legal_form", "kind", "activity", "identifier"})
"""Fields that say what a body is, not what it is for."""
_TWO: Final = 2


class Status(StrEnum):
    """What the hub says about an organisation on a day."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How much the verdict can be leaned on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status, how sure it is, the evidence that carries it and what speaks against it."""

    status: Status
    confidence: Confidence
    reasons: tuple[Evidence, ...] = ()
    doubts: tuple[Evidence, ...] = ()
    own_words: bool = False
    """Whether it rests on nothing but what the organisation itself had registered."""


def decide(evidence: Iterable[Evidence]) -> Verdict:
    """The verdict on a day from all the evidence in force on it."""
    ordered = sorted(evidence, key=_rank)
    excluding = tuple(item for item in ordered if item.against and item.strength == "excluding")
    doubts = tuple(item for item in ordered if item.against and item.strength != "excluding")
    speaking = tuple(item for item in ordered if not item.against)
    conclusive = tuple(item for item in speaking if item.strength == "conclusive")
    public = tuple(item for item in excluding if "independence" in item.criteria)
    if public or (excluding and not conclusive):
        reasons = public or excluding
        sure = any(item.field in STRUCTURAL for item in reasons)
        return Verdict(Status.EXCLUDED, Confidence.HIGH if sure else Confidence.MEDIUM, reasons, doubts)
    if conclusive:
        published = any(item.valid_from_basis == "published" for item in conclusive)
        return Verdict(Status.CONFIRMED, Confidence.HIGH if published else Confidence.MEDIUM, conclusive, excluding)
    return _weighed(speaking, doubts)


def _weighed(speaking: tuple[Evidence, ...], doubts: tuple[Evidence, ...]) -> Verdict:
    telling = [item for item in speaking if item.field not in STRUCTURAL]
    strong = [item for item in speaking if item.strength == "strong"]
    medium = [item for item in speaking if item.strength == "medium"]
    aim = any(item.criteria & AIMS for item in telling)
    other = any(item.criteria & OTHERS for item in speaking)
    carrying = [item for item in (*strong, *medium) if item.criteria != {"unspecified"}]
    own_words = bool(telling) and all(item.field == "purpose" for item in telling)
    enough = any(item in strong for item in carrying) or len({item.signal for item in carrying}) >= _TWO
    if aim and other and enough:
        sure = any(item.criteria & AIMS for item in strong) and not doubts
        status, confidence = Status.LIKELY, Confidence.HIGH if sure else Confidence.MEDIUM
    elif strong or medium or (aim and other):
        status, confidence = Status.POSSIBLE, Confidence.MEDIUM if strong else Confidence.LOW
    else:
        status, confidence = Status.UNKNOWN, Confidence.LOW
    if doubts:
        confidence = Confidence.LOW if confidence == Confidence.MEDIUM else confidence
    return Verdict(status, confidence, speaking, doubts, own_words)


def _rank(evidence: Evidence) -> tuple[int, str, str]:
    order = ("conclusive", "excluding", "strong", "medium", "weak")
    return (order.index(evidence.strength), evidence.signal, evidence.id)
