"""The verdict table of the design, and laws that no combination of evidence may break."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.social import Status, decide
from tests.social.make import evidence

ORDER = [Status.EXCLUDED, Status.UNKNOWN, Status.POSSIBLE, Status.LIKELY, Status.CONFIRMED]

IDEBURNA = evidence("social_aim+profit_reinvestment+independence", "conclusive")
ASF = evidence("work_integration+social_aim+profit_reinvestment+governance+independence", "strong")
SVB = evidence("profit_reinvestment", "strong", "name")
NETWORK = evidence("social_aim", "medium")
LISTED = evidence("unspecified", "medium")
AIM = evidence("social_aim", "medium", "purpose")
AIM_WEAK = evidence("social_aim", "weak", "purpose")
WISE = evidence("work_integration", "medium", "purpose")
WISE_WEAK = evidence("work_integration", "weak", "purpose")
PROFIT = evidence("profit_reinvestment", "medium", "purpose")
PROFIT_WEAK = evidence("profit_reinvestment", "weak", "purpose")
GOVERNED = evidence("governance", "medium", "purpose")
CO_OP = evidence("governance", "weak", "legal_form")
ASSOCIATION = evidence("governance+social_aim", "weak", "legal_form")
CARE = evidence("social_aim", "weak", "activity")
HOUSING = evidence("exclusion", "excluding", "legal_form")
PUBLIC = evidence("exclusion+independence", "excluding", "identifier")
PUBLIC_TEXT = evidence("exclusion+independence", "excluding", "purpose")
DIGIT = evidence("exclusion+independence", "weak", "identifier")
FOR_OWNERS = evidence("exclusion+profit_reinvestment", "weak", "purpose")

POSITIVE = [IDEBURNA, ASF, SVB, NETWORK, LISTED, AIM, AIM_WEAK, WISE, WISE_WEAK, PROFIT, PROFIT_WEAK, GOVERNED]
POSITIVE += [CO_OP, ASSOCIATION, CARE]
AGAINST = [HOUSING, PUBLIC, PUBLIC_TEXT, DIGIT, FOR_OWNERS]
anything = st.lists(st.sampled_from(POSITIVE + AGAINST), unique_by=lambda item: item.id)


@pytest.mark.parametrize(
    ("held", "status"),
    [
        ([], "unknown"),
        # nothing but form or activity code
        ([CO_OP], "unknown"),
        ([ASSOCIATION], "unknown"),
        ([CARE], "unknown"),
        ([CO_OP, CARE], "unknown"),
        ([ASSOCIATION, CARE], "unknown"),
        # weak words on one side only
        ([AIM_WEAK], "unknown"),
        ([PROFIT_WEAK], "unknown"),
        ([AIM_WEAK, WISE_WEAK], "unknown"),
        ([PROFIT_WEAK, CO_OP], "unknown"),
        # weak words on the aim and another criterion
        ([AIM_WEAK, PROFIT_WEAK], "possible"),
        ([AIM_WEAK, CO_OP], "possible"),
        ([WISE_WEAK, ASSOCIATION], "possible"),
        # one medium or strong signal
        ([SVB], "possible"),
        ([AIM], "possible"),
        ([WISE], "possible"),
        ([PROFIT], "possible"),
        ([NETWORK], "possible"),
        ([LISTED], "possible"),
        ([WISE, CO_OP], "possible"),
        ([AIM, PROFIT_WEAK], "possible"),
        # several, but no aim
        ([SVB, PROFIT], "possible"),
        ([SVB, GOVERNED, CARE], "possible"),
        ([PROFIT, GOVERNED], "possible"),
        ([PROFIT, ASSOCIATION], "possible"),
        # several, but nothing besides the aim
        ([AIM, WISE], "possible"),
        ([AIM, WISE, NETWORK], "possible"),
        # an unknown list lifts nothing
        ([LISTED, AIM_WEAK, PROFIT_WEAK], "possible"),
        ([LISTED, AIM, CO_OP], "possible"),
        # an aim, another criterion, one strong or two medium
        ([AIM, PROFIT], "likely"),
        ([WISE, PROFIT], "likely"),
        ([WISE, GOVERNED], "likely"),
        ([AIM, WISE, CO_OP], "likely"),
        ([NETWORK, PROFIT], "likely"),
        ([AIM_WEAK, PROFIT, GOVERNED], "likely"),
        ([SVB, AIM], "likely"),
        ([SVB, WISE_WEAK], "likely"),
        ([ASF], "likely"),
        # a conclusive status
        ([IDEBURNA], "confirmed"),
        ([IDEBURNA, ASF, AIM], "confirmed"),
        # exclusions
        ([HOUSING], "excluded"),
        ([HOUSING, ASF], "excluded"),
        ([HOUSING, AIM, PROFIT, SVB], "excluded"),
        ([HOUSING, IDEBURNA], "confirmed"),
        ([PUBLIC], "excluded"),
        ([PUBLIC, IDEBURNA], "excluded"),
        ([PUBLIC, HOUSING, IDEBURNA], "excluded"),
        ([PUBLIC_TEXT, WISE, PROFIT], "excluded"),
        # doubts do not decide
        ([DIGIT], "unknown"),
        ([DIGIT, ASF], "likely"),
        ([FOR_OWNERS, AIM, PROFIT], "likely"),
    ],
    ids=lambda value: "+".join(item.id for item in value) or "nothing" if isinstance(value, list) else value,
)
def test_table(held, status):
    assert decide(held).status == status


def test_every_pair_agrees_with_the_table_read_as_a_formula():
    """The table once more, as one expression, against every combination of up to three."""
    for size in range(4):
        for held in combinations(POSITIVE + AGAINST, size):
            assert decide(held).status == _expected(held), held


def _expected(held) -> str:
    speaking = [item for item in held if not item.against]
    excluding = [item for item in held if item.strength == "excluding"]
    conclusive = any(item.strength == "conclusive" for item in speaking)
    if any("independence" in item.criterion for item in excluding) or (excluding and not conclusive):
        return "excluded"
    if conclusive:
        return "confirmed"
    told = {c for item in speaking if item.field in ("purpose", "membership", "name") for c in item.criteria}
    aim = bool(told & {"social_aim", "work_integration"})
    other = any(item.criteria & {"profit_reinvestment", "governance", "independence"} for item in speaking)
    strong = [item for item in speaking if item.strength == "strong"]
    medium = [item for item in speaking if item.strength == "medium"]
    if aim and other and (strong or len([item for item in medium if item is not LISTED]) >= 2):
        return "likely"
    return "possible" if strong or medium or (aim and other) else "unknown"


@given(anything, st.sampled_from(AGAINST))
def test_what_speaks_against_never_raises_the_verdict(held, against):
    assert ORDER.index(decide([*held, against]).status) <= ORDER.index(decide(held).status)


@given(anything, st.sampled_from(POSITIVE))
def test_what_speaks_for_never_lowers_the_verdict(held, more):
    assert ORDER.index(decide([*held, more]).status) >= ORDER.index(decide(held).status)


@given(anything, st.randoms())
def test_order_does_not_matter(held, random):
    shuffled = list(held)
    random.shuffle(shuffled)
    assert decide(shuffled) == decide(held)


@given(anything)
def test_public_ownership_yields_to_no_evidence(held):
    assert decide([*held, PUBLIC]).status == "excluded"


@pytest.mark.parametrize(
    ("held", "confidence"),
    [
        ([ASF], "high"),
        ([ASF, DIGIT], "low"),
        ([AIM, PROFIT], "medium"),
        ([AIM, PROFIT, FOR_OWNERS], "low"),
        ([SVB], "medium"),
        ([AIM], "low"),
        ([CO_OP], "low"),
        ([HOUSING], "high"),
        ([PUBLIC_TEXT], "medium"),
        ([IDEBURNA], "medium"),
        ([evidence("social_aim", "conclusive", valid_from_basis="published")], "high"),
    ],
)
def test_confidence(held, confidence):
    assert decide(held).confidence == confidence


def test_own_words_are_named():
    assert decide([AIM, PROFIT, CO_OP]).own_words
    assert not decide([AIM, PROFIT, NETWORK]).own_words
    assert not decide([CO_OP]).own_words
