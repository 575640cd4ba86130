"""The lists that SCB's codes and addresses are read with, as they stand in ``data/``. Sources are in the README."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

PERSON = "person"
"""What a juridisk form means whose bodies are natural persons, living or dead."""


@cache
def forms() -> dict[str, str]:
    """Juridisk form → kind of organisation, ``person``, or nothing for "ej utredd"."""
    with files(__package__).joinpath("data/forms.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["means"] for row in csv.DictReader(file)}


@cache
def municipality_numbers() -> frozenset[str]:
    """The organisation numbers, ten digits, that municipalities are known to have."""
    return frozenset(words[0] for words in _lines("municipality_numbers.txt"))


def municipality_of(postal_code: str) -> str | None:
    """The municipality's four-digit code; ``None`` when the postal code is unknown or lies in several."""
    return _postal_codes().get(postal_code.replace(" ", ""))


@cache
def _postal_codes() -> dict[str, str | None]:
    table: dict[str, str | None] = {}
    for municipality, *postal_codes in _lines("postal_codes.txt"):
        for postal_code in postal_codes:
            table[postal_code] = None if postal_code in table else municipality
    return table


def _lines(name: str) -> Iterator[list[str]]:
    with files(__package__).joinpath("data", name).open(encoding="ascii") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.split()
