"""A connector run by hand: a context without a hub, and what the connector yields in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hub.sdk import (
    ClientCredentials,
    Connector,
    ConnectorConfig,
    Context,
    Drift,
    FetchItem,
    HostPolicy,
    RawRecord,
    Record,
    RecordRejected,
    Reject,
)

if TYPE_CHECKING:
    from hub.http import PoliteClient, ValidatorStore
    from hub.observe import Redactor

KEY: Final = b"a key for tests alone, of 32 byte"
"""The key of pseudonyms."""
NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SILENCE: Final = 0.3
"""Seconds without a byte after which a test's client gives up."""


def open_test_client(
    *,
    redactor: Redactor | None = None,
    store: ValidatorStore | None = None,
    credentials: ClientCredentials | None = None,
    hosts: tuple[HostPolicy, ...] = (),
    timeout_seconds: float = _SILENCE,
) -> PoliteClient:
    """The hub's own HTTP client, with a clock that does not wait; close it, or open it in a ``with`` block.

    It keeps to limits, tries again and gives up as in a hub, in no time.
    """
    from hub.http import HostPolicies, open_client
    from hub.observe import Redactor
    from hub.testing.clock import Ticking

    return open_client(
        HostPolicies(hosts, clock=Ticking().clock),
        redactor=redactor or Redactor(),
        store=store,
        credentials=credentials,
        timeout_seconds=timeout_seconds,
    )


def fake_context(
    config: ConnectorConfig,
    *,
    root: Path | None = None,
    now: datetime = NOW,
    cursor: Mapping[str, Any] | None = None,
    window: tuple[date, date] | None = None,
    client: PoliteClient | None = None,
    source_id: str = "test",
) -> Context[Any]:
    """A context for unit tests of ``fetch``. Paths start from ``root``, else from the current folder.

    A source on the web needs a ``client``, such as ``open_test_client()``; without one ``ctx.http`` raises. Downloads
    then go through a temporary folder.
    """
    spool = None
    if client is not None:
        from tempfile import gettempdir

        from hub.http import download

        spool = partial(download, client, Path(gettempdir()) / "hub-testing-spool")
    return Context(
        source_id=source_id,
        config=config,
        now=now,
        root=root or Path(),
        pseudonym_key=KEY,
        cursor=cursor or {},
        window=window,
        client=client,
        spool=spool,
    )


@dataclass
class Collected:
    """What a connector yielded: ``items`` of fetch in order, and what normalise made of the raw records."""

    items: list[FetchItem] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    rejected: list[RecordRejected] = field(default_factory=list)

    @property
    def raw(self) -> list[RawRecord]:
        """The raw records."""
        return [item for item in self.items if isinstance(item, RawRecord)]

    @property
    def rejects(self) -> list[Reject]:
        """The items that could not become raw records."""
        return [item for item in self.items if isinstance(item, Reject)]


def collect(connector: Connector[Any], ctx: Context[Any]) -> Collected:
    """Run ``fetch`` to its end, and ``normalise`` over each raw record. What ``fetch`` raises comes through."""
    found = Collected()
    for item in connector.fetch(ctx):
        found.items.append(item)
        if isinstance(item, Drift):
            found.drift.append(item)
        elif isinstance(item, RawRecord):
            try:
                for said in _normalise(connector, item):
                    (found.drift if isinstance(said, Drift) else found.records).append(said)  # type: ignore[arg-type]
            except RecordRejected as error:
                found.rejected.append(error)
    return found


def _normalise(connector: Connector[Any], raw: RawRecord) -> Iterator[Record | Drift]:
    return iter(list(connector.normalise(raw)))
