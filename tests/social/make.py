"""Facts and evidence for the tests of hub.social, with as little said as each test needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hub.social import Evidence, OrganisationFacts, Origin, load_signals

SIGNALS = load_signals()
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
REGISTERED = date(2012, 3, 1)
ORIGINS = dict.fromkeys(("name", "purpose", "legal_form", "kind"), Origin("bolagsverket"))


def facts(**values: Any) -> OrganisationFacts:
    given = {
        "organisation_id": "8a6e0804-2bd0-4672-b79d-d97027f9071a",
        "scheme": "SE-ON",
        "identifier": "5590001232",
        "name": "Alfa AB",
        "registered_on": REGISTERED,
        "origins": ORIGINS,
        **values,
    }
    return OrganisationFacts(**given)


def evidence(criterion: str, strength: str, field: str = "membership", **values: Any) -> Evidence:
    """One reason. Its id and signal are its content, so that equal arguments are one signal."""
    name = f"{criterion}/{strength}/{field}"
    given = {
        "id": name,
        "organisation_id": facts().organisation_id,
        "signal": name,
        "source_id": "list",
        "value": "ett värde",
        "valid_from": None,
        "valid_from_basis": None,
        "valid_to": None,
        "legal_reference": None,
        "first_seen_at": NOW,
        **values,
    }
    return Evidence(criterion=criterion, strength=strength, field=field, **given)
