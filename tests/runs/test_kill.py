"""A process killed anywhere loses nothing and doubles nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from hub.archive import read_segment
from tests.runs.harness import Bench, invented_rows, snapshot

KILLS = 6
TABLES = ("v1_organisation", "v1_payment", "organisation_claim", "mention")


def content(bench: Bench, table: str) -> list[tuple[object, ...]]:
    skipped = {"changed_at", "change_seq", "first_seen_at", "run_id"}
    with bench.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()
    return sorted(tuple(str(value) for name, value in row.items() if name not in skipped) for row in rows)


def test_kills_at_random_moments_leave_the_same_database_as_none(database_url: str, tmp_path: Path):
    chance = random.Random(database_url.partition(":")[0])
    committed = set()
    for _ in range(KILLS):
        victim = subprocess.Popen(
            [sys.executable, "-m", "tests.runs.victim", database_url, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        try:
            victim.wait(timeout=chance.uniform(0.02, 0.35))
        except subprocess.TimeoutExpired:
            victim.kill()
        victim.wait()
        victim.stdout.close()
        witness = Bench(database_url, tmp_path)
        committed.add(witness.one("SELECT count(*) FROM raw_record"))
        witness.close()
    assert len(committed) > 1, "the kills came too early or too late to interrupt anything"

    bench = Bench(database_url, tmp_path)
    bench.run(snapshot(*invented_rows(400)), batch_size=10)
    undisturbed = Bench(f"sqlite:///{tmp_path / 'undisturbed.sqlite'}", tmp_path / "undisturbed")
    undisturbed.run(snapshot(*invented_rows(400)), batch_size=10)
    for table in TABLES:
        assert content(bench, table) == content(undisturbed, table), table
    numbers = [seq for seq, *_ in bench.changes()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == len(undisturbed.changes())
    assert bench.one("SELECT count(*) FROM run WHERE finished_at IS NULL") == 0
    archived = 0
    for path, size, count in bench.all("SELECT path, byte_count, record_count FROM archive_segment"):
        records = list(read_segment(tmp_path / "archive" / path, size))
        assert len(records) == count
        archived += count
    assert archived == 400
    undisturbed.close()
    bench.close()
