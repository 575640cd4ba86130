"""A reading that breaks off goes on where it stood, and only if the payload is still the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hub.runs import RunResult
from hub.sdk import Checkpoint, Complete, Context, FetchItem, Manifest, RawRecord, SourceUnavailable
from hub.store.validator import Validators
from tests.runs.harness import ALFA, Bench, Config, Fake, invented_rows


class Paged(Fake):
    """A snapshot in pages of two; breaks before page ``fails_at``, and notes which pages it asked for."""

    def __init__(self, rows: list[Any], version: str = "v1", fails_at: int | None = None) -> None:
        super().__init__(rows)
        self.version, self.fails_at = version, fails_at
        self.asked: list[int] = []

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        start = ctx.position("rows", "all", self.version).get("page", 0)
        pages = [self.items[at : at + 2] for at in range(0, len(self.items), 2)]
        for number, page in enumerate(pages[start:], start):
            if number == self.fails_at:
                raise SourceUnavailable("gone")
            self.asked.append(number)
            yield from page
            yield Checkpoint({"page": number + 1}, "rows", "all", self.version)
        yield Complete("rows", "all", len(self.items))


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


ROWS = invented_rows(8)


def sync(bench: Bench, connector: Fake, **plan: Any) -> RunResult:
    return bench.run([], connector=connector, batch_size=100, **plan)


def standing(bench: Bench) -> set[str]:
    return {key for (key,) in bench.all("SELECT key FROM raw_record WHERE retired_at IS NULL")}


def test_the_next_run_goes_on_where_this_one_broke_off(bench: Bench):
    assert sync(bench, Paged(ROWS, fails_at=2)).outcome == "partial"
    rest = Paged(ROWS)
    result = sync(bench, rest)
    assert (rest.asked, result.outcome, result.stored, result.retired) == ([2, 3], "succeeded", 4, 0)
    assert bench.one("SELECT count(*) FROM position") == 0
    assert bench.one("SELECT record_count FROM scope") == 8


def test_what_is_gone_is_retired_by_a_reading_in_two_pieces(bench: Bench):
    sync(bench, Paged(ROWS))
    fewer = ROWS[:6]
    sync(bench, Paged(fewer, version="v2", fails_at=1))
    assert len(standing(bench)) == 8
    assert sync(bench, Paged(fewer, version="v2")).retired == 2
    assert standing(bench) == {row.key for row in fewer}


def test_a_payload_that_changed_under_a_resume_is_read_from_its_beginning(bench: Bench):
    sync(bench, Paged(ROWS, fails_at=2))
    moved = [*ROWS[6:], *ROWS[:4]]  # another order, and two are gone
    again = Paged(moved, version="v2")
    result = sync(bench, again)
    assert (again.asked, result.outcome) == ([0, 1, 2], "succeeded")
    assert standing(bench) == {row.key for row in moved}


def test_a_payload_that_changes_and_changes_back_is_not_resumed(bench: Bench):
    sync(bench, Paged(ROWS, fails_at=2))
    sync(bench, Paged(ROWS, version="v2", fails_at=0))  # broke before its first page
    back = Paged(ROWS)
    assert sync(bench, back).outcome == "succeeded"
    assert back.asked == [0, 1, 2, 3]


def test_a_run_in_between_spoils_no_resume(bench: Bench):
    """A backfill marks some of the scope as seen; what it met is not taken for gone."""
    sync(bench, Paged(ROWS))
    sync(bench, Paged(ROWS, version="v2", fails_at=2))
    bench.run(ROWS[:2], window=(date(2025, 1, 1), date(2025, 2, 1)))
    result = sync(bench, Paged(ROWS, version="v2"))
    assert (result.outcome, result.retired) == ("unchanged", 0)


def test_a_key_repeated_across_the_break_is_a_repetition(bench: Bench):
    rows = [*ROWS[:4], ROWS[0], *ROWS[4:]]
    sync(bench, Paged(rows, fails_at=2))
    result = sync(bench, Paged(rows))
    assert (result.outcome, result.counts["repeated"], result.quarantined) == ("succeeded", 1, 0)


def test_another_version_of_the_connector_starts_anew(bench: Bench):
    sync(bench, Paged(ROWS, fails_at=2), config_digest="one")
    again = Paged(ROWS)
    sync(bench, again, config_digest="two")
    assert again.asked == [0, 1, 2, 3]


def test_a_position_without_a_version_is_refused(bench: Bench):
    result = bench.run([*ROWS[:2], Checkpoint({"page": 1}, "rows", "all")])
    assert result.outcome == "partial"
    assert "without a version" in result.reason


def test_validators_are_kept_by_a_run_that_read_everything_and_by_no_other(bench: Bench):
    def committed() -> tuple[str, str] | None:
        known = Validators()
        with bench.engine.connect() as connection:
            known.load(connection, "fake")
        return known.get("https://example.org/a")

    def answer(items: list[Any], digest: str = "one") -> RunResult:
        validators = Validators()
        validators.put("https://example.org/a", ('"v1"', ""), unmodified=False)
        return bench.run(items, validators=validators, config_digest=digest)

    assert answer([*ROWS[:2], SourceUnavailable("gone")]).outcome == "partial"
    assert committed() is None
    assert answer([*ROWS[:2], Complete("rows", "all", 3)]).outcome == "suspect"
    assert committed() is None
    assert answer([*ROWS[:2], Complete("rows", "all", 2)]).whole
    assert committed() == ('"v1"', "")
    bench.run([SourceUnavailable("gone")], config_digest="two")  # another config
    assert committed() is None


def test_what_an_unchanged_file_does_not_repeat_stays_in_quarantine(bench: Bench):
    broken = invented_rows(2)[0]
    bench.run([type(broken)("rows", "x", {"fail": "bad"}, "all")])
    spared = Validators()
    spared.put("https://example.org/a", ('"v1"', ""), unmodified=True)
    assert bench.run([], validators=spared).outcome == "unchanged"
    assert bench.one("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == 1
    assert bench.run([]).outcome == "unchanged"
    assert bench.one("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == 0


def test_a_backfill_leaves_the_live_cursor_alone_and_resumes_its_window(bench: Bench):
    window = (date(2025, 1, 1), date(2025, 1, 8))
    seen: list[Any] = []

    class Windowed(Fake):
        manifest = Manifest(**{**dict(Fake.manifest), "backfills": True})

        def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
            seen.append((dict(ctx.cursor), ctx.window))
            yield from super().fetch(ctx)

    bench.run([*ROWS[:2], Checkpoint({"live": 1})])
    failing = Windowed([*ROWS[2:4], Checkpoint({"day": 3}), SourceUnavailable("gone")])
    assert bench.run([], connector=failing, window=window).outcome == "partial"
    assert bench.run([], connector=Windowed(ROWS[4:6]), window=window).outcome == "succeeded"
    assert seen == [({}, window), ({"day": 3}, window)]
    assert bench.all("SELECT kind, outcome FROM run ORDER BY number") == [
        ("sync", "succeeded"),
        ("backfill", "partial"),
        ("backfill", "succeeded"),
    ]
    bench.run([], connector=Windowed([]))
    assert seen[-1] == ({"live": 1}, None)


def test_a_backfill_keeps_no_position_that_the_live_reading_would_resume(bench: Bench):
    window = (date(2025, 1, 1), date(2025, 2, 1))
    assert sync(bench, Paged(ROWS, fails_at=2), window=window).outcome == "partial"
    live = Paged([*ROWS[4:], *ROWS[:4]])
    assert sync(bench, live).outcome == "succeeded"
    assert live.asked == [0, 1, 2, 3]
    assert len(standing(bench)) == 8


def test_what_a_backfill_stored_in_an_older_version_is_no_repetition(bench: Bench):
    sync(bench, Paged(ROWS, version="v2", fails_at=2))
    older = RawRecord("rows", ROWS[6].key, {"number": ALFA, "name": "gammal"}, "all")
    bench.run([older], window=(date(2025, 1, 1), date(2025, 2, 1)))
    result = sync(bench, Paged(ROWS, version="v2"))
    assert (result.outcome, result.quarantined) == ("succeeded", 0)
    assert bench.one("SELECT count(*) FROM v1_organisation WHERE name = 'gammal'") == 0


def test_a_backfill_sends_no_validators(bench: Bench):
    asked: list[Any] = []

    class Asking(Fake):
        def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
            asked.append(validators.get("https://example.org/a"))
            yield from ROWS[:2]

    validators = Validators()
    validators.put("https://example.org/a", ('"v1"', ""), unmodified=False)
    assert bench.run(ROWS[:2], validators=validators).whole
    for window in (None, (date(2025, 1, 1), date(2025, 2, 1))):
        validators = Validators()
        bench.run([], connector=Asking([]), validators=validators, window=window)
    assert asked == [('"v1"', ""), None]


def test_a_window_begun_under_another_configuration_begins_anew(bench: Bench):
    window, seen = (date(2025, 1, 1), date(2025, 1, 8)), []

    class Windowed(Fake):
        def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
            seen.append(dict(ctx.cursor))
            yield Checkpoint({"day": 3})
            raise SourceUnavailable("gone")

    for digest in ("one", "one", "two"):
        bench.run([], connector=Windowed([]), window=window, config_digest=digest)
    assert seen == [{}, {"day": 3}, {}]
