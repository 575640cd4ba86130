"""Replay: today's mapping over archived raw records equals a fresh run, and claims to have seen nothing."""

from __future__ import annotations

import dataclasses
import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.archive import read_positions
from hub.observe import Redactor
from hub.runs.lease import AlreadyRunning
from hub.runs.replay import preview, replay
from hub.runs.walk import Selection
from hub.sdk import (
    Activity,
    Code,
    Complete,
    Drift,
    HubError,
    Identifier,
    Manifest,
    Organisation,
    RawRecord,
    Record,
    RecordRejected,
)
from tests.runs.folding import assert_feed_tells_the_tables, folded, stored
from tests.runs.harness import ALFA, BETA, GAMMA, Bench, Fake, row, snapshot
from tests.runs.test_resume import Paged

DELTA = "5590000047"


class Second(Fake):
    """The mapping's second version: it shouts, knows an industry, gives two records or none, and may fail."""

    manifest = Manifest(**{**dict(Fake.manifest), "version": 2})

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        given = dict(raw.payload)  # type: ignore[arg-type]
        if "fails_now" in given:
            raise RecordRejected(given["fails_now"], field="number")
        if "dropped" in given:
            return
        if "fail" in given and "mended" in given:
            del given["fail"]
        for record in super().normalise(RawRecord(raw.stream, raw.key, given, raw.scope, raw.origin)):
            if isinstance(record, Organisation):
                codes = (Activity(code=Code(scheme="SNI 2007", code="88101"), rank=1),) if "industry" in given else ()
                yield record.model_copy(update={"name": (record.name or "").upper(), "activities": codes})
                if "also" in given:
                    other = Identifier.parse(given["also"], country="SE")
                    assert other is not None
                    yield Organisation(identifier=other, name="Also", country="SE")
            else:
                yield record


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


def second(bench: Bench, items: list[Any] | None = None, **plan: Any) -> Any:
    return bench.plan([], connector=Second(items or []), **plan)


def content(bench: Bench) -> dict[Any, Any]:
    """What stands, whoever stored it and when."""
    return stored(bench.engine)


def children(bench: Bench) -> list[Any]:
    joined = "FROM organisation_activity a JOIN organisation_claim c ON c.id = a.claim_id WHERE c.retired_at IS NULL"
    return sorted(bench.all(f"SELECT CAST(a.claim_id AS TEXT), a.scheme, a.code, a.rank {joined}"))


def raw_rows(bench: Bench, columns: str) -> list[Any]:
    return sorted(bench.all(f"SELECT key, {columns} FROM raw_record"))


def assert_equal_to_a_fresh_run(bench: Bench, fresh: Bench) -> None:
    assert content(bench) == content(fresh)
    assert children(bench) == children(fresh)
    assert folded(bench.engine).keys() == folded(fresh.engine).keys()
    assert_feed_tells_the_tables(bench.engine)
    mapped = "connector_version, rejected"
    standing = f"SELECT key, {mapped} FROM raw_record WHERE retired_at IS NULL"
    assert sorted(bench.all(standing)) == sorted(fresh.all(standing))


ROWS = [
    row("a", number=ALFA, name="Alfa", industry="yes"),
    row("b", number=BETA, name="Beta", also=GAMMA),
    row("p", number=GAMMA, name="Gamma", paid="10.50", dropped="yes"),
    row("f", number=DELTA, name="Fel", fail="unreadable", mended="yes"),
    row("c", number=ALFA, name="Alfa again", paid="3.00"),
]


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_a_replay_equals_a_fresh_run(bench: Bench, tmp_path: Path, batch_size: int):
    fresh = Bench(f"sqlite:///{tmp_path / 'fresh.sqlite'}", tmp_path / "fresh")
    # The archive's versions: some are old, some raw records are gone.
    bench.run([*snapshot(row("a", number=ALFA, name="Old"), *ROWS[1:], row("g", number=BETA, name="x", paid="1.00"))])
    bench.run(snapshot(*ROWS))
    result = replay(second(bench, batch_size=batch_size))
    fresh.run(snapshot(*ROWS), connector=Second(snapshot(*ROWS)))
    assert result.outcome == "succeeded"
    assert (result.read, result.quarantined, result.stored) == (5, 0, 0)
    assert_equal_to_a_fresh_run(bench, fresh)
    fresh.close()


