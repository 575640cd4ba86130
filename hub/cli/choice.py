"""The one row that a shortened id means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.sdk.errors import ConfigError


def the_one(rows: Sequence[dict[str, Any]], start: str, what: str, instruction: str) -> dict[str, Any]:
    """The single row among those whose id begins with ``start``. Raises ``ConfigError`` for none or several."""
    if len(rows) == 1:
        return rows[0]
    reason = f"{len(rows)} of them begin with {start!r}" if rows else f"there is no {what} {start!r}"
    raise ConfigError(reason, instruction="write more of the id" if rows else instruction)
