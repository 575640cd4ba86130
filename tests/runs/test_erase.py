"""Erasing: the values are nowhere any more, and everything else is as it was."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text

from hub.runs import RunResult, erase
from hub.runs.erase import Demand
from hub.runs.replay import replay
from hub.sdk import Checkpoint, Complete, Drift, Erase, Mention, RawRecord, Record, Reject, SourceUnavailable
from hub.sdk import Membership as Member
from hub.social import load_signals, refresh
from hub.store import raw
from hub.store.engine import empty_log, reading
from hub.store.plain import select
from hub.store.tables.columns import metadata
from tests.runs.folding import assert_feed_tells_the_tables
from tests.runs.harness import ALFA, BETA, GAMMA, Bench, Fake, row, snapshot

PLANTED = "Kruthuset"
SIGNALS = load_signals(())
PERSON = Demand("a clerk", "somebody asked to be forgotten", barred=True)
PUBLISHER = Demand("the publisher", "withdrawn", barred=False)


def verdicts(connection: Any, ids: set[str], now: Any, /, *, forgotten: str = "") -> list[Any]:
    return refresh(connection, ids, signals=SIGNALS, now=now, forgotten=forgotten)


class Social(Fake):
    """Rows may be memberships, too."""

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        given = dict(raw.payload)  # type: ignore[arg-type]
        if "code" in given:
            yield Drift("unknown_code", "code", given["code"])
        if "member" not in given:
            yield from super().normalise(raw)
            return
        member = Mention.of(given["name"], given["number"], country="SE")
        yield Member(register_id="se_asf", register_name="ASF", member=member)


class Bed(Bench):
    def sync(self, *items: Any, **plan: Any) -> RunResult:
        return self.run([], connector=Social(list(items)), assess=verdicts, **plan)

    def erase(self, *keys: str, demand: Demand = PUBLISHER, source: str = "fake", **plan: Any) -> RunResult:
        made = self.plan([], connector=Social([]), assess=verdicts, source=source, **plan)
        return erase.run(made, lambda _, seed: [raw.raw_id(seed, "rows", key) for key in keys], demand)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the database and of every file in the archive, with where it stands."""
        with self.engine.connect() as connection:
            for table in metadata.sorted_tables:
                for found in select(connection, f"SELECT * FROM {table.name}"):
                    yield from ((f"{table.name}.{name}", str(value)) for name, value in found.items())
        for path in (self.folder / "archive").rglob("*.*"):
            yield path.name, gzip.decompress(path.read_bytes()).decode()

    def places(self, value: str = PLANTED) -> set[str]:
        return {where for where, found in self.texts() if value in found}

    def standing(self, view: str) -> int:
        return int(self.one(f"SELECT count(*) FROM {view}"))


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bed]:
    bench = Bed(database_url, tmp_path)
    yield bench
    assert_feed_tells_the_tables(bench.engine)
    bench.close()


def assert_forgotten(bench: Bed, value: str = PLANTED) -> None:
    assert bench.places(value) == set()
    with bench.engine.connect() as connection:
        files = {path for (path,) in connection.execute(text("SELECT path FROM archive_segment"))}
    kept = {path.relative_to(bench.folder / "archive").as_posix() for path in bench.folder.rglob("*.jsonl.gz*")}
    assert kept == files


def test_the_only_claim_takes_its_organisation_with_it(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=f"{PLANTED} (svb)"), row("2", number=BETA, name="Beta")))
    assert {"organisation.name", "social_evidence.value", "change.fields"} <= bench.places()
    result = bench.erase("1")
    assert (result.outcome, result.counts["erased"]) == ("succeeded", 1)
    assert_forgotten(bench)
    assert_forgotten(bench, ALFA)
    assert bench.all("SELECT identifier FROM v1_organisation") == [(BETA,)]
    assert bench.standing("social_evidence") == bench.standing("social_assessment") == 0
    erased = {(entity, operation) for _, entity, operation, _ in bench.changes() if operation == "erase"}
    assert erased == {("organisation", "erase"), ("social_assessment", "erase")}
    assert bench.all("SELECT demanded_by, reason FROM erasure") == [("the publisher", "withdrawn")]


def test_an_organisation_that_others_claim_stays_without_the_erased_values(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=f"{PLANTED} (svb)", purpose=f"{PLANTED} tränar arbete")))
    bench.sync(*snapshot(row("1", number=ALFA, name="Alfa (svb)")), source="other")
    bench.erase("1")
    assert_forgotten(bench)
    assert bench.all("SELECT name, purpose FROM v1_organisation") == [("Alfa (svb)", None)]
    assert bench.all("SELECT DISTINCT source_id FROM social_evidence") == [("other",)]
    assert bench.standing("v1_social_assessment") == 1


