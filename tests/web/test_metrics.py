"""Metrics say what the read contract says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from hub.runs.sql import end_lost, open_run
from hub.sdk import SourceUnavailable
from hub.store import condition, source
from hub.store.engine import transaction
from hub.web import sql
from hub.web.figures import Reader
from tests.runs.harness import ALFA, BETA, GAMMA, row, snapshot
from tests.web.watched import Watched, get, samples

OPERATIONS = ("read", "stored", "changed", "unchanged", "retired", "quarantined")


@pytest.fixture
def worked(bench: Watched) -> Watched:
    """After some runs of two sources, in which everything happened that is counted."""
    a, b, c = row("1", number=ALFA, name="A"), row("2", number=BETA, name="B"), row("3", number=GAMMA, name="C")
    bench.run(snapshot(a, b, c))
    bench.run(snapshot(row("1", number=ALFA, name="AA"), b, row("4", fail="no")))
    bench.run([a, SourceUnavailable("away")])
    bench.run(snapshot(a), source="other")
    return bench


def test_figures_equal_what_the_views_say(worked: Watched):
    found = worked.metrics()
    runs = worked.all("SELECT source, kind, outcome, count(*) FROM v1_run GROUP BY source, kind, outcome")
    assert {key[1:]: value for key, value in found.items() if key[0] == "hub_runs_total"} == {
        tuple(told[:3]): told[3] for told in runs
    }
    sums = ", ".join(f"sum({name})" for name in OPERATIONS)
    rows = {
        (told[0], name): value
        for told in worked.all(f"SELECT source, {sums} FROM v1_run GROUP BY source")
        for name, value in zip(OPERATIONS, told[1:], strict=True)
    }
    assert {key[1:]: value for key, value in found.items() if key[0] == "hub_run_rows_total"} == rows
    assert all(rows["fake", name] > 0 for name in OPERATIONS)
    for name, failures in worked.all("SELECT id, failures FROM v1_source"):
        assert found["hub_source_failures", name] == failures
    assert found["hub_source_failures", "fake"] == 1
    assert found["hub_quarantined", "fake"] == worked.one("SELECT count(*) FROM v1_quarantine") == 1
    assert found["hub_quarantined", "other"] == 0
    assert found["hub_change_last_seq",] == worked.one("SELECT last_seq FROM v1_feed")
    assert found["hub_source_enabled", "fake"] == 1


def test_freshness_is_the_time_since_a_source_was_read_whole(worked: Watched):
    with transaction(worked.engine) as connection:
        moment = datetime.now(UTC) - timedelta(hours=5)
        connection.execute(
            text("UPDATE source SET last_success_at = :at WHERE id = 'fake'"), {"at": moment.isoformat()}
        )
        connection.execute(text("UPDATE source SET last_success_at = NULL WHERE id = 'other'"))
    found = worked.metrics()
    assert found["hub_source_freshness_seconds", "fake"] == pytest.approx(5 * 3600, abs=60)
    assert found["hub_source_last_success_timestamp_seconds", "fake"] == pytest.approx(moment.timestamp(), abs=1)
    assert ("hub_source_freshness_seconds", "other") not in found
    assert ("hub_source_last_success_timestamp_seconds", "other") not in found
    assert ("hub_source_due_timestamp_seconds", "fake") not in found


def test_a_source_says_that_it_is_at_work_due_paused_and_what_is_wrong(worked: Watched):
    now = datetime.now(UTC).replace(microsecond=0)
    with transaction(worked.engine) as connection:
        open_run(connection, "fake", now=now, kind="sync", window=None)
        source.pause(connection, "other", "moving", at=now.isoformat())
        condition.put(connection, "other", "stale", "old", run_id=None, at=now.isoformat())
        condition.put(connection, "other", "failing", "broken", run_id=None, at=now.isoformat())
        condition.end(connection, "other", ["failing"], "over", at=now.isoformat())
        connection.execute(text("UPDATE source SET next_due_at = :at WHERE id = 'fake'"), {"at": now.isoformat()})
    found = worked.metrics()
    assert [found["hub_source_running", name] for name in ("fake", "other")] == [1, 0]
    assert [found["hub_source_paused", name] for name in ("fake", "other")] == [0, 1]
    assert found["hub_source_due_timestamp_seconds", "fake"] == now.timestamp()
    assert {key: value for key, value in found.items() if key[0] == "hub_condition"} == {
        ("hub_condition", "fake", "failing"): 1,  # of its own: its last sync broke
        ("hub_condition", "other", "stale"): 1,
    }


def test_a_run_lasts_from_its_start_to_its_end(worked: Watched):
    with transaction(worked.engine) as connection:
        connection.execute(
            text(
                "UPDATE run SET started_at = '2026-01-03T00:00:00Z', finished_at = '2026-01-03T00:01:30Z'"
                " WHERE source_id = 'fake' AND number = 3"
            )
        )
    assert worked.metrics()["hub_run_seconds", "fake"] == 90


def test_a_removed_source_has_no_figures(worked: Watched):
    with transaction(worked.engine) as connection:
        condition.put(connection, "fake", "stale", "old", run_id=None, at="2026-01-01T00:00:00Z")
        source.mark_removed(connection, "fake", at="2026-01-09T00:00:00Z")
    assert {key[1] for key in worked.metrics() if len(key) > 1 and key[0] != "hub_build_info"} == {"other"}


def test_a_hub_that_never_ran_has_figures(bench: Watched):
    bench.state.ticked(datetime.now(UTC))
    bench.state.started_late()
    bench.state.configured("sources/a.toml is wrong")
    found = bench.metrics()
    assert found["hub_ticks_total",] == found["hub_late_starts_total",] == 1
    assert found["hub_config_valid",] == found["hub_change_last_seq",] == 0
    assert [key for key in found if key[0] == "hub_build_info"]


def test_every_name_and_label_is_the_documented_one(worked: Watched):
    with worked.serving() as url:
        answer = get(f"{url}/metrics")
        open_metrics = get(f"{url}/metrics", accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert open_metrics.text.endswith("# EOF\n")
    names = {key[0] for key in samples(answer.text)}
    assert names == {
        "hub_build_info",
        "hub_change_last_seq",
        "hub_condition",
        "hub_config_valid",
        "hub_late_starts_total",
        "hub_quarantined",
        "hub_run_rows_total",
        "hub_run_seconds",
        "hub_runs_total",
        "hub_source_enabled",
        "hub_source_failures",
        "hub_source_freshness_seconds",
        "hub_source_last_success_timestamp_seconds",
        "hub_source_paused",
        "hub_source_running",
        "hub_ticks_total",
    }
    assert 'hub_run_rows_total{operation="read",source="fake"}' in answer.text
    assert 'hub_runs_total{kind="sync",outcome="partial",source="fake"} 1.0' in answer.text


def test_two_servers_on_one_database_agree(worked: Watched, database_url: str, tmp_path):
    second = Watched(database_url, tmp_path)
    volatile = {"hub_source_freshness_seconds"}
    try:
        with worked.serving() as here, second.serving() as there:
            get(f"{here}/metrics")  # has its sums of runs from now on
            worked.run(snapshot(row("1", number=ALFA, name="AAA")), source="other")
            found = [samples(get(f"{url}/metrics").text) for url in (here, there)]
    finally:
        second.close()
    one, other = ({key: value for key, value in told.items() if key[0] not in volatile} for told in found)
    assert one == other
    assert one["hub_run_rows_total", "other", "changed"] == 1


def test_runs_are_added_up_anew_only_of_sources_that_ran_since(worked: Watched, monkeypatch):
    asked: list[list[str]] = []
    monkeypatch.setattr(
        sql, "totals", lambda connection, ids, ask=sql.totals: asked.append(list(ids)) or ask(connection, ids)
    )
    reader = Reader(worked.engine)
    assert reader.read() == reader.read() == Reader(worked.engine).read()
    assert asked == [["fake", "other"], ["fake", "other"]]
    with transaction(worked.engine) as connection:
        lease = open_run(connection, "other", now=datetime(2026, 2, 1, tzinfo=UTC), kind="sync", window=None)
    reader.read()
    reader.read()
    assert asked[2:] == [["other"], ["other"]]
    with transaction(worked.engine) as connection:
        end_lost(connection, lease.run_id, "gone", now=datetime(2026, 2, 2, tzinfo=UTC))
    assert {r["outcome"] for r in reader.read().runs if r["source"] == "other"} == {"succeeded", "lost"}
    assert reader.read().runs == Reader(worked.engine).read().runs
