"""``hub privacy erase``: somebody asks to be forgotten."""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from hub.cli.app import main
from tests.cli.conftest import RENHAND

PERSON = "8001011231"
WHY = ("--by", "registrator", "--reason", "begäran 2026-11")


def rows(folder: Path, statement: str) -> list[tuple]:
    with sqlite3.connect(folder / "data" / "hub.sqlite3") as database:
        return database.execute(statement).fetchall()


def held(folder: Path) -> str:
    """Every text that the database and the archive hold."""
    with sqlite3.connect(folder / "data" / "hub.sqlite3") as database:
        dumped = "\n".join(database.iterdump())
    return dumped + "".join(gzip.decompress(path.read_bytes()).decode() for path in folder.rglob("*.jsonl.gz*"))


@pytest.fixture
def read(folder, capsys):
    """A ledger and a membership list that name one organisation, and a ledger line of a sole trader."""
    ledger = folder / "in" / "ledger.csv"
    line = f"Snickare Planta;{PERSON[:6]}-{PERSON[6:]};300,00;2026-02-06;4\n"
    ledger.write_text(ledger.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert main(["sync", "reskontra", "medlemmar"]) == 0
    capsys.readouterr()
    return folder


def test_an_organisation_goes_in_every_source_and_does_not_come_back(read, capsys):
    assert "Renhand" in held(read)
    assert main(["privacy", "erase", "--identifier", f"SE{RENHAND}01", *WHY, "--yes"]) == 0
    shown = capsys.readouterr().out
    assert "medlemmar" in shown
    assert "reskontra" in shown
    assert RENHAND not in shown
    assert "Renhand" not in held(read)
    assert rows(read, "SELECT source_id, demanded_by, barred FROM erasure ORDER BY source_id") == [
        ("medlemmar", "registrator", 1),
        ("reskontra", "registrator", 1),
    ]
    assert main(["state", "clear", "reskontra"]) == 0
    assert main(["sync", "reskontra", "medlemmar"]) == 0
    assert "Renhand" not in held(read)


def test_a_person_is_found_by_the_pseudonym_and_the_number_is_written_nowhere(read, capsys):
    assert rows(read, "SELECT count(*) FROM payment WHERE supplier_pseudonym IS NOT NULL") == [(1,)]
    assert main(["privacy", "erase", "--identifier", f"19{PERSON[:6]}-{PERSON[6:]}", *WHY, "--yes", "--json"]) == 0
    told = capsys.readouterr()
    (done,) = [json.loads(line) for line in told.out.splitlines()]
    assert (done["source"], done["erased"], done["reason"]) == ("reskontra", 1, "")
    assert rows(read, "SELECT count(*) FROM payment WHERE supplier_pseudonym IS NOT NULL") == [(0,)]
    assert rows(read, "SELECT count(*) FROM payment") == [(2,)]
    assert PERSON[6:] not in told.out + told.err
    assert "person:" not in held(read)


def test_a_single_raw_record_goes_and_a_second_time_there_is_nothing(read, capsys):
    ((key,),) = rows(read, "SELECT r.key FROM raw_record r JOIN membership m ON m.raw_id = r.id")
    command = ["privacy", "erase", "--source", "medlemmar", "--key", key, *WHY, "--yes"]
    assert main(command) == 0
    assert "1 raw records are erased" in capsys.readouterr().out
    assert rows(read, "SELECT count(*) FROM membership") == [(0,)]
    assert main(command) == 0
    assert "Nothing of it is stored" in capsys.readouterr().out
    assert rows(read, "SELECT count(*) FROM run WHERE kind = 'erase'") == [(1,)]


def test_a_reason_keeps_no_personal_number(read):
    why = ("--by", "registrator", "--reason", f"begäran av {PERSON}")
    assert main(["privacy", "erase", "--identifier", RENHAND, *why, "--yes"]) == 0
    assert PERSON not in held(read)


def test_without_a_terminal_nothing_is_erased_unless_told(read, capsys):
    assert main(["privacy", "erase", "--identifier", RENHAND, *WHY]) == 2
    assert "--yes" in capsys.readouterr().err
    assert "Renhand" in held(read)


@pytest.mark.parametrize(("answer", "left"), [(True, False), (False, True)])
def test_at_a_terminal_the_operator_sees_what_would_go_and_is_asked(read, capsys, monkeypatch, answer, left):
    monkeypatch.setattr("typer.confirm", lambda *_, **__: answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert main(["privacy", "erase", "--identifier", RENHAND, *WHY]) == 0
    assert "Would be erased" in capsys.readouterr().out
    assert ("Renhand" in held(read)) is left


def test_a_number_that_is_none_is_refused_without_being_repeated(read, capsys):
    assert main(["privacy", "erase", "--identifier", "5590000012", *WHY, "--yes"]) == 2
    told = capsys.readouterr()
    assert "5590000012" not in told.out + told.err


def test_a_source_that_cannot_be_run_is_told_before_any_is_touched(read, capsys):
    (read / "config" / "sources" / "reskontra.toml").unlink()
    assert main(["privacy", "erase", "--identifier", RENHAND, *WHY, "--yes"]) == 2
    assert "reskontra" in capsys.readouterr().err
    assert rows(read, "SELECT count(*) FROM erasure") == [(0,)]
