"""What keeps a serving hub from its work, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from hub.schedule.state import ServeState
from hub.sdk import HubError
from hub.store.engine import Engine
from hub.web import sql

_PATIENCE: Final = 30.0
"""Seconds. A tick may take longer than the time between two."""


def not_ticking(state: ServeState, now: datetime) -> Iterator[HubError]:
    """Whether the last tick is so long ago that there will hardly be another one."""
    since = state.last_tick_at or state.started_at
    seconds = (now - since).total_seconds()
    if seconds > max(5 * state.tick_seconds, _PATIENCE):
        yield HubError(
            f"the last tick was {seconds:.0f} seconds ago",
            where="scheduler",
            instruction="read the log, then start `hub serve` again; runs go on from their last commit",
        )


def not_ready(engine: Engine, state: ServeState) -> Iterator[HubError]:
    """What is wrong with the database or the configuration."""
    try:
        if not sql.schema_is_current(engine):
            yield HubError(
                "the schema is not the one that this program works with",
                where="database",
                instruction="run `hub db upgrade` with the newest program, and start that one",
            )
    except HubError as error:
        yield error
    if not state.config_valid:
        yield HubError(
            state.config_error,
            where="configuration",
            instruction="correct it and run `hub check`; until then the earlier configuration is in force",
        )
