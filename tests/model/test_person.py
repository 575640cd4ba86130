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


WHOLE = [
    "SE800101123101",
    "se 800101-1231 01",
    "SE800101-123101",
    "800101123101",
    "pnr.800101-1231",
    "pnr8001011231",
    "Ref-800101-1231",
    "0007:8001011231",
    "800101 - 1231",
    "19 800101-1231",
    "800101\u20131231",  # en dash
    "800101\u22121231",  # minus
    "800101\u00a01231",  # no-break space
    "800101\u20091231",  # thin space
    "800101 \u2013 1231",
    "800101\u00ad-\u200b1231",  # soft hyphen and zero-width space: not to be seen
    "800101\u20131231".encode().decode("latin-1"),  # as the gate reads documents
    "８００１０１-１２３１",
    "１９８００１０１１２３１",
]
AMONG_OTHERS = [
    "8001011231kr",
    "kvitto_8001011231.pdf",
    "800101-1231,2",
    "800101-1231.50",
    "8001011231,50",  # two columns?
    "8001011231,00",
    "8001011231.0",
    "CASE8001011231",
    "1234-800101-1231-5",
    "200101-200101-1237 800101-1231",
    "facade8001011231decade",
    "abcdefabcdef8001011231abcdefabcd",  # as long as a hash, and no digits but the number's
    "person:8001011231",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_spelling_is_a_person_with_the_same_pseudonym(text: str):
    assert is_person_number(text)
    assert looks_like_person_number(text)
    assert pseudonym(text, KEY) == pseudonym("8001011231", KEY)


@pytest.mark.parametrize("text", [*WHOLE, *AMONG_OTHERS])
def test_a_number_is_found_and_masked_among_anything_but_digits(text: str):
    assert contains_person_number(text)
    masked, count = mask_person_numbers(text)
    assert count == 1
    assert not {"1231", "１２３１"} & {masked[place : place + 4] for place in range(len(masked))}
    assert mask_person_numbers(masked) == (masked, 0)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("VAT SE800101123101.", "VAT [personnummer]."),
        ("SE 800101-1231 01, 19 800101-1231", "[personnummer], [personnummer]"),
        ("MOUSSE 800101-1231", "MOUSSE [personnummer]"),
    ],
)
def test_what_belongs_to_a_number_goes_with_it(text: str, masked: str):
    assert mask_person_numbers(text)[0] == masked


NOT_DIGITS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=30)
SEPARATORS = ["", "-", "+", " ", " - ", "\u2013", "\u2212", "\u00a0", "\u2009", " \u2013 "]


@given(person_numbers(), st.sampled_from(SEPARATORS), st.booleans(), st.booleans(), NOT_DIGITS, NOT_DIGITS)
def test_no_surroundings_without_digits_hide_a_number(number, separator, vat, wide, before, after):
    written = f"{number[:6]}{separator}{number[6:]}"
    written = f"SE{written}01" if vat else written
    if wide:
        written = written.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    text = before + written + after
    assert contains_person_number(text)
    masked, count = mask_person_numbers(text)
    assert count == 1
    assert "[personnummer]" in masked
    assert not any(char.isdecimal() for char in masked)
    assert mask_person_numbers(masked) == (masked, 0)


@given(st.text(st.sampled_from("0123456789SE -,.abcdef\u2013"), max_size=60))
def test_masking_twice_is_masking_once(text: str):
    masked, count = mask_person_numbers(text)
    assert mask_person_numbers(masked) == (masked, 0)
    assert contains_person_number(text) == (count > 0)


@given(st.uuids(version=4) | st.uuids(version=5), st.binary(min_size=20, max_size=20))
def test_ids_and_pseudonyms_hold_nobody(number, digest):
    assert not contains_person_number(f"id {number}")
    assert not contains_person_number(pseudonym(digest.hex(), KEY))


@pytest.mark.parametrize(
    "text",
    [
        "5560125790",  # a company
        "212000-2627",  # a municipality
        "SE556012579001",
        "8001011232",  # wrong check digit
        "SE800101123201",
        "8013011231",  # no such month
        "f0e1d2c3-8001-4112-8123-abcdef012345",
        "deadbeef-0000-4000-8000-198001011231",
        "person:ab8001011231cd12ef00",
        "9f86d081884c7d658001011231bf4f1b2b0b822c",  # a SHA-1
        "1234567800101123199",
        "kr 8001011231,50",
        "8001011231.50",
        '<VALUE FMTVAL="8001011231.00">',
        "<Amount>8001011231.00</Amount>",
        "<Amount>198001011231.00</Amount>",
        "200101-200701",  # half a year
        "800101\n1231",  # two lines
        "800101\t1231",  # two columns
    ],
)
def test_what_is_no_person(text: str):
    assert not contains_person_number(text)
    assert mask_person_numbers(text) == (text, 0)


@pytest.mark.parametrize("text", ["8001011231.0", "8001011231.00", "8001011231,00"])
def test_a_spreadsheets_decimals_hide_nobody_in_a_number_column(text: str):
    """Elsewhere ``8001011231.00`` is an amount, as TED writes them."""
    assert is_person_number(text)
    assert looks_like_person_number(text)
    assert pseudonym(text, KEY) == pseudonym("8001011231", KEY)


@given(person_numbers(), st.integers(2020, 2030))
def test_keys_with_a_number_in_them_stay_apart(number: str, year: int):
    assert len({pseudonym(f"{number}/{year + more}", KEY) for more in range(3)}) == 3


def test_a_mistyped_number_in_a_number_column_still_looks_like_a_person():
    assert looks_like_person_number("800101-1232")
    assert looks_like_person_number("SE800101123201")
    assert not looks_like_person_number("556012-5791")


def test_another_key_gives_another_pseudonym():
    assert pseudonym("8001011231", KEY) != pseudonym("8001011231", b"x" * 32)


@given(person_numbers(), st.sampled_from(["-", "+"]), st.text(st.characters(categories=["L", "Zs"]), max_size=5))
def test_a_number_behind_a_date_in_iso_form_is_found(number: str, sign: str, around: str):
    century = "19" if int(number[:2]) > 20 else "20"
    written = f"{century}{number[:2]}-{number[2:4]}-{number[4:6]}{sign}{number[6:]}"
    assert is_person_number(written)
    assert pseudonym(written, KEY) == pseudonym(number, KEY)
    assert mask_person_numbers(f"{around} {written} {around}") == (f"{around} [personnummer] {around}", 1)


@pytest.mark.parametrize("written", ["800101/1231", "800101_1231", "19800101/1231"])
def test_other_signs_between_date_and_number(written: str):
    assert mask_person_numbers(f"nr {written}")[0] == "nr [personnummer]"


@pytest.mark.parametrize("text", ["2024-05-01 2024-06-01", "1980-01-01T12:31", "1980-01-01 1231", "1980-01-01-12315"])
def test_dates_and_times_are_no_persons(text: str):
    assert not contains_person_number(text)


@pytest.mark.parametrize("written", ["1980-01-01 1231", "1980-01-011231", "800101.1231", "19800101.1231"])
def test_dates_and_points_in_a_value_of_its_own_are_a_person(written: str):
    assert is_person_number(written)
    assert pseudonym(written, KEY) == pseudonym("8001011231", KEY)


@pytest.mark.parametrize("written", ["800101.1234", "1980-13-01 1231", "800101.12", "2026-01-01 12:31"])
def test_times_and_amounts_are_no_person(written: str):
    assert not is_person_number(written)
