"""A connector on trial: its fixture played, read and stored as often as the promises ask."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from hub.observe import Redactor
from hub.runs import RunResult
from hub.sdk import Connector, ConnectorClass, ConnectorConfig, FetchItem, HubError, RawRecord, Record, SourceError
from hub.sdk.events import Drift
from hub.settings import secret_values, validate_source_config
from hub.store.validator import Validators
from hub.testing.context import fake_context, open_test_client
from hub.testing.database import Database
from hub.testing.difference import shown
from hub.testing.fixture import Fixture
from hub.testing.promise import BrokenPromise, NotApplicable, Promise, Verdict
from hub.testing.server import TestServer, serving
from hub.testing.watch import unsynced

if TYPE_CHECKING:
    from hub.http import PoliteClient

_MOST: Final = 5000
"""Raw records of a fixture. The suite reads them some hundred times."""


class Playing:
    """A connector whose fetch is another one: the raw records it yields are its own, or what a test made of them."""

    def __init__(self, connector: Connector[Any], fetch: Callable[[Any], Iterator[FetchItem]]) -> None:
        self.manifest = connector.manifest
        self.fetch = fetch
        self.normalise = connector.normalise


@dataclass
class Stage:
    """The fixture, played: a site that answers, a configuration that is valid, and a client between them."""

    connector: ConnectorClass
    fixture: Fixture
    root: Path
    server: TestServer | None
    config: ConnectorConfig
    redactor: Redactor = field(default_factory=Redactor)
    sent: list[str] = field(default_factory=list)
    """What the connector asked for since the site was last set up; what the client repeats does not count."""

    def play(self) -> None:
        """Set the site up as at the beginning."""
        self.sent.clear()
        if self.server is not None and self.fixture.site is not None:
            self.server.forget()
            self.fixture.site(self.server)

    @contextmanager
    def client(self, connector: Connector[Any], store: Validators | None = None) -> Iterator[PoliteClient | None]:
        """The hub's HTTP client, when there is a site."""
        if self.server is None:
            yield None
            return
        with open_test_client(
            redactor=self.redactor,
            store=store,
            credentials=connector.credentials(self.config),
            hosts=connector.manifest.hosts,
        ) as client:
            client.event_hooks = {"request": [lambda request: self.sent.append(_asked(request))]}
            yield client

    def fetch(self, now: datetime | None = None) -> list[FetchItem]:
        """What the connector yields, without a hub around it. What it raises comes through."""
        self.play()
        connector = self.connector()
        with self.client(connector) as client:
            context = fake_context(self.config, root=self.root, now=now or self.fixture.now, client=client)
            found: list[FetchItem] = []
            for item in connector.fetch(context):
                found.append(item)
                if len(found) > _MOST:
                    raise NotApplicable(f"the fixture has more than {_MOST} items → cut a small sample out of it")
            return found

    def run(
        self,
        database: Database,
        *,
        connector: Connector[Any] | None = None,
        fetch: Callable[[Connector[Any], Any], Iterator[FetchItem]] | None = None,
        now: datetime | None = None,
        batch_size: int = 5000,
        anew: bool = True,
    ) -> RunResult:
        """Run the source into a database, as a hub does. ``fetch`` stands in for the connector's own."""
        if anew:
            self.play()
        connector = connector or self.connector()
        played = connector
        if fetch is not None:
            made, own = fetch, connector
            played = cast("Connector[Any]", Playing(connector, lambda ctx: made(own, ctx)))
        validators = Validators()
        with self.client(connector, validators) as client, unsynced():
            return database.run(
                played,
                self.config,
                root=self.root,
                client=client,
                validators=validators,
                batch_size=batch_size,
                now=now or self.fixture.now,
            )


