"""Deterministic ids: the same natural key gives the same UUID in every database (ADR 0002).

An id is a UUIDv5 over the entity's name and the parts of its natural key. Parts are length-prefixed before they are
joined, so that no choice of parts can collide with another (``("a", "bc")`` is not ``("ab", "c")``).
"""

from __future__ import annotations

from hashlib import sha1
from typing import Final
from uuid import UUID

NAMESPACE: Final = UUID("6f1d2c0a-7d0e-5b7c-9a53-5f0f6f5f0b11")
"""Fixed for ever: changing it changes every id in every database."""


def make_id(entity: str, *key: str) -> str:
    """The id of ``entity`` with this natural key, as 36-character text."""
    name = "|".join((entity, *[f"{len(part)}:{part}" for part in key]))
    # uuid.uuid5 spelt out: it is called for every record, and building UUID objects is most of its cost.
    digest = bytearray(sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def organisation_id(scheme: str, value: str) -> str:
    """The id of the organisation that an official identifier names. Needs no look-up: it follows from the number."""
    return make_id("organisation", scheme, value)