def test_what_follows_a_replay_changes_nothing(bench: Bench):
    bench.run(snapshot(*ROWS))
    replay(second(bench))
    last = bench.one("SELECT max(seq) FROM change")
    again = replay(second(bench))
    after = bench.run(snapshot(*ROWS), connector=Second(snapshot(*ROWS)))
    assert (again.outcome, again.changed, again.retired) == ("unchanged", 0, 0)
    assert (after.outcome, after.unchanged) == ("unchanged", 5)
    assert bench.one("SELECT max(seq) FROM change") == last


def test_a_replay_has_seen_nobody(bench: Bench):
    bench.run(snapshot(*ROWS))
    kept = "raw_hash, scope, CAST(segment_id AS TEXT), position, CAST(seen_run_id AS TEXT)"
    before = raw_rows(bench, kept)
    replay(second(bench))
    assert raw_rows(bench, kept) == before
    assert {version for _, version in raw_rows(bench, "connector_version")} == {2}
    gone = snapshot(*ROWS[:-1])
    assert bench.run(gone, connector=Second(gone)).retired == 1


def test_the_preview_foretells_what_is_stored_and_stores_nothing(bench: Bench):
    bench.run(snapshot(*ROWS))
    counts = [bench.one(f"SELECT count(*) FROM {table}") for table in ("run", "change", "quarantine", "drift")]
    difference = preview(second(bench), Redactor())
    assert counts == [bench.one(f"SELECT count(*) FROM {table}") for table in ("run", "change", "quarantine", "drift")]
    claims, payments = difference.entities["organisation_claim"], difference.entities["payment"]
    assert (claims.inserted, claims.updated, claims.retired, claims.revived) == (2, 2, 0, 0)
    assert (payments.inserted, payments.updated, payments.retired) == (0, 0, 1)
    assert claims.fields["name"].records == 2
    assert set(claims.fields["name"].examples) == {("Alfa", "ALFA"), ("Beta", "BETA")}
    assert claims.fields["activities"].examples == [("[]", '[{"scheme": "SNI 2007", "code": "88101", "rank": 1}]')]
    assert set(claims.fields) == {"name", "activities"}
    assert (difference.read, difference.newly_readable, difference.outdated) == (5, 1, 5)
    replay(second(bench))
    assert preview(second(bench), Redactor()).is_empty


def test_examples_show_no_person_and_no_secret(bench: Bench):
    bench.run(snapshot(row("a", number=ALFA, name="Token hemligt-ord 811228-9874 x")))
    difference = preview(second(bench), Redactor(["hemligt-ord"]))
    shown = str(difference.as_object())
    assert "hemligt" not in shown
    assert "811228" not in shown
    assert "TOKEN" in shown


def test_a_number_that_the_gate_did_not_know_when_it_was_archived_is_masked_now(bench: Bench):
    with patch("hub.runs.run.Gate", lambda _key: _Open()):
        bench.run(snapshot(row("a", number=ALFA, name="Firma 811228-9874")))
    assert "811228" in bench.one("SELECT name FROM v1_organisation")
    assert replay(bench.plan([])).counts["masked_by_gate"] == 1
    assert "811228" not in bench.one("SELECT name FROM v1_organisation")


class _Open:
    """A gate that lets everything through."""

    masked = 0

    def __call__(self, item: Any, *, public_keys: bool) -> Any:
        del public_keys
        return item


def test_what_the_new_mapping_cannot_read_goes_to_quarantine_and_its_last_good_version_stays(bench: Bench):
    rows = [row("a", number=ALFA, name="Alfa", fails_now="no such number"), ROWS[1]]
    bench.run(snapshot(*rows))
    difference = preview(second(bench), Redactor())
    assert (difference.unreadable, difference.newly_unreadable) == (1, 1)
    assert difference.reasons == {"no such number": 1}
    result = replay(second(bench))
    assert (result.quarantined, result.changed) == (1, 1)
    assert bench.all("SELECT stage, reason FROM v1_quarantine WHERE resolved_at IS NULL") == [
        ("normalise", "no such number")
    ]
    assert bench.one(f"SELECT name FROM v1_organisation WHERE identifier = '{ALFA}'") == "Alfa"
    # And the next sync tries it again, without archiving it twice.
    bench.run(snapshot(*rows), connector=Second(snapshot(*rows)))
    assert bench.one("SELECT sum(record_count) FROM archive_segment") == 2


