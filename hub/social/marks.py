"""The three marks of the Swedish definition (the government's strategy for social enterprises, 1 February 2018)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from hub.social.evidence import Evidence
from hub.social.facts import OrganisationFacts

Mark = Literal["shown", "not_shown", "contradicted"]

_TRADING_KINDS: Final = frozenset({"company", "cooperative", "partnership"})
# Bolagsverket holds associations, foundations and religious communities only when they do business; Statistics
# Sweden's 61, 72 and 63 hold all of them.
_TRADING_FORMS: Final = frozenset({"AB", "EK", "I", "S", "TSF", "SCE", "HB", "KB"})


def marks(facts: OrganisationFacts, evidence: Collection[Evidence]) -> dict[str, Mark]:
    """Business as the means; results measured against the aim; surplus reinvested.

    No register says whether results are measured, so the second mark is never read from one: ``not_shown`` there
    says nothing against the organisation.
    """
    trades = (
        facts.kind in _TRADING_KINDS
        or facts.form in _TRADING_FORMS
        or any("business_activity" in item.criteria and not item.against for item in evidence)
        # Every list of work-integration enterprises asks for business first.
        or any("work_integration" in item.criteria and item.field == "membership" for item in evidence)
    )
    on_profit = [item for item in evidence if "profit_reinvestment" in item.criteria]
    reinvested: Mark = "not_shown"
    if any(item.against for item in on_profit):
        reinvested = "contradicted"
    elif any(item.strength != "weak" for item in on_profit):
        reinvested = "shown"
    return {"business": "shown" if trades else "not_shown", "measured": "not_shown", "reinvested": reinvested}
