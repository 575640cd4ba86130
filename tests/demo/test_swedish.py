"""Swedish numbers, dates and lists."""

from __future__ import annotations

import pytest

from hub.demo import swedish


@pytest.mark.parametrize(
    ("ore", "text"),
    [(0, "0 kr"), (49, "0 kr"), (50, "1 kr"), (123456789, "1 234 568 kr"), (-150, "−2 kr"), (-49, "0 kr")],
)
def test_kronor(ore, text):
    assert swedish.kronor(ore) == text.replace(" ", swedish.THIN_SPACE)


@pytest.mark.parametrize(("ore", "text"), [(5, "0.05"), (-5, "-0.05"), (123456, "1234.56")])
def test_exact(ore, text):
    assert swedish.exact(ore) == text


@pytest.mark.parametrize(("part", "whole", "text"), [(1, 3, "33,3 %"), (2, 2, "100,0 %"), (0, 7, "0,0 %"), (1, 0, "–")])
def test_share(part, whole, text):
    assert swedish.share(part, whole) == text.replace(" ", swedish.THIN_SPACE)


def test_day_count_and_list():
    assert swedish.day("2027-01-08T22:59:00Z") == "8 januari 2027"
    assert swedish.day(None) == ""
    assert swedish.count(1, "ett företag", "företag") == "ett företag"
    assert swedish.count(2, "", "företag") == "två företag"
    assert swedish.count(14, "", "företag") == "14 företag"
    assert [swedish.listed(words) for words in ([], ["a"], ["a", "b"], "abc")] == ["", "a", "a och b", "a, b och c"]


def test_identifier():
    assert swedish.identifier("7699201039") == "769920-1039"
    assert swedish.identifier("2345678-9") == "2345678-9"
