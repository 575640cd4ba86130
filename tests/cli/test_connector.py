"""``hub connector test``: each promise on a line, and an exit code."""

from __future__ import annotations

import json

import pytest

from hub.cli.app import main
from hub.testing import PROMISES


@pytest.fixture
def fast(monkeypatch):
    """Processes of their own and kills take seconds; the suite's own tests have them."""
    monkeypatch.setattr("hub.testing.promises.killing._PLACES", 1)


def lines(out: str) -> dict[str, dict[str, str]]:
    return {told["promise"]: told for told in map(json.loads, out.splitlines())}


def test_a_configured_source_shows_that_its_connector_keeps_its_promises(folder, fast, capsys):
    assert main(["connector", "test", "xx_membership_list", "--source", "medlemmar", "--json"]) == 0
    told = lines(capsys.readouterr().out)
    assert list(told) == [promise.name for promise in PROMISES]
    assert {name for name, line in told.items() if line["outcome"] == "skipped"} == {"faults", "outage"}
    assert not (folder / "hub.sqlite").exists()


def test_a_source_file_of_its_own(folder, fast, capsys):
    (folder / "try.toml").write_text(
        'connector = "xx_supplier_ledger"\n[config]\npath = "in/ledger.csv"\nbuyer = "2120009010"\n', "utf-8"
    )
    assert main(["connector", "test", "xx_supplier_ledger", "--config", "try.toml"]) == 0
    shown = capsys.readouterr().out
    assert "kept     storing a second time changes nothing" in shown
    assert "skipped  an unknown field alarms\n         how to put one into this source is for" in shown


def test_a_broken_promise_is_told_with_what_to_do(folder, capsys):
    (folder / "in" / "empty.csv").write_text("Namn\n", "utf-8")
    assert main(["connector", "test", "xx_membership_list", "--source", "medlemmar", "--path", "in/empty.csv"]) == 1
    shown = capsys.readouterr().out
    assert "broken   keys are unique and the same next time\n         fetch could not read" in shown
    assert "→ " in shown
    assert "skipped  storing a second time changes nothing\n         first mend 'keys'" in shown


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["xx_membership_list"], 2, "name a small source"),
        (["xx_membership_list", "--source", "bolag"], 2, "hub connector test se_bolagsverket --source bolag"),
        (["xx_members", "--path", "in"], 3, "no plugin offers connector 'xx_members'"),
    ],
)
def test_what_cannot_be_tried_says_what_to_write(folder, capsys, options, code, told):
    assert main(["connector", "test", *options]) == code
    assert told in capsys.readouterr().err
