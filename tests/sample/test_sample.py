"""The bundled sample is what its generator writes, names nobody real, and holds what the demonstration needs."""

from __future__ import annotations

import tomllib
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.sample.directory import BY_KEY, ORGANISATIONS
from tests.sample.generate import ROOT, SOURCES, files
from tests.sample.ledger_file import year_lines
from tests.sample.notices import notice_files
from tests.sample.numbers import check_digit, orgnr, person_number, wrong
from tests.sample.register_faults import ODD

SAMPLE = ROOT / "hub/demo/sample"


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return tomllib.loads((ROOT / "tests/sample/expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def generated() -> dict[str, bytes]:
    return files()


def test_the_committed_files_are_what_the_generator_writes(generated: dict[str, bytes]) -> None:
    differing = [name for name, content in generated.items() if (ROOT / name).read_bytes() != content]
    assert not differing, "run: python -m tests.sample.generate"


def test_nothing_else_lies_among_the_sources(generated: dict[str, bytes]) -> None:
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / SOURCES).rglob("*") if path.is_file()}
    assert found == {name for name in generated if name.startswith(SOURCES)}


def test_the_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 2_500_000


def test_every_organisation_has_a_number_and_a_name_of_its_own() -> None:
    everybody = (*ORGANISATIONS, *ODD)
    assert len({org.number for org in everybody}) == len({org.name for org in everybody}) == len(everybody)
    for org in everybody:
        assert org.number[-1] == check_digit(org.number[:-1])
        assert org.number[2] >= "2"


def test_check_digits() -> None:
    assert check_digit("212000262") == "7"  # a published number
    assert wrong(orgnr("AB", 1)) != orgnr("AB", 1)
    assert person_number("19400101", 980)[:11] == "19400101980"


def test_the_register_file_holds_organisations_persons_and_faults(expected: dict[str, Any]) -> None:
    with zipfile.ZipFile(ROOT / SOURCES / "bolagsverket/bolagsverket_bulkfil.zip") as archive:
        text = archive.read("bolagsverket_bulkfil.txt").decode()
    rows = text.split("\n")[1:-1]
    counts = expected["register"]
    assert len(rows) == counts["rows"]
    assert sum('"E-ORGFO"' in row for row in rows) == counts["sole_trader_rows"] >= 30
    assert counts["organisations"] >= 320
    assert "\x00" in text
    assert '"null"' in text
    assert "-AVSLAVOMFO" in text
    assert "NYF-ORGFO" in text


def test_every_verdict_is_shown(expected: dict[str, Any]) -> None:
    verdicts = Counter(org["verdict"] for org in expected["organisation"])
    assert set(verdicts) == {"confirmed", "likely", "possible", "excluded", "unknown"}
    assert min(verdicts.values()) >= 5
    assert {org["verdict_before"] for org in expected["organisation"] if "verdict_before" in org} == {
        "confirmed",
        "likely",
    }


def test_notices_show_reservations_deadlines_and_agreements_about_to_end(expected: dict[str, Any]) -> None:
    notices = expected["notices"]
    assert notices["eforms"] >= 40
    assert len(notice_files()) == notices["files"]
    assert notices["lots_res_ws"]
    assert notices["lots_res_pub_ser"]
    assert len(expected["open_call"]) >= 5
    reserved = {each["supplier"] for each in expected["contract"] if each["reserved_in_call"] == "res-ws"}
    assert reserved == {BY_KEY["vagenvidare"].number, BY_KEY["bevakning"].number}
    ending = {each["supplier_name"] for each in expected["contract"] if each["ends_within_a_year"] == "yes"}
    assert {"Blankrent Lokalvård AB", "Smakfulla Storkök AB"} <= ending


@pytest.mark.parametrize("year", [2025, 2026])
def test_ledgers_hold_every_kind_of_row(expected: dict[str, Any], year: int) -> None:
    rows = year_lines(year)
    counts = expected["ledger"][f"reskontra-{year}"]
    assert counts["payments"] == len(rows) >= 1_200
    assert counts["sum_ore"] == sum(row.ore for row in rows)
    for kind in ("masked", "name_only", "internal_number", "wrong_check_digit", "person_number", "credits", "grants"):
        assert counts[kind] > 0
    assert counts["purchases_likely_ore"] > 0
    assert counts["purchases_unknown_ore"] > 20 * counts["purchases_likely_ore"]


def test_each_source_points_at_files_of_the_sample() -> None:
    sources = sorted((SAMPLE / "config/sources").glob("*.toml"))
    assert [path.stem for path in sources] == [
        "asf",
        "bolagsverket",
        "idebura",
        "reskontra-2025",
        "reskontra-2026",
        "ted",
    ]
    for source in sources:
        settings = tomllib.loads(source.read_text(encoding="utf-8"))
        assert (SAMPLE / settings["config"]["path"]).exists(), source.name
        assert settings["enabled"] is True
        assert settings["connector"]


def test_the_readme_says_that_all_is_invented() -> None:
    assert "PÅHITTADE UPPGIFTER" in Path(SAMPLE / "README.md").read_text(encoding="utf-8")
