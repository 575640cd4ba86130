"""The raw hash: equal for a raw record that says the same as before."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from hub.sdk.events import RawRecord

_ENCODER = msgspec.json.Encoder(order="deterministic")


def raw_hash(raw: RawRecord) -> str:
    """A hash over payload and scope. The order of a mapping's keys and the place it was read from do not matter."""
    payload = raw.payload if isinstance(raw.payload, bytes) else _ENCODER.encode(raw.payload)
    return blake2b(payload, digest_size=16, key=blake2b(raw.scope.encode(), digest_size=16).digest()).hexdigest()
