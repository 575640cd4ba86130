"""``hub replay`` and ``hub quarantine``: mapping again, and deciding about what cannot be read."""

from __future__ import annotations

import json
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hub.cli.app import main
from hub.runs import retention

LEDGER = Path("in/ledger.csv")


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def read(folder, capsys):
    """A folder whose ledger has been read, with one line in quarantine."""
    assert main(["sync", "reskontra"]) == 0
    capsys.readouterr()
    return folder


@pytest.fixture
def mended(read, monkeypatch):
    """The ledger's connector has learned to read the line, and writes suppliers in capitals."""
    from hub_xx_supplier_ledger.connector import SupplierLedger

    before = SupplierLedger.normalise

    def normalise(self, raw):
        payload = {name: "10,00" if value == "se bilaga" else value for name, value in raw.payload.items()}
        for record in before(self, replace(raw, payload=payload)):
            supplier = record.supplier.model_copy(update={"name": (record.supplier.name or "").upper()})
            yield record.model_copy(update={"supplier": supplier})

    monkeypatch.setattr(SupplierLedger, "normalise", normalise)
    monkeypatch.setattr(
        SupplierLedger, "manifest", SupplierLedger.manifest.model_copy(update={"version": 1000}), raising=True
    )
    return read


def rows(folder: Path, statement: str) -> list[tuple]:
    with sqlite3.connect(folder / "data" / "hub.sqlite3") as database:
        return database.execute(statement).fetchall()


