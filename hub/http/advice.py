"""What a host's headers say about when to ask again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

_YEAR: Final = 366 * 86_400.0
_EPOCH: Final = 1e9
"""A reset above this many seconds is a moment since 1970, not a wait."""
_NUMBER: Final = re.compile(r"\s*(\d{1,18}(?:\.\d{1,9})?)\s*")
_PAIR: Final = re.compile(r"\b(remaining|reset|r|t)\s*=\s*(\d{1,18})", re.IGNORECASE)
_PREFIXES: Final = ("RateLimit-", "X-RateLimit-", "X-Rate-Limit-")


def retry_after(headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds from ``wall`` that ``Retry-After`` asks for, as a number or an HTTP date; ``None`` without a sane one."""
    text = headers.get("Retry-After", "")
    if match := _NUMBER.fullmatch(text):
        return min(float(match[1]), _YEAR)
    try:
        moment = parsedate_to_datetime(text)
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(at - wall, 0.0), _YEAR)


def exhausted_for(headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds until the host takes requests again, when its ``RateLimit`` headers say that none is left.

    Understands ``RateLimit-Remaining``/``-Reset`` with and without ``X-`` (a wait, or a moment since 1970), and the
    single ``RateLimit`` field in both forms that its drafts gave it.
    """
    waits = [_seconds(reset, wall) for remaining, reset in _quotas(headers) if remaining == 0]
    return max(waits, default=None)


def _quotas(headers: Mapping[str, str]) -> Iterator[tuple[float, float]]:
    for prefix in _PREFIXES:
        remaining = _NUMBER.fullmatch(headers.get(f"{prefix}Remaining", ""))
        reset = _NUMBER.fullmatch(headers.get(f"{prefix}Reset", ""))
        if remaining and reset:
            yield float(remaining[1]), float(reset[1])
    field = headers.get("RateLimit", "")
    # `limit=9, remaining=0, reset=5` is one quota; `"day";r=0;t=30, "minute";r=4;t=5` are two.
    for part in [field] if "remaining" in field.lower() else field.split(","):
        pairs = {name.lower()[:3]: float(value) for name, value in _PAIR.findall(part)}
        remaining_, reset_ = pairs.get("rem", pairs.get("r")), pairs.get("res", pairs.get("t"))
        if remaining_ is not None and reset_ is not None:
            yield remaining_, reset_


def _seconds(reset: float, wall: float) -> float:
    if reset > _EPOCH * 1000:
        reset /= 1000  # milliseconds
    return min(max(reset - wall, 0.0) if reset > _EPOCH else reset, _YEAR)
