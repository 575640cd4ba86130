"""Asking whether a source answers, and how often it may be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.runs.interval import refuse_too_often, span
from hub.runs.live import ask
from hub.schedule.due import interval
from hub.sdk import Checkpoint, Complete, ConfigError, Context, FetchItem, Reject, SourceUnavailable
from hub.settings import Source
from tests.runs.harness import ALFA, Bench, Config, Fake, row


class Watched(Fake):
    """Notes the cursor that it was handed, what was taken from it, and that it was closed."""

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        self.cursor, self.taken, self.closed = dict(ctx.cursor), 0, False
        try:
            for item in super().fetch(ctx):
                self.taken += 1
                yield item
        finally:
            self.closed = True


@pytest.fixture
def bench(sqlite_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(sqlite_url, tmp_path)
    yield bench
    bench.close()


def test_asking_takes_one_record_from_the_cursor_on_and_stores_nothing(bench: Bench):
    bench.run([Checkpoint({"page": 2})])
    before = bench.all("SELECT * FROM run"), bench.all("SELECT * FROM source")
    source = Watched([row("a", number=ALFA, name="Alfa"), row("b", number=ALFA, name="Alfa")])
    answer = ask(bench.plan([], connector=source))
    assert (answer.error, answer.came) == (None, "a raw record of rows")
    assert (source.cursor, source.taken, source.closed) == ({"page": 2}, 1, True)
    assert (bench.all("SELECT * FROM run"), bench.all("SELECT * FROM source")) == before
    assert bench.one("SELECT count(*) FROM raw_record") == 0


@pytest.mark.parametrize(
    ("items", "came"),
    [
        ([Complete("rows", "all", 0)], "rows, complete with 0 raw records"),
        ([Checkpoint({"page": 1})], "a checkpoint"),
        ([], "nothing new"),
        ([Reject("rows", "x", "no date"), row("a", number=ALFA, name="Alfa")], "a raw record of rows"),
    ],
)
def test_what_came_first_is_told(bench: Bench, items: list[Any], came: str):
    assert ask(bench.plan(items)).came == came


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (SourceUnavailable("the publisher is away", where="example.org"), "the publisher is away"),
        (ZeroDivisionError("secret words"), "broke with ZeroDivisionError"),
        (Reject("rows", "x", "19121212-1212 has no date"), "nothing of it could be read"),
    ],
)
def test_what_went_wrong_is_told_without_persons_and_secrets(bench: Bench, item: Any, reason: str):
    answer = ask(bench.plan([item]))
    assert answer.error is not None
    assert reason in str(answer.error)
    assert "1212-1212" not in str(answer.error)
    assert "secret" not in str(answer.error)


def scheduled(schedule: str) -> Source:
    return Source(connector="xx_fake", schedule=schedule, id="fake", path=Path("sources/fake.toml"))


@pytest.mark.parametrize("schedule", ["hourly", "every 90m", "every 23h"])
def test_a_schedule_below_the_floor_is_refused_with_one_that_is_not(schedule: str):
    manifest = Fake.manifest.model_copy(update={"shortest_interval": timedelta(days=1)})
    with pytest.raises(
        ConfigError, match='more often than xx_fake may, which is every 1d → write schedule = "every 1d"'
    ):
        refuse_too_often(scheduled(schedule), manifest, interval)


@pytest.mark.parametrize("schedule", ["daily", "weekly", "every 1d", "cron 0 6 * * *"])
def test_a_schedule_at_or_above_the_floor_is_left_alone(schedule: str):
    refuse_too_often(
        scheduled(schedule), Fake.manifest.model_copy(update={"shortest_interval": timedelta(days=1)}), interval
    )


def test_spans_are_told_as_a_schedule_has_them():
    spans = [timedelta(days=7), timedelta(hours=36), timedelta(minutes=90), timedelta(seconds=30)]
    assert [span(time) for time in spans] == ["7d", "36h", "90m", "1m"]
