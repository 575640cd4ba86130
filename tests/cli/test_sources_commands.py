"""``hub sources``, ``hub state``, ``hub backfill``, ``hub runs break`` and ``hub check --live``."""

from __future__ import annotations

import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.cli.app import main
from hub.sdk import Checkpoint, SourceUnavailable
from hub.service import Hub
from hub_xx_supplier_ledger.connector import SupplierLedger

FILES = Path("config/sources")


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def rows(folder: Path, statement: str) -> list[tuple]:
    with sqlite3.connect(folder / "data" / "hub.sqlite3") as database:
        return database.execute(statement).fetchall()


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str, code: int = 0) -> str:
        assert main(list(arguments)) == code
        told = capsys.readouterr()
        return told.out + told.err

    return call


@pytest.fixture
def manifest(monkeypatch: pytest.MonkeyPatch):
    """Have the ledgers' connector say something else about itself."""

    def put(**values: Any) -> None:
        monkeypatch.setattr(SupplierLedger, "manifest", SupplierLedger.manifest.model_copy(update=values))

    return put


def test_a_paused_source_is_left_out_with_a_line_and_runs_when_it_is_named(run):
    run("sync", "reskontra")
    run("sources", "pause", "reskontra", "--reason", "moved to another system")
    told = run("sync", "--json")
    assert [result["source"] for result in objects(told)] == ["annonser", "bolag", "medlemmar"]
    assert "reskontra is left out: paused since" in told
    assert "UTC: moved to another system" in told
    assert "paused since" in run("status")
    assert [source["source"] for source in objects(run("sources", "--json")) if source["paused_at"]] == ["reskontra"]
    assert objects(run("sync", "reskontra", "--json"))[0]["outcome"] == "unchanged"
    assert "runs as scheduled again" in run("sources", "resume", "reskontra")
    assert "is not paused" in run("sources", "resume", "reskontra")
    assert len(objects(run("sync", "--json"))) == 4


def test_a_source_is_paused_before_it_ever_ran(run):
    run("sources", "pause", "bolag")
    assert [result["source"] for result in objects(run("sync", "--json"))] == ["annonser", "medlemmar", "reskontra"]
    assert "did you mean bolag?" in run("sources", "pause", "bolaget", code=2)


def test_renaming_moves_the_file_and_the_next_sync_changes_nothing(run, folder: Path):
    run("sync", "reskontra")
    assert "Readers were told of 2 records" in run("sources", "rename", "reskontra", "leverantorer")
    assert not (FILES / "reskontra.toml").exists()
    (result,) = objects(run("sync", "leverantorer", "--json"))
    assert (result["outcome"], result["stored"], result["changed"], result["retired"]) == ("unchanged", 0, 0, 0)
    assert rows(folder, "SELECT DISTINCT source FROM v1_payment") == [("leverantorer",)]
    (FILES / "reskontra.toml").write_text((FILES / "leverantorer.toml").read_text())
    (refused,) = objects(run("sync", "reskontra", "--json", code=1))
    assert "was once called 'reskontra'" in refused["reason"]
    assert rows(folder, "SELECT id FROM source") == [("leverantorer",)]


def test_the_operator_may_have_renamed_the_file(run):
    run("sync", "reskontra")
    (FILES / "reskontra.toml").rename(FILES / "leverantorer.toml")
    run("sources", "rename", "reskontra", "leverantorer")
    assert objects(run("sync", "leverantorer", "--json"))[0]["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("reskontra", "medlemmar", "both exist and differ"),
        ("reskontra", "Ny_källa", "is no source id"),
        ("nowhere", "ny", "there is neither nowhere.toml nor ny.toml"),
    ],
)
def test_a_renaming_that_cannot_be_meant_is_refused(run, old: str, new: str, reason: str):
    run("sync", "reskontra")
    assert reason in run("sources", "rename", old, new, code=2)
    assert (FILES / "reskontra.toml").exists()


