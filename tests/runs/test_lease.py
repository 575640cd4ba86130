"""Who may run a source, and what becomes of a run that should stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.runs import sql
from hub.runs.lease import AlreadyRunning, beating
from hub.sdk import Complete, Context, FetchItem
from hub.store.engine import transaction
from tests.runs.harness import Bench, Config, Fake, invented_rows

ROWS = invented_rows(8)


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


class Interrupted(Fake):
    """Something happens to the run after so many rows."""

    def __init__(self, rows: list[Any], after: int, happens: Any) -> None:
        super().__init__(rows)
        self.after, self.happens = after, happens

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        for number, row in enumerate(self.items):
            if number == self.after:
                self.happens()
            yield row


def declare_dead(bench: Bench) -> None:
    with transaction(bench.engine) as connection:
        run_id = connection.exec_driver_sql("SELECT id FROM run WHERE finished_at IS NULL").scalar_one()
        assert sql.end_lost(connection, str(run_id), "broken by hand", now=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_run_that_was_declared_dead_commits_nothing_more(bench: Bench):
    doomed = Interrupted([*ROWS, Complete("rows", "all", 8)], after=5, happens=lambda: declare_dead(bench))
    result = bench.run([], connector=doomed, batch_size=2)
    assert result.outcome == "lost"
    assert bench.one("SELECT count(*) FROM raw_record") == 4
    assert bench.all("SELECT outcome, reason FROM run") == [("lost", "broken by hand")]
    assert bench.run([*ROWS, Complete("rows", "all", 8)]).stored == 4


def test_a_run_that_is_asked_to_stop_commits_what_it_has(bench: Bench):
    stop = threading.Event()
    asked = Interrupted([*ROWS, Complete("rows", "all", 8)], after=5, happens=stop.set)
    result = bench.run([], connector=asked, batch_size=4, stop=stop)
    assert (result.outcome, result.stored) == ("cancelled", 6)
    assert bench.one("SELECT count(*) FROM raw_record") == 6
    assert bench.run([*ROWS, Complete("rows", "all", 8)]).stored == 2


def test_two_runs_of_one_source_exclude_each_other_in_one_process(bench: Bench):
    def second() -> None:
        with pytest.raises(AlreadyRunning, match=r"already running: run .* counts as dead at .* `hub runs break"):
            bench.run(ROWS)

    assert bench.run([], connector=Interrupted(ROWS, after=2, happens=second)).outcome == "succeeded"


def test_a_heartbeat_that_finds_the_lease_gone_says_so():
    lost, beats = threading.Event(), iter([True, True, False])
    with beating(lambda: next(beats), lost, seconds=0.001):
        assert lost.wait(5)


def test_a_heartbeat_survives_a_database_that_is_away_for_a_moment():
    lost, third = threading.Event(), threading.Event()
    calls = []

    def beat() -> bool:
        calls.append(1)
        if len(calls) < 3:
            raise OSError("away")
        third.set()
        return True

    with beating(beat, lost, seconds=0.001):
        assert third.wait(5)
    assert not lost.is_set()


def test_runs_are_numbered_within_their_source(bench: Bench):
    bench.run(ROWS)
    bench.run(ROWS, source="other")
    bench.run(ROWS)
    assert bench.all("SELECT source, number FROM v1_run ORDER BY source, number") == [
        ("fake", 1),
        ("fake", 2),
        ("other", 1),
    ]
