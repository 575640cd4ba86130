"""Killed again and again over a network that fails in every way: the database ends as if nothing had happened.

``HUB_TORTURE_KILLS`` says how often (``make torture``: 200 on each engine; else 10).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.runs.outcome import WHOLE
from hub.store.plain import select
from tests.runs.folding import assert_feed_tells_the_tables, folded
from tests.runs.harness import Bench
from tests.torture.publisher import EDITIONS, Publisher, publishing
from tests.torture.victim import run_once

KILLS = int(os.environ.get("HUB_TORTURE_KILLS", "10"))
TABLES = (
    "v1_organisation",
    "v1_payment",
    "membership WHERE retired_at IS NULL",
    # What ended is remembered by a hub that saw it, and only by that.
    "v1_social_assessment WHERE valid_to IS NULL",
    "v1_social_evidence WHERE valid_to IS NULL",
    "mention",
    "organisation_claim WHERE retired_at IS NULL",
    "raw_record WHERE retired_at IS NULL",
)
_OF_THE_RUN = {
    *("changed_at", "change_seq", "first_seen_at", "run_id", "seen_run_id", "segment_id", "position"),
    *("raw_id", "connector_version"),
}


class Victim:
    """A process that begins a run when told and is killed in the middle of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._asked, self._told = process.stdin, process.stdout

    def run(self, seconds: float) -> bool:
        """A run of at most so many seconds; whether it had to be killed."""
        self._asked.write("run\n")
        self._asked.flush()
        number = int(self._told.readline())
        time.sleep(seconds)
        killed = True
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            killed = False
        assert self._told.readline() == "over\n"
        return killed


@contextmanager
def victim(url: str, folder: Path, site: str) -> Iterator[Victim]:
    command = [sys.executable, "-m", "tests.torture.victim", url, str(folder), site]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Victim(process)
        finally:
            process.kill()


@pytest.mark.slow
def test_kills_and_a_broken_network_change_nothing(database_url: str, tmp_path: Path):
    chance = random.Random(f"{database_url.partition(':')[0]} {KILLS}")
    before = Bench(database_url, tmp_path)
    with publishing(str(KILLS)) as publisher:
        with victim(database_url, tmp_path, publisher.url) as hub:
            killed = _torture(hub, publisher, chance, before)
        publisher.evil = 0
        result = run_once(database_url, tmp_path, publisher.url)
        assert result.outcome in WHOLE, result.reason
        assert run_once(database_url, tmp_path, publisher.url).outcome == "unchanged"
        calm = f"sqlite:///{tmp_path / 'calm.sqlite'}"
        assert run_once(calm, tmp_path / "calm", publisher.url).outcome == "succeeded"

    told = Counter(outcome for (outcome,) in before.all("SELECT outcome FROM run"))
    assert killed >= KILLS
    assert told["lost"] >= KILLS / 2, f"most kills came too early or too late to interrupt a run: {told}"
    assert told[None] == 0, "a lease was left behind"
    undisturbed = Bench(calm, tmp_path / "calm")
    for table in TABLES:
        assert _rows(before, table) == _rows(undisturbed, table), table
    assert_feed_tells_the_tables(before.engine)
    assert folded(before.engine).keys() == folded(undisturbed.engine).keys()
    before.close()
    undisturbed.close()


def _torture(hub: Victim, publisher: Publisher, chance: random.Random, witness: Bench) -> int:
    killed, committed = 0, set()
    while killed < KILLS:
        publisher.publish(1 + killed * EDITIONS // KILLS)
        publisher.evil = chance.choice((0.0, 0.1, 0.3))
        killed += hub.run(chance.uniform(0.05, 0.8))
        committed.add(witness.one("SELECT sum(read_count) FROM run"))
    assert len(committed) > KILLS / 5, "hardly any run came far enough to commit something"
    return killed


def _rows(bench: Bench, table: str) -> list[list[str]]:
    with bench.engine.connect() as connection:
        rows = select(connection, f"SELECT * FROM {table}")
    return sorted([_same(value) for name, value in row.items() if name not in _OF_THE_RUN] for row in rows)


def _same(value: Any) -> str:
    """One text for what one database gives as JSON and the other as its text, or as a truth value and a number."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = json.loads(value)
    return json.dumps(int(value) if isinstance(value, bool) else value, sort_keys=True)
