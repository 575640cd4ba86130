"""The verdict in plain sentences, for somebody who buys for a municipality and has to defend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.social.catalogue import Signals
from hub.social.evidence import Evidence
from hub.social.verdict import AIMS, OTHERS, STRUCTURAL, Status, Verdict

_REASONS: Final = 2
"""Reasons told for not counting somebody: one would do."""


@dataclass(frozen=True, slots=True)
class _Wording:
    heads: Mapping[Status, str]
    own_words: str
    no_aim: str
    no_other: str
    thin: str
    doubt: str
    despite: str
    conjunction: str
    unmeasured: str
    source: str
    since: Mapping[str, str]
    until: str
    rules: str


_SV: Final = _Wording(
    heads={
        Status.CONFIRMED: "Bekräftat socialt företag.",
        Status.LIKELY: "Troligen ett socialt företag.",
        Status.POSSIBLE: "Kan vara ett socialt företag, men uppgifterna räcker inte för att säga det.",
        Status.UNKNOWN: "Det går inte att säga om det är ett socialt företag: det som är känt räcker inte.",
        Status.EXCLUDED: "Räknas inte, därför att ",
    },
    own_words="Bedömningen bygger på företagets egna registrerade ord; ingen annan källa har bekräftat dem.",
    no_aim="Inget visar vad överskottet och arbetet ska tjäna: ett socialt ändamål saknas i uppgifterna.",
    no_other="Inget mer visar hur vinsten används eller vem som bestämmer.",
    thin="Tecknen är för svaga eller för få för att säga mer.",
    doubt="Mot talar: ",
    despite="Det gäller trots att ",
    conjunction=", och ",
    unmeasured="Om resultaten mäts mot ändamålet framgår sällan av register, och inte här.",
    source="källa",
    since={
        "published": "sedan {day}",
        "first_seen": "först sett {day}",
        "assumed": "antas gälla sedan {day}",
        "": "utan känt datum",
    },
    until=", till {day}",
    rules="hubbens lista",
)
_EN: Final = _Wording(
    heads={
        Status.CONFIRMED: "Confirmed social enterprise.",
        Status.LIKELY: "Probably a social enterprise.",
        Status.POSSIBLE: "May be a social enterprise, but what is known is not enough to say so.",
        Status.UNKNOWN: "It cannot be said whether this is a social enterprise: what is known is not enough.",
        Status.EXCLUDED: "Not counted, because ",
    },
    own_words="This rests on the enterprise's own registered words; no other source has confirmed them.",
    no_aim="Nothing shows what the surplus and the work are for: no social aim is on record.",
    no_other="Nothing more shows where the profit goes or who decides.",
    thin="The signs are too weak or too few to say more.",
    doubt="Against it: ",
    despite="This holds although ",
    conjunction=", and ",
    unmeasured="Whether results are measured against the aim can rarely be read from registers, and not here.",
    source="source",
    since={
        "published": "since {day}",
        "first_seen": "first seen {day}",
        "assumed": "assumed since {day}",
        "": "without a known date",
    },
    until=", until {day}",
    rules="the hub's list",
)


def explain(verdict: Verdict, signals: Signals, titles: Mapping[str, str]) -> tuple[str, str]:
    """The explanation in Swedish and in English. ``titles`` names sources by their id."""
    return _text(verdict, signals, titles, _SV), _text(verdict, signals, titles, _EN)


def _text(verdict: Verdict, signals: Signals, titles: Mapping[str, str], words: _Wording) -> str:
    def told(items: Sequence[Evidence]) -> list[str]:
        return [_sentence(item, signals, titles, words) for item in items]

    head = words.heads[verdict.status]
    if verdict.status is Status.EXCLUDED:
        return head + words.conjunction.join(told(verdict.reasons[:_REASONS])) + "."
    parts = [head, *(f"{sentence}." for sentence in told(verdict.reasons))]
    if verdict.status is Status.CONFIRMED:
        parts += [f"{words.despite}{sentence}." for sentence in told(verdict.doubts)]
    else:
        parts += [f"{words.doubt}{_lower(sentence)}." for sentence in told(verdict.doubts)]
    if verdict.status is Status.POSSIBLE:
        parts.append(_lacking(verdict, words))
    if verdict.own_words and verdict.status in (Status.LIKELY, Status.POSSIBLE):
        parts.append(words.own_words)
    if verdict.status in (Status.CONFIRMED, Status.LIKELY, Status.POSSIBLE):
        parts.append(words.unmeasured)
    return " ".join(parts)


def _sentence(item: Evidence, signals: Signals, titles: Mapping[str, str], words: _Wording) -> str:
    signal = signals.by_id.get(item.signal)
    if signal is None:  # a signal that is no longer in the files: its evidence is history
        body = item.value
    else:
        template = signal.sentence_sv if words is _SV else signal.sentence_en
        body = template.replace("{value}", item.value)
    source = words.rules if item.source_id.startswith("hub:") else titles.get(item.source_id, item.source_id)
    since = words.since[item.valid_from_basis or ""].format(day=item.valid_from)
    until = words.until.format(day=item.valid_to) if item.valid_to else ""
    named = f"{words.source}: {source}, " if source else ""
    return f"{body} ({named}{since}{until})"


def _lacking(verdict: Verdict, words: _Wording) -> str:
    if not any(item.criteria & AIMS and item.field not in STRUCTURAL for item in verdict.reasons):
        return words.no_aim
    return words.thin if any(item.criteria & OTHERS for item in verdict.reasons) else words.no_other


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