class Trial:
    """One connector and one fixture, with a folder to work in. ``check`` looks at a promise."""

    def __init__(self, connector: ConnectorClass, fixture: Fixture, folder: Path) -> None:
        self.connector = connector
        self.fixture = fixture
        self.folder = folder
        self._verdicts: dict[str, Verdict] = {}
        self._numbers = count(1)

    def check(self, promise: Promise, among: Mapping[str, Promise]) -> Verdict:
        """Look at a promise, once; those that it needs (found in ``among``) are looked at first."""
        if promise.name not in self._verdicts:
            self._verdicts[promise.name] = self._look(promise, among)
        return self._verdicts[promise.name]

    def _look(self, promise: Promise, among: Mapping[str, Promise]) -> Verdict:
        if why := self.fixture.without.get(promise.name):
            return Verdict(promise, "skipped", why)
        for name in promise.needs:
            needed = self.check(among[name], among)
            if blame := name if needed.outcome == "broken" else needed.blame:
                return Verdict(promise, "skipped", f"first mend {blame!r}: {among[blame].sentence}", blame)
        try:
            promise.look(self)
        except NotApplicable as reason:
            return Verdict(promise, "skipped", str(reason))
        except BrokenPromise as reason:
            return Verdict(promise, "broken", str(reason))
        except HubError as error:
            return Verdict(promise, "broken", f"the connector raised {type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - the other promises can still be looked at
            return Verdict(promise, "broken", _crash(error))
        return Verdict(promise, "kept")

    @contextmanager
    def stage(
        self, *, change: Callable[[Path], None] | None = None, config: Mapping[str, Any] | None = None
    ) -> Iterator[Stage]:
        """Play the fixture. ``change`` works on a copy of its files; ``config`` replaces single keys."""
        with ExitStack() as stack:
            server = stack.enter_context(serving()) if self.fixture.site is not None else None
            root = self.fixture.root
            if change is not None:
                root = self.room()
                shutil.copytree(self.fixture.root, root, dirs_exist_ok=True)
                change(root)
            raw = dict(self.raw_config(server)) | dict(config or {})
            checked = validate_source_config(self.connector.config_model, raw, f"fixture {self.fixture.name!r}")
            stage = Stage(self.connector, self.fixture, root, server, checked)
            stage.redactor.add(secret_values(checked))
            yield stage

    def raw_config(self, server: TestServer | None) -> Mapping[str, Any]:
        """The fixture's ``[config]``."""
        config = self.fixture.config
        if not callable(config):
            return config
        if server is None:
            raise NotApplicable(f"fixture {self.fixture.name!r}: a config that is a function needs `site` as well")
        return config(server)

    def database(self) -> Database:
        """A new database in a folder of its own."""
        return Database(self.room())

    def room(self) -> Path:
        """A new folder."""
        folder = self.folder / str(next(self._numbers))
        folder.mkdir(parents=True)
        return folder

    @cached_property
    def items(self) -> list[FetchItem]:
        """What the connector yields, fetched once. Raises :class:`BrokenPromise` when it cannot be read."""
        with self.stage() as stage:
            try:
                return stage.fetch()
            except SourceError as error:
                raise BrokenPromise(
                    f"fetch could not read fixture {self.fixture.name!r}: {error}"
                    " → correct the fixture's config, root or site"
                ) from None

    @cached_property
    def raw(self) -> list[RawRecord]:
        """The raw records among them."""
        found = [item for item in self.items if isinstance(item, RawRecord)]
        if not found:
            raise BrokenPromise("fetch yields no raw record → give the fixture a source with some")
        return found

    def normalised(self, raw: RawRecord, connector: Connector[Any] | None = None) -> list[Record | Drift]:
        """What normalise makes of a raw record. What it raises comes through."""
        return list((connector or self.connector()).normalise(raw))


def _crash(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = shown(str(error)) if str(error) else ""
    return (
        f"{type(error).__name__} {said} at {Path(frame.filename).name}, line {frame.lineno}, in {frame.name}"
        " → raise a SourceError in fetch and RecordRejected in normalise, with what to do"
    )


def _asked(request: Any) -> str:
    """What tells a question from another: searches put it into the body."""
    body = request.read()
    return f"{request.method} {request.url}" + (f" {sha256(body).hexdigest()[:12]}" if body else "")