def test_a_fault_of_fetching_stays_and_one_of_mapping_that_is_not_met_again_is_closed(bench: Bench):
    twice = [*ROWS, row("a", number=ALFA, name="Other")]
    bench.run([*twice, Complete("rows", "all", len(twice))])
    assert bench.one("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == 2
    replay(second(bench))
    assert bench.all("SELECT key, stage FROM v1_quarantine WHERE resolved_at IS NULL") == [("a", "fetch")]


def test_of_two_items_about_one_record_the_one_that_stands_goes_on_standing(bench: Bench):
    """Also when the other one was archived before it."""
    first, rival = row("a", number=ALFA, name="First"), row("r", number=ALFA, name="Rival")
    bench.run(snapshot(row("a", number=ALFA, name="Old"), rival))
    bench.run(snapshot(first, rival))
    before = content(bench)
    assert preview(bench.plan([]), Redactor()).is_empty
    result = replay(bench.plan([]))
    assert (result.outcome, result.quarantined) == ("unchanged", 1)
    assert content(bench) == before
    # When the one that stands gives it up, the other one has it.
    kept = snapshot(row("a", number=BETA, name="First"), rival)
    bench.run(kept)
    replay(bench.plan([]))
    assert {name for (name,) in bench.all("SELECT name FROM v1_organisation")} == {"First", "Rival"}


def test_one_runs_raw_records_can_be_replayed_alone(bench: Bench):
    bench.run(snapshot(*ROWS[:2]))
    run_id = bench.run(snapshot(*ROWS)).run_id
    result = replay(second(bench), Selection(run_id=run_id))
    assert result.read == 3
    assert {(key, version) for key, version in raw_rows(bench, "connector_version") if version == 1} == {
        ("a", 1),
        ("b", 1),
    }


def test_what_is_no_longer_in_the_archive_is_counted(bench: Bench):
    bench.run(snapshot(*ROWS[:2]))
    bench.run(snapshot(*ROWS))
    first, last = sorted((bench.folder / "archive").rglob("*.gz"), key=lambda path: path.stat().st_mtime_ns)
    assert bench.all("SELECT count(*) FROM raw_record WHERE segment_id IS NOT NULL") == [(5,)]
    first.unlink()
    last.write_bytes(last.read_bytes()[: len(gzip.compress(b"")) + 5])
    difference = preview(second(bench), Redactor())
    assert (difference.read, difference.missing) == (0, 5)
    result = replay(second(bench))
    assert (result.outcome, result.counts["missing"], result.read) == ("unchanged", 5, 0)
    # The next sync maps them anew.
    assert bench.run([], connector=Second(snapshot(*ROWS))).changed == 3 + 1


def test_a_damaged_segment_is_named_and_what_came_before_it_is_kept(bench: Bench):
    bench.run(snapshot(*ROWS[:2]))
    bench.run(snapshot(*ROWS))
    _, last = sorted((bench.folder / "archive").rglob("*.gz"), key=lambda path: path.stat().st_mtime_ns)
    last.write_bytes(b"\0" * last.stat().st_size)
    with pytest.raises(HubError, match="damaged") as told:
        preview(second(bench), Redactor())
    assert told.value.where == str(last)
    result = replay(second(bench))
    assert (result.outcome, result.read) == ("partial", 2)
    assert str(last) in result.reason


def test_a_replay_takes_the_lease(bench: Bench):
    def while_it_runs() -> Iterator[Any]:
        with pytest.raises(AlreadyRunning):
            replay(bench.plan([]))
        yield from snapshot(*ROWS)

    connector = Fake([])
    connector.fetch = lambda _ctx: while_it_runs()  # type: ignore[method-assign, assignment]
    assert bench.run([], connector=connector).outcome == "succeeded"
    assert bench.all("SELECT kind, outcome FROM run") == [("sync", "succeeded")]


def test_a_replay_that_is_stopped_goes_on_from_anywhere(bench: Bench):
    bench.run(snapshot(*ROWS))
    plan = second(bench)
    plan.stop.set()
    assert replay(plan).outcome == "cancelled"
    assert replay(second(bench)).read == 5


FIELDS = st.fixed_dictionaries(
    {"number": st.sampled_from((ALFA, BETA, GAMMA)), "name": st.sampled_from(("Ett", "Två", "tre"))},
    optional={
        "paid": st.sampled_from(("1.00", "2.50")),
        "industry": st.just("yes"),
        "dropped": st.just("yes"),
        "mended": st.just("yes"),
        "fail": st.just("unreadable"),
    },
)
HOLDINGS = st.dictionaries(st.sampled_from("abcde"), FIELDS, max_size=5)


def _one_record_each(holdings: dict[str, dict[str, str]]) -> list[Any]:
    """Without rivals: which of two items about one record stands depends on which came first."""
    seen: set[str] = set()
    rows = []
    for key, fields in holdings.items():
        number = fields["number"]
        if "paid" not in fields and number in seen:
            continue
        if "paid" not in fields:
            seen.add(number)
        rows.append(row(key, **fields))
    return rows


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database to copy: making one takes longer than the test."""
    path = tmp_path_factory.mktemp("empty") / "hub.sqlite"
    Bench(f"sqlite:///{path}", path.parent).close()
    return path


def copy_of(empty: Path, folder: Path) -> Bench:
    shutil.copy(empty, folder)
    return Bench(f"sqlite:///{folder / empty.name}", folder)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(HOLDINGS, min_size=1, max_size=3), batch_size=st.integers(1, 4))
def test_after_any_history_a_replay_equals_a_sync_by_the_new_mapping(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, history: list[Any], batch_size: int
):
    """Both have the same past: a last good version that the new mapping cannot read stays in both."""
    benches = [copy_of(empty, tmp_path_factory.mktemp("replay")) for _ in range(2)]
    replayed, synced = benches
    for holdings in history:
        for bench in benches:
            bench.run(snapshot(*_one_record_each(holdings)), accept_shrinking=True)
    replay(second(replayed, batch_size=batch_size))
    rows = snapshot(*_one_record_each(history[-1]))
    synced.run(rows, connector=Second(rows))
    assert_equal_to_a_fresh_run(replayed, synced)
    last = replayed.one("SELECT max(seq) FROM change")
    replay(second(replayed))
    replayed.run(rows, connector=Second(rows))
    assert replayed.one("SELECT max(seq) FROM change") == last
    for bench in benches:
        bench.close()


def test_a_replay_that_dies_halfway_is_simply_begun_anew(bench: Bench, tmp_path: Path):
    fresh = Bench(f"sqlite:///{tmp_path / 'fresh.sqlite'}", tmp_path / "fresh")
    bench.run(snapshot(*ROWS))
    fresh.run(snapshot(*ROWS), connector=Second(snapshot(*ROWS)))
    plan, commits = second(bench, batch_size=1), iter((None, None, KeyboardInterrupt))

    def assess(*_: Any) -> list[Any]:
        if dies := next(commits):
            raise dies
        return []

    with pytest.raises(KeyboardInterrupt):
        replay(dataclasses.replace(plan, assess=assess))
    assert {version for _, version in raw_rows(bench, "connector_version")} == {1, 2}
    assert replay(second(bench)).outcome == "succeeded"
    assert_equal_to_a_fresh_run(bench, fresh)
    fresh.close()


def test_a_replay_in_the_middle_of_a_broken_reading_spoils_nothing(bench: Bench):
    rows = [*ROWS, row("g", number=BETA, name="x", paid="1.00")]
    bench.run([], connector=Paged(rows), batch_size=100)
    bench.run([], connector=Paged(rows[:5], version="v2", fails_at=1), batch_size=100)
    replay(bench.plan([]))
    rest = Paged(rows[:5], version="v2")
    result = bench.run([], connector=rest, batch_size=100)
    assert (rest.asked, result.outcome, result.retired) == ([1, 2], "succeeded", 1)


def test_a_position_where_nothing_stands_any_more_is_missing_and_moves_no_other(bench: Bench):
    def erased(path: Path, byte_count: int) -> Iterator[Any]:
        return ((at, None if at == 1 else found) for at, found in read_positions(path, byte_count))

    bench.run(snapshot(*ROWS))
    with patch("hub.runs.walk.read_positions", erased):
        result = replay(second(bench))
    assert (result.read, result.counts["missing"]) == (4, 1)
    assert {key for key, version in raw_rows(bench, "connector_version") if version == 1} == {"b"}


def test_a_record_that_two_items_give_stays_after_a_replay_while_one_of_them_does(bench: Bench):
    twice = [row("1", number=ALFA, name="Alfa"), row("2", number=ALFA, name="Alfa")]
    bench.run(snapshot(*twice))
    replay(bench.plan([]))
    bench.run(snapshot(twice[1]))
    assert bench.one("SELECT count(*) FROM v1_organisation") == 1
