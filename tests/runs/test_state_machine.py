"""Whatever a publisher does and wherever the hub dies: what stands in the tables is what the change feed tells."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from hub.runs import RunResult, execution
from hub.runs.replay import replay
from hub.sdk import Checkpoint, Complete, Context, Erase, FetchItem, Manifest, RawRecord, Stream
from tests.runs.folding import assert_feed_tells_the_tables
from tests.runs.harness import ALFA, BETA, GAMMA, Bench, Config, Fake

STREAMS, SCOPES, KEYS = ("rows", "lines"), ("a", "b"), "pqrst"
Place = tuple[str, str, str]
"""Stream, scope and key of an item at the publisher."""
PLACES = st.tuples(st.sampled_from(STREAMS), st.sampled_from(SCOPES), st.sampled_from(KEYS))
NUMBERS = st.sampled_from((ALFA, BETA, GAMMA))


class Killed(BaseException):
    """The process is gone: nothing after this is written."""


class Publisher(Fake):
    """Two streams with two scopes each, sent in pages; ``kill_at`` ends the process at that item."""

    manifest = Manifest(
        **{
            **dict(Fake.manifest),
            "streams": tuple(Stream(name=name, title=name, snapshot=True, floor=0) for name in STREAMS),
        }
    )

    def __init__(self, holdings: dict[Place, dict[str, str]], erased: set[Place], kill_at: int | None = None) -> None:
        super().__init__([])
        self.holdings, self.erased, self.kill_at = holdings, erased, kill_at

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        for number, item in enumerate(self._items(ctx)):
            if number == self.kill_at:
                raise Killed
            yield item

    def _items(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        for stream, _, key in sorted(self.erased):
            yield Erase(stream, key)
        for stream in STREAMS:
            for scope in SCOPES:
                held = sorted(place for place in self.holdings if place[:2] == (stream, scope))
                version = repr([(place, self.holdings[place]) for place in held])
                start = ctx.position(stream, scope, version).get("at", 0)
                for at, place in enumerate(held[start:], start + 1):
                    yield RawRecord(stream, place[2], self.holdings[place], scope)
                    yield Checkpoint({"at": at}, stream, scope, version)
                yield Complete(stream, scope, len(held))


@cache
def _template() -> Path:
    """An empty database, made once: migrations take longer than a whole example."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    Bench(f"sqlite:///{folder / 'empty.sqlite'}", folder).close()
    return folder / "empty.sqlite"


class Hub(RuleBasedStateMachine):
    """A publisher, a hub, and everything that may happen to them."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(_template(), self.folder / "hub.sqlite")
        self.bench = Bench(f"sqlite:///{self.folder / 'hub.sqlite'}", self.folder)
        self.holdings: dict[Place, dict[str, str]] = {}
        self.demanded: set[Place] = set()
        self.settled = True

    @rule(place=PLACES, number=NUMBERS, value=st.integers(0, 3))
    def publish(self, place: Place, number: str, value: int) -> None:
        if any(place[0] == other[0] and place[2] == other[2] and place != other for other in self.holdings):
            return  # a key stands once in its stream
        self.demanded.discard(place)
        paid = {"paid": f"{value}.50"} if place[0] == "lines" else {}
        self.holdings[place] = {"number": number, "name": f"Namn {value}", **paid}
        self.settled = False

    @precondition(lambda self: self.holdings)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        del self.holdings[data.draw(st.sampled_from(sorted(self.holdings)))]
        self.settled = False

    @precondition(lambda self: self.holdings)
    @rule(data=st.data())
    def demand_erasure(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.holdings)))
        del self.holdings[place]
        self.demanded.add(place)
        self.settled = False

    @rule(batch_size=st.integers(1, 4))
    def sync(self, batch_size: int) -> None:
        result = self._run(Publisher(self.holdings, self.demanded), batch_size)
        assert result.outcome in ("succeeded", "unchanged"), result.reason
        self.demanded = set()
        self.settled = True

    @rule(batch_size=st.integers(1, 4), kill_at=st.integers(0, 12))
    def die(self, batch_size: int, kill_at: int) -> None:
        def nothing_more(*_: Any) -> None:
            """The process does not live to write its outcome."""

        with patch.object(execution, "_finish", nothing_more):
            try:
                self._run(Publisher(self.holdings, self.demanded, kill_at), batch_size)
            except Killed:
                self.settled = False
        with self.bench.engine.begin() as connection:  # its number belongs to another process from now on
            host = execution.sql.this_process().split(":")[0]
            dead = f"{host}:{os.getpid()}:gone"
            connection.execute(text("UPDATE run SET owner = :dead WHERE finished_at IS NULL"), {"dead": dead})

    @rule(version=st.integers(1, 3), batch_size=st.integers(1, 4))
    def replay(self, version: int, batch_size: int) -> None:
        """Another version of the connector maps the archive anew; what it says is the same."""
        again = Publisher(self.holdings, set())
        again.manifest = Manifest(**{**dict(Publisher.manifest), "version": version})  # type: ignore[misc]
        result = replay(self.bench.plan([], connector=again, batch_size=batch_size))
        assert (result.outcome, result.changed) == ("unchanged", 0), result.reason

    def _run(self, publisher: Publisher, batch_size: int) -> RunResult:
        return self.bench.run([], connector=publisher, batch_size=batch_size, accept_shrinking=True)

    @invariant()
    def the_feed_tells_the_tables(self) -> None:
        if hasattr(self, "bench"):
            assert_feed_tells_the_tables(self.bench.engine)

    @invariant()
    def a_settled_hub_holds_what_the_publisher_holds(self) -> None:
        if not hasattr(self, "bench") or not self.settled:
            return
        standing = "SELECT stream, scope, key FROM raw_record WHERE retired_at IS NULL"
        assert set(self.bench.all(standing)) == set(self.holdings)
        paid = sum(int(row["paid"].split(".")[0]) * 100 + 50 for row in self.holdings.values() if "paid" in row)
        assert (self.bench.one("SELECT sum(amount_minor) FROM payment WHERE retired_at IS NULL") or 0) == paid
        named = {row["number"] for row in self.holdings.values()} | ({ALFA} if paid else set())
        assert {number for (number,) in self.bench.all("SELECT identifier FROM v1_organisation")} == named

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            self.bench.close()
            shutil.rmtree(self.folder)


TestHub = Hub.TestCase
TestHub.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
