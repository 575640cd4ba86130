"""A signal: one thing in the facts that speaks for or against a social enterprise, and how strongly.

``field`` is what the signal looks at (``name``, ``purpose``, ``legal_form``, ``kind``, ``identifier``,
``activity:<scheme>``, ``membership``); ``match`` says what must stand there; ``also`` holds further conditions
(``field match & field match``). A criterion ``exclusion+X`` speaks against X: with strength ``excluding`` it decides,
with ``weak`` it is a doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.sdk.errors import ConfigError
from hub.social.condition import Condition, Lists

CRITERIA: Final = frozenset({
    "business_activity",
    "social_aim",
    "profit_reinvestment",
    "governance",
    "work_integration",
    "independence",
    "exclusion",
    "unspecified",
})  # fmt: skip
STRENGTHS: Final = ("weak", "medium", "strong", "conclusive", "excluding")
COLUMNS: Final = ("signal", "criterion", "field", "match", "strength", "sentence_sv", "sentence_en")
"""Columns that every row must fill; ``country, also, valid_from, valid_to, legal_reference, note`` may be empty."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One row of a signals file."""

    id: str
    country: str
    criteria: tuple[str, ...]
    condition: Condition
    also: tuple[Condition, ...]
    strength: str
    valid_from: date | None
    valid_to: date | None
    legal_reference: str | None
    sentence_sv: str
    sentence_en: str

    @classmethod
    def of(cls, row: Mapping[str, str], lists: Lists, where: str) -> Signal:
        """A row as written; ``ConfigError`` names the place and what is wrong there."""
        for column in COLUMNS:
            if not row.get(column):
                raise ConfigError(f"the column {column!r} is missing or empty", where=where)
        criteria = tuple(row["criterion"].split("+"))
        for criterion in criteria:
            if criterion not in CRITERIA:
                known = ", ".join(sorted(CRITERIA))
                raise ConfigError(f"unknown criterion {criterion!r}", where=where, instruction=f"use one of: {known}")
        if row["strength"] not in STRENGTHS:
            known = ", ".join(STRENGTHS)
            raise ConfigError(f"unknown strength {row['strength']!r}", where=where, instruction=f"use one of: {known}")
        if row["strength"] == "excluding" and criteria[0] != "exclusion":
            raise ConfigError("an excluding signal needs the criterion exclusion", where=where)
        also = []
        for part in filter(None, (row.get("also") or "").split(" & ")):
            field, _, match = part.partition(" ")
            also.append(Condition.of(field, match, lists, where))
        return cls(
            id=row["signal"],
            country=row.get("country") or "",
            criteria=criteria,
            condition=Condition.of(row["field"], row["match"], lists, where),
            also=tuple(also),
            strength=row["strength"],
            valid_from=_day(row.get("valid_from"), where),
            valid_to=_day(row.get("valid_to"), where),
            legal_reference=row.get("legal_reference") or None,
            sentence_sv=row["sentence_sv"],
            sentence_en=row["sentence_en"],
        )


def _day(value: str | None, where: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ConfigError(f"{value!r} is not a date", where=where, instruction="write YYYY-MM-DD") from None
