"""Windows of the past: each once, each resumable, none of them the live cursor's business."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.runs import RunResult, backfill
from hub.runs.lease import AlreadyRunning, Window
from hub.sdk import Checkpoint, Context, FetchItem, Manifest, SourceUnavailable
from tests.runs.harness import Bench, Config, Fake, invented_rows
from tests.runs.test_lease import Interrupted

ROWS = invented_rows(12)
NOW = datetime(2026, 2, 1, tzinfo=UTC)
WINDOWS = list(backfill.windows(date(2025, 1, 1), date(2025, 1, 9), 3))


class Windowed(Fake):
    """Four rows for each window, a checkpoint after two; it breaks after so many rows in all."""

    manifest = Manifest(**{**dict(Fake.manifest), "backfills": True})

    def __init__(self, breaks_after: int | None = None) -> None:
        super().__init__([])
        self.left = breaks_after
        self.begun: list[tuple[Window | None, dict[str, Any]]] = []

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        self.begun.append((ctx.window, dict(ctx.cursor)))
        assert ctx.window is not None
        first = 4 * WINDOWS.index(ctx.window)
        for index in range(ctx.cursor.get("read", 0), 4):
            if self.left is not None:
                if self.left == 0:
                    raise SourceUnavailable("the publisher is away")
                self.left -= 1
            yield ROWS[first + index]
            if index % 2:
                yield Checkpoint({"read": index + 1})


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


def read(bench: Bench, connector: Fake) -> list[tuple[Window, RunResult | None]]:
    def run(window: Window) -> RunResult:
        return bench.run([], connector=connector, window=window)

    return list(backfill.read(run, bench.engine, "fake", WINDOWS))


def test_windows_hold_each_day_once_and_the_last_is_cut():
    days = list(backfill.windows(date(2025, 1, 1), date(2025, 1, 8), 3))
    assert days == [
        (date(2025, 1, 1), date(2025, 1, 4)),
        (date(2025, 1, 4), date(2025, 1, 7)),
        (date(2025, 1, 7), date(2025, 1, 9)),
    ]
    assert list(backfill.windows(date(2025, 1, 1), date(2025, 1, 1), 7)) == [(date(2025, 1, 1), date(2025, 1, 2))]


def test_it_stops_at_the_first_failure_and_goes_on_at_its_cursor(bench: Bench):
    bench.run([Checkpoint({"live": 7})])
    first = read(bench, Windowed(breaks_after=7))
    assert [result and result.outcome for _, result in first] == ["succeeded", "partial"]
    rest = Windowed()
    second = read(bench, rest)
    assert [result and result.outcome for _, result in second] == [None, "succeeded", "succeeded"]
    assert rest.begun == [(WINDOWS[1], {"read": 2}), (WINDOWS[2], {})]
    assert bench.one("SELECT count(*) FROM raw_record") == 12
    assert bench.one("SELECT count(DISTINCT key) FROM raw_record") == 12
    assert bench.one("SELECT CAST(cursor AS TEXT) FROM source").replace(" ", "") == '{"live":7}'


def test_what_is_read_is_passed_by_unless_it_is_forgotten(bench: Bench):
    read(bench, Windowed())
    assert [result for _, result in read(bench, Windowed())] == [None, None, None]
    backfill.forget(bench.engine, "fake", WINDOWS[:2], now=NOW)
    again = read(bench, Windowed())
    assert [result and (result.outcome, result.stored) for _, result in again] == [
        ("unchanged", 0),
        ("unchanged", 0),
        None,
    ]


def test_a_window_of_another_size_is_read_for_itself(bench: Bench):
    read(bench, Windowed())
    with bench.engine.connect() as connection:
        assert backfill.is_done(connection, "fake", WINDOWS[0])
        assert not backfill.is_done(connection, "fake", (date(2025, 1, 1), date(2025, 1, 2)))


def test_windows_are_not_forgotten_under_a_run(bench: Bench):
    def forget() -> None:
        with pytest.raises(AlreadyRunning):
            backfill.forget(bench.engine, "fake", WINDOWS, now=datetime.now(UTC))

    busy = Interrupted(ROWS, after=1, happens=forget)
    assert bench.run([], connector=busy, now=datetime.now(UTC)).outcome == "succeeded"