def test_a_source_whose_file_and_connector_are_gone_is_removed(run, folder: Path):
    path = FILES / "reskontra.toml"
    run("sync", "reskontra")
    path.unlink()
    with sqlite3.connect(folder / "data" / "hub.sqlite3") as database:
        database.execute("UPDATE source SET connector = 'xx_gone'")
    assert "3 raw records were retired" in run("sources", "remove", "reskontra", "--records", "retire", "--yes")
    assert rows(folder, "SELECT count(*) FROM v1_payment") == [(0,)]
    assert "removed" in run("status")
    assert "there is no source 'nowhere'" in run("sources", "remove", "nowhere", "--records", "stay", code=2)


def test_a_removed_source_comes_back_while_its_file_is_there(run, folder: Path):
    run("sync", "reskontra")
    assert "or the next sync brings the source back" in run("sources", "remove", "reskontra", "--records", "stay")
    assert rows(folder, "SELECT count(*) FROM v1_payment") == [(2,)]
    run("sync", "reskontra")
    assert rows(folder, "SELECT removed_at FROM source") == [(None,)]
    run("sources", "remove", "reskontra", "--records", "stay", "--delete-file")
    assert not (FILES / "reskontra.toml").exists()


def test_the_state_is_shown_and_says_when_the_configuration_has_changed(run, folder: Path):
    assert "has never been run" in run("state", "show", "reskontra", code=2)
    run("sync", "reskontra")
    (found,) = objects(run("state", "show", "reskontra", "--json"))
    assert (found["same_config"], found["lookback"], found["validators"]) == (True, 172_800, 0)
    assert "48 h behind a timestamp cursor (the default)" in run("state", "show", "reskontra")
    path = FILES / "reskontra.toml"
    path.write_text('lookback = "3h"\n' + path.read_text().replace("Exempelköpings", "Exempelbo"))
    told = run("state", "show", "reskontra")
    assert "3 h behind a timestamp cursor" in told
    assert "committed under another one" in told
    path.unlink()
    assert "cannot be compared: " in run("state", "show", "reskontra")


