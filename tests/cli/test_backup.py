"""``hub db backup``, ``verify`` and ``restore``, and what a reader of the change feed is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hub.cli.app import main
from tests.cli.conftest import Cli


@pytest.fixture
def folder(synced_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A synced folder that may be changed."""
    mine = tmp_path / "hub"
    shutil.copytree(synced_folder, mine)
    monkeypatch.chdir(mine)
    return mine


@pytest.fixture
def run(folder: Path) -> Cli:
    return lambda *arguments: main(list(arguments))


@pytest.fixture
def saved(folder: Path, run: Cli) -> Path:
    assert run("db", "backup", "saved") == 0
    return folder / "saved"


def state(run: Cli, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert run("changes", "--state") == 0
    return dict(json.loads(capsys.readouterr().out))


def test_a_backup_is_taken_verified_and_restored(saved, run, folder, capsys):
    assert run("db", "verify", "saved", "--deep") == 0
    assert "The backup is whole" in capsys.readouterr().out
    before = state(run, capsys)
    (folder / "data" / "pseudonym.key").unlink()
    assert run("db", "restore", "saved", "--database", "sqlite:///new.sqlite") == 0
    assert (folder / "data" / "pseudonym.key").exists()
    assert run("db", "restore", "saved", "--replace", "--yes") == 0
    assert "This will be dropped" in capsys.readouterr().out
    after = state(run, capsys)
    assert after["last_seq"] == before["last_seq"]
    assert after["epoch"] != before["epoch"]
    assert run("sync") in (0, 1)
    assert state(run, capsys) == after, "a sync of the same files changes nothing"


def test_data_is_dropped_only_when_somebody_says_so(saved, run, capsys):
    before = state(run, capsys)
    assert run("db", "restore", "saved") == 2
    assert "say --replace" in capsys.readouterr().err
    assert run("db", "restore", "saved", "--replace") == 2
    assert "confirm it with --yes" in capsys.readouterr().err
    assert state(run, capsys) == before


def test_a_broken_backup_is_told_place_by_place(saved, run, capsys):
    (saved / "tables" / "payment.jsonl.gz").unlink()
    (saved / "pseudonym.key").write_text("x")
    assert run("db", "verify", "saved") == 1
    told = capsys.readouterr().err
    assert "tables/payment.jsonl.gz: it is missing" in told
    assert "pseudonym.key: it is not as it was written" in told
    assert run("db", "restore", "saved", "--replace", "--yes") == 1


def test_what_is_to_be_left_out_is_left_out(folder, run, capsys):
    assert run("db", "backup", "slim", "--without-archive", "--without-key") == 0
    assert {path.name for path in (folder / "slim").iterdir()} == {"tables", "manifest.json", "manifest.sha256"}
    assert capsys.readouterr().out.count("left out") >= 1
    assert run("db", "verify", "slim") == 0


def test_a_key_of_the_settings_stays_there(folder, run, monkeypatch):
    monkeypatch.setenv("HUB_PRIVACY_PSEUDONYM_KEY", "k" * 40)
    assert run("db", "backup", "saved") == 0
    assert not (folder / "saved" / "pseudonym.key").exists()


def test_a_reader_from_before_the_restore_is_told_to_begin_anew(saved, run, capsys):
    before = state(run, capsys)
    assert run("changes", "--after", "1", "--epoch", str(before["epoch"])) == 0
    assert run("db", "restore", "saved", "--replace", "--yes") == 0
    after = state(run, capsys)
    assert run("changes", "--after", "1", "--epoch", str(before["epoch"])) == 1
    seen = capsys.readouterr()
    assert not seen.out
    assert "restored from a backup at 2" in seen.err
    assert f"--after {after['last_seq']} --epoch {after['epoch']}" in seen.err
    assert run("changes", "--after", str(after["last_seq"]), "--epoch", str(after["epoch"])) == 0
    assert run("changes", "--after", str(int(str(after["last_seq"])) + 1)) == 1
    assert "is not given yet" in capsys.readouterr().err
