"""``hub check`` warns of local times at which clocks are changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.cli.app import main


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        ('timezone = "Europe/Stockholm"', True),
        ('timezone = "Europe/Stockholm"\nschedule = "cron 30 2 * * *"', True),
        ('timezone = "Europe/Stockholm"\nschedule = "cron 0 6 * * *"', False),
        ('schedule = "daily"', False),
        ('timezone = "Europe/Stockholm"\nenabled = false', False),
    ],
)
def test_a_local_time_at_night_is_warned_of(said, warned, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    config = 'path = "in"\nbuyer = "2120009010"\nbuyer_name = "Exempelköpings kommun"\ncountry = "SE"'
    (sources / "a.toml").write_text(f'connector = "xx_supplier_ledger"\n{said}\n[config]\n{config}\n', encoding="utf-8")
    assert main(["check", "--json", "--config-dir", str(tmp_path / "config")]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["warning" in line for line in told] == [True] * warned
