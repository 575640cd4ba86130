"""Phrases in a registered purpose: which groups of words occur, how much they weigh and where they stand.

A phrase is a row of a phrases file: a regular expression, the stems of which one must stand in the text before the
expression is tried at all (almost every purpose fails that cheap test), and an ``exclude`` expression that voids a
match when it stands close by in the same sentence: *integration* next to *system* is not about people. Every row
proves itself when it is loaded: its example must be found and its false friends must not.

Phrases of the group ``not_own`` speak of others (advice *to* social enterprises): what they cover is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hub.model.person import mask_person_numbers
from hub.sdk.errors import ConfigError

NOT_OWN: Final = "not_own"
EXCERPT: Final = 200
"""Most characters that evidence quotes."""
_QUOTED: Final = 140
_NEAR: Final = 40
_LONGEST: Final = 4000
"""Characters of a purpose that are read: the register's longest are far below; a runaway text costs no time."""
_STOPS: Final = ".;\n"
_DIGITS: Final = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of saying something, and how much it weighs in its group."""

    id: str
    group: str
    weight: int
    pattern: re.Pattern[str]
    exclude: re.Pattern[str] | None
    stems: tuple[str, ...]

    @classmethod
    def of(cls, row: Mapping[str, str], where: str) -> Phrase:
        """A row of a phrases file, tried on its own examples; ``ConfigError`` says what is wrong with it."""
        stems = tuple(row["stems"].lower().split("|"))
        if not row["stems"] or not all(stems):
            raise ConfigError(f"the phrase {row['phrase']!r} has no stems", where=where)
        if not row["weight"].isdigit():
            raise ConfigError(f"{row['weight']!r} is not a weight", where=where, instruction="write 0, 1, 2 or 3")
        exclude = row.get("exclude")
        phrase = cls(
            id=row["phrase"],
            group=row["group"],
            weight=int(row["weight"]),
            pattern=compiled(row["pattern"], where),
            exclude=compiled(exclude, where) if exclude else None,
            stems=stems,
        )
        if not any(phrase.spans(row["example"])):
            raise ConfigError(f"{phrase.id!r} does not find its own example", where=where)
        for text in filter(None, (row.get("false_friends") or "").split("|")):
            if any(phrase.spans(text)):
                raise ConfigError(f"{phrase.id!r} finds its false friend {text!r}", where=where)
        return phrase

    def spans(self, text: str, lowered: str | None = None) -> Iterator[tuple[int, int]]:
        """Where the phrase stands in ``text``, false friends left out."""
        lowered = text.lower() if lowered is None else lowered
        if not any(stem in lowered for stem in self.stems):
            return
        for match in self.pattern.finditer(text):
            if self.exclude is None or not self.exclude.search(text, *_neighbourhood(text, *match.span())):
                yield match.span()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text says in one group: the sum of weights and the words around the first match."""

    weight: int
    excerpt: str


class PhraseBook:
    """All phrases, ready to read millions of texts."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._of_others = tuple(phrase for phrase in self.phrases if phrase.group == NOT_OWN)
        self._by_stem: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            if phrase.group != NOT_OWN:
                for stem in phrase.stems:
                    self._by_stem.setdefault(stem, []).append(phrase)

    @property
    def groups(self) -> frozenset[str]:
        """The groups that phrases belong to."""
        return frozenset(phrase.group for phrase in self.phrases)

    def read(self, text: str) -> dict[str, Finding]:
        """The groups that occur in ``text``. A phrase counts once, however often it stands there."""
        text = text[:_LONGEST]
        lowered = text.lower()
        stems = [stem for stem in self._by_stem if stem in lowered]
        if not stems:
            return {}
        if _DIGITS.search(text):
            text, _ = mask_person_numbers(text)
            lowered = text.lower()
        others = [span for phrase in self._of_others for span in phrase.spans(text, lowered)]
        weights: dict[str, int] = {}
        places: dict[str, list[tuple[int, int]]] = {}
        for phrase in {phrase.id: phrase for stem in stems for phrase in self._by_stem[stem]}.values():
            spans = [span for span in phrase.spans(text, lowered) if not _covered(span, others)]
            if spans:
                weights[phrase.group] = weights.get(phrase.group, 0) + phrase.weight
                places.setdefault(phrase.group, []).append(spans[0])
        return {group: Finding(weight, excerpt(text, *min(places[group]))) for group, weight in weights.items()}


def compiled(pattern: str, where: str) -> re.Pattern[str]:
    """The regular expression, or ``ConfigError`` with the place it was read from."""
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ConfigError(f"{pattern!r} is not a regular expression: {error}", where=where) from None


def excerpt(text: str, start: int, end: int) -> str:
    """The words around a match, cut between words, with dots where something is left out; at most 200 characters."""
    first = max(0, start - 40)
    if first:
        first = text.find(" ", first, start) + 1 or start
    last = min(len(text), max(first + _QUOTED, min(end, first + EXCERPT - 2)))
    if last < len(text):
        last = max(text.rfind(" ", first, last), min(end, last))
    return ("…" if first else "") + text[first:last].strip() + ("…" if last < len(text) else "")


def _neighbourhood(text: str, start: int, end: int) -> tuple[int, int]:
    before = max(text.rfind(stop, max(0, start - _NEAR), start) for stop in _STOPS)
    after = [place for stop in _STOPS if (place := text.find(stop, end, end + _NEAR)) >= 0]
    return (before + 1 if before >= 0 else max(0, start - _NEAR)), min(after, default=end + _NEAR)


def _covered(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)
