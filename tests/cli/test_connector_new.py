"""``hub connector new``: what it makes works at once."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hub.cli.app import main
from hub.registry import Registry


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", ["file", "api"])
def test_its_tests_pass_as_they_are(here, kind):
    assert main(["connector", "new", "xx_made_here", "--kind", kind, "--folder", "made"]) == 0
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "-c", os.devnull, "tests"],
        cwd=here / "made",
        env=os.environ | {"PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.parametrize("kind", ["file", "api"])
def test_it_is_a_plugin_of_this_hub(here, kind, monkeypatch):
    connector = f"xx_{kind}_plugin"
    assert main(["connector", "new", connector, "--kind", kind]) == 0
    folder = here / f"hub-xx-{kind}-plugin"
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["integration_hub"] == {connector: f"hub_{connector}"}
    monkeypatch.syspath_prepend(str(folder / "src"))
    registry = Registry.of(importlib.import_module(f"hub_{connector}"), strict=True)
    assert [row.id for row in registry.connectors()] == [connector]
    headings = [line[3:] for line in (folder / "README.md").read_text("utf-8").splitlines() if line.startswith("## ")]
    assert headings == [
        "Source",
        "Access",
        "Licence and attribution",
        "Coverage",
        "Cadence",
        "Quirks",
        "Fields ignored and why",
    ]
    assert "$" not in "".join(path.read_text("utf-8") for path in folder.rglob("*.*") if path.is_file())


@pytest.mark.parametrize("connector", ["Example", "se", "se-list", "sweden_list", "se_list/../x", "se_"])
def test_an_id_that_the_hub_would_refuse_is_refused(here, connector, capsys):
    assert main(["connector", "new", connector]) == 2
    assert "is no connector id" in capsys.readouterr().err
    assert not list(here.iterdir())


def test_a_folder_that_is_there_is_left_alone(here, capsys):
    (here / "hub-se-list").mkdir()
    assert main(["connector", "new", "se_list"]) == 2
    assert "there is something already" in capsys.readouterr().err
    assert not list((here / "hub-se-list").iterdir())