def test_a_dry_run_shows_the_difference_and_stores_nothing(mended, capsys):
    assert main(["replay", "reskontra", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "3 archived raw records mapped by version 1000" in shown
    assert "supplier_name_as_written" in shown
    assert "OKÄND LEVERANTÖR" in shown
    assert "1 that stand in quarantine could be read" in shown
    assert rows(mended, "SELECT count(*) FROM run WHERE kind = 'replay'") == [(0,)]


def test_without_a_terminal_nothing_is_read_or_stored_unless_told(mended, capsys):
    assert main(["replay", "reskontra"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert rows(mended, "SELECT count(*) FROM run WHERE kind = 'replay'") == [(0,)]


def test_with_yes_the_difference_is_told_and_then_stored(mended, capsys):
    assert main(["replay", "reskontra", "--yes", "--json"]) == 0
    difference, result = objects(capsys.readouterr().out)
    payments = difference["entities"]["payment"]
    assert (payments["inserted"], payments["updated"]) == (1, 2)
    assert payments["fields"]["supplier_name_as_written"]["records"] == 2
    assert (result["outcome"], result["changed"], result["quarantined"]) == ("succeeded", 3, 0)
    assert main(["sync", "reskontra", "--json"]) == 0
    assert objects(capsys.readouterr().out)[0]["outcome"] == "unchanged"


@pytest.mark.parametrize(("answer", "stored"), [("y\n", 1), ("n\n", 0)])
def test_at_a_terminal_the_operator_is_asked(mended, capsys, monkeypatch, answer, stored):
    monkeypatch.setattr("typer.confirm", lambda *_, **__: answer == "y\n")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert main(["replay", "reskontra"]) == 0
    assert rows(mended, "SELECT count(*) FROM run WHERE kind = 'replay'") == [(stored,)]


def test_one_run_by_the_beginning_of_its_id(read, capsys):
    ((run_id,),) = rows(read, "SELECT id FROM run")
    assert main(["replay", "reskontra", "--run", run_id[:8], "--dry-run", "--json"]) == 0
    assert objects(capsys.readouterr().out)[0]["read"] == 3
    assert main(["replay", "reskontra", "--run", "zzzz", "--dry-run"]) == 2


def test_what_is_no_longer_in_the_archive_is_told(read, capsys):
    next((read / "data" / "archive").rglob("*.gz")).unlink()
    assert main(["replay", "reskontra", "--dry-run"]) == 0
    assert "3 raw records are no longer in the archive" in capsys.readouterr().out


def test_a_retry_that_fails_tells_what_remains_and_why(read, capsys):
    assert main(["quarantine", "retry", "--source", "reskontra"]) == 0
    shown = capsys.readouterr().out
    assert "0 could be read now, 1 remain" in shown
    assert "se bilaga" in shown or "ledger.csv" in shown


def test_a_retry_by_id_reads_what_can_be_read_now(mended, capsys):
    ((item,),) = rows(mended, "SELECT id FROM quarantine")
    assert main(["quarantine", "retry", item[:8], "--json"]) == 0
    (told,) = objects(capsys.readouterr().out)
    assert (told["read"], told["remaining"], told["at_next_sync"]) == (1, [], 0)
    assert rows(mended, "SELECT count(*) FROM payment") == [(3,)]
    assert main(["quarantine", "list"]) == 0
    assert "Nothing stands in quarantine" in capsys.readouterr().out


def test_what_was_never_fetched_is_asked_for_again_at_the_next_sync(read, capsys):
    with sqlite3.connect(read / "data" / "hub.sqlite3") as database:
        database.execute("UPDATE quarantine SET stage = 'fetch'")
        database.execute("INSERT INTO validator VALUES ('reskontra', 'https://example.org/', 'x', '')")
    assert main(["quarantine", "retry", "--source", "reskontra"]) == 0
    assert "tried at the next sync" in capsys.readouterr().out
    assert rows(read, "SELECT count(*) FROM validator") == [(0,)]


def test_a_retry_without_a_choice_is_refused(read):
    assert main(["quarantine", "retry"]) == 2


def test_what_is_dropped_leaves_the_list_and_does_not_come_back(read, capsys):
    ((item,),) = rows(read, "SELECT id FROM quarantine")
    reason = "enclosed on paper, 811228-9874"
    assert main(["quarantine", "drop", item[:8], "--reason", reason, "--by", "ekonomi"]) == 0
    main(["sync", "reskontra"])
    capsys.readouterr()
    main(["quarantine", "list"])
    assert "Nothing stands in quarantine" in capsys.readouterr().out
    main(["status", "--json"])
    (status,) = [source for source in objects(capsys.readouterr().out)[0]["sources"] if source["source"] == "reskontra"]
    assert status["in_quarantine"] == 0
    main(["quarantine", "list", "--dropped"])
    shown = capsys.readouterr().out
    assert "dropped by ekonomi: enclosed on paper" in shown
    assert "811228" not in shown


def test_another_fault_of_a_dropped_item_does_come_back(read, capsys):
    ((item,),) = rows(read, "SELECT id FROM quarantine")
    main(["quarantine", "drop", item, "--reason", "x", "--by", "ekonomi"])
    text = LEDGER.read_text(encoding="utf-8")
    LEDGER.write_text(text.replace("se bilaga", "10,00").replace("2026-02-05", "i går"), encoding="utf-8")
    main(["sync", "reskontra"])
    capsys.readouterr()
    main(["quarantine", "list", "--json"])
    assert len(objects(capsys.readouterr().out)) == 1


def test_an_item_tells_where_the_archive_holds_it_and_who_dropped_it(read, capsys):
    ((item, run_id),) = rows(read, "SELECT id, run_id FROM quarantine")
    main(["quarantine", "drop", item, "--reason", "x", "--by", "ekonomi"])
    main(["quarantine", "show", item, "--json"])
    told = objects(capsys.readouterr().out.splitlines()[-1])[0]
    assert (told["archived_in"].rsplit("/")[-1], told["position"]) == (f"{run_id}.jsonl.gz", 2)
    assert (told["dropped_by"], told["drop_reason"]) == ("ekonomi", "x")
    assert told["raw_id"]


def test_the_archive_is_kept_as_long_as_the_settings_say(read, monkeypatch):
    """The setting reaches the run."""
    kept = []
    monkeypatch.setattr(retention, "tidy", lambda work: kept.append((work.plan.keep_archive, work.plan.keep_current)))
    with (read / "config" / "hub.toml").open("a", encoding="utf-8") as file:
        file.write('[archive]\nkeep = "400d"\nkeep_current = false\n')
    assert main(["sync", "reskontra"]) == 0
    assert [(span.days, current) for span, current in kept] == [(400, False)]
