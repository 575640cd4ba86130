"""How long raw records are kept, and what is tidied up behind runs that were killed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest

from hub.runs import retention
from hub.runs.replay import replay
from hub.sdk import SourceUnavailable
from tests.runs.harness import ALFA, BETA, GAMMA, Bench, row, snapshot

ONE = row("1", number=ALFA, name="Alfa")
TWO = row("2", number=BETA, name="Beta")
NEWER = row("1", number=ALFA, name="Alfa AB")
KEEP = timedelta(hours=12)
"""Each run of the bench is a day after the one before."""


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


def files(bench: Bench) -> set[str]:
    return {path.relative_to(bench.folder / "archive").as_posix() for path in (bench.folder / "archive").rglob("*.gz")}


def segments(bench: Bench) -> set[str]:
    return {path for (path,) in bench.all("SELECT path FROM archive_segment")}


def test_for_ever_is_the_default(bench: Bench):
    bench.run(snapshot(ONE))
    bench.run(snapshot(NEWER))
    bench.run(snapshot(NEWER))
    assert len(files(bench)) == 2


def test_an_old_segment_without_a_current_version_goes_and_one_with_stays(bench: Bench):
    bench.run(snapshot(ONE))
    first = files(bench)
    bench.run(snapshot(NEWER))
    bench.run(snapshot(NEWER), keep_archive=timedelta(hours=36))
    assert files(bench) == segments(bench)
    assert len(files(bench)) == 1
    assert not files(bench) & first
    bench.run(snapshot(NEWER), keep_archive=KEEP)
    assert len(files(bench)) == 1  # old by now, and current
    assert bench.one("SELECT position FROM raw_record") == 0


def test_a_segment_with_one_current_version_among_old_ones_stays_whole(bench: Bench):
    bench.run(snapshot(ONE, TWO))
    bench.run(snapshot(NEWER, TWO))
    bench.run(snapshot(NEWER, TWO), keep_archive=KEEP)
    assert len(files(bench)) == 2


def test_retired_raw_records_do_not_keep_a_segment_and_come_back_into_another(bench: Bench):
    bench.run(snapshot(ONE))
    bench.run(snapshot(TWO, row("3", number=GAMMA, name="Gamma")), accept_shrinking=True)
    bench.run(snapshot(TWO, row("3", number=GAMMA, name="Gamma")), keep_archive=KEEP)
    assert len(files(bench)) == 1
    assert bench.all("SELECT segment_id, position FROM raw_record WHERE key = '1'") == [(None, None)]
    back = bench.run(snapshot(ONE, TWO, row("3", number=GAMMA, name="Gamma")))
    assert bench.one("SELECT CAST(segment_id AS TEXT) FROM raw_record WHERE key = '1'") == back.run_id


def test_current_versions_go_too_when_that_is_asked_for(bench: Bench):
    bench.run(snapshot(ONE))
    bench.run(snapshot(ONE), keep_archive=KEEP, keep_current=False)
    assert (files(bench), segments(bench)) == (set(), set())
    result = replay(bench.plan([]))
    assert (result.read, result.counts["missing"]) == (0, 1)
    assert bench.run(snapshot(ONE)).outcome == "unchanged"


def test_nothing_goes_after_a_run_that_was_not_whole(bench: Bench):
    bench.run(snapshot(ONE))
    bench.run(snapshot(NEWER))
    assert bench.run([NEWER, SourceUnavailable("gone")], keep_archive=KEEP).outcome == "partial"
    assert len(files(bench)) == 2


def test_a_process_that_dies_between_row_and_file_leaves_a_file_that_the_next_sync_deletes(bench: Bench):
    bench.run(snapshot(ONE))
    bench.run(snapshot(NEWER))
    with patch.object(retention, "sweep", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        bench.run(snapshot(NEWER), keep_archive=KEEP)
    assert (len(files(bench)), len(segments(bench))) == (2, 1)
    bench.run(snapshot(NEWER))
    assert files(bench) == segments(bench)


def test_only_files_of_ended_runs_that_this_database_knows_are_swept(bench: Bench):
    """A database set up anew beside an old archive must not delete it."""
    bench.run(snapshot(ONE))
    folder = next((bench.folder / "archive").rglob("*.gz")).parent
    without_news = bench.run(snapshot(ONE)).run_id
    foreign, killed, notes = (
        folder / name for name in (f"{uuid4()}.jsonl.gz", f"{without_news}.jsonl.gz", "README.txt")
    )
    for path in (foreign, killed, notes):
        path.write_bytes(b"x")
    bench.run(snapshot(ONE))
    assert (foreign.exists(), killed.exists(), notes.exists()) == (True, False, True)
    assert len(segments(bench)) == 1


def test_a_source_tidies_its_own_folder_alone(bench: Bench):
    bench.run(snapshot(ONE))
    bench.run(snapshot(NEWER))
    bench.run(snapshot(TWO), source="other", keep_archive=KEEP)
    assert len(files(bench)) == 3
