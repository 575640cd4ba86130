"""The built wheel and the example's, installed beside each other, are a hub with one more connector."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "hub-example"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which both wheels were installed; what they need comes from the tests' own environment."""
    wheels, folder = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")
    for project in (ROOT, EXAMPLE):
        _run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(project))
    found = sorted(map(str, wheels.glob("*.whl")))
    assert len(found) == 2
    _run("-m", "pip", "install", "--no-deps", "--no-index", "--no-compile", "--target", str(folder), *found)
    return folder


def _run(*arguments: str, cwd: Path | None = None, installed: Path | None = None) -> str:
    # Before the editable install of the tests' own environment.
    environment = {**os.environ, "PYTHONPATH": str(installed or ""), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_is_what_is_imported(installed: Path, tmp_path: Path):
    told = _run(
        "-c", "import hub, hub_eu_ted; print(hub.__file__, hub_eu_ted.__file__)", cwd=tmp_path, installed=installed
    )
    assert all(Path(file).is_relative_to(installed) for file in told.split())


def test_the_example_is_one_connector_among_the_hubs_own(installed: Path, tmp_path: Path):
    told = _run("-m", "hub.cli.app", "connectors", "--json", cwd=tmp_path, installed=installed)
    found = [json.loads(line) for line in told.splitlines()]
    assert {"xx_example", "eu_ted", "se_bolagsverket"} <= {row["id"] for row in found}


def test_a_source_of_the_example_is_synced(installed: Path, tmp_path: Path):
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (tmp_path / "config" / "hub.toml").touch()
    path = EXAMPLE / "sample" / "organisations.csv"
    (sources / "list.toml").write_text(f'connector = "xx_example"\n[config]\npath = "{path}"\n', encoding="utf-8")
    told = _run("-m", "hub.cli.app", "sync", "--json", cwd=tmp_path, installed=installed)
    assert json.loads(told)["stored"] == 4
