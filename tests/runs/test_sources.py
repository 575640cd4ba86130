"""What an operator does to a source: rename, remove, pause, and change how far it has been read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hub.runs import RunResult, sql, state
from hub.runs.consequence import Consequences
from hub.runs.lease import AlreadyRunning
from hub.runs.removal import remove
from hub.runs.renaming import rename
from hub.sdk import Checkpoint, Complete, ConfigError, Drift, SourceUnavailable
from hub.social import load_signals, refresh
from hub.store import changes, renaming
from hub.store import source as rows
from hub.store.engine import transaction
from tests.runs.folding import assert_feed_tells_the_tables
from tests.runs.harness import ALFA, BETA, GAMMA, Bench, Fake, invented_rows, no_verdicts, row, snapshot
from tests.runs.test_lease import Interrupted
from tests.runs.test_resume import Paged

SIGNALS = load_signals(())
NOW = datetime(2026, 2, 1, tzinfo=UTC)
ROWS = snapshot(
    row("a", number=ALFA, name="Alfa AB (svb)", purpose="Bolaget ska ge arbete åt långtidsarbetslösa."),
    row("b", number=BETA, name="Beta"),
    row("p", number=ALFA, name="Alfa", paid="12.50"),
    row("q", fail="no date"),
)


def verdicts(connection: Any, ids: set[str], now: datetime) -> list[Any]:
    return refresh(connection, ids, signals=SIGNALS, now=now)


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


def renamed(bench: Bench, old: str, new: str, also: Any = lambda: None) -> RunResult | None:
    follow = Consequences(("xx_fake",), verdicts, NOW)
    return rename(bench.engine, old, new, follow=follow, batch_size=2, also=also)


def removed(bench: Bench, records: Any, stop: threading.Event | None = None, source: str = "fake") -> RunResult:
    follow = Consequences(("xx_fake",), no_verdicts, NOW)
    return remove(bench.engine, source, records, follow=follow, batch_size=2, stop=stop or threading.Event())


def ids(bench: Bench) -> list[tuple[Any, ...]]:
    tables = ("raw_record", "payment", "organisation_claim", "quarantine", "drift", "condition", "social_evidence")
    return sorted((table, str(found)) for table in tables for (found,) in bench.all(f"SELECT id FROM {table}"))


def sources_named(bench: Bench) -> set[str]:
    return {found for table in renaming.owned_tables() for (found,) in bench.all(f"SELECT source_id FROM {table}")}


def test_a_renamed_source_keeps_its_ids_and_its_next_sync_changes_nothing(bench: Bench):
    drift = Drift("new_field", "colour", stream="rows")
    bench.run([drift, Checkpoint({"page": 3}), *ROWS], assess=verdicts)
    before = ids(bench)
    assert {"social_evidence", "drift", "condition"} <= {table for table, _ in before}
    result = renamed(bench, "fake", "brand-new")
    assert result is not None
    assert (result.source, result.changed) == ("brand-new", 1)
    assert sources_named(bench) == {"brand-new"}
    assert bench.all("SELECT id, seed FROM source") == [("brand-new", "fake")]
    assert bench.all("SELECT source, kind, outcome FROM v1_run ORDER BY number") == [
        ("brand-new", "sync", "succeeded"),
        ("brand-new", "rename", "succeeded"),
    ]
    assert_feed_tells_the_tables(bench.engine)
    last = bench.one("SELECT max(seq) FROM v1_change")
    again = bench.run([drift, *ROWS], source="brand-new", assess=verdicts, now=NOW)
    assert (again.stored, again.changed, again.retired, again.quarantined) == (0, 0, 0, 1)
    assert again.outcome == "unchanged"
    assert ids(bench) == before
    assert bench.one("SELECT max(seq) FROM v1_change") == last


def test_readers_see_the_new_name_of_every_standing_record_and_no_other(bench: Bench):
    bench.run(snapshot(row("p", number=ALFA, name="x", paid="1"), row("r", number=BETA, name="y", paid="2")))
    bench.run(snapshot(row("p", number=ALFA, name="x", paid="1")), accept_shrinking=True)
    renamed(bench, "fake", "ledger")
    told = [(entity, fields) for _, entity, operation, fields in bench.changes() if operation == "update"]
    assert told == [("payment", {"source": "ledger"})]
    assert bench.all("SELECT source FROM v1_payment") == [("ledger",)]
    bench.run(snapshot(row("p", number=ALFA, name="x", paid="1"), row("r", number=BETA, name="y", paid="2")),
              source="ledger")  # fmt: skip
    assert bench.all("SELECT DISTINCT source FROM v1_payment") == [("ledger",)]
    assert_feed_tells_the_tables(bench.engine)


def test_verdicts_and_canonical_rows_follow_the_new_name(bench: Bench):
    """Of two sources of one connector the first by name decides, and verdicts name the source."""
    bench.run(snapshot(row("a", number=ALFA, name="From fake (svb)")), assess=verdicts)
    bench.run(snapshot(row("a", number=ALFA, name="From other (svb)")), source="other", assess=verdicts)
    assert bench.one("SELECT name FROM v1_organisation") == "From fake (svb)"
    renamed(bench, "fake", "z-last")
    assert bench.one("SELECT name FROM v1_organisation") == "From other (svb)"
    explained = bench.all("SELECT explanation_en FROM v1_social_assessment ORDER BY valid_from")
    assert [("z-last" in text, "other" in text, "fake" in text) for (text,) in explained] == [
        (True, False, False),
        (False, True, False),
    ]
    assert_feed_tells_the_tables(bench.engine)
    last = bench.one("SELECT max(seq) FROM v1_change")
    bench.run(snapshot(row("a", number=ALFA, name="From fake (svb)")), source="z-last", assess=verdicts, now=NOW)
    assert bench.one("SELECT max(seq) FROM v1_change") == last


def test_no_other_source_gets_the_first_name(bench: Bench):
    bench.run(ROWS)
    bench.run(snapshot(row("c", number=GAMMA, name="Gamma")), source="third")
    renamed(bench, "fake", "new")
    with pytest.raises(ConfigError, match="'new' was once called 'fake'"):
        bench.run(ROWS)
    with pytest.raises(ConfigError, match="ids of source 'new' are made from the name 'fake'"):
        renamed(bench, "third", "fake")
    assert sorted(bench.all("SELECT id FROM source")) == [("new",), ("third",)]
    with pytest.raises(ConfigError, match="records of a source 'third' already"):
        renamed(bench, "new", "third")
    renamed(bench, "new", "newer")
    assert bench.all("SELECT seed FROM source WHERE id = 'newer'") == [("fake",)]
    renamed(bench, "newer", "fake")
    assert bench.all("SELECT seed FROM source WHERE id = 'fake'") == [(None,)]
    assert bench.run(ROWS).outcome == "unchanged"


def test_a_run_that_begins_while_its_source_is_renamed_is_refused(bench: Bench):
    bench.run(ROWS)
    came: list[BaseException | RunResult] = []

    def late() -> None:
        try:
            came.append(bench.run(ROWS))
        except ConfigError as error:
            came.append(error)

    thread = threading.Thread(target=late)
    renamed(bench, "fake", "new", also=thread.start)
    thread.join(20)
    assert isinstance(came[0], ConfigError)
    assert sources_named(bench) == {"new"}


def test_a_renaming_waits_for_its_turn_before_it_locks_what_others_need(postgres_url: str, tmp_path: Path):
    bench = Bench(postgres_url, tmp_path)
    bench.run(ROWS, assess=verdicts)
    thread = threading.Thread(target=renamed, args=(bench, "fake", "new"))
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with transaction(bench.engine) as connection:  # as another source's run, about to number its changes
        changes.take_turn(connection)
        thread.start()
        while not connection.execute(waiting).scalar():
            assert thread.is_alive()
        for table in ("social_evidence", "mention", "organisation_claim"):
            connection.execute(text(f"SELECT * FROM {table} FOR UPDATE NOWAIT"))
    thread.join(20)
    assert sources_named(bench) == {"new"}
    bench.close()


def test_a_running_source_is_not_renamed_nor_removed_and_who_runs_it_is_told(bench: Bench):
    def meddle() -> None:
        for act in (
            lambda: renamed(bench, "fake", "new"),
            lambda: removed(bench, "retire"),
            lambda: state.put_cursor(bench.engine, "fake", {}, now=datetime.now(UTC)),
        ):
            with pytest.raises(AlreadyRunning, match=r"already running: run \w{8}, started .* by .*:\d+:"):
                act()

    busy = Interrupted(ROWS, after=1, happens=meddle)
    assert bench.run([], connector=busy, now=datetime.now(UTC)).outcome == "succeeded"
    assert bench.all("SELECT kind FROM run") == [("sync",)]


def test_what_failed_under_the_new_name_is_forgotten(bench: Bench):
    bench.run(ROWS)
    bench.run([SourceUnavailable("gone")], source="new")
    renamed(bench, "fake", "new")
    assert bench.all("SELECT number, outcome FROM run ORDER BY number") == [(1, "succeeded"), (2, "succeeded")]
    assert bench.run(ROWS, source="new").outcome == "unchanged"


def test_a_renaming_whose_file_cannot_be_moved_did_not_happen(bench: Bench):
    bench.run(ROWS)

    def refused() -> None:
        raise ConfigError("read-only")

    with pytest.raises(ConfigError, match="read-only"):
        renamed(bench, "fake", "new", also=refused)
    assert sources_named(bench) == {"fake"}
    assert bench.all("SELECT kind FROM run") == [("sync",)]


def test_a_source_that_has_never_run_is_renamed_by_its_file_alone(bench: Bench):
    moved: list[int] = []
    assert renamed(bench, "fake", "new", also=lambda: moved.append(1)) is None
    assert moved == [1]


def test_the_archive_of_a_renamed_source_stays_one_folder(bench: Bench):
    bench.run(ROWS)
    renamed(bench, "fake", "new")
    bench.run(snapshot(row("c", number=GAMMA, name="Gamma")), source="new", accept_shrinking=True)
    assert [path.name for path in (bench.folder / "archive").iterdir()] == ["fake"]


def test_removing_with_its_records_retires_them_and_forgets_how_far_it_was_read(bench: Bench):
    bench.run([SourceUnavailable("down")])
    bench.run([Checkpoint({"page": 3}), *ROWS])
    bench.run([SourceUnavailable("down")])
    bench.run(snapshot(row("b", number=BETA, name="Beta")), source="other")
    result = removed(bench, "retire")
    assert (result.outcome, result.retired) == ("succeeded", 4)
    assert bench.one("SELECT count(*) FROM v1_payment") == 0
    assert bench.all("SELECT name FROM v1_organisation WHERE identifier = '5590000021'") == [("Beta",)]
    assert bench.one("SELECT count(*) FROM v1_quarantine WHERE resolved_at IS NULL") == 0
    assert bench.all("SELECT cleared_at IS NOT NULL, clear_reason FROM condition ORDER BY raised_at")[-1][1] == (
        "it was removed"
    )
    assert bench.one("SELECT count(*) FROM condition WHERE cleared_at IS NULL") == 0
    ((cursor, removed_at),) = bench.all("SELECT cursor, removed_at FROM source WHERE id = 'fake'")
    assert cursor is None
    assert removed_at is not None
    assert_feed_tells_the_tables(bench.engine)


def test_removing_while_the_records_stay_changes_nothing_for_readers(bench: Bench):
    bench.run([Checkpoint({"page": 3}), *ROWS])
    bench.run([], connector=Paged(invented_rows(6), fails_at=2))
    last = bench.one("SELECT max(seq) FROM v1_change")
    assert removed(bench, "stay").retired == 0
    assert bench.one("SELECT max(seq) FROM v1_change") == last
    assert bench.one("SELECT count(*) FROM position") == 0
    assert bench.one("SELECT cursor FROM source") is None


def test_a_removed_source_that_is_run_again_comes_back(bench: Bench):
    bench.run(ROWS)
    removed(bench, "retire")
    result = bench.run(ROWS)
    assert (result.outcome, result.counts["revived"]) == ("succeeded", 3)
    assert bench.one("SELECT removed_at FROM v1_source") is None
    assert bench.one("SELECT count(*) FROM v1_payment") == 1
    assert_feed_tells_the_tables(bench.engine)


def test_a_removal_that_breaks_off_is_gone_on_with(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    bench.run(snapshot(*invented_rows(6)))
    finish = Consequences.finish
    calls = []

    def second_fails(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        finish(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Consequences, "finish", second_fails)
        with pytest.raises(KeyboardInterrupt):
            removed(bench, "retire")
    assert bench.one("SELECT removed_at FROM v1_source") is None
    assert removed(bench, "retire").retired == 4
    outcomes = bench.all("SELECT kind, outcome, retired FROM v1_run ORDER BY number")
    assert outcomes == [("sync", "succeeded", 0), ("remove", "cancelled", 2), ("remove", "succeeded", 4)]


def test_a_removal_that_is_declared_dead_commits_nothing_more(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    bench.run(snapshot(*invented_rows(6)))
    finish = Consequences.finish

    def broken(*arguments: Any) -> None:
        finish(*arguments)
        monkeypatch.setattr(Consequences, "finish", declared_dead)

    def declared_dead(self: Consequences, connection: Any, result: RunResult, *rest: Any) -> None:
        sql.end_lost(connection, result.run_id, "broken by hand", now=NOW)
        finish(self, connection, result, *rest)

    monkeypatch.setattr(Consequences, "finish", broken)
    assert removed(bench, "retire").outcome == "lost"
    assert bench.one("SELECT count(*) FROM raw_record WHERE retired_at IS NOT NULL") == 2
    assert bench.one("SELECT removed_at FROM source") is None


def test_a_pause_keeps_its_beginning_and_shows_no_personal_number(bench: Bench):
    bench.run(ROWS)
    with transaction(bench.engine) as connection:
        rows.pause(connection, "fake", "", at="2026-03-01T00:00:00Z")
        rows.pause(connection, "fake", "asked by 19121212-1212", at="2026-03-02T00:00:00Z")
        (paused,) = rows.paused(connection).values()
        assert paused["paused_at"] == "2026-03-01T00:00:00Z"
        assert paused["pause_reason"].startswith("asked by")
        assert "1212-1212" not in paused["pause_reason"]
        rows.resume(connection, "fake")
        assert rows.paused(connection) == {}
    assert bench.run(ROWS).outcome == "unchanged"


def test_the_state_says_where_the_next_run_begins(bench: Bench):
    with bench.engine.connect() as connection, pytest.raises(ConfigError, match="never been run"):
        state.show(connection, "fake")
    bench.run([Checkpoint({"page": 3}), *snapshot(row("a", number=ALFA, name="Alfa"))], config_digest="abc")
    bench.run([Complete("rows", "w", 0)], window=(date(2025, 1, 1), date(2025, 1, 8)),
              config_digest="abc")  # fmt: skip
    bench.run([], connector=Paged(invented_rows(6), fails_at=2), batch_size=100, config_digest="abc")
    with bench.engine.connect() as connection:
        found = state.show(connection, "fake")
    assert (found["cursor"], found["config_digest"]) == ({"page": 3}, "abc")
    assert found["positions"] == [{"stream": "rows", "scope": "all", "version": "v1", "yielded": 4, "first_run": 3}]
    assert [(s["scope"], s["records"]) for s in found["scopes"]] == [("all", 1), ("w", 0)]
    (past,) = found["backfills"]
    assert (past["window_from"], past["window_to"], past["outcome"]) == ("2025-01-01", "2025-01-08", "unchanged")


def test_the_next_run_begins_at_the_cursor_that_was_put(bench: Bench):
    class Seeing(Fake):
        def fetch(self, ctx: Any) -> Iterator[Any]:
            seen.append((dict(ctx.cursor), dict(ctx.position("rows", "all", "v1"))))
            yield from self.items

    seen: list[Any] = []
    bench.run([Checkpoint({"page": 3})])
    bench.run([], connector=Paged(invented_rows(6), fails_at=2), batch_size=100)
    assert state.put_cursor(bench.engine, "fake", {"page": 1}, now=NOW) == {"page": 3}
    bench.run([], connector=Seeing([]))
    forgotten = {"cursor": False, "validators": False, "positions": False}
    state.clear(bench.engine, "fake", now=NOW, **forgotten | {"positions": True})
    bench.run([], connector=Seeing([]))
    assert state.clear(bench.engine, "fake", now=NOW, **forgotten | {"cursor": True}) == {"page": 1}
    bench.run([], connector=Seeing([]))
    assert seen == [({"page": 1}, {"page": 2}), ({"page": 1}, {}), ({}, {})]
