"""An operator's folder with a small source of each connector, and one that has been synced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.cli.app import main

SAMPLE = Path(__file__).parents[2] / "hub" / "demo" / "sample" / "sources"
BULK = Path(__file__).parents[1] / "plugins" / "fixtures" / "se_bolagsverket" / "bulk.txt"
RENHAND = "7699201039"

MEMBERS = f"Namn;Organisationsnummer;Medlem sedan\nKooperativet Renhand;{RENHAND[:6]}-{RENHAND[6:]};2012-04-01\n"
LEDGER = (
    "Leverantör;Organisationsnummer;Belopp;Bokföringsdatum;Verifikationsnummer\n"
    f"Kooperativet Renhand ek. för.;{RENHAND[:6]}-{RENHAND[6:]};1 250,50;2026-02-03;1\n"
    "Okänd Leverantör;;99,00;2026-02-04;2\n"
    "Trasig Rad;769920-1039;se bilaga;2026-02-05;3\n"
)
SOURCES = {
    "annonser": ("eu_ted", f'path = "{SAMPLE / "ted" / "00990140-2025.xml"}"'),
    "bolag": ("se_bolagsverket", f'path = "{BULK}"'),
    "medlemmar": (
        "xx_membership_list",
        """path = "in/members.csv"
register = "se_asf"
register_name = "Listan"
columns = { name = "Namn", identifier = "Organisationsnummer", valid_from = "Medlem sedan" }""",
    ),
    "reskontra": (
        "xx_supplier_ledger",
        'path = "in/ledger.csv"\nbuyer = "2120009010"\nbuyer_name = "Exempelköpings kommun"\ncountry = "SE"',
    ),
}

Cli = Callable[..., int]


def write_folder(root: Path) -> Path:
    """The operator's folder, with its config in ``root/config``."""
    sources = root / "config" / "sources"
    sources.mkdir(parents=True)
    (root / "in").mkdir()
    (root / "in" / "members.csv").write_text(MEMBERS, encoding="utf-8")
    (root / "in" / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (root / "config" / "hub.toml").write_text('[log]\nlevel = "error"\n')
    for name, (connector, config) in SOURCES.items():
        (sources / f"{name}.toml").write_text(f'connector = "{connector}"\n[config]\n{config}\n', encoding="utf-8")
    return root


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, where the commands are run."""
    monkeypatch.chdir(write_folder(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def synced_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_folder(tmp_path_factory.mktemp("synced"))
    assert main(["sync", "--config-dir", str(root / "config"), "--json"]) == 0
    return root


@pytest.fixture
def synced(synced_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder whose sources have been read; for looking, not for changing."""
    monkeypatch.chdir(synced_folder)
    capsys.readouterr()
    return synced_folder
