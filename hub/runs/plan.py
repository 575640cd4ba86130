"""What a run needs, put together by the service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.runs.lease import Window
from hub.sdk import Connector, ConnectorConfig
from hub.store.changes import Change
from hub.store.engine import Connection, Engine
from hub.store.validator import Validators

Assess = Callable[[Connection, set[str], datetime], list[Change]]
"""Recomputes verdicts of some organisations inside the transaction and gives the changes."""

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True)
class RunPlan:
    """Everything that a run needs.

    ``config_digest`` tells one configuration of the source from another. ``client``, ``spool`` and ``validators`` are
    the HTTP client's and belong to this run. ``claim`` is asked in the transaction that opens the run and raises when
    the run is somebody else's. Setting ``stop`` lets the run commit what it has and end as cancelled.
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
    stop: threading.Event = field(default_factory=threading.Event)
    accept_shrinking: bool = False
    now: datetime | None = None
