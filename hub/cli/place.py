"""Sweden's municipalities by the names that people give them."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final

from hub.sdk.errors import ConfigError

NETWORK: Final = (
    "Umeå", "Hudiksvall", "Söderhamn", "Tierp", "Laxå", "Sölvesborg", "Härjedalen", "Karlstad", "Uddevalla", "Mölndal",
    "Helsingborg", "Malmö",
)  # fmt: skip
"""The municipalities of the development network on social enterprises (Sveriges Kommuner och Regioner)."""
_HABO_WITH_A_RING: Final = "0305"
"""Håbo, which without its ring is Habo (0643), another municipality: the only such pair."""
_KIND: Final = re.compile(r"s?\s+(kommun|stad|region)$")


@dataclass(frozen=True)
class Place:
    """A municipality: its code, its official and its short name, its organisation number.

    ``derived`` when the number follows from the numbering rule alone and was not read anywhere.
    """

    code: str
    name: str
    short: str
    number: str
    derived: bool

    @property
    def slug(self) -> str:
        """The short name as files and folders have it: ``upplands-vasby``."""
        plain = re.sub(r"[^a-z0-9]+", "-", _plain(self.short))
        return f"{plain}-{self.code}" if self.code == _HABO_WITH_A_RING else plain


@cache
def places() -> tuple[Place, ...]:
    """All 290, by code."""
    with (files("hub.store") / "data" / "se_municipalities.csv").open(encoding="utf-8") as file:
        return tuple(
            Place(
                row["code"], row["name"], row["short_name"], row["identifier"], row["identifier_status"] != "verified"
            )
            for row in csv.DictReader(file)
        )


def find(words: str) -> Place:
    """The municipality of that name or code. Raises ``ConfigError`` that proposes others.

    Case, accents and ``kommun`` or ``stad`` behind the name do not matter.
    """
    written = words.strip().casefold()
    for place in places():
        if written in {place.code, place.name.casefold(), place.short.casefold()}:
            return place
    known = {_plain(name): place for place in places() for name in (place.code, place.name, place.short)}
    plain = _plain(words)
    for name in (plain, _KIND.sub("", plain), _KIND.sub("s", plain)):
        if name in known:
            return known[name]
    close = get_close_matches(_KIND.sub("", plain), [_plain(place.short) for place in places()], n=3)
    proposed = ", ".join(known[name].short for name in close)
    raise ConfigError(
        f"there is no municipality {words!r}" + (f"; did you mean {proposed}?" if proposed else ""),
        where="--municipality",
        instruction="write its name as Karlstad, or its code as 1780",
    )


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
