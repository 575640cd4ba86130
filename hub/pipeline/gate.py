"""The gate: no raw record with a natural person's number in it goes any further (ADR 0004).

Connectors take persons out before they yield. The gate is the second lock: what slips through is masked, and the run
says how often that happened, so that the connector gets mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hub.model.person import contains_person_number, mask_person_numbers, pseudonym
from hub.sdk.events import RawRecord


def without_persons(raw: RawRecord, key: bytes, *, public_keys: bool = False) -> tuple[RawRecord, int]:
    """The raw record with every personal number masked, and how many there were.

    With ``public_keys`` the stream's keys, and the places named after them, only look like persons' numbers: one in
    130 of TED's publication numbers does (``340663-2020``).
    """
    payload, count = _masked(raw.payload)
    origin, record_key = raw.origin, raw.key
    if not public_keys:
        origin, in_origin = mask_person_numbers(origin)
        count += in_origin
        if contains_person_number(record_key):
            # A key must stay unique, so it gets a pseudonym instead of a mask.
            record_key = pseudonym(record_key, key)
            count += 1
    if count == 0:
        return raw, 0
    return replace(raw, payload=payload, origin=origin, key=record_key), count


def _masked(value: Any) -> tuple[Any, int]:
    if isinstance(value, str):
        return mask_person_numbers(value) if len(value) >= 10 else (value, 0)  # noqa: PLR2004 - shortest number
    if isinstance(value, bytes):
        return _masked_bytes(value)
    if isinstance(value, Mapping):
        pairs = {name: _masked(item) for name, item in value.items()}
        return {name: item for name, (item, _) in pairs.items()}, sum(count for _, count in pairs.values())
    if isinstance(value, list | tuple):
        items = [_masked(item) for item in value]
        return [item for item, _ in items], sum(count for _, count in items)
    return value, 0


def _masked_bytes(value: bytes) -> tuple[bytes, int]:
    # Documents are text in UTF-8 or an ASCII superset; latin-1 maps every byte to itself and back.
    masked, count = mask_person_numbers(value.decode("latin-1"))
    return (masked.encode("latin-1"), count) if count else (value, 0)
