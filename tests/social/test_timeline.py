"""Verdicts over time: any day can be asked about."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.social import Status, as_of, assess, collect, decide, merge
from hub.social.facts import MembershipFact
from hub.social.timeline import periods
from tests.social.make import NOW, REGISTERED, SIGNALS, evidence, facts

DAYS = st.dates(date(2000, 1, 1), date(2003, 12, 31))
KINDS = [
    ("social_aim", "medium", "purpose"),
    ("profit_reinvestment", "medium", "purpose"),
    ("governance", "weak", "legal_form"),
    ("social_aim", "conclusive", "membership"),
    ("exclusion", "excluding", "legal_form"),
]


@st.composite
def dated(draw):
    criterion, strength, field = draw(st.sampled_from(KINDS))
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    name = f"{criterion}{first}{last}"
    return evidence(criterion, strength, field, id=name, valid_from=first, valid_to=last, valid_from_basis="published")


histories = st.lists(dated(), max_size=6, unique_by=lambda item: item.id)


def verdicts(known, stored=()):
    return assess(known, merge(known.organisation_id, collect(known, SIGNALS), stored, NOW), SIGNALS)


def test_joined_and_left_a_list():
    member = MembershipFact(
        "se_idebura", "registret", "kammarkollegiet", date(2023, 5, 1), "published", date(2025, 3, 31)
    )
    found = verdicts(facts(legal_form="I-ORGFO", memberships=(member,)))
    assert [(item.status, item.valid_from, item.valid_to, item.valid_from_basis) for item in found] == [
        ("unknown", REGISTERED, date(2023, 4, 30), "assumed"),
        ("confirmed", date(2023, 5, 1), date(2025, 3, 31), "published"),
        ("unknown", date(2025, 4, 1), None, "published"),
    ]
    assert as_of(found, date(2024, 6, 1)) == "confirmed"
    assert as_of(found, date(2025, 3, 31)) == "confirmed"
    assert as_of(found, date(2025, 4, 1)) == "unknown"
    assert "sedan 2023-05-01, till 2025-03-31" in found[1].explanation_sv


def test_a_status_counts_only_from_its_law():
    member = MembershipFact("se_idebura", "registret", "lista", date(2021, 1, 1), "published")
    found = verdicts(facts(memberships=(member,)))
    assert as_of(found, date(2022, 12, 31)) == "unknown"
    assert as_of(found, date(2023, 1, 1)) == "confirmed"


def test_nothing_is_said_after_the_last_day():
    purpose = "Arbetsintegrerande socialt företag. Vinsten ska återinvesteras."
    found = verdicts(facts(purpose=purpose, status="dissolved", dissolved_on=date(2024, 3, 18)))
    assert [(item.status, item.valid_to) for item in found] == [("likely", date(2024, 3, 18))]
    assert as_of(found, date(2024, 3, 18)) == "likely"
    assert as_of(found, date(2024, 3, 19)) == "unknown"


def test_struck_off_without_a_date_says_nothing():
    assert verdicts(facts(legal_form="EK-ORGFO", status="dissolved")) == []


def test_what_changes_nothing_makes_no_new_period():
    by_form = evidence("exclusion", "excluding", "legal_form")
    later = evidence("social_aim", "weak", "purpose", valid_from=date(2020, 1, 1))
    found = assess(facts(), [by_form, later], SIGNALS)
    assert [(item.status, item.valid_from, item.valid_to) for item in found] == [("excluded", None, None)]


@given(histories, DAYS, st.none() | DAYS)
def test_any_day_has_the_verdict_of_its_evidence(history, day, until):
    status = as_of(assess(facts(dissolved_on=until), history, SIGNALS), day)
    held = [item for item in history if item.in_force(day)]
    assert status == (Status.UNKNOWN if until and day > until else decide(held).status)


@given(histories)
def test_periods_follow_each_other(history):
    found = periods(history)
    for before, after in pairwise(found):
        assert before.last is not None
        assert after.first is not None
        assert before.last < after.first
    assert all(period.evidence for period in found)


@given(histories)
def test_outside_all_evidence_is_unknown(history):
    bounded = [item for item in history if item.valid_from and item.valid_to]
    found = assess(facts(), bounded, SIGNALS)
    last = max((item.valid_to for item in bounded), default=date(2000, 1, 1))
    assert as_of(found, last + timedelta(days=1)) == "unknown"
    assert as_of(found, date(1999, 12, 31)) == "unknown"
