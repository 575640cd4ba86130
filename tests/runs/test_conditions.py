"""What is wrong with a source is raised once and cleared once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.observe import Redactor
from hub.runs import condition, sql
from hub.runs.condition import is_calm, is_flapping
from hub.sdk import Checkpoint, Drift, HubError, SourceUnavailable
from hub.store.condition import Reading, listed
from hub.store.drift import report_drift
from hub.store.engine import transaction
from tests.runs.harness import ALFA, BETA, Bench, Fake, invented_rows, row, snapshot

DOWN = [SourceUnavailable("the publisher does not answer")]
GOOD = snapshot(row("a", number=ALFA, name="Alfa"))
HOUR = timedelta(hours=1)


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


def standing(bench: Bench, source: str = "fake") -> list[str]:
    found = bench.all(f"SELECT kind FROM v1_condition WHERE source = '{source}' AND cleared_at IS NULL ORDER BY kind")
    return [kind for (kind,) in found]


def history(bench: Bench) -> list[tuple[Any, ...]]:
    return bench.all("SELECT source, kind, clear_reason FROM v1_condition ORDER BY raised_at, kind")


def check_freshness(bench: Bench, after: timedelta, **limits: timedelta | None) -> None:
    with transaction(bench.engine) as connection:
        condition.check_freshness(connection, limits, now=datetime.now(UTC) + after)


def speaks(version: int, *drift: Drift) -> Fake:
    """A connector of that version; its publisher says what it does not know."""
    return knows(version, [*drift, *GOOD])


def knows(version: int, items: list[Any]) -> Fake:
    """A connector of that version, and what its publisher sends."""
    connector = Fake(items)
    connector.manifest = connector.manifest.model_copy(update={"version": version})  # type: ignore[misc]
    return connector


def test_a_source_that_is_down_for_a_day_is_raised_once_and_cleared_once(bench: Bench):
    bench.run(GOOD)
    bench.run(GOOD, source="other")
    for hour in range(24):
        bench.run(DOWN)
        check_freshness(bench, hour * HOUR, fake=3 * HOUR, other=30 * HOUR)
    assert standing(bench) == ["failing", "stale"]
    assert bench.one("SELECT failures FROM v1_source WHERE id = 'fake'") == 24
    assert "the publisher does not answer" in bench.one("SELECT detail FROM v1_condition WHERE kind = 'failing'")
    assert bench.run(GOOD).outcome == "unchanged"
    assert sorted(history(bench)) == [
        ("fake", "failing", "it was read whole"),
        ("fake", "stale", "it was read whole"),
    ]


def test_failing_may_wait_for_some_failures_in_a_row(bench: Bench):
    for _ in range(2):
        bench.run(DOWN, failing_after=3)
    bench.run(GOOD, failing_after=3)
    for _ in range(2):
        bench.run(DOWN, failing_after=3)
    assert standing(bench) == []
    bench.run(DOWN, failing_after=3)
    assert standing(bench) == ["failing"]
    assert "3 runs in a row" in bench.one("SELECT detail FROM v1_condition")


def test_what_a_condition_says_shows_no_personal_number(bench: Bench):
    bench.run([SourceUnavailable("nothing about 19121212-1212 today")])
    assert "1212-1212" not in bench.one("SELECT detail FROM v1_condition")


@pytest.mark.parametrize("stored", ["SELECT reason FROM v1_run", "SELECT detail FROM v1_condition"])
def test_what_a_run_says_of_its_end_shows_no_personal_number_and_no_secret(bench: Bench, stored: str):
    told = [SourceUnavailable("https://example.org/?key=s3cret-token-1 says nothing about 19121212-1212")]
    result = bench.run(told, redact=Redactor(["s3cret-token-1"]))
    for said in (bench.one(stored), result.reason):
        assert "says nothing about" in said
        assert "1212-1212" not in said
        assert "s3cret" not in said
    bench.run(told)
    assert not [reason for (reason,) in bench.all("SELECT reason FROM v1_run") if "1212-1212" in reason]


def test_who_acknowledges_may_name_nobody(bench: Bench):
    bench.run([Drift("new_field", "colour", stream="rows"), *GOOD])
    found = {"id": "any", "source": "fake", "kind": "drifting"}
    with transaction(bench.engine) as connection:
        condition.acknowledge(connection, found, "told by 19121212-1212", now=datetime.now(UTC))
    assert bench.one("SELECT clear_reason FROM v1_condition") == "acknowledged: told by [personnummer]"


def test_a_cancelled_run_says_nothing(bench: Bench):
    stop = threading.Event()
    stop.set()
    assert bench.run(GOOD, stop=stop).outcome == "cancelled"
    assert standing(bench) == []
    bench.run(DOWN)
    bench.run(GOOD, stop=stop)
    assert standing(bench) == ["failing"]


def test_a_run_that_died_is_told_by_somebody_else(bench: Bench):
    bench.run(GOOD)
    with transaction(bench.engine) as connection:
        lease = sql.open_run(connection, "fake", now=datetime.now(UTC), kind="sync", window=None)
        sql.end_lost(connection, lease.run_id, "its process is gone", now=datetime.now(UTC))
    for _ in range(2):
        with transaction(bench.engine) as connection:
            condition.check_lost(connection, now=datetime.now(UTC))
    assert bench.all("SELECT kind, detail FROM v1_condition") == [("failing", "lost: its process is gone")]
    assert bench.one("SELECT failures FROM v1_source") == 1
    bench.run(GOOD)
    with transaction(bench.engine) as connection:
        condition.check_lost(connection, now=datetime.now(UTC))
    assert standing(bench) == []


def test_a_suspect_source_is_raised_until_it_is_whole_again(bench: Bench):
    rows = invented_rows(20)
    bench.run(snapshot(*rows))
    assert bench.run(snapshot(*rows[:5])).outcome == "suspect"
    bench.run(snapshot(*rows[:5]))
    assert standing(bench) == ["suspect"]
    bench.run(snapshot(*rows))
    assert history(bench) == [("fake", "suspect", "it was read whole")]


def test_new_drift_stands_until_somebody_saw_it(bench: Bench):
    bench.run([Drift("unknown_code", "form", "X9", stream="rows"), *GOOD])
    bench.run(GOOD)
    bench.run([Drift("new_field", "colour", stream="rows"), *GOOD])
    ((detail, condition_id),) = bench.all("SELECT detail, id FROM v1_condition")
    assert detail == "not known to its connector: unknown code form X9"
    found = {"id": str(condition_id), "source": "fake", "kind": "drifting"}
    with transaction(bench.engine) as connection:
        condition.acknowledge(connection, found, "asked the publisher", now=datetime.now(UTC))
    bench.run([Drift("unknown_code", "form", "X9", stream="rows"), Drift("new_field", "colour", stream="rows"), *GOOD])
    assert history(bench) == [("fake", "drifting", "acknowledged: asked the publisher")]
    bench.run([Drift("unknown_code", "form", "Y1", stream="rows"), *GOOD])
    assert standing(bench) == ["drifting"]


def test_drift_that_a_run_met_before_it_died_is_raised_by_the_next(bench: Bench):
    bench.run(GOOD)
    met = Drift("new_field", "colour", stream="rows")
    with transaction(bench.engine) as connection:
        lease = sql.open_run(connection, "fake", now=datetime.now(UTC), kind="sync", window=None)
        report_drift(
            connection, [met], source_id="fake", run_id=lease.run_id, connector_version=1, at="2026-01-01T00:00:00Z"
        )
        sql.end_lost(connection, lease.run_id, "its process is gone", now=datetime.now(UTC))
    bench.run([met, *GOOD])
    assert bench.all("SELECT kind, detail FROM v1_condition") == [
        ("drifting", "not known to its connector: new field colour")
    ]
    bench.run([met, *GOOD])
    with transaction(bench.engine) as connection:
        found = {"id": "any", "source": "fake", "kind": "drifting"}
        condition.acknowledge(connection, found, "", now=datetime.now(UTC))
    bench.run([met, *GOOD])
    assert standing(bench) == []


def test_drift_stands_until_the_newer_connector_mapped_every_standing_record(bench: Bench):
    a, b = row("a", number=ALFA, name="Alfa", new="x"), row("b", number=BETA, name="Beta")
    page = Checkpoint({"page": 1})
    bench.run([], connector=knows(1, [a, b, page]))
    assert standing(bench) == ["drifting"]
    bench.run([], connector=knows(2, [page]))
    bench.run([], connector=knows(2, [row("b", number=BETA, name="Beta"), page]))
    assert standing(bench) == ["drifting"]
    bench.run([], connector=knows(2, [row("a", number=ALFA, name="Alfa"), page]))
    assert history(bench) == [("fake", "drifting", "version 2 of its connector knows all that it says")]


def test_records_that_are_gone_or_shared_do_not_keep_drift_standing(bench: Bench):
    a, b = row("a", number=ALFA, name="Alfa"), row("b", number=BETA, name="Beta")
    bench.run([], connector=knows(1, [Drift("new_field", "x", stream="rows"), *snapshot(a, b)]))
    bench.run([], connector=knows(1, snapshot(a)), accept_shrinking=True)
    with transaction(bench.engine) as connection:
        connection.exec_driver_sql("UPDATE raw_record SET connector_version = -1 WHERE key = 'a'")
    bench.run([], connector=knows(2, []))
    assert standing(bench) == []


def test_drift_ends_with_a_connector_that_knows_it(bench: Bench):
    unknown = Drift("unknown_code", "form", "X9", stream="rows")
    bench.run([], connector=speaks(1, unknown))
    bench.run([], connector=speaks(1))
    bench.run([], connector=speaks(2, unknown))
    bench.run([], connector=speaks(2))
    assert standing(bench) == ["drifting"]
    bench.run([], connector=speaks(3))
    assert history(bench) == [("fake", "drifting", "version 3 of its connector knows all that it says")]


def test_what_ends_by_itself_cannot_be_acknowledged(bench: Bench):
    bench.run(DOWN)
    found = {"source": "fake", "kind": "failing"}
    with transaction(bench.engine) as connection, pytest.raises(HubError, match="ends when it is over"):
        condition.acknowledge(connection, found, "", now=datetime.now(UTC))
    assert standing(bench) == ["failing"]


def test_records_that_come_and_go_are_flapping_until_three_calm_runs(bench: Bench):
    rows = invented_rows(30)
    for _ in range(3):
        assert standing(bench) == []
        assert bench.run(snapshot(*rows)).whole
        assert bench.run(snapshot(*rows[:20])).whole
    assert bench.run(snapshot(*rows)).counts["revived"] == 10
    assert standing(bench) == ["flapping"]
    for _ in range(2):
        bench.run(snapshot(*rows))
        assert standing(bench) == ["flapping"]
    bench.run(snapshot(*rows))
    assert standing(bench) == []
    assert len(history(bench)) == 1


@pytest.mark.parametrize(
    ("revived", "flapping", "calm"),
    [
        ([9, 0, 9, 0, 9], True, False),
        ([5, 5, 5, 5, 5], False, True),
        ([9, 9], False, False),
        ([0, 0, 0, 9, 9], False, True),
    ],
)
def test_when_records_come_and_go(revived: list[int], flapping: bool, calm: bool):
    latest = [Reading(100, number) for number in revived]
    assert (is_flapping(latest), is_calm(latest)) == (flapping, calm)


def test_one_percent_of_a_large_source_may_come_back():
    assert not is_flapping([Reading(1000, 10)] * 5)
    assert is_flapping([Reading(1000, 11)] * 5)


def test_a_paused_source_is_not_stale(bench: Bench):
    bench.run(GOOD)
    check_freshness(bench, 5 * HOUR, fake=HOUR)
    assert standing(bench) == ["stale"]
    with transaction(bench.engine) as connection:
        connection.exec_driver_sql("UPDATE source SET paused_at = '2026-01-01T00:00:00Z'")
    check_freshness(bench, 6 * HOUR, fake=HOUR)
    assert history(bench) == [("fake", "stale", "it is paused")]


@pytest.mark.parametrize(
    ("limit", "reason"), [(None, "it is switched off"), (timedelta(days=9999), "it is within its limit")]
)
def test_a_source_may_be_given_more_time(bench: Bench, limit: timedelta | None, reason: str):
    bench.run(DOWN)
    check_freshness(bench, timedelta(), fake=HOUR)  # its first run was long ago, and read nothing
    assert standing(bench) == ["failing", "stale"]
    assert "never read whole" in bench.one("SELECT detail FROM v1_condition WHERE kind = 'stale'")
    check_freshness(bench, timedelta(), fake=limit)
    assert ("fake", "stale", reason) in history(bench)


def test_sources_of_another_hub_are_left_alone(bench: Bench):
    bench.run(GOOD, source="theirs")
    check_freshness(bench, 5 * HOUR, theirs=HOUR)
    check_freshness(bench, 5 * HOUR, ours=HOUR)
    assert standing(bench, "theirs") == ["stale"]
    assert standing(bench, "ours") == []


def test_nothing_stands_of_a_source_that_is_removed(bench: Bench):
    bench.run(DOWN)
    bench.run(DOWN, source="other")
    with transaction(bench.engine) as connection:
        condition.end_all(connection, "fake", "it was removed", now=datetime.now(UTC))
    assert (standing(bench), standing(bench, "other")) == ([], ["failing"])


def test_a_backfill_that_fails_is_no_failing_source(bench: Bench):
    bench.run(GOOD)
    days = (datetime(2025, 1, 1, tzinfo=UTC).date(), datetime(2025, 1, 2, tzinfo=UTC).date())
    assert bench.run(DOWN, window=days).outcome == "failed"
    assert standing(bench) == []
    bench.run([*snapshot(row("b", number=BETA, name="Beta")), Drift("new_field", "x", stream="rows")], window=days)
    assert standing(bench) == ["drifting"]


def test_conditions_are_listed_by_source_and_by_the_beginning_of_their_id(bench: Bench):
    bench.run(DOWN)
    bench.run(DOWN, source="other")
    bench.run(GOOD)
    with transaction(bench.engine) as connection:
        (other,) = listed(connection)
        assert {row["source"] for row in listed(connection, over=True)} == {"fake", "other"}
        assert listed(connection, source="fake") == []
        assert listed(connection, start=other["id"][:8]) == [other]
        assert listed(connection, start="%") == []
    assert other["source"] == "other"
