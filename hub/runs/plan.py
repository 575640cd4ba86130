"""What a run needs, put together by the service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from hub.model.person import mask_person_numbers
from hub.runs.lease import Window
from hub.sdk import Connector, ConnectorConfig
from hub.store.changes import Change
from hub.store.engine import Connection, Engine
from hub.store.validator import Validators


class Assess(Protocol):
    """Recomputes verdicts of some organisations inside the transaction and gives the changes."""

    def __call__(
        self, connection: Connection, organisation_ids: set[str], now: datetime, /, *, forgotten: str = ""
    ) -> list[Change]:
        """``forgotten`` is a source some of whose records were erased: of what it said, only what still holds stays."""


Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True)
class RunPlan:
    """Everything that a run needs.

    ``config_digest`` tells one configuration of the source from another. ``client``, ``spool`` and ``validators`` are
    the HTTP client's and belong to this run. ``claim`` is asked in the transaction that opens the run and raises when
    the run is somebody else's; ``on_begin`` is called when the run is open. Setting ``stop`` lets it commit what it
    has and end as cancelled. ``failing_after`` syncs in a row that did not read the source whole raise a condition.
    ``redact`` takes out of a run's reason what nobody may read: personal numbers, and secrets where they are known.
    Archive segments older than ``keep_archive`` are deleted, with ``keep_current`` only those that hold no current
    version.
    """

    source_id: str
    connector: Connector[Any]
    config: ConnectorConfig
    engine: Engine
    root: Path
    archive: Path
    pseudonym_key: bytes = field(repr=False)
    precedence: Sequence[str]
    assess: Assess
    batch_size: int = 5000
    schedule: str = "daily"
    enabled: bool = True
    config_digest: str = ""
    lookback: timedelta | None = None
    window: Window | None = None
    on_progress: Progress = lambda done, total, what: None  # noqa: ARG005
    client: Any = None  # an HTTP client; only its maker and the connector know more
    spool: Callable[..., Any] | None = None
    validators: Validators | None = None
    claim: Callable[[Connection], None] | None = None
    on_begin: Callable[[], None] = lambda: None
    stop: threading.Event = field(default_factory=threading.Event)
    accept_shrinking: bool = False
    failing_after: int = 1
    keep_archive: timedelta | None = None
    keep_current: bool = True
    redact: Callable[[str], str] = lambda text: mask_person_numbers(text)[0]
    now: datetime | None = None


def config_digest(connector: Connector[Any], config: ConnectorConfig) -> str:
    """Tells one configuration of a source from another; secrets show as stars, so a renewed one changes nothing."""
    manifest = connector.manifest
    said = f"{manifest.id} {manifest.version} {config.model_dump_json()}"
    return blake2b(said.encode(), digest_size=16).hexdigest()
