"""Evidence that comes, stays and goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hub.social import collect, merge
from hub.social.facts import MembershipFact, Origin
from tests.social.make import NOW, REGISTERED, SIGNALS, facts

TODAY = NOW.date()
LATER = NOW + timedelta(days=30)
PURPOSE = "Arbetsintegrerande kafé."
CHANGED = {"purpose": Origin("bolagsverket", settled=False)}


def look(stored, now, **values):
    known = facts(**values)
    return merge(known.organisation_id, collect(known, SIGNALS), stored, now)


def test_start_is_assumed_published_or_first_seen():
    member = MembershipFact("se_asf", "listan", "lista", date(2020, 1, 1), "published")
    (assumed,) = look((), NOW, purpose=PURPOSE)
    (published,) = look((), NOW, memberships=(member,))
    (seen,) = look((), NOW, purpose=PURPOSE, origins=CHANGED)
    (undated,) = look((), NOW, purpose=PURPOSE, registered_on=None)
    assert (assumed.valid_from, assumed.valid_from_basis) == (REGISTERED, "assumed")
    assert (published.valid_from, published.valid_from_basis) == (date(2020, 1, 1), "published")
    assert (seen.valid_from, seen.valid_from_basis) == (TODAY, "first_seen")
    assert (undated.valid_from, undated.valid_from_basis) == (TODAY, "first_seen")


def test_looking_again_changes_nothing():
    for values in ({"purpose": PURPOSE}, {"purpose": PURPOSE, "origins": CHANGED}):
        first = look((), NOW, **values)
        assert look(first, LATER, **values) == first


def test_an_assumption_survives_a_change_of_something_else():
    first = look((), NOW, purpose=PURPOSE)
    assert look(first, LATER, purpose=PURPOSE, origins=CHANGED) == first


def test_what_no_longer_holds_is_ended_and_kept():
    first = look((), NOW, purpose=PURPOSE)
    (ended,) = look(first, LATER, purpose="Kafé.", origins=CHANGED)
    assert ended == replace(first[0], valid_to=LATER.date() - timedelta(days=1))
    assert look([ended], LATER + timedelta(days=9), purpose="Kafé.") == [ended]


def test_what_comes_back_begins_anew():
    (first,) = look((), NOW, purpose=PURPOSE, origins=CHANGED)
    (ended,) = look([first], LATER, purpose="Kafé.", origins=CHANGED)
    again = LATER + timedelta(days=30)
    found = look([ended], again, purpose=PURPOSE, origins=CHANGED)
    assert {(item.valid_from, item.valid_to) for item in found} == {
        (TODAY, LATER.date() - timedelta(days=1)),
        (again.date(), None),
    }
    assert look(found, again + timedelta(days=1), purpose=PURPOSE, origins=CHANGED) == found


def test_what_lasted_no_whole_day_is_dropped():
    first = look((), NOW, purpose=PURPOSE, origins=CHANGED)
    assert look(first, NOW, purpose="Kafé.", origins=CHANGED) == []


def test_a_published_end_is_taken_over():
    member = MembershipFact("se_asf", "listan", "lista", date(2020, 1, 1), "published")
    first = look((), NOW, memberships=(member,))
    (left,) = look(first, LATER, memberships=(replace(member, valid_to=date(2024, 5, 31)),))
    assert left == replace(first[0], valid_to=date(2024, 5, 31))


def test_two_rows_of_one_membership_are_one():
    member = MembershipFact("se_asf", "listan", "lista", date(2020, 1, 1), "published", date(2021, 1, 1))
    found = look((), NOW, memberships=(member, replace(member, valid_to=None)))
    assert [item.valid_to for item in found] == [None]
