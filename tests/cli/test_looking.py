"""The commands that show what the hub holds."""

from __future__ import annotations

import json
import re

import pytest

from hub.cli.app import main
from tests.cli.conftest import RENHAND


@pytest.fixture
def run(synced, capsys):
    def call(*arguments: str, code: int = 0) -> str:
        assert main(list(arguments)) == code
        told = capsys.readouterr()
        return told.out + told.err

    return call


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_status(run):
    shown = run("status")
    assert "reskontra" in shown
    assert "just now" in shown
    assert "hub.sqlite3" in shown


def test_status_json(run):
    (status,) = lines(run("status", "--json"))
    assert [source["source"] for source in status["sources"]] == ["annonser", "bolag", "medlemmar", "reskontra"]
    assert status["totals"]["payments"] == 2
    payments = {row["verdict"]: row["amount_minor"] for row in status["payments"]}
    assert payments == {"likely": 125050, "not linked": 9900}


def test_sources_and_connectors(run):
    assert {row["source"]: row["problem"] for row in lines(run("sources", "--json"))} == dict.fromkeys(
        ("annonser", "bolag", "medlemmar", "reskontra"), ""
    )
    assert {row["id"] for row in lines(run("connectors", "--json"))} >= {"eu_ted", "se_bolagsverket"}
    assert "ready" in run("connectors")


def test_check(run):
    assert "4 sources, 4 enabled: all can run" in run("check")


def test_config_show_tells_origins_and_masks_secrets(run):
    shown = run("config", "show", "--database", "postgresql://hub:hemligt@db/hub")
    assert "hemligt" not in shown
    assert "command line" in shown
    keys = {row["key"]: row for row in lines(run("config", "show", "--json"))}
    assert keys["log.level"] == {"key": "log.level", "value": "error", "origin": "file hub.toml"}


@pytest.mark.parametrize("number", [RENHAND, "769920-1039", "SE769920103901", "16769920-1039"])
def test_an_organisation_is_found_by_any_spelling_of_its_number(run, number):
    (found,) = lines(run("organisation", "show", number, "--json"))
    assert found["identifier"] == RENHAND
    assert found["social_status"] == "likely"


def test_organisation_why(run):
    shown = run("organisation", "show", RENHAND, "--why")
    assert "Kooperativet Renhand" in shown
    assert "Names that sources wrote with its number" in shown
    assert re.search(r"reskontra +Kooperativet Renhand ek\. för\.", shown)
    assert re.search(r"Exempelköpings kommun +2026 +\w+ +1 +1\u202f251\u202fkr", shown)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("5560000002", "is no valid organisation number"),
        ("5560000001", "no source names an organisation"),
        ("800101-1235", "a natural person's number"),
    ],
)
def test_an_organisation_that_is_not_there(run, number, reason):
    assert reason in run("organisation", "show", number, code=2)


def test_search(run):
    (found,) = lines(run("organisation", "search", "renhand", "--json"))
    assert found["identifier"] == RENHAND
    assert lines(run("organisation", "search", "100%", "--json")) == []


def test_social_explain(run):
    shown = run("social", "explain", RENHAND)
    assert "likely" in shown
    assert "2012-04-01" in shown
    assert "The three marks" in shown
    before = json.loads(run("social", "explain", RENHAND, "--on", "2011-01-01", "--json"))
    assert (before["status"], before["evidence"]) == ("unknown", [])
    assert "Troligen" in run("social", "explain", RENHAND, "--language", "sv")


def test_social_list(run):
    assert [row["identifier"] for row in lines(run("social", "list", "--status", "likely", "--json"))] == [RENHAND]
    assert "use one of" in run("social", "list", "--status", "lika", code=2)
    assert lines(run("social", "list", "--status", "likely", "--municipality", "Umeå", "--json")) == []


def test_quarantine(run):
    item = next(row for row in lines(run("quarantine", "list", "--json")) if row["source"] == "reskontra")
    assert "se bilaga" in run("quarantine", "show", item["id"][:8])
    assert "reskontra" in run("quarantine", "list", "--source", "reskontra")
    assert "Nothing stands in quarantine" in run("quarantine", "list", "--source", "medlemmar")
    assert "there is no quarantined item" in run("quarantine", "show", "zzz", code=2)


def test_runs(run):
    rows = lines(run("runs", "--json"))
    assert {row["source"] for row in rows} == {"annonser", "bolag", "medlemmar", "reskontra"}
    chosen = next(row for row in rows if row["source"] == "reskontra")
    shown = run("runs", "show", chosen["id"][:8])
    assert re.search(r"payment +insert +2", shown)
    assert "reskontra" in run("runs", "--source", "reskontra", "--limit", "1")


def test_changes_are_json_lines_in_order(run):
    first = lines(run("changes", "--limit", "3"))
    assert [row["seq"] for row in first] == [1, 2, 3]
    assert isinstance(first[0]["fields"], dict)
    assert lines(run("changes", "--after", "2", "--limit", "1"))[0]["seq"] == 3


def test_db_upgrade(run):
    assert "→" in run("db", "upgrade")
