"""One answer of the API: its members, where the next page is, and what is new in it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final, NamedTuple

from hub.sdk import ContractBroken, Drift

MEMBERS: Final = "values"
_NEXT: Final = ("next_url", "next_page")
"""Version 3, and version 2."""
_KNOWN: Final = frozenset({MEMBERS, "count", *_NEXT, "previous_url", "previous_page"})


class Answer(NamedTuple):
    """``members`` as they stand there, numbers exact; ``following`` is the next page's address, empty when none."""

    members: list[dict[str, Any]]
    following: str
    drift: tuple[Drift, ...]


def read(data: bytes | str, where: str) -> Answer:
    """An answer from its JSON. Raises ``ContractBroken`` for anything else."""
    try:
        told = json.loads(data, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise ContractBroken("not JSON", where=where) from None
    members = told.get(MEMBERS) if isinstance(told, dict) else None
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        raise ContractBroken(f"no answer of Kolada: it has no list `{MEMBERS}`", where=where)
    following = next((told[name] for name in _NEXT if told.get(name)), "")
    if not isinstance(following, str):
        raise ContractBroken("the next page's address is no text", where=where)
    drift = tuple(Drift("new_field", name) for name in sorted(told.keys() - _KNOWN))
    return Answer(members, following, drift)


def kind_of(member: dict[str, Any]) -> str:
    """What a member that holds no values of a municipality is; empty when it does, or when nobody knows."""
    if MEMBERS in member:
        return "values of organisational units (schools, homes)" if "ou" in member else ""
    if "members" in member:
        return "a list of groups"
    if {"id", "title", "type"} <= member.keys():
        return "a list of municipalities"
    if {"id", "title", "municipality"} <= member.keys():
        return "a list of organisational units"
    if {"id", "title", "is_divided_by_gender"} <= member.keys():
        return "a list of indicators"
    return ""
