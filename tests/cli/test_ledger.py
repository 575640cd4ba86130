"""``hub ledger inspect``: what a file is, before it is loaded."""

from __future__ import annotations

import json

import pytest

from hub.cli.app import main

SPECIFICATION = (
    "kopare_id;kopare;leverantor;leverantor_id;verifikationsnummer;belopp;datum;hittepå\n"
    "2120002627;Exempelköping;Alfa AB;5566778899;1;1250,50;2026-02-03;x\n"
    "2120002627;Exempelköping;Beta AB;;2;-50,00;2026-03-03;x\n"
)


def test_a_ledger_is_shown_with_its_columns_rows_and_total(tmp_path, capsys):
    (tmp_path / "r.csv").write_text(SPECIFICATION.replace(";hittepå", "").replace(";x\n", "\n"), encoding="utf-8")
    assert main(["ledger", "inspect", str(tmp_path / "r.csv"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["rows"], told["period"]) == ("ledger", 2, "2026-02--2026-03")
    assert told["total"] == [{"amount": "1200.50", "currency": "SEK"}]
    assert {"heading": "belopp", "field": "amount"} in told["columns"]
    assert (told["missing"], told["profile"]) == ([], "")


def test_what_is_unknown_is_told_with_the_profile_to_write(tmp_path, capsys):
    (tmp_path / "r.csv").write_text(SPECIFICATION, encoding="utf-8")
    assert main(["ledger", "inspect", str(tmp_path / "r.csv")]) == 1
    shown = capsys.readouterr().out
    assert "Leverantörsreskontra" in shown
    assert "Okända kolumner, som inte läses: hittepå." in shown
    assert '[config.profile.r]\nfiles = "r.csv"' in shown


def test_a_file_without_its_buyer_asks_for_it_and_shows_no_person(tmp_path, capsys):
    text = "leverantor;leverantor_id;datum;belopp\nPåhittad Person;800101-1231;2026-01-02;1,50\n"
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    assert main(["ledger", "inspect", str(tmp_path / "r.csv")]) == 1
    shown = capsys.readouterr().out
    assert "Filen anger inte vem köparen är" in shown
    assert "1 rader gäller privatpersoner" in shown
    assert "800101" not in shown
    assert "Påhittad" not in shown


def test_a_source_file_says_how_to_read_it(tmp_path, capsys):
    (tmp_path / "r.csv").write_text("Utbetalt till;belopp;datum\nAlfa;1,50;2026-01-02\n", encoding="utf-8")
    config = tmp_path / "source.toml"
    config.write_text(
        '[config]\npath = "r.csv"\nbuyer = "212000-2627"\ncolumns = { "Utbetalt till" = "supplier_name" }\n', "utf-8"
    )
    main(["ledger", "inspect", str(tmp_path / "r.csv"), "--config", str(config), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert {"heading": "Utbetalt till", "field": "supplier_name"} in told["columns"]


@pytest.mark.parametrize(
    ("content", "told"), [("Namn;Ort\nAlfa;Umeå\n", "not recognised as a supplier ledger"), (None, "no such file")]
)
def test_what_is_no_ledger_is_an_error(tmp_path, capsys, content, told):
    if content:
        (tmp_path / "r.csv").write_text(content, encoding="utf-8")
    assert main(["ledger", "inspect", str(tmp_path / "r.csv")]) != 0
    assert told in capsys.readouterr().err
