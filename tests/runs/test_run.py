"""What a run promises: nothing lost, nothing doubled, nothing retired without proof."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.archive import read_segment
from hub.runs.lease import AlreadyRunning
from hub.sdk import Complete, RawRecord, Reject, SourceUnavailable
from tests.runs.harness import ALFA, BETA, CHECKPOINT, GAMMA, Bench, invented_rows, row, snapshot


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


THREE = snapshot(
    row("1", number=ALFA, name="Alfa"), row("2", number=BETA, name="Beta"), row("3", number=GAMMA, name="Gamma")
)


def test_a_run_stores_what_it_read(bench: Bench):
    result = bench.run(THREE)
    assert (result.outcome, result.read, result.stored, result.unchanged) == ("succeeded", 3, 3, 0)
    assert bench.all("SELECT name, identifier FROM v1_organisation ORDER BY name") == [
        ("Alfa", ALFA),
        ("Beta", BETA),
        ("Gamma", GAMMA),
    ]


def test_a_second_run_changes_nothing(bench: Bench):
    bench.run(THREE)
    before = bench.changes()
    result = bench.run(THREE)
    assert (result.outcome, result.stored, result.changed, result.unchanged) == ("unchanged", 0, 0, 3)
    assert bench.changes() == before
    assert [seq for seq, *_ in before] == list(range(1, len(before) + 1))


def test_the_order_in_which_things_come_does_not_matter(bench: Bench):
    bench.run(THREE)
    ids = bench.all("SELECT id, name FROM v1_organisation ORDER BY id")
    result = bench.run([*reversed(THREE[:-1]), THREE[-1]])
    assert result.outcome == "unchanged"
    assert bench.all("SELECT id, name FROM v1_organisation ORDER BY id") == ids


def test_a_changed_record_is_one_change_with_the_new_values(bench: Bench):
    bench.run(THREE)
    result = bench.run(snapshot(row("1", number=ALFA, name="Alfa AB"), *THREE[1:3]))
    assert (result.changed, result.unchanged) == (1, 2)
    *_, (_, entity, operation, fields) = bench.changes()
    assert (entity, operation, fields["name"]) == ("organisation", "update", "Alfa AB")


def test_what_a_complete_scope_no_longer_holds_is_retired_and_can_come_back(bench: Bench):
    bench.run(THREE)
    result = bench.run(snapshot(*THREE[:2]))
    assert (result.outcome, result.retired) == ("succeeded", 1)
    assert bench.all("SELECT name FROM v1_organisation ORDER BY name") == [("Alfa",), ("Beta",)]
    assert bench.run(snapshot(*THREE[:2])).outcome == "unchanged"
    assert bench.run(THREE).changed == 1
    assert bench.one("SELECT count(*) FROM v1_organisation") == 3
    assert [operation for _, _, operation, _ in bench.changes()][-2:] == ["retire", "revive"]


def test_nothing_is_retired_without_proof(bench: Bench):
    many = invented_rows(20)
    bench.run(snapshot(*many))
    assert bench.run(many[:4]).retired == 0  # no Complete
    short = bench.run([*many[:4], Complete("rows", "all", 20)])  # promised twenty
    assert (short.outcome, short.retired) == ("suspect", 0)
    fallen = bench.run(snapshot(*many[:4]))  # below the floor of a half
    assert (fallen.outcome, fallen.retired) == ("suspect", 0)
    assert "nothing was retired" in fallen.reason
    empty = bench.run(snapshot())
    assert (empty.outcome, empty.retired) == ("suspect", 0)
    assert bench.one("SELECT count(*) FROM v1_payment") == 10
    accepted = bench.run(snapshot(*many[:4]), accept_shrinking=True)
    assert (accepted.outcome, accepted.retired) == ("succeeded", 16)


def test_as_many_new_ones_do_not_make_up_for_those_that_are_gone(bench: Bench):
    rows = invented_rows(60)
    bench.run(snapshot(*rows[:30]))
    other = bench.run(snapshot(*rows[30:]))
    assert (other.outcome, other.stored, other.retired) == ("suspect", 30, 0)
    assert "30 of 30 raw records" in other.reason


def test_the_floor_holds_for_a_scope_that_was_never_whole(bench: Bench):
    rows = invented_rows(40)
    bench.run([*rows, SourceUnavailable("gone")])
    result = bench.run([Complete("rows", "all", 0)])
    assert (result.outcome, result.retired) == ("suspect", 0)


def test_a_run_that_is_suspect_stays_so_when_it_breaks_off_later(bench: Bench):
    rows = invented_rows(40)
    bench.run(snapshot(*rows))
    result = bench.run([*snapshot(*rows[:4]), SourceUnavailable("the next page is down")])
    assert result.outcome == "suspect"
    assert "36 of 40" in result.reason
    assert "the next page is down" in result.reason


def test_a_short_list_may_lose_members(bench: Bench):
    bench.run(THREE)
    assert bench.run(snapshot(*THREE[:1])).retired == 2


def test_a_broken_source_keeps_what_came_before_it_broke(bench: Bench):
    result = bench.run([*THREE[:1], SourceUnavailable("gone"), *THREE[1:]])
    assert (result.outcome, result.stored) == ("partial", 1)
    assert "gone" in result.reason
    assert bench.run(THREE).stored == 2


def test_a_record_that_cannot_be_read_goes_to_quarantine_and_keeps_its_last_good_version(bench: Bench):
    bench.run(THREE)
    result = bench.run(snapshot(row("1", fail="no such thing", value="19800101-1231"), *THREE[1:3]))
    assert (result.outcome, result.quarantined, result.retired) == ("unchanged", 1, 0)
    assert bench.one("SELECT count(*) FROM v1_organisation WHERE name = 'Alfa'") == 1
    ((stage, origin, reason, resolved),) = bench.all("SELECT stage, origin, reason, resolved_at FROM v1_quarantine")
    assert (stage, origin, reason, resolved) == ("normalise", "rows.csv:1", "no such thing", None)
    again = bench.run(snapshot(row("1", fail="no such thing"), *THREE[1:3]))
    assert again.quarantined == 1
    assert bench.one("SELECT count(*) FROM v1_quarantine") == 1
    bench.run(THREE)
    assert bench.one("SELECT count(*) FROM v1_quarantine WHERE resolved_at IS NULL") == 0


def test_a_connectors_crash_is_one_records_fault_and_quotes_no_data(bench: Bench):
    result = bench.run(snapshot(row("1", crash="yes"), *THREE[1:3]))
    assert (result.stored, result.quarantined) == (2, 1)
    reason = bench.one("SELECT reason FROM v1_quarantine")
    assert "ZeroDivisionError" in reason
    assert "secret words" not in reason


def test_a_missing_file_makes_the_run_partial_and_spoils_no_scope_that_is_proven(bench: Bench):
    bench.run(THREE)
    result = bench.run(snapshot(Reject("rows", "b.csv", "is no table", whole=True), *THREE[:2]))
    assert (result.outcome, result.retired) == ("partial", 1)


def test_a_record_that_moves_to_another_key_stays(bench: Bench):
    bench.run(THREE)
    before = bench.changes()
    moved = [row("9", number=ALFA, name="Alfa"), *THREE[1:3]]
    assert bench.run(snapshot(*moved)).outcome == "succeeded"  # the raw key "1" is gone
    assert bench.changes() == before
    assert bench.one("SELECT count(*) FROM v1_organisation") == 3
    assert bench.run(snapshot(*moved)).outcome == "unchanged"


@pytest.mark.parametrize("batch_size", [1, 10])
@pytest.mark.parametrize("gone", [0, 1])
def test_a_record_that_two_items_give_stays_while_one_of_them_does(bench: Bench, batch_size: int, gone: int):
    twice = [row("1", number=ALFA, name="Alfa"), row("2", number=ALFA, name="Alfa")]
    bench.run(snapshot(*twice), batch_size=batch_size)
    assert bench.run(snapshot(*twice), batch_size=batch_size).outcome == "unchanged"
    bench.run(snapshot(twice[1 - gone]), batch_size=batch_size)
    assert bench.one("SELECT count(*) FROM v1_organisation") == 1
    assert [operation for *_, operation, _ in bench.changes()] == ["insert"]


@pytest.mark.parametrize("batch_size", [2, 10])
def test_two_items_about_one_record_that_disagree_are_told(bench: Bench, batch_size: int):
    twice = snapshot(*THREE[:3], row("4", number=ALFA, name="Alfa again"))
    result = bench.run(twice, batch_size=batch_size)
    assert (result.stored, result.quarantined) == (3, 1)
    assert bench.one(f"SELECT name FROM v1_organisation WHERE identifier = '{ALFA}'") == "Alfa"
    assert bench.all("SELECT stage, key FROM v1_quarantine") == [("store", "4")]
    again = bench.run(twice, batch_size=batch_size)
    assert (again.outcome, again.quarantined) == ("unchanged", 1)
    assert bench.one(f"SELECT name FROM v1_organisation WHERE identifier = '{ALFA}'") == "Alfa"


def test_a_name_that_nobody_writes_any_more_is_forgotten(bench: Bench):
    bench.run([row("1", paid="1.00", name="Aalfa AB", number=BETA)])
    bench.run([row("1", paid="1.00", name="Alfa AB", number=BETA)])
    assert bench.one(f"SELECT name FROM v1_organisation WHERE identifier = '{BETA}'") == "Alfa AB"
    bench.run([row("1", paid="1.00", name="Alfa AB", number=GAMMA)])
    assert bench.one(f"SELECT count(*) FROM v1_organisation WHERE identifier = '{BETA}'") == 0
    assert ("organisation", "retire") in [(entity, operation) for _, entity, operation, _ in bench.changes()]


def test_an_absurd_amount_is_one_rows_fault(bench: Bench):
    result = bench.run([row("9", paid="9" * 25, name="x", number=BETA), *THREE[:1]])
    assert (result.outcome, result.stored, result.quarantined) == ("succeeded", 1, 1)


def test_what_is_rejected_again_is_archived_once(bench: Bench):
    items = [row("1", fail="no such thing")]
    bench.run(items)
    bench.run(items)
    assert bench.one("SELECT sum(record_count) FROM archive_segment") == 1


def test_two_items_under_one_key_keep_the_first(bench: Bench):
    twice = snapshot(
        row("1", number=ALFA, name="Alfa"), row("2", number=BETA, name="Beta"), row("1", number=ALFA, name="X")
    )
    result = bench.run(twice)
    assert (result.stored, result.quarantined, result.counts["repeated"]) == (2, 1, 1)
    assert bench.one(f"SELECT name FROM v1_organisation WHERE identifier = '{ALFA}'") == "Alfa"
    assert bench.run(twice).outcome == "unchanged"


def test_identical_items_under_one_key_are_one(bench: Bench):
    result = bench.run(snapshot(*THREE[:2], THREE[0]))
    assert (result.quarantined, result.counts["repeated"]) == (0, 1)


def test_a_checkpoint_is_committed_with_what_came_before_it(bench: Bench):
    bench.run([*THREE[:1], CHECKPOINT, SourceUnavailable("gone")])
    cursor = bench.one("SELECT cursor FROM source")
    assert cursor in ('{"page": 1}', {"page": 1})


def test_what_a_raw_record_no_longer_yields_is_retired(bench: Bench):
    bench.run(snapshot(row("1", paid="10.00", name="Alfa", number=ALFA), *THREE[1:3]))
    bench.run(snapshot(row("1", number=ALFA, name="Alfa"), *THREE[1:3]))
    assert bench.one("SELECT count(*) FROM v1_payment") == 0
    assert ("payment", "retire") in [(entity, operation) for _, entity, operation, _ in bench.changes()]


def test_a_mention_with_a_valid_number_is_that_organisation_in_any_spelling(bench: Bench):
    spellings = [BETA, "559000-0021", "SE559000002101", "165590000021", "0007:5590000021"]
    bench.run([row(str(index), paid="1.00", name="Beta", number=text) for index, text in enumerate(spellings)])
    assert bench.one("SELECT count(DISTINCT supplier_id) FROM v1_payment") == 1
    assert bench.one(f"SELECT name FROM v1_organisation WHERE identifier = '{BETA}'") == "Beta"


def test_a_wrong_check_digit_is_kept_as_written_and_not_linked(bench: Bench):
    bench.run([row("1", paid="1.00", name="Beta", number="5590000024")])
    assert bench.all("SELECT supplier_id, supplier_identifier_as_written, link_method FROM v1_payment") == [
        (None, "5590000024", "none")
    ]


def test_the_gate_keeps_personal_numbers_out_of_everything_stored(bench: Bench, tmp_path: Path):
    number = "19800101-1231"
    result = bench.run([row("1", paid="1.00", name=f"Erik {number}", number=BETA)])
    assert result.counts["masked_by_gate"] == 1
    assert bench.one("SELECT supplier_name_as_written FROM v1_payment") == "Erik [personnummer]"
    (path,) = (tmp_path / "archive").rglob("*.gz")
    (archived,) = read_segment(path, path.stat().st_size)
    assert "1231" not in str(archived.raw)


def test_the_archive_holds_each_new_raw_record_once(bench: Bench, tmp_path: Path):
    bench.run(THREE)
    bench.run(THREE)
    bench.run(snapshot(row("1", number=ALFA, name="New"), *THREE[1:3]))
    segments = bench.all("SELECT path, record_count, byte_count FROM archive_segment ORDER BY created_at")
    assert [count for _, count, _ in segments] == [3, 1]
    (path, _, size) = segments[0]
    kept = [item.raw for item in read_segment(tmp_path / "archive" / path, size)]
    assert kept == [item for item in THREE if isinstance(item, RawRecord)]


def test_an_unfinished_run_of_a_dead_process_is_lost_and_the_next_goes_on(bench: Bench):
    bench.run(THREE)
    with bench.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE run SET finished_at = NULL, outcome = NULL, owner = '{socket.gethostname()}:{os.getpid()}:before'"
        )
    assert bench.run(THREE).outcome == "unchanged"
    assert bench.all("SELECT outcome FROM v1_run ORDER BY started_at") == [("lost",), ("unchanged",)]


@pytest.mark.parametrize(("silent", "outcome"), [("2026-01-01T23:50:00Z", None), ("2026-01-01T23:00:00Z", "unchanged")])
def test_a_run_elsewhere_excludes_this_one_while_it_shows_signs_of_life(bench: Bench, silent: str, outcome: str | None):
    bench.run(THREE)
    with bench.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE run SET finished_at = NULL, outcome = NULL, owner = 'other-host:1:x', heartbeat_at = '{silent}'"
        )
    if outcome is None:
        with pytest.raises(AlreadyRunning, match=r"already running: run .*, started .* by other-host:1"):
            bench.run(THREE)
    else:
        assert bench.run(THREE).outcome == outcome


def test_drift_is_reported_once(bench: Bench):
    items = [row("1", number=ALFA, name="Alfa", new="x"), row("2", number=BETA, name="Beta", new="y")]
    bench.run(items)
    bench.run(items)
    assert bench.all("SELECT kind, field FROM drift") == [("new_field", "new")]
