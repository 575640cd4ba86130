"""Invented numbers with right check digits, and choices that come out the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")

# Series that are not handed out: the sample must name no real organisation.
SERIES: Final = {
    "AB": "5599",
    "FL": "5169",
    "EK": "7699",
    "BRF": "7699",
    "BF": "7699",
    "KHF": "7699",
    "I": "8029",
    "S": "8029",
    "NYF": "8029",
    "TSF": "2529",
    "HB": "9699",
    "KB": "9699",
    "KOMMUN": "2120009",
    "REGION": "2321009",
    "STAT": "2021009",
}


def check_digit(digits: str) -> str:
    """The Luhn digit that belongs after ``digits``."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (1 if position % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def orgnr(form: str, serial: int) -> str:
    """An organisation number of the form's series: ten digits, third digit at least 2, right check digit."""
    series = SERIES[form]
    digits = series + f"{serial:0{9 - len(series)}d}"
    return digits + check_digit(digits)


def wrong(number: str) -> str:
    """The same number with a check digit that does not hold."""
    return number[:-1] + str((int(number[-1]) + 4) % 10)


def hyphen(number: str) -> str:
    return f"{number[:6]}-{number[6:]}"


def person_number(birth: str, serial: int) -> str:
    """A personal number (12 digits) in the manner of the Tax Agency's test numbers: serial 238, 239 or 980 and up."""
    digits = f"{birth[2:]}{serial:03d}"
    return birth[:2] + digits + check_digit(digits)


class Dice:
    """Choices from a fixed seed. Only ``random()`` is used: its sequence is promised to stay the same."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent
