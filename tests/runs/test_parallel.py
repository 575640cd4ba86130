"""Two sources about the same organisations, stored at the same time on PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from hub.sdk import RawRecord
from tests.runs.harness import Bench, invented_rows, snapshot


def test_writers_side_by_side_leave_what_writers_in_turn_leave(postgres_url: str, sqlite_url: str, tmp_path: Path):
    rows = invented_rows(300)
    ledger = [item for item in rows if isinstance(item, RawRecord) and "paid" in item.payload]
    register = [item for item in rows if item not in ledger]
    benches = [Bench(postgres_url, tmp_path) for _ in range(2)]
    threads = [
        Thread(target=benches[0].run, args=(snapshot(*ledger),), kwargs={"source": "ledger", "batch_size": 7}),
        Thread(target=benches[1].run, args=(snapshot(*register),), kwargs={"source": "register", "batch_size": 11}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    in_turn = Bench(sqlite_url, tmp_path / "in-turn")
    in_turn.run(snapshot(*ledger), source="ledger")
    in_turn.run(snapshot(*register), source="register")

    names = "SELECT identifier, name, country FROM v1_organisation ORDER BY identifier"
    assert benches[0].all(names) == in_turn.all(names)
    numbers = [seq for seq, *_ in benches[0].changes()]
    assert numbers == list(range(1, len(numbers) + 1))
    for bench in (*benches, in_turn):
        bench.close()