def test_a_payment_takes_the_name_with_it_that_it_mentions(bench: Bed):
    bench.sync(
        *snapshot(
            row("1", number=ALFA, name="Kommunen"),
            row("2", number=BETA, name=f"{PLANTED} (svb)", paid="12.50"),
            row("3", number=BETA, name="Beta", paid="1.00"),
        )
    )
    bench.erase("2")
    assert_forgotten(bench)
    assert bench.all("SELECT amount_minor FROM v1_payment") == [(100,)]
    assert bench.all("SELECT name FROM v1_organisation WHERE identifier = '" + BETA + "'") == [("Beta",)]
    assert bench.all("SELECT name FROM mention ORDER BY name") == [("Beta",), ("Exempelköpings kommun",)]


def test_every_version_in_every_segment_goes(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=f"{PLANTED} (svb)"), row("2", number=BETA, name="Beta")))
    bench.sync(*snapshot(row("1", number=ALFA, name=f"{PLANTED} II"), row("2", number=BETA, name="Beta II")))
    assert bench.one("SELECT count(*) FROM archive_segment") == 2
    assert bench.standing("social_evidence") == 1  # it ended
    bench.erase("1")
    assert_forgotten(bench)
    assert bench.standing("social_evidence") == 0


def test_what_was_retired_long_ago_goes_as_well(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=f"{PLANTED} (svb)"), row("2", number=BETA, name="Beta")))
    bench.sync(*snapshot(row("2", number=BETA, name="Beta")))
    assert bench.one("SELECT count(*) FROM organisation WHERE retired_at IS NOT NULL") == 1
    bench.erase("1")
    assert_forgotten(bench)


def test_a_membership_goes_with_its_history(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED, member="yes"), row("2", number=ALFA, name="Alfa")))
    assert bench.one("SELECT status FROM v1_social_assessment") == "likely"
    bench.sync(*snapshot(row("2", number=ALFA, name="Alfa")))
    assert bench.standing("v1_registration") == 1
    bench.erase("1")
    assert_forgotten(bench)
    assert bench.standing("v1_registration") == bench.standing("v1_social_assessment") == 0
    assert bench.all("SELECT name FROM v1_organisation") == [("Alfa",)]


def test_what_others_say_keeps_when_it_was_first_seen(bench: Bed):
    members = [row(str(number), number=ALFA, name="Alfa (svb)", paid=f"{number}.00") for number in range(1, 4)]
    bench.sync(*snapshot(*members))
    before = bench.all("SELECT id, first_seen_at FROM social_evidence")
    bench.erase("2")
    assert before
    assert bench.all("SELECT id, first_seen_at FROM social_evidence") == before


def test_faults_and_drift_that_quote_it_go(bench: Bed):
    bench.sync(
        row("1", number=ALFA, name="Alfa", code=PLANTED),
        row("2", fail=f"no {PLANTED}"),
        Reject("rows", "3", "broken", value=PLANTED),
        row("4", number=BETA, name="Beta", code="other"),
    )
    assert {"quarantine.reason", "quarantine.value", "drift.value"} <= bench.places()
    assert bench.erase("1", "2", "3").counts["erased"] == 3
    assert_forgotten(bench)
    assert bench.all("SELECT value FROM drift") == [("other",)]


def test_positions_of_others_stay_and_can_be_mapped_again(bench: Bed):
    rows = [row(key, number=number, name=f"N{key}") for key, number in zip("123", (ALFA, BETA, GAMMA), strict=True)]
    bench.sync(*snapshot(*rows))
    before = bench.all("SELECT key, position FROM raw_record WHERE key <> '2' ORDER BY key")
    bench.erase("2")
    assert bench.all("SELECT key, position FROM raw_record ORDER BY key") == before
    result = replay(bench.plan([], connector=Social([]), assess=verdicts))
    assert (result.read, result.counts["missing"], result.outcome) == (2, 0, "unchanged")


def test_many_erasures_take_many_transactions(bench: Bed):
    bench.sync(*snapshot(*(row(str(n), number=ALFA, name=f"{PLANTED} {n}", paid="1.00") for n in range(5))))
    assert bench.erase(*"01234", batch_size=2).counts["erased"] == 5
    assert_forgotten(bench)
    assert bench.standing("v1_organisation") == 0


def test_what_the_publisher_erased_is_stored_when_it_comes_again(bench: Bed):
    items = snapshot(row("1", number=ALFA, name=PLANTED), row("2", number=BETA, name="Beta"))
    bench.sync(*items)
    bench.erase("1")
    result = bench.sync(*items)
    assert (result.stored, result.unchanged) == (1, 1)
    assert bench.one("SELECT name FROM v1_organisation WHERE identifier = '" + ALFA + "'") == PLANTED


