"""What the tables of procurement procedures consist of."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Final, Literal

Stage = Literal["planning", "call", "change", "result", "republished", "modification", "direct"]
# What a lot may say, in the code lists of the publisher.
NO_CODES: Final[tuple[str, ...]] = ()


@dataclass(frozen=True)
class Lot:
    """A lot (anbudsområde); money in whole kronor."""

    title: str
    cpv: str
    value: int
    reserved: str = "none"  # BT-71
    execution: str = "no"  # BT-736
    social: tuple[str, ...] = NO_CODES  # BT-775
    strategic: tuple[str, ...] = NO_CODES  # BT-06
    framework: str = "none"  # BT-765
    starts: str = ""
    ends: str = ""
    months: int = 0
    renewals: int = 0


@dataclass(frozen=True)
class Award:
    """The outcome of one lot. Without winners there is no contract. ``withheld`` hides the value."""

    lot: int
    winners: tuple[tuple[str, int], ...] = ()  # organisation key, value of the tender
    losers: tuple[tuple[str, int], ...] = ()
    reference: str = ""
    decided: str = ""
    signed: str = ""
    reason: str = ""  # BT-144
    withheld: bool = False


@dataclass(frozen=True)
class Publication:
    """One notice of a procedure. Numbers above 990000 are never reached in a year."""

    stage: Stage
    number: str
    published: str
    deadline: str = ""
    text: str = ""


@dataclass(frozen=True)
class Procedure:
    key: str
    buyer: str
    title: str
    description: str
    nature: str
    lots: tuple[Lot, ...]
    publications: tuple[Publication, ...]
    awards: tuple[Award, ...] = ()
    light: bool = False  # social and other specific services
    kind: str = "open"
    english: str = ""  # a second language of the notice


def uuid_of(text: str) -> str:
    """A version 4 identifier that always comes out the same."""
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))
