"""A good connector keeps every promise; a bad one breaks the promise it breaks, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hub.sdk import ConnectorClass, PluginError
from hub.testing import PROMISES, Fixture, Trial, Verdict, connector_suite
from hub.testing.promises import BY_NAME
from tests.testing import connectors as bad
from tests.testing.connectors import News, Paged
from tests.testing.fixtures import downloaded, listed, paged
from tests.testing.listed import Downloaded, Listed, NumbersRows, Resuming

pytest_plugins = ["pytester"]


def verdicts(connector: ConnectorClass, fixture: Fixture, folder: Path) -> dict[str, Verdict]:
    trial = Trial(connector, fixture, folder)
    return {promise.name: trial.check(promise, BY_NAME) for promise in PROMISES}


def slow_but(*promises: str) -> dict[str, str]:
    """The promises that take long, without these; good connectors are tried on them."""
    return dict.fromkeys({"imports", "kills", "faults"} - {*promises}, "takes long")


def broken(found: dict[str, Verdict]) -> dict[str, str]:
    return {name: verdict.why for name, verdict in found.items() if verdict.outcome == "broken"}


@pytest.mark.parametrize("good", [Paged, News])
def test_a_good_connector_keeps_every_promise(good, tmp_path):
    found = verdicts(good, paged(), tmp_path)
    assert broken(found) == {}
    assert [name for name, verdict in found.items() if verdict.outcome == "skipped"] == []


def test_a_good_connector_may_download_and_resume(tmp_path):
    found = verdicts(Downloaded, downloaded(), tmp_path / "download")
    assert broken(found) == {}
    assert found["faults"].outcome == "kept"
    found = verdicts(Resuming, listed(tmp_path / "in"), tmp_path / "resume")
    assert broken(found) == {}
    assert found["kills"].outcome == "kept"


@pytest.mark.parametrize(
    ("connector", "promise", "told"),
    [
        (bad.NoTitle, "declaration", "manifest.title is empty"),
        (bad.TakesTypos, "declaration", "takes the unknown key 'hub_unknown_field'"),
        (bad.UnstableKey, "keys", "5 lost, 5 new"),
        (bad.OneKey, "keys", "key 'one' of stream 'rows' comes twice"),
        (bad.WrongCount, "scopes", "expects 6 raw records, 5 came"),
        (bad.NeverComplete, "scopes", "scope 'all' of snapshot stream 'rows' never ends"),
        (bad.Counts, "pure", "Organisation.purpose was 'number 1' and is 'number 6'"),
        (bad.LooksAtTheClock, "pure", "normalise uses time.time() (tests.testing.connectors"),
        (bad.ReadsAFile, "pure", "normalise uses a file"),
        (bad.ChangesItsInput, "pure", "normalise changes its input"),
        (bad.ShowsTheOrderOfASet, "pure", "called in another process, differs: Organisation.other_names"),
        (bad.SwallowsUnknownFields, "unknown_field", "no Drift('new_field', …) names it"),
        (bad.KeepsTheFetchTime, "twice", "purpose was '2026-03-01T12:00:00+00:00' and is '2026-03-02"),
        (bad.TripsOverBrokenRecords, "broken_record", "raise sdk.RecordRejected with the field"),
        (bad.TakesAnything, "broken_record", "it is stored without a word"),
        (bad.CheckpointTooEarly, "kills", "right after commit"),
        (bad.TriesAgain, "outage", "tries again by itself"),
        (bad.HidesAnOutage, "outage", "and the run says 'unchanged'"),
        (bad.GivesUpAtOnce, "faults", "met 429 with Retry-After: the run ended as failed"),
        (bad.LeaksItsSecret, "silence", "the secret appears in the archive"),
        (bad.LogsItsSecret, "silence", "the secret appears in a log line or printed output"),
        (bad.PrintsAPerson, "silence", "holds a personal number that stands in the source"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_a_bad_connector_breaks_its_promise_and_no_other(connector, promise, told, tmp_path):
    found = broken(verdicts(connector, paged(without=slow_but(promise)), tmp_path))
    assert found.keys() == {promise}, found
    assert told in found[promise]
    assert " → " in found[promise]


def test_a_crash_is_told_with_its_place_and_the_other_promises_are_looked_at(tmp_path):
    found = verdicts(bad.Crashes, paged(without=slow_but()), tmp_path)
    assert broken(found).keys() == {"keys"}
    assert found["keys"].why.startswith("ZeroDivisionError 'division by zero' at connectors.py, line ")
    assert found["declaration"].outcome == "kept"


def test_a_planted_number_that_the_gate_lets_through_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr("hub.pipeline.gate.Gate._text", lambda _self, text: text)
    found = broken(verdicts(Paged, paged(without=slow_but()), tmp_path))
    assert found.keys() == {"silence"}
    assert "a planted personal number appears in the archive" in found["silence"]


def test_a_person_of_the_fixture_that_is_stored_is_found(tmp_path):
    found = broken(verdicts(Paged, paged(without=slow_but(), personal=("Firma 3",)), tmp_path))
    assert found.keys() == {"silence"}
    assert "a person of the fixture appears in the archive" in found["silence"]


def test_what_needs_a_broken_promise_is_skipped_with_its_name(tmp_path):
    found = verdicts(bad.UnstableKey, paged(), tmp_path)
    assert found["scopes"].outcome == "skipped"
    assert found["scopes"].why == "first mend 'keys': keys are unique and the same next time"


def test_a_promise_that_is_left_out_is_skipped_with_its_reason(tmp_path):
    fixture = paged(without={**slow_but(), "unknown_field": "the publisher adds a field a day"})
    found = verdicts(bad.SwallowsUnknownFields, fixture, tmp_path)
    assert (found["unknown_field"].outcome, found["unknown_field"].why) == (
        "skipped",
        "the publisher adds a field a day",
    )
    assert broken(found) == {}


def test_a_promise_that_there_is_none_of_cannot_be_left_out():
    with pytest.raises(ValueError, match="no promise is called 'speed'"):
        connector_suite(Paged, fixtures=[paged(without={"speed": "no"})])


def test_it_says_what_to_install_when_there_is_no_pytest(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pytest", None)
    with pytest.raises(PluginError, match=r"integration-hub\[testing\]"):
        connector_suite(Paged, fixtures=[paged()])


def test_each_promise_is_a_test_named_as_a_sentence(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        from hub.testing import connector_suite
        from tests.testing.connectors import WrongCount
        from tests.testing.fixtures import paged

        TestWrongCount = connector_suite(WrongCount, fixtures=[paged(without={"imports": "tested elsewhere"})])
        """
    )
    ran = pytester.runpytest_inprocess("-v", "-rs", "-p", "no:cacheprovider")
    ran.assert_outcomes(passed=5, failed=1, skipped=7)
    ran.stdout.fnmatch_lines(
        [
            "*::TestWrongCount::test_manifest_and_configuration_are_valid[[]pages[]] PASSED*",
            "*::test_scopes_that_are_said_to_be_complete_are_complete[[]pages[]] FAILED*",
            "*Complete of scope 'all' expects 6 raw records, 5 came → count what is yielded*",
            "*SKIPPED*tested elsewhere",
        ]
    )


def test_a_source_in_another_order_must_give_the_same_ids(tmp_path):
    source = replace(listed(tmp_path / "in"), without=slow_but())
    assert broken(verdicts(Listed, source, tmp_path / "good")) == {}
    found = broken(verdicts(NumbersRows, source, tmp_path / "bad"))
    assert found.keys() == {"order"}
    assert "with its source in another order, the database differs" in found["order"]
