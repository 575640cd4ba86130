"""The example plugin works with this hub: found as a plugin, read into a database, and its own tests pass."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hub.registry import Registry
from hub.service import Hub
from tests.acceptance.folder import Folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "hub-example"
SOURCE = f'connector = "xx_example"\n[config]\npath = "{EXAMPLE / "sample" / "organisations.csv"}"\n'


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The example as the only plugin."""
    monkeypatch.syspath_prepend(str(EXAMPLE / "src"))
    return Registry.of(importlib.import_module("hub_example"), strict=True)


def test_it_is_synced_into_a_database(tmp_path, sqlite_url, registry):
    folder = Folder.empty(tmp_path, sqlite_url)
    folder.add_source("example", SOURCE)
    hub = Hub.open(tmp_path / "config", database=sqlite_url, environ={}, registry=registry)
    assert hub.check() == []
    (first,) = hub.sync()
    (second,) = hub.sync()
    hub.close()
    assert (first.outcome, first.read, first.stored, first.quarantined) == ("succeeded", 5, 4, 1)
    assert (first.counts["persons_dropped"], first.counts["masked_by_gate"]) == (1, 0)
    assert (second.outcome, second.stored, second.changed) == ("unchanged", 0, 0)
    organisations = folder.all("SELECT identifier, kind, social_status FROM v1_organisation ORDER BY identifier")
    assert organisations == [
        ("5599301008", "company", "possible"),
        ("7699301003", "cooperative", "unknown"),
        ("7699303009", None, "unknown"),
        ("8029301002", "association", "unknown"),
    ]
    assert folder.all("SELECT DISTINCT kind, field FROM drift ORDER BY kind") == [
        ("new_field", "phone"),
        ("unknown_code", "form"),
    ]


def test_its_entry_point_names_what_it_offers(registry):
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["integration_hub"] == {"xx_example": "hub_example"}
    assert [row.id for row in registry.connectors()] == ["xx_example"]


def test_its_own_tests_pass(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", "-c", "/dev/null",
         str(EXAMPLE / "tests")],
        env={"PYTHONPATH": str(EXAMPLE / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