def test_what_a_person_had_erased_is_dropped_when_it_comes_again(bench: Bed):
    items = snapshot(row("1", number=ALFA, name=PLANTED), row("2", number=BETA, name="Beta"))
    bench.sync(*items)
    bench.erase("1", demand=PERSON)
    for _ in range(2):
        result = bench.sync(*items)
        assert (result.outcome, result.read, result.unchanged, result.counts["barred"]) == ("unchanged", 2, 1, 1)
    bench.sync(row("1", fail=PLANTED), Reject("rows", "1", PLANTED))
    assert_forgotten(bench)
    assert bench.sync(*items, source="other").stored == 2  # another source's key


def test_the_bar_holds_when_the_publisher_demands_it_later_and_comes_late_for_what_the_publisher_erased(bench: Bed):
    items = snapshot(row("1", number=ALFA, name=PLANTED), row("2", number=BETA, name=PLANTED))
    bench.sync(*items)
    bench.erase("1", demand=PERSON)
    bench.erase("2")
    bench.sync(Erase("rows", "1"))
    late = bench.erase("2", demand=PERSON)
    assert (late.counts["erased"], late.counts["barred_anew"]) == (0, 1)
    assert bench.sync(*items).counts["barred"] == 2
    assert_forgotten(bench)


def test_a_second_erasure_does_nothing_and_says_so(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED), row("2", number=BETA, name="Beta")))
    bench.erase("1", demand=PERSON)
    before = bench.all("SELECT max(seq) FROM change"), bench.all("SELECT path FROM archive_segment")
    result = bench.erase("1", demand=PERSON)
    assert (result.outcome, result.counts["erased"]) == ("unchanged", 0)
    assert (bench.all("SELECT max(seq) FROM change"), bench.all("SELECT path FROM archive_segment")) == before


def test_a_connector_demands_it_in_the_middle_of_a_snapshot(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED), row("2", number=BETA, name="Beta")))
    result = bench.sync(
        row("2", number=BETA, name=f"{PLANTED} II"),
        row("3", number=GAMMA, name="Gamma"),
        Erase("rows", "1"),
        Erase("rows", "2"),
        Erase("rows", "never there"),
        row("4", number=GAMMA, name="Gamma", paid="1.00"),
        row("5", number=GAMMA, name="Gamma", paid="2.00"),
        Complete("rows", "all", 4),
    )
    assert (result.outcome, result.read, result.counts["erased"], result.retired) == ("succeeded", 4, 2, 0)
    assert_forgotten(bench)
    assert bench.all("SELECT key FROM raw_record ORDER BY key") == [("3",), ("4",), ("5",)]
    again = replay(bench.plan([], connector=Social([]), assess=verdicts))
    assert (again.read, again.counts["missing"]) == (3, 0)


def test_a_run_that_only_erased_has_done_something(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED)))
    assert bench.sync(Erase("rows", "1")).outcome == "succeeded"
    assert bench.sync(Erase("rows", "1")).outcome == "unchanged"
    assert_forgotten(bench)


def test_what_a_source_demands_before_it_breaks_is_erased(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED), row("2", number=BETA, name="Beta")))
    bench.sync(Erase("rows", "1"), SourceUnavailable("gone"))
    assert_forgotten(bench)


def test_a_kill_between_the_file_and_the_commit_leaves_all_as_before(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED), row("2", number=BETA, name="Beta")))
    tables = [table.name for table in metadata.sorted_tables if table.name not in ("run", "source")]
    before = {name: bench.all(f"SELECT * FROM {name}") for name in tables}
    with patch.object(erase.changes, "append", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        bench.erase("1")
    assert {name: bench.all(f"SELECT * FROM {name}") for name in tables} == before
    assert bench.all("SELECT counts FROM run ORDER BY number")[-1][0] in ("{}", {})
    assert len(list(bench.folder.rglob("*.jsonl.gz*"))) == 2
    bench.erase("1")
    bench.sync(*snapshot(row("2", number=BETA, name="Beta")))  # a whole sync tidies up
    assert_forgotten(bench)


def test_what_a_killed_run_wrote_and_did_not_commit_goes(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name="Alfa"), row("2", number=BETA, name="Beta")))
    with patch("hub.runs.batch.raw.remember", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        bench.sync(row("1", number=ALFA, name=PLANTED))  # a file that no row names
    remember, calls = raw.remember, []

    def die_at_the_second(*args: Any, **options: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        remember(*args, **options)

    with patch("hub.runs.batch.raw.remember", die_at_the_second), pytest.raises(KeyboardInterrupt):
        bench.sync(row("3", number=GAMMA, name="Gamma"), row("1", number=ALFA, name=PLANTED), batch_size=1)
    assert len(bench.places()) == 2
    bench.erase("1")
    assert_forgotten(bench)
    assert replay(bench.plan([], connector=Social([]), assess=verdicts)).counts["missing"] == 0


def test_a_whole_sync_cuts_off_what_a_killed_run_did_not_commit(bench: Bed):
    items = snapshot(row("1", number=ALFA, name="Alfa"))
    bench.sync(*items)
    (path,) = bench.folder.rglob("*.jsonl.gz")
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(gzip.compress(PLANTED.encode()))
    assert bench.places() == {path.name}
    bench.sync(*items)
    assert (bench.places(), path.stat().st_size) == (set(), size)


def test_an_organisation_that_an_earlier_version_named_goes(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED, paid="1.00"), row("2", number=GAMMA, name="Gamma")))
    bench.sync(*snapshot(row("1", number=BETA, name=PLANTED, paid="1.00"), row("2", number=GAMMA, name="Gamma")))
    bench.sync(*snapshot(row("1", number=GAMMA, name=PLANTED, paid="1.00"), row("2", number=GAMMA, name="Gamma")))
    assert bench.one("SELECT count(*) FROM organisation WHERE retired_at IS NOT NULL AND name = 'Kruthuset'") == 1
    bench.erase("1")
    assert_forgotten(bench)
    assert_forgotten(bench, BETA)
    assert bench.all("SELECT name FROM organisation") == [("Gamma",)]


