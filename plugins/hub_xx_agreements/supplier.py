"""Suppliers in a row: who they are, their ranks in free text, and several in one cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.sdk import is_person_number, looks_like_person_number, mask_person_numbers

_NUMBERED: Final = re.compile(r"(?:^|[\s,;])(\d{1,2})[.)]\s+(?=\S)")
_RANK: Final = re.compile(r"(?:rang(?:ordning)?|rank|nr|plats)?[: ]*(\d{1,2})(?:\.0)?\.?", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:16)?\d{6}-?\d{4}")
_SOLE_TRADER: Final = re.compile(r"\benskild (?:firma|näringsidkare)\b|\bsole trader\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Supplier:
    """One supplier as written. ``several`` when the cell seems to name more than one and cannot be divided surely."""

    name: str
    number: str
    rank: str = ""
    several: bool = False


def suppliers(name: str, number: str, rank: str) -> list[Supplier]:
    """The suppliers that a row names. ``name`` and ``number`` may hold line breaks.

    A cell is divided at ``1. X 2. Y``, at semicolons, and at other marks only when there are as many numbers as names.
    """
    numbers = _NUMBER.findall(number)
    if ranked := _ranked(name):
        own = numbers if len(numbers) == len(ranked) else [""] * len(ranked)
        return [Supplier(who, its, place) for (place, who), its in zip(ranked, own, strict=True)]
    for mark in (";", "\n", "/", ","):
        names = [part.strip() for part in name.split(mark) if part.strip()]
        if len(names) > 1 and len(numbers) == len(names):
            return [Supplier(who, its, _rank(rank, who)) for who, its in zip(names, numbers, strict=True)]
        if len(names) > 1 and mark == ";" and not number.strip():
            return [Supplier(who, "", _rank(rank, who)) for who in names]
    doubtful = len(numbers) > 1 or (not number.strip() and bool(re.search(r"[;\n/,]", name.strip())))
    flat = " ".join(name.split())
    return [Supplier(flat, " ".join(number.split()), _rank(rank, flat), doubtful)] if flat or number.strip() else []


def rank_of(text: str) -> int | None:
    """The place in the ranking that a text states: ``2``, ``2.0``, ``rang 2``; ``None`` for anything else."""
    match = _RANK.fullmatch(text.strip())
    return int(match[1]) if match else None


def private(supplier: Supplier, person: Callable[[str], str]) -> Supplier | None:
    """The supplier as it may be kept: a natural person has a pseudonym alone, and ``None`` without a number for it."""
    for text in (supplier.number, supplier.name):
        found = _person_number(text)
        if found:
            return Supplier("", person(found), supplier.rank)
    if _SOLE_TRADER.search(supplier.name) and not supplier.number:
        return None
    return supplier


def _person_number(text: str) -> str:
    if looks_like_person_number(text) or is_person_number(text):
        return text
    masked, count = mask_person_numbers(text, "\0")
    if not count:
        return ""
    before, _, after = masked.partition("\0")
    return text[len(before) : len(text) - len(after)] if count == 1 else text


def _ranked(text: str) -> list[tuple[str, str]]:
    """``1. X 2. Y`` as pairs; empty unless the places run 1, 2, 3 …"""
    parts = _NUMBERED.split(re.sub(r"(?i)^\s*rangordning\s*:?\s*", "", text))
    places, names = parts[1::2], [" ".join(part.strip(" ,;\n").split()) for part in parts[2::2]]
    running = places == [str(place) for place in range(1, len(places) + 1)]
    return list(zip(places, names, strict=True)) if len(places) > 1 and running and not parts[0].strip() else []


def _rank(text: str, name: str) -> str:
    """The supplier's own place, when the text ranks several by name; else the text."""
    for place, who in _ranked(text):
        if who.casefold() == name.casefold():
            return place
    return " ".join(text.split())
