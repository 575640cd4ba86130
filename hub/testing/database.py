"""A throw-away hub: a database, an archive, and runs over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from hub.runs import Run, RunPlan, RunResult
from hub.sdk import Connector, ConnectorConfig
from hub.social import Signals, load_signals, refresh
from hub.store import schema
from hub.store.engine import Connection, Engine, open_engine
from hub.store.validator import Validators
from hub.testing import sql
from hub.testing.context import KEY, NOW

if TYPE_CHECKING:
    from hub.http import PoliteClient


class Database:
    """A new hub in a folder of its own, with real verdicts by the hub's own signals.

    ``engine`` is its database: SQLite in the folder, or where ``url`` says. Close it, or open it in a ``with`` block.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.archive = folder / "archive"
        file = folder / "hub.sqlite"
        if url is None and not file.exists():
            file.write_bytes(_empty())
        self.engine: Engine = open_engine(url or f"sqlite:///{file}")
        sql.hurry(self.engine)
        if url is not None:
            schema.ensure(self.engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database's connections back."""
        self.engine.dispose()

    def run(
        self,
        connector: Connector[Any],
        config: ConnectorConfig,
        *,
        root: Path | None = None,
        client: PoliteClient | None = None,
        validators: Validators | None = None,
        batch_size: int = 5000,
        now: datetime = NOW,
        source_id: str = "test",
        **plan: Any,
    ) -> RunResult:
        """Run a source as the hub does; paths start from ``root``, else from the hub's folder."""
        spool = None
        if client is not None:
            from hub.http import download

            spool = partial(download, client, self.folder / "spool")
        made = RunPlan(
            source_id=source_id,
            connector=connector,
            config=config,
            engine=self.engine,
            root=root or self.folder,
            archive=self.archive,
            pseudonym_key=KEY,
            precedence=(connector.manifest.id,),
            assess=_assess,
            batch_size=batch_size,
            client=client,
            spool=spool,
            validators=validators,
            now=now,
            **plan,
        )
        return Run(made).execute()

    def rows(self, view: str) -> list[dict[str, Any]]:
        """The rows of a view of the read contract, such as ``v1_organisation``."""
        return sql.rows(self.engine, view)

    def content(self) -> sql.Content:
        """What the database says of the world, by table and without what differs from run to run."""
        return sql.content(self.engine)


@dataclass(frozen=True)
class Stored:
    """What one run left behind: its result, and the rows of each ``v1_`` view that has any."""

    result: RunResult
    rows: Mapping[str, list[dict[str, Any]]]


def run_once(
    connector: Connector[Any],
    config: ConnectorConfig,
    root: Path | None = None,
    *,
    client: PoliteClient | None = None,
    now: datetime = NOW,
) -> Stored:
    """Run a source against a throw-away hub and give what was stored."""
    from hub.store.views import V1

    with TemporaryDirectory() as folder, Database(Path(folder)) as database:
        result = database.run(connector, config, root=root or Path(), client=client, now=now)
        found = {view.name: database.rows(view.name) for view in V1 if view.name != "v1_municipality"}
        return Stored(result, {name: rows for name, rows in found.items() if rows})


def _assess(connection: Connection, organisation_ids: set[str], now: datetime, /, *, forgotten: str = "") -> list[Any]:
    return refresh(connection, organisation_ids, signals=_signals(), now=now, forgotten=forgotten)


@cache
def _signals() -> Signals:
    return load_signals()


@cache
def _empty() -> bytes:
    """A SQLite database with the schema of today. Made once: a migration takes longer than a small run."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "hub.sqlite"
        engine = open_engine(f"sqlite:///{file}")
        schema.ensure(engine)
        engine.dispose()
        return file.read_bytes()
