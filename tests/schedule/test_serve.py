"""``hub serve`` as a process: signals, kills, configuration that changes under it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store.engine import transaction
from tests.runs.harness import Bench
from tests.web.watched import get, samples

SLOW = "rows = 400\nseconds = 0.05"
PATIENCE = 20.0


class Process:
    """A hub's command, and what it logs."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.schedule.hub_process", *arguments]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.lines: list[str] = []
        self._said = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stderr:
            with self._said:
                self.lines.append(line)
                self._said.notify_all()

    def told(self, action: str) -> list[dict[str, object]]:
        logged = [json.loads(line) for line in list(self.lines) if line.startswith("{")]
        return [line for line in logged if line["action"] == action]

    def wait_for(self, action: str, times: int = 1) -> dict[str, object]:
        with self._said:
            assert self._said.wait_for(lambda: len(self.told(action)) >= times, PATIENCE), "".join(self.lines)
        return self.told(action)[times - 1]

    @property
    def pages(self) -> str:
        return f"http://{self.wait_for('pages_served')['listen']}"

    def end(self, *signals: int, within: float = PATIENCE) -> int:
        for number in signals:
            self.process.send_signal(number)
        return self.process.wait(within)


class Folder:
    """An operator's folder on a database."""

    def __init__(self, root: Path, url: str) -> None:
        self.config = root / "config"
        (self.config / "sources").mkdir(parents=True)
        self.hub("")
        self.url = url
        self.bench = Bench(url, root)
        self.started: list[Process] = []

    def hub(self, more: str) -> None:
        path = self.config / "hub.toml"
        path.write_text(
            f'[log]\nformat = "json"\n[serve]\nlisten = "127.0.0.1:0"\n[schedule]\ntick = "1s"\njitter = "0s"\n{more}\n'
        )

    def source(self, name: str, config: str = "", schedule: str = "hourly") -> None:
        (self.config / "sources" / f"{name}.toml").write_text(
            f'connector = "xx_paced"\nschedule = "{schedule}"\n[config]\n{config}\n'
        )

    def start(self, *command: str) -> Process:
        self.started.append(Process(*command, "--config-dir", str(self.config), "--database", self.url))
        return self.started[-1]

    def outcomes(self, name: str) -> list[str | None]:
        return [o for (o,) in self.bench.all(f"SELECT outcome FROM run WHERE source_id = '{name}' ORDER BY number")]

    def reach(self, condition, what: str) -> None:
        until = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < until, f"{what}: {''.join(self.started[-1].lines)}"
            time.sleep(0.05)

    def due_again(self) -> None:
        with transaction(self.bench.engine) as connection:
            connection.exec_driver_sql("UPDATE source SET next_due_at = '2026-01-01T00:00:00Z'")


@pytest.fixture
def folder(database_url: str, tmp_path: Path) -> Iterator[Folder]:
    made = Folder(tmp_path, database_url)
    yield made
    for each in made.started:
        each.process.kill()
        each.process.wait()
        each.process.stderr.close()
    made.bench.close()


@pytest.fixture
def batches(folder: Folder) -> Folder:
    """Rows are committed two by two."""
    path = folder.config / "hub.toml"
    path.write_text("batch_size = 2\n" + path.read_text())
    return folder


def stored(folder: Folder) -> int:
    return folder.bench.one("SELECT count(*) FROM raw_record")


def test_sigterm_in_a_run_ends_it_well_and_the_next_process_goes_on(batches: Folder):
    folder = batches
    folder.source("slow", SLOW)
    first = folder.start("serve")
    folder.reach(lambda: stored(folder) >= 4, "nothing was committed")
    began = time.monotonic()
    assert first.end(signal.SIGTERM) == 0
    assert time.monotonic() - began < 6
    assert folder.outcomes("slow") == ["cancelled"]
    committed = stored(folder)
    second = folder.start("serve")
    assert second.wait_for("began")["at"] >= committed - 1, "it did not go on from its last checkpoint"
    folder.reach(lambda: stored(folder) > committed, "it did not go on")
    assert second.end(signal.SIGINT) == 0
    assert folder.outcomes("slow") == ["cancelled", "cancelled"]


def test_killed_in_a_run_the_restarted_process_says_lost_and_goes_on(batches: Folder):
    folder = batches
    folder.source("slow", SLOW)
    first = folder.start("serve")
    folder.reach(lambda: stored(folder) >= 4, "nothing was committed")
    first.end(signal.SIGKILL)
    committed = stored(folder)
    second = folder.start("serve")
    second.wait_for("run_lost")
    assert second.wait_for("began")["at"] >= committed - 1, "it did not go on from its last checkpoint"
    assert folder.outcomes("slow") == ["lost", None]