def test_the_cursor_is_put_and_cleared(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    run("sync", "reskontra")
    told = run("state", "set", "reskontra", '{"since": "2026-01-01"}')
    assert "ledger.csv" in told
    assert '{"since": "2026-01-01"}' in told
    monkeypatch.setattr("sys.stdin", io.StringIO('{"since": "2026-02-02"}'))
    assert '{"since": "2026-01-01"}' in run("state", "set", "reskontra", "-")
    assert rows(folder, "SELECT cursor FROM source") == [('{"since": "2026-02-02"}',)]
    for wrong in ("[1]", "{since}"):
        assert "the cursor is not" in run("state", "set", "reskontra", wrong, code=2)
    with sqlite3.connect(folder / "data" / "hub.sqlite3") as database:
        database.execute("INSERT INTO validator VALUES ('reskontra', 'https://example.org/', 'x', '')")
    run("state", "clear", "reskontra", "--validators")
    assert rows(folder, "SELECT cursor IS NOT NULL, (SELECT count(*) FROM validator) FROM source") == [(1, 0)]
    assert "cursor, validators, positions" in run("state", "clear", "reskontra")
    assert rows(folder, "SELECT cursor FROM source") == [(None,)]
    assert objects(run("sync", "reskontra", "--json"))[0]["outcome"] == "unchanged"


DAYS = ("--from", "2025-01-01", "--to", "2025-01-04")


def test_a_backfill_stops_at_a_failure_and_goes_on_from_there(run, folder: Path, manifest, monkeypatch):
    seen, broken = [], [True]

    def fetch(self, ctx):
        seen.append((str(ctx.window[0]), dict(ctx.cursor)))
        yield Checkpoint({"page": 1})
        if ctx.window[0].day == 3 and broken:
            raise SourceUnavailable("the publisher is away")

    manifest(backfills=True)
    monkeypatch.setattr(SupplierLedger, "fetch", fetch)
    told = run("backfill", "reskontra", *DAYS, "--window", "2d", code=1)
    assert "the publisher is away" in told
    assert "1 windows are left" in told
    broken.clear()
    told = run("backfill", "reskontra", *DAYS, "--window", "2d")
    assert "1 windows had been read before" in told
    assert "All 2 windows are read" in told
    assert seen == [("2025-01-01", {}), ("2025-01-03", {}), ("2025-01-03", {"page": 1})]
    again = objects(run("backfill", "reskontra", *DAYS, "--window", "2d", "--again", "--json"))
    assert [(window["from"], window["to"]) for window in again] == [
        ("2025-01-01", "2025-01-02"),
        ("2025-01-03", "2025-01-04"),
    ]
    assert seen[3:] == [("2025-01-01", {}), ("2025-01-03", {})]
    assert rows(folder, "SELECT cursor FROM source") == [(None,)]
    assert "2025-01-03" in run("state", "show", "reskontra")


def test_a_backfill_that_makes_no_sense_is_refused(run, manifest):
    assert "does not read windows of the past" in run("backfill", "reskontra", *DAYS, code=2)
    manifest(backfills=True)
    today = datetime.now(UTC).date()
    assert "is not over" in run("backfill", "reskontra", "--from", "2025-01-01", "--to", str(today), code=2)
    assert "is after" in run("backfill", "reskontra", "--from", "2025-01-05", "--to", "2025-01-04", code=2)
    for size in ("6h", "ett dygn"):
        assert "whole days" in run("backfill", "reskontra", *DAYS, "--window", size, code=2)


def test_a_run_that_is_broken_while_it_is_at_work_commits_nothing_more(run, folder: Path, monkeypatch):
    told: list[str] = []
    fetch = SupplierLedger.fetch

    def breaking(self, ctx):
        for number, item in enumerate(fetch(self, ctx)):
            if number == 1:
                ((run_id,),) = rows(folder, "SELECT id FROM run WHERE finished_at IS NULL")
                told.append(run("runs", "break", run_id[:8]))
            yield item

    monkeypatch.setattr(SupplierLedger, "fetch", breaking)
    hub = Hub.open()
    (result,) = hub.sync(["reskontra"])
    hub.close()
    assert result.outcome == "lost"
    assert rows(folder, "SELECT count(*) FROM raw_record") == [(0,)]
    ((run_id, owner, outcome),) = rows(folder, "SELECT id, owner, outcome FROM run")
    assert outcome == "lost"
    assert owner in told[0]
    assert "has ended already: lost" in run("runs", "break", run_id, code=2)
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert objects(run("sync", "reskontra", "--json"))[0]["stored"] == 2


def test_a_run_shows_its_kind_owner_signs_of_life_and_seconds(run, folder: Path):
    run("sync", "reskontra")
    ((run_id,),) = rows(folder, "SELECT id FROM run")
    (found,) = objects(run("runs", "show", run_id, "--json"))
    assert (found["kind"], found["number"]) == ("sync", 1)
    assert {"window_from", "window_to", "owner", "heartbeat_at"} <= found.keys()
    assert 0 <= found["seconds"] < 60


def test_a_live_check_tells_which_sources_answer_and_stores_nothing(run, folder: Path):
    (folder / "in" / "members.csv").unlink()
    told = run("check", "--live", code=1)
    assert "4 sources, 4 enabled: all can run" in told
    assert "reskontra: a raw record of" in told
    assert "no file at 'in/members.csv'" in told
    (answer,) = objects(run("check", "--live", "reskontra", "--json"))
    assert answer["came"].startswith("a raw record")
    assert rows(folder, "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM raw_record)") == [(0, 0)]
    assert "only with --live" in run("check", "reskontra", code=2)


def test_a_schedule_that_the_publisher_does_not_allow_is_refused(run, manifest):
    manifest(shortest_interval=timedelta(days=7))
    assert "more often than xx_supplier_ledger may, which is every 7d" in run("check", code=2)
    (result,) = objects(run("sync", "reskontra", "--json", code=1))
    assert result["outcome"] == "failed"
    path = FILES / "reskontra.toml"
    ledger = path.read_text()
    path.write_text('schedule = "weekly"\n' + ledger)
    run("check")
    path.write_text('schedule = "cron 0 6 * * 1,3"\n' + ledger)
    assert "asks the publisher more often" in run("check", code=2)
