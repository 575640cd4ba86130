"""What ``hub.testing`` offers: its names, its fixtures, and what it costs those who do not use it."""

from __future__ import annotations

import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hub import testing
from hub.testing import Database, add_column, collect, fake_context, reverse_rows, run_once
from hub.testing.sql import Killed, bury, dying
from hub_xx_membership_list.config import MembershipListConfig
from hub_xx_membership_list.connector import MembershipList

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]
LISTS = ROOT / "tests" / "plugins" / "fixtures" / "xx_membership_list"
CONFIG = MembershipListConfig(
    path="*.csv",
    register="se_test",
    register_name="Nätverket",
    columns={"name": "Medlem", "identifier": "Org.nr"},
    ignore=("Kontaktperson",),
)


def test_the_public_names_are_sorted_and_all_there():
    constants = [name for name in testing.__all__ if name.isupper()]
    classes = [name for name in testing.__all__ if not name.isupper() and name[0].isupper()]
    others = [name for name in testing.__all__ if name[0].islower()]
    assert list(testing.__all__) == sorted(constants) + sorted(classes) + sorted(others)
    assert set(testing._PLACES) == set(testing.__all__)
    assert set(testing.__all__) <= set(dir(testing))


@pytest.mark.parametrize("name", testing.__all__)
def test_every_public_name_says_what_it_is(name):
    thing = getattr(testing, name)
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert thing.__dict__.get("__doc__") if inspect.isclass(thing) else thing.__doc__
    else:  # a constant, or a name for a type
        assert name in {"FAULTS", "PROMISES", "Action"}


def test_a_name_that_it_does_not_have_is_an_error():
    with pytest.raises(AttributeError, match="no attribute 'connector_sweet'"):
        _ = testing.connector_sweet


def test_the_plugin_is_announced_under_the_name_of_its_module():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"hub.testing.plugin": "hub.testing.plugin"}
    assert any(name.startswith("pytest") for name in project["optional-dependencies"]["testing"])
    assert not any(name.startswith("pytest") for name in project["dependencies"])


def test_the_plugin_gives_a_server_and_a_database(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        from hub_xx_membership_list.connector import MembershipList
        from tests.testing.test_public import CONFIG, LISTS

        def test_both(test_server, hub_database):
            assert test_server.url.startswith("http://127.0.0.1:")
            assert hub_database.run(MembershipList(), CONFIG, root=LISTS).outcome == "succeeded"
            assert hub_database.rows("v1_registration")
        """
    )
    # Once for those who ask for it, whether or not it is installed as an entry point.
    pytester.runpytest_inprocess("-p", "hub.testing.plugin", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_plugin_imports_nothing_heavy():
    code = "import sys, hub.testing.plugin; print([n for n in sys.modules if n in ('sqlalchemy', 'httpx', 'pydantic')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_a_connector_run_by_hand():
    found = collect(MembershipList(), fake_context(CONFIG, root=LISTS))
    assert (len(found.raw), len(found.records), len(found.rejects)) == (7, 7, 1)
    assert {drift.field for drift in found.drift} == {"Medlemsnr", "Medlem sedan", "Till och med"}


def test_a_run_against_a_hub_to_throw_away():
    stored = run_once(MembershipList(), CONFIG, LISTS)
    assert stored.result.outcome == "succeeded"
    assert {row["register"] for row in stored.rows["v1_registration"]} == {"se_test"}
    assert "v1_payment" not in stored.rows


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_dies_at_a_commit_is_followed_by_one_that_makes_it_whole(database_url, tmp_path, when):
    with Database(tmp_path / "whole") as whole, Database(tmp_path / "killed", database_url) as killed:
        whole.run(MembershipList(), CONFIG, root=LISTS, batch_size=2)
        with pytest.raises(Killed), dying(killed.engine, 3, when):
            killed.run(MembershipList(), CONFIG, root=LISTS, batch_size=2)
        assert len(killed.rows("raw_record")) == {"before": 2, "after": 4}[when]
        assert [run["outcome"] for run in killed.rows("v1_run")] == [None]
        bury(killed.engine)
        assert killed.run(MembershipList(), CONFIG, root=LISTS, batch_size=2).outcome == "succeeded"
        found, expected = killed.content(), whole.content()
        assert {table: len(rows) for table, rows in found.items()} == {t: len(rows) for t, rows in expected.items()}
        assert sorted(run["outcome"] for run in killed.rows("v1_run")) == ["lost", "succeeded"]


def test_a_csv_file_is_changed_as_its_publisher_might(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(b"title\r\na;b\r\n1;2\r\n3;4\r\n")
    reverse_rows(file, header=2)
    assert file.read_bytes() == b"title\na;b\n3;4\n1;2\n"
    add_column(file, header=2)
    assert file.read_bytes() == b"title\na;b;hub_unknown_field\n3;4;x\n1;2;x\n"
