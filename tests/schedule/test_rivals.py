"""Two processes look at the same database at the same moment: every due run happens once."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.store.engine import transaction
from tests.runs.harness import Bench

NAMES = ("a", "b", "c", "d", "e", "f")
ROUNDS = 12


def test_two_processes_that_tick_at_once_run_everything_once(database_url: str, tmp_path: Path):
    bench = Bench(database_url, tmp_path)
    command = [sys.executable, "-m", "tests.schedule.rival", database_url, str(tmp_path), *NAMES]
    with ExitStack() as stack:
        rivals = []
        for _ in range(2):
            rival = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.enter_context(rival)
            stack.callback(rival.kill)
            rivals.append(rival)
        for rival in rivals:
            assert rival.stdout.readline() == "ready\n"
        for turn in range(1, ROUNDS + 1):
            past = (datetime.now(UTC) - timedelta(seconds=30)).isoformat(timespec="seconds")
            with transaction(bench.engine) as connection:
                connection.exec_driver_sql(f"UPDATE source SET next_due_at = '{past}'")
            for rival in rivals:
                rival.stdin.write("tick\n")
                rival.stdin.flush()
            assert [rival.stdout.readline() for rival in rivals] == ["0\n", "0\n"]
            for _ in range(4):  # a tick that found no room for all leaves the rest to the next ones
                rivals[turn % 2].stdin.write("tick\n")
                rivals[turn % 2].stdin.flush()
                assert rivals[turn % 2].stdout.readline() == "0\n"
            counted = bench.all("SELECT source_id, count(*) FROM run GROUP BY source_id ORDER BY source_id")
            assert counted == [(name, turn) for name in NAMES]
    owners = {owner for (owner,) in bench.all("SELECT DISTINCT owner FROM run")}
    assert len(owners) == 2, "only one of them ever ran something"
    assert bench.one("SELECT count(*) FROM run WHERE outcome NOT IN ('succeeded', 'unchanged')") == 0
    bench.close()
