"""A promise that every connector makes, and what comes of looking at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hub.testing.trial import Trial


class BrokenPromise(AssertionError):
    """The connector does not do what connectors promise; the message says what to do."""


class NotApplicable(Exception):
    """The promise cannot be looked at here; the message says why."""


@dataclass(frozen=True)
class Promise:
    """``name`` is what ``Fixture.without`` calls it. It is looked at only when those in ``needs`` are kept."""

    name: str
    sentence: str
    look: Callable[[Trial], None]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What came of one promise; ``why`` is empty when it is kept.

    ``blame`` names the broken promise that must be mended before this one can be looked at.
    """

    promise: Promise
    outcome: Literal["kept", "skipped", "broken"]
    why: str = ""
    blame: str = ""
