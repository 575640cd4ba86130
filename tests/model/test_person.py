from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.se import orgnr, personnummer

from hub.model.person import (
    contains_person_number,
    is_person_number,
    looks_like_person_number,
    luhn_valid,
    mask_person_numbers,
    pseudonym,
)

KEY = b"k" * 32


@st.composite
def person_numbers(draw: st.DrawFn) -> str:
    """Ten digits of an invented person: a date, a serial and the check digit."""
    born = draw(st.dates(date(1930, 1, 1), date(2020, 12, 31)))
    day = born.day + (60 if draw(st.booleans()) else 0)
    digits = f"{born:%y%m}{day:02d}{draw(st.integers(0, 999)):03d}"
    return next(digits + str(check) for check in range(10) if luhn_valid(digits + str(check)))


@given(person_numbers(), st.sampled_from(["", "19", "20", "16"]), st.sampled_from(["", "-", " ", "+", "\u2013"]))
def test_every_spelling_is_recognised_masked_and_has_one_pseudonym(number: str, prefix: str, separator: str):
    written = f"{prefix}{number[:6]}{separator}{number[6:]}"
    assert is_person_number(written)
    assert contains_person_number(f"betalt till {written}, tack")
    masked, count = mask_person_numbers(f"nr {written}.")
    assert (masked, count) == ("nr [personnummer].", 1)
    assert pseudonym(written, KEY) == pseudonym(number, KEY)
    assert number not in pseudonym(written, KEY)


@given(person_numbers())
def test_a_person_and_an_organisation_are_never_the_same_number(number: str):
    assert not orgnr.is_valid(number) or number[2] < "2"
    assert personnummer.is_valid(number) or int(number[4:6]) > 60 or int(number[2:4]) == 2


@given(st.integers(0, 10**10 - 1))
def test_luhn_agrees_with_a_library(number: int):
    from stdnum import luhn

    text = f"{number:010d}"
    assert luhn_valid(text) == luhn.is_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "5560125790",  # a company
        "212000-2627",  # a municipality
        "8001011232",  # wrong check digit
        "8013011231",  # no such month
        "f0e1d2c3-8001-4112-8123-abcdef012345",
        "1234567800101123199",
        "kr 8001011231,50",
    ],
)
def test_what_is_no_person(text: str):
    assert not contains_person_number(text)


def test_a_mistyped_number_in_a_number_column_still_looks_like_a_person():
    assert looks_like_person_number("800101-1232")
    assert not looks_like_person_number("556012-5791")


def test_another_key_gives_another_pseudonym():
    assert pseudonym("8001011231", KEY) != pseudonym("8001011231", b"x" * 32)