def test_a_second_signal_ends_a_run_that_does_not_listen(folder: Folder):
    folder.source("deaf", "seconds = 60.0")
    process = folder.start("serve")
    process.wait_for("began")
    process.process.send_signal(signal.SIGTERM)
    folder.reach(lambda: any("once more" in line for line in process.lines), "it did not say so")
    assert process.end(signal.SIGTERM, within=3) == 128 + signal.SIGTERM


def test_configuration_changes_under_a_run_and_wrong_one_changes_nothing(folder: Folder):
    folder.hub("parallel = 2")
    folder.source("slow", SLOW)
    process = folder.start("serve")
    process.wait_for("began")
    assert get(f"{process.pages}/readyz").status_code == 200

    folder.source("new", "rows = 2")
    process.wait_for("config_reloaded")
    folder.reach(lambda: folder.outcomes("new") == ["succeeded"], "the new source did not run")
    assert folder.outcomes("slow") == [None], "the run that was at work goes on"

    folder.source("new", "rowz = 2")
    assert "rowz" in str(process.wait_for("config_invalid")["message"])
    folder.due_again()
    folder.reach(lambda: folder.outcomes("new")[1:] == ["unchanged"], "the earlier configuration is not in force")
    ready = get(f"{process.pages}/readyz")
    assert ready.status_code == 503
    assert "rowz" in ready.text
    assert samples(get(f"{process.pages}/metrics").text)["hub_config_valid",] == 0
    assert get(f"{process.pages}/healthz").status_code == 200

    folder.source("new", "rows = 8")
    process.wait_for("config_reloaded", 2)
    folder.due_again()
    folder.reach(lambda: folder.bench.one("SELECT max(read_count) FROM run WHERE source_id = 'new'") == 8, "old config")
    assert get(f"{process.pages}/readyz").status_code == 200
    assert len(process.told("config_invalid")) == 1
    assert process.end(signal.SIGTERM) == 0


def test_another_database_needs_a_restart(folder: Folder):
    process = folder.start("serve")
    process.wait_for("pages_served")
    path = folder.config / "hub.toml"
    path.write_text('data_dir = "elsewhere"\n' + path.read_text())
    assert "start `hub serve` again" in str(process.wait_for("config_invalid")["message"])


def test_once_reads_what_is_due_and_ends(folder: Folder):
    folder.source("a")
    folder.source("b")
    assert folder.start("serve", "--once").end() == 0
    assert (folder.outcomes("a"), folder.outcomes("b")) == (["succeeded"], ["succeeded"])
    assert folder.start("serve", "--once").end() == 0
    assert (folder.outcomes("a"), folder.outcomes("b")) == (["succeeded"], ["succeeded"])


def test_once_tells_by_its_exit_code_that_a_source_was_not_read_whole(folder: Folder):
    folder.source("a")
    folder.source("broken", "rowz = 1")
    assert folder.start("serve", "--once").end() == 1
    assert (folder.outcomes("a"), folder.outcomes("broken")) == (["succeeded"], ["failed"])


def test_sync_commits_what_it_has_when_it_is_asked_to_end(batches: Folder):
    folder = batches
    folder.source("slow", SLOW)
    folder.source("later")
    process = folder.start("sync", "slow", "later")
    folder.reach(lambda: stored(folder) >= 4, "nothing was committed")
    assert process.end(signal.SIGTERM) == 1
    assert folder.outcomes("slow") == ["cancelled"]
    assert folder.outcomes("later") == []


def test_two_services_on_one_database_read_everything_once(postgres_url: str, tmp_path: Path):
    folder = Folder(tmp_path, postgres_url)
    names = ("a", "b", "c")
    for name in names:
        folder.source(name, "seconds = 0.02")
    services = [folder.start("serve") for _ in range(2)]
    try:
        for turn in range(1, 4):
            folder.reach(
                lambda turn=turn: (
                    [len(folder.outcomes(name)) for name in names] == [turn] * 3
                    and None not in [o for name in names for o in folder.outcomes(name)]
                ),
                f"turn {turn}",
            )
            folder.due_again() if turn < 3 else time.sleep(2.5)
        assert [len(folder.outcomes(name)) for name in names] == [3, 3, 3]
        assert [service.end(signal.SIGTERM) for service in services] == [0, 0]
    finally:
        for service in services:
            service.process.kill()
            service.process.wait()
            service.process.stderr.close()
        folder.bench.close()