def test_a_value_in_a_condition_has_lost_the_blanks_around_it(bench: Bed):
    bench.sync(
        row("1", number=ALFA, name="Alfa", code=f" {PLANTED} "), row("2", number=BETA, name="Beta", code=PLANTED[:4])
    )
    bench.sync(row("3", number=BETA, name="Beta", code=f"{PLANTED} 2  "))
    with bench.engine.begin() as connection:
        detail = f"not known: code {PLANTED} 2; and code {PLANTED}"
        connection.execute(text("UPDATE condition SET detail = :detail"), {"detail": detail})
    assert bench.one("SELECT count(*) FROM condition") > 0
    bench.erase("1", "2", "3", batch_size=10)
    assert bench.all("SELECT DISTINCT detail FROM condition") == [("not known: code [erased]; and code [erased]",)]
    assert_forgotten(bench, PLANTED[:4])


def test_what_is_erased_is_news_when_it_stands_at_the_edge_of_a_watermark(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED)), Checkpoint({"since": {"at": "x", "read": ["mark"]}}))
    bench.erase("1")
    edge = Checkpoint({"since": {"at": "y", "read": ["mark"]}, "page": {"read": 1}, "other": "z"})

    def cursor() -> Any:
        found = bench.one("SELECT cursor FROM source")
        return json.loads(found) if isinstance(found, str) else found

    assert cursor() == {"since": {"at": "x"}}
    bench.sync(row("1", number=ALFA, name=PLANTED), Erase("rows", "1"), edge)
    assert cursor() == {"since": {"at": "y"}, "page": {"read": 1}, "other": "z"}


def test_when_it_was_erased_is_the_moment_and_not_the_run_s_beginning(bench: Bed):
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED)))
    before = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    bench.erase("1")
    assert str(bench.one("SELECT erased_at FROM erasure")).replace("T", " ") >= before


def test_the_log_of_an_sqlite_database_holds_it_no_more_while_the_process_lives(sqlite_url: str, tmp_path: Path):
    bench = Bed(sqlite_url, tmp_path)
    bench.sync(*snapshot(*(row(str(n), number=ALFA, name=f"{PLANTED} {n}", paid="1.00") for n in range(5))))
    assert PLANTED.encode() in (tmp_path / "hub.sqlite-wal").read_bytes()
    bench.erase(*map(str, range(5)))
    for path in tmp_path.glob("hub.sqlite*"):
        assert PLANTED.encode() not in path.read_bytes()
    bench.close()


def test_a_reader_keeps_the_log_and_the_erasure_is_made_all_the_same(sqlite_url: str, tmp_path: Path):
    bench = Bed(sqlite_url, tmp_path)
    bench.sync(*snapshot(row("1", number=ALFA, name=PLANTED)))
    with reading(bench.engine) as reader, patch("hub.store.engine._PATIENCE_WITH_READERS", 1):
        reader.execute(text("SELECT name FROM organisation")).all()
        assert bench.erase("1").outcome == "succeeded"
        assert not empty_log(bench.engine)
    assert empty_log(bench.engine)
    bench.close()


def test_the_file_of_an_sqlite_database_holds_it_no_more(sqlite_url: str, tmp_path: Path):
    bench = Bed(sqlite_url, tmp_path)
    with bench.engine.connect() as connection:
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1
    bench.sync(*snapshot(*(row(str(n), number=ALFA, name=f"{PLANTED} {n}", paid="1.00") for n in range(50))))
    bench.erase(*map(str, range(50)))
    bench.close()
    assert PLANTED.encode() not in (tmp_path / "hub.sqlite").read_bytes()
