"""Looking after a hub's sources between their runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hub.runs import condition
from hub.runs.notice import Channel, deliver
from hub.sdk import HubError
from hub.store.engine import Engine, transaction

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watch:
    """Sees what no run can tell of, and tells people. Its own errors are logged: they must not end who calls it.

    ``engine`` is asked each time, for the database may be away.
    """

    engine: Callable[[], Engine]
    channels: Sequence[Channel]
    hub: str
    redact: Callable[[str], str]
    failing_after: int

    def check(self, longest_ages: Mapping[str, timedelta | None], now: datetime | None = None) -> None:
        """Raise what time shows: sources that were not read for too long, runs that died."""
        moment = now or datetime.now(UTC)
        try:
            with transaction(self.engine()) as connection:
                condition.check_lost(connection, now=moment, failing_after=self.failing_after)
                condition.check_freshness(connection, longest_ages, now=moment)
        except HubError as error:
            _log.warning("conditions could not be checked: %s", error, extra={"action": "conditions_failed"})

    def deliver(self, now: datetime | None = None) -> None:
        """Tell people what is wrong, or over, and was not told yet."""
        moment = now or datetime.now(UTC)
        try:
            deliver(self.engine(), self.channels, hub=self.hub, redact=self.redact, now=moment)
        except HubError as error:
            _log.warning("notices could not be told: %s", error, extra={"action": "notices_failed"})
