"""What must stand in a field for a signal to fire.

===========================  ==================================================================
match                        true when
===========================  ==================================================================
``regex:pattern``            the pattern occurs (case does not matter)
``codes:A,B``                the value is one of them
``other:A,B``                there is a value and it is none of them
``other``                    for memberships: no other signal knows the register
``prefix:93,94``             the value begins so (points in industry codes do not matter)
``phrases:group 3-``         the purpose's phrases of that group weigh at least 3 (``1-2``: 1 or 2)
``list:file.csv``            the column ``identifier`` of the file beside the signals holds it
``starts:file.csv``          it starts with a name in the file, also in the genitive
===========================  ==================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.sdk.errors import ConfigError
from hub.social.phrase import Finding, compiled

Findings = Mapping[str, Finding]
Lists = Callable[[str], "Mapping[str, str]"]
"""Reads a list file by name: identifier → name (and owner)."""

FIELDS: Final = frozenset({"name", "purpose", "legal_form", "kind", "identifier", "membership"})
_PHRASES: Final = re.compile(r"(\w+) (\d)-(\d?)")
_COMPANY_WORDS: Final = frozenset({"ab", "aktiebolaget", "aktiebolag", "fastighets", "stiftelsen"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A field and its test. ``test`` gives what to show as the evidence's value, or ``None``."""

    field: str
    match: str
    test: Callable[[str, Findings], str | None]
    codes: frozenset[str] = frozenset()
    """The only values that can pass, when they are known: an index finds them."""
    group: str | None = None
    """The group of phrases it asks about."""
    listed: str | None = None
    """The list file that it rests on, which then is the evidence's source."""

    @property
    def is_remainder(self) -> bool:
        """Whether it takes what no other signal knows."""
        return self.match == "other"

    @classmethod
    def of(cls, field: str, match: str, lists: Lists, where: str) -> Condition:
        """Read from its written form."""
        if field not in FIELDS and not field.startswith("activity:"):
            known = ", ".join(sorted(FIELDS))
            raise ConfigError(f"unknown field {field!r}", where=where, instruction=f"use {known} or activity:SCHEME")
        how, _, what = match.partition(":")
        values = tuple(filter(None, what.split(",")))
        if how == "regex" and what:
            pattern = compiled(what, where)
            return cls(field, match, lambda value, _: value if pattern.search(value) else None)
        if how == "codes" and values:
            codes = frozenset(values)
            return cls(field, match, lambda value, _: value if value in codes else None, codes)
        if how == "other":
            rest = frozenset(values)
            return cls(field, match, lambda value, _: None if value in rest else value)
        if how == "prefix" and values:
            return cls(field, match, lambda value, _: value if value.replace(".", "").startswith(values) else None)
        if how == "phrases" and field == "purpose" and (found := _PHRASES.fullmatch(what)):
            group, least, most = found[1], int(found[2]), int(found[3] or 99)
            return cls(field, match, lambda _, findings: _weighed(findings.get(group), least, most), group=group)
        if how == "list" and values:
            listed = lists(what)
            return cls(field, match, lambda value, _: listed.get(value), listed=what)
        if how == "starts" and values:
            names = _spellings(lists(what).values())
            return cls(field, match, lambda value, _: _start(value, names))
        raise ConfigError(f"{match!r} is no way to match {field}", where=where, instruction="see social/data/README.md")


def _weighed(finding: Finding | None, least: int, most: int) -> str | None:
    return finding.excerpt if finding is not None and least <= finding.weight <= most else None


def _spellings(names: Iterable[str]) -> Mapping[str, str]:
    spelt: dict[str, str] = {}
    for name in names:
        plain = name.casefold()
        spelt[plain] = name
        spelt.setdefault(f"{plain}s", name)
    return spelt


def _start(value: str, names: Mapping[str, str]) -> str | None:
    words = value.casefold().split()
    while words and words[0] in _COMPANY_WORDS:
        words.pop(0)
    return next((names[start] for n in (1, 2, 3) if (start := " ".join(words[:n])) in names), None)
