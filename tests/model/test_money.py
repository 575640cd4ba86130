from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model import Money, parse_amount

AMOUNTS = st.integers(-(10**15), 10**15)


@given(AMOUNTS, st.sampled_from(["SEK", "EUR", "ISK", "KWD"]))
def test_minor_units_and_decimal_text_are_two_forms_of_one_amount(minor: int, currency: str):
    money = Money(amount_minor=minor, currency=currency)
    assert Money.of(money.amount, currency) == money
    assert Money.of(str(money.amount), currency) == money


@given(AMOUNTS, st.sampled_from([",", "."]), st.sampled_from(["", " ", "\u00a0", "'", "other"]), st.booleans())
def test_any_published_spelling_gives_the_exact_amount_back(minor: int, mark: str, thousands: str, behind: bool):
    whole, fraction = divmod(abs(minor), 100)
    separator = {",": ".", ".": ","}[mark] if thousands == "other" else thousands
    written = f"{whole:,}".replace(",", separator) + f"{mark}{fraction:02d}"
    if minor < 0:
        written = written + "-" if behind else "-" + written
    assert parse_amount(written, mark) == Decimal(minor).scaleb(-2)


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("1 234,50 kr", ",", "1234.50"),
        ("£1,234.50", ".", "1234.50"),
        ("-£15.00", ".", "-15.00"),
        ("(12.50)", ".", "-12.50"),
        ("\u2212200", ",", "-200"),
        ("1.234.567,8", ",", "1234567.8"),
        ("SEK 7", ".", "7"),
        (".5", ".", "0.5"),
        ("100:-", ",", "100"),
    ],
)
def test_spellings_seen_in_ledgers(text: str, mark: str, expected: str):
    assert parse_amount(text, mark) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1,5", "."),
        ("1.2.3", "."),
        ("", ","),
        ("-", ","),
        ("twelve", ","),
        ("12 34,5x", ","),
        ("1,23,4", "."),
        ("1e5", "."),
    ],
)
def test_what_is_no_amount_is_refused(text: str, mark: str):
    with pytest.raises(ValueError, match=r"amount|thousands"):
        parse_amount(text, mark)


def test_more_decimals_than_the_currency_has_are_rounded_half_up():
    assert Money.of("0.005", "SEK").amount_minor == 1
    assert Money.of("-0.005", "SEK").amount_minor == -1
    assert Money.of("0.5", "ISK").amount_minor == 1
