"""How ``hub serve`` goes about what is due: the section ``[schedule]``."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from hub.settings.schedule import parse_duration
from hub.settings.section import Section

Span = Annotated[timedelta, BeforeValidator(parse_duration)]


class Schedule(Section):
    """``tick`` is the time between two looks at what is due. ``parallel`` runs at once, of which ``per_host`` share a
    host; without a number, what suits the database. Runs begin up to ``jitter`` later than scheduled, at random.
    """

    tick: Span = Field(default=timedelta(seconds=5), ge=timedelta(seconds=1), le=timedelta(hours=1))
    parallel: int | None = Field(default=None, ge=1, le=16)
    per_host: int = Field(default=1, ge=1, le=16)
    jitter: Span = Field(default=timedelta(minutes=5), ge=timedelta(0), le=timedelta(days=1))
