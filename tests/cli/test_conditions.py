"""What the operator sees of sources that are not well, and who else is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.cli.app import main
from hub.service import Hub
from hub.testing import reply, serving

CANARY = "canary-4711-canary-4711"
LEDGER = "config/sources/reskontra.toml"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str, code: int = 0) -> str:
        assert main(list(arguments)) == code
        told = capsys.readouterr()
        return told.out + told.err

    return call


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_nothing_is_wrong(run):
    assert "Nothing is wrong" in run("conditions")
    assert "No source said" in run("drift")


def test_a_source_that_cannot_start_says_why(run, folder: Path):
    whole = (folder / LEDGER).read_text()
    (folder / LEDGER).write_text(whole + "colour = 1\n")
    for _ in range(2):
        (result,) = lines(run("sync", "reskontra", "--json", code=1))
        assert "config.colour: unknown key" in result["reason"]
    (status,) = lines(run("status", "--json"))
    (source,) = [source for source in status["sources"] if source["source"] == "reskontra"]
    assert source["outcome"] == "failed"
    assert "config.colour: unknown key" in source["reason"]
    assert [(found["source"], found["kind"]) for found in status["conditions"]] == [("reskontra", "failing")]
    assert "What is wrong" in run("status")
    assert len(lines(run("runs", "--json"))) == 2
    (folder / LEDGER).write_text(whole)
    run("sync", "reskontra")
    assert lines(run("conditions", "--json")) == []
    (over,) = lines(run("conditions", "--all", "--json"))
    assert over["clear_reason"] == "it was read whole"
    assert "over: it was read whole" in run("conditions", "--all", "--source", "reskontra")


def test_a_source_whose_connector_is_not_there_says_so(run, folder: Path):
    (folder / "config" / "sources" / "borta.toml").write_text('connector = "xx_gone"\n')
    run("sync", "borta", code=1)
    (found,) = lines(run("conditions", "--json"))
    assert (found["source"], found["kind"]) == ("borta", "failing")
    assert "xx_gone" in found["detail"]


def test_a_source_that_is_already_running_or_not_due_is_not_failing(run, folder: Path):
    from hub.runs.lease import AlreadyRunning

    def not_mine(_connection: object) -> None:
        raise AlreadyRunning("somebody else has it")

    hub = Hub.open(folder / "config")
    with pytest.raises(AlreadyRunning):
        hub.run(hub.settings.source("reskontra"), claim=not_mine)
    (folder / LEDGER).write_text('connector = "xx_gone"\n')
    again = Hub.open(folder / "config")
    with pytest.raises(AlreadyRunning):
        again.run(again.settings.source("reskontra"), claim=not_mine)
    hub.close()
    again.close()
    assert lines(run("runs", "--json")) == []
    assert lines(run("conditions", "--json")) == []


def test_drift_is_listed_and_acknowledged(run, folder: Path):
    members = folder / "in" / "members.csv"
    head, *rest = members.read_text("utf-8").splitlines()
    members.write_text("\n".join([f"{head};Färg", *(f"{line};blå" for line in rest)]) + "\n", "utf-8")
    (result,) = lines(run("sync", "medlemmar", "--json"))
    assert result["outcome"] == "succeeded"
    (met,) = lines(run("drift", "--source", "medlemmar", "--json"))
    assert (met["kind"], met["field"]) == ("new_field", "Färg")
    assert "Färg" in run("drift", "--run", met["last_run_id"][:8])
    (found,) = lines(run("conditions", "--json"))
    assert found["kind"] == "drifting"
    assert "no longer drifting" in run("conditions", "acknowledge", found["id"][:8], "--reason", "ny kolumn")
    assert lines(run("conditions", "--json")) == []
    assert "there is no standing condition" in run("conditions", "acknowledge", found["id"], code=2)


def test_a_webhook_is_told_by_sync_and_its_address_by_nobody(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    with serving() as web:
        url = web.on(f"/services/{CANARY}", reply(500), reply(204)) + f"?token={CANARY}"
        monkeypatch.setenv("NOTICES", url)
        (folder / "config" / "hub.toml").write_text(
            '[log]\nlevel = "debug"\n[notices]\nname = "north"\nwebhook = { env = "NOTICES" }\n'
        )
        (folder / "in" / "ledger.csv").unlink()
        shown = run("sync", "reskontra", code=1) + run("config", "show") + run("status", "--json")
        assert [json.loads(asked.body)["action"] for asked in web.asked] == ["condition_raised"]
    assert "notices by webhook failed" in shown
    assert CANARY not in shown


def test_a_source_that_nobody_reads_becomes_stale(run, folder: Path):
    from datetime import UTC, datetime, timedelta

    run("sync", "reskontra", "medlemmar")
    (folder / LEDGER).write_text('max_age = "2h"\n' + (folder / LEDGER).read_text())
    hub = Hub.open(folder / "config")
    hub.after_tick(datetime.now(UTC) + timedelta(hours=3))
    (found,) = lines(run("conditions", "--json"))
    assert (found["source"], found["kind"]) == ("reskontra", "stale")
    hub.after_tick(datetime.now(UTC) + timedelta(hours=50))
    hub.close()
    assert {found["source"] for found in lines(run("conditions", "--json"))} == {"reskontra", "medlemmar"}
