"""``hub sync``."""

from __future__ import annotations

import json
import sqlite3

import pytest

from hub.cli.app import main
from hub.store import engine as engines

KEYS = ["source", "outcome", "read", "stored", "changed", "unchanged", "retired", "quarantined", "seconds"]


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_is_one_object_per_source(folder, capsys):
    assert main(["sync", "--json"]) == 0
    told = capsys.readouterr()
    results = objects(told.out)
    assert [list(result) for result in results] == [KEYS] * 4
    assert [result["source"] for result in results] == ["annonser", "bolag", "medlemmar", "reskontra"]
    assert {result["outcome"] for result in results} == {"succeeded"}
    ledger = results[-1]
    assert (ledger["stored"], ledger["quarantined"]) == (2, 1)


def test_a_second_sync_changes_nothing(folder, capsys):
    main(["sync"])
    capsys.readouterr()
    assert main(["sync", "--json"]) == 0
    results = objects(capsys.readouterr().out)
    assert {result["outcome"] for result in results} == {"unchanged"}
    assert sum(result["stored"] + result["changed"] + result["retired"] for result in results) == 0


def test_the_table_shows_outcomes_quarantine_and_persons_kept_out(folder, capsys):
    assert main(["sync", "medlemmar", "reskontra"]) == 0
    shown = capsys.readouterr().out
    assert "medlemmar" in shown
    assert "succeeded" in shown
    assert "annonser" not in shown
    assert "hub quarantine list" in shown


def test_one_source_that_fails_gives_exit_code_1_and_the_others_go_on(folder, capsys):
    (folder / "in" / "members.csv").unlink()
    assert main(["sync", "--json"]) == 1
    results = {result["source"]: result for result in objects(capsys.readouterr().out)}
    assert results["medlemmar"]["outcome"] == "failed"
    assert "no file at 'in/members.csv'" in results["medlemmar"]["reason"]
    assert results["reskontra"]["outcome"] == "succeeded"


def test_the_reason_stands_below_the_table(folder, capsys):
    (folder / "in" / "members.csv").unlink()
    assert main(["sync", "medlemmar"]) == 1
    assert "no file at 'in/members.csv'" in capsys.readouterr().out


def test_an_unknown_source_is_an_error_with_the_one_that_was_meant(folder, capsys):
    assert main(["sync", "reskontran"]) == 2
    told = capsys.readouterr().err
    assert "there is no source 'reskontran'; did you mean reskontra?" in told


def test_a_missing_plugin_blocks_only_its_source(folder, capsys):
    (folder / "config" / "sources" / "annonser.toml").write_text('connector = "eu_tedd"\n')
    assert main(["sync", "annonser", "medlemmar", "--json"]) == 1
    missing, members = objects(capsys.readouterr().out)
    assert missing["outcome"] == "failed"
    assert "no plugin offers connector 'eu_tedd'; did you mean eu_ted?" in missing["reason"]
    assert members["outcome"] == "succeeded"


def test_a_wrong_key_in_a_source_is_told(folder, capsys):
    path = folder / "config" / "sources" / "reskontra.toml"
    path.write_text(path.read_text().replace("buyer =", "byer ="))
    assert main(["check"]) == 2
    assert "did you mean buyer?" in capsys.readouterr().out


def test_database_and_config_dir_on_the_command_line(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir("/")
    database = f"sqlite:///{tmp_path / 'other.sqlite'}"
    assert main(["sync", "medlemmar", "--config-dir", str(folder / "config"), "--database", database]) == 0
    assert (tmp_path / "other.sqlite").exists()
    assert not (folder / "data" / "hub.sqlite3").exists()


def test_database_and_config_dir_in_the_environment(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir("/")
    monkeypatch.setenv("HUB_CONFIG_DIR", str(folder / "config"))
    monkeypatch.setenv("HUB_DATABASE_URL", f"sqlite:///{tmp_path / 'env.sqlite'}")
    assert main(["sync", "medlemmar"]) == 0
    assert (tmp_path / "env.sqlite").exists()


@pytest.fixture
def impatient(monkeypatch):
    """SQLite that waits a moment for a lock, not 15 seconds."""
    short = [p.replace("15000", "100") if "busy_timeout" in p else p for p in engines._SQLITE_PRAGMAS]
    monkeypatch.setattr(engines, "_SQLITE_PRAGMAS", tuple(short))


def test_a_locked_database_is_told(folder, impatient, capsys):
    main(["sync", "medlemmar"])
    capsys.readouterr()
    holder = sqlite3.connect(folder / "data" / "hub.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert main(["sync", "medlemmar"]) == 1
        assert "another process holds the database's write lock" in capsys.readouterr().out
        assert main(["status"]) == 0  # reading waits for nobody
    finally:
        holder.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:///config", "unable to open database file"),
        ("sqlite:///in/ledger.csv", "file is not a database"),
        ("postgresql://hub:hemligt@127.0.0.1:1/hub", "onnection refused"),
        ("mysql://localhost/hub", "is not a database's address"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_once(folder, capsys, url, reason):
    assert main(["sync", "--database", url]) in (2, 4)
    told = capsys.readouterr()
    assert told.err.count(reason) == 1
    assert "hemligt" not in told.err + told.out
