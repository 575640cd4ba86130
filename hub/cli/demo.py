"""``hub demo``: the hub at work on invented data."""

from __future__ import annotations


def demo() -> None:
    """Placeholder."""
