"""Signals are data: checked when they are loaded, and widened by operators and plugins."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from hub.model.scheme import clean_swedish
from hub.sdk import ConfigError
from hub.social import collect, load_signals
from hub.social.catalogue import DATA
from hub.social.facts import MembershipFact
from tests.social.make import NOW, SIGNALS, facts

HEADER = (
    "signal,country,criterion,field,match,also,strength,valid_from,valid_to,legal_reference,sentence_sv,sentence_en"
)
GOOD = "MINE,,social_aim,membership,codes:umea,,weak,,,,Står i listan {value},Is in the list {value}"
PHRASES = "phrase,group,weight,pattern,exclude,stems,example,false_friends"


def written(path: Path, *lines: str, name: str = "mine.csv") -> Path:
    file = path / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.replace("social_aim", "kindness"), "unknown criterion 'kindness'"),
        (GOOD.replace("weak", "mighty"), "unknown strength 'mighty'"),
        (GOOD.replace("membership,", "turnover,"), "unknown field 'turnover'"),
        (GOOD.replace("codes:umea", "regex:(unclosed"), "is not a regular expression"),
        (GOOD.replace("codes:umea", "looks like"), "is no way to match"),
        (
            GOOD.replace("membership,codes:umea", "purpose,phrases:no_such 1-"),
            "no phrase belongs to the group 'no_such'",
        ),
        (GOOD.replace("codes:umea", "list:nowhere.csv"), "there is no list 'nowhere.csv'"),
        (GOOD.replace("weak,,", "weak,1 maj,"), "is not a date"),
        (GOOD.replace("weak", "excluding"), "needs the criterion exclusion"),
        (GOOD.replace("Står i listan {value}", ""), "'sentence_sv' is missing or empty"),
        (GOOD + ",too,many", "more or fewer fields"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, reason):
    with pytest.raises(ConfigError, match=reason) as caught:
        load_signals([written(tmp_path, HEADER, GOOD.replace("MINE", "FINE"), row)])
    assert "mine.csv row 3" in caught.value.where or "MINE" in caught.value.where or "nowhere" in caught.value.where


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("p,social_aim,1,[bad,,bad,bad,", "is not a regular expression"),
        ("p,social_aim,much,good,,good,good,", "is not a weight"),
        ("p,social_aim,1,good,,,good,", "has no stems"),
        ("p,social_aim,1,good,,other,good,", "does not find its own example"),
        ("p,social_aim,1,good,,good,good,goodbye", "finds its false friend 'goodbye'"),
    ],
)
def test_a_wrong_phrase_is_named(tmp_path, row, reason):
    with pytest.raises(ConfigError, match=reason) as caught:
        load_signals([written(tmp_path, PHRASES, row)])
    assert caught.value.where == "mine.csv row 2"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER.replace("also", "allso"), "unknown column 'allso'"),
        (HEADER.replace("strength", "note"), "the column 'strength' is missing"),
        (PHRASES.replace("stems", "exclude2"), "the column 'stems' is missing"),
        (HEADER.replace("signal", "signals"), "neither signals nor phrases"),
    ],
)
def test_a_wrong_header_is_named(tmp_path, header, reason):
    with pytest.raises(ConfigError, match=reason) as caught:
        load_signals([written(tmp_path, header, "," * header.count(","))])
    assert caught.value.where == "mine.csv"


def test_the_same_id_twice_in_one_file(tmp_path):
    with pytest.raises(ConfigError, match="stands twice"):
        load_signals([written(tmp_path, HEADER, GOOD, GOOD)])


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_signals([tmp_path / "none.csv"])


def test_a_file_in_another_encoding(tmp_path):
    (tmp_path / "mine.csv").write_bytes(f"{HEADER}\n{GOOD}\n".encode("cp1252"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_signals([tmp_path])


def test_operators_add_and_replace(tmp_path):
    listed = MembershipFact("umea", "Umeås lista", "egen", NOW.date(), "published")
    assert [hit.signal for hit in collect(facts(memberships=(listed,)), SIGNALS)] == ["OTHER_LIST"]
    written(tmp_path, HEADER, GOOD)
    signals = load_signals([tmp_path])
    (hit,) = collect(facts(memberships=(listed,)), signals)
    assert (hit.signal, hit.value, hit.source_id) == ("MINE", "Umeås lista", "egen")
    assert signals.version != SIGNALS.version


def test_operators_own_list_of_public_companies(tmp_path):
    row = "OWNED,SE,exclusion+independence,identifier,list:owned.txt,,excluding,,,,det ägs av {value},owned by {value}"
    written(tmp_path, "identifier,name,owner", "5590001232,Alfa AB,kommun", name="owned.txt")
    (hit,) = collect(facts(), load_signals([written(tmp_path, HEADER, row)]))
    assert (hit.signal, hit.value, hit.source_id) == ("OWNED", "Alfa AB (kommun)", "hub:owned.txt")


def test_plugins_add_signals():
    row = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
    signals = load_signals(rows=[row])
    assert "MINE" in signals.by_id
    with pytest.raises(ConfigError, match="hub_signals row 1"):
        load_signals(rows=[row | {"strength": "mighty"}])


def test_version_is_stable_and_follows_the_data(tmp_path):
    assert load_signals().version == SIGNALS.version
    assert SIGNALS.version.startswith("2026.")


def test_numbers_of_public_companies_are_valid():
    text = (DATA / "se_public_owned.csv").read_text(encoding="utf-8")
    numbers = [row["identifier"] for row in csv.DictReader(text.splitlines())]
    assert len(numbers) == len(set(numbers)) > 500
    assert all(clean_swedish(number) == number for number in numbers)
    assert "5564481397" in numbers


def test_excluded_is_never_called_utesluten():
    sentences = [signal.sentence_sv for signal in SIGNALS.by_id.values()]
    assert not any("utesl" in sentence.lower() for sentence in sentences)
