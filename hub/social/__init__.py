"""Signals → evidence → assessment: whether an organisation is a social enterprise, since when, and why."""

from hub.social.assess import Assessment, as_of, assess
from hub.social.catalogue import Signals, load_signals
from hub.social.evidence import Evidence, Hit, collect
from hub.social.facts import ActivityFact, MembershipFact, OrganisationFacts, Origin
from hub.social.history import merge
from hub.social.refresh import refresh
from hub.social.verdict import Confidence, Status, Verdict, decide

__all__ = [
    "ActivityFact",
    "Assessment",
    "Confidence",
    "Evidence",
    "Hit",
    "MembershipFact",
    "OrganisationFacts",
    "Origin",
    "Signals",
    "Status",
    "Verdict",
    "as_of",
    "assess",
    "collect",
    "decide",
    "load_signals",
    "merge",
    "refresh",
]
