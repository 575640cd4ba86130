"""A timestamp cursor: nothing that is committed late is missed, nothing is read for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sdk import ConnectorConfig, Context, ContractBroken, RawRecord, Watermark

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def context(cursor: Mapping[str, Any] | None = None, now: datetime = START, **more: Any) -> Context[ConnectorConfig]:
    return Context("s", ConnectorConfig(), now, Path(), b"k" * 32, cursor=cursor or {}, **more)


def raw(key: str, value: str = "x") -> RawRecord:
    return RawRecord("rows", key, {"value": value})


def read(rows: list[tuple[RawRecord, datetime]], ctx: Context[ConnectorConfig]) -> tuple[list[str], dict[str, Any]]:
    mark = Watermark(ctx)
    news = [row.key for row, at in rows if mark.is_news(row, at=at)]
    committed = mark.checkpoint()
    return news, dict(committed[0].cursor) if committed else {}


def test_the_first_run_asks_for_everything():
    assert Watermark(context()).since is None
    assert Watermark(context()).checkpoint() == ()


def test_the_next_run_reaches_back_behind_what_was_read():
    _, cursor = read([(raw("a"), START - timedelta(hours=1))], context())
    assert Watermark(context(cursor)).since == START - timedelta(hours=1) - timedelta(days=2)
    assert Watermark(context(cursor, lookback=timedelta(0))).since == START - timedelta(hours=1)


def test_a_backfill_asks_for_its_window_and_not_for_news():
    _, cursor = read([(raw("a"), START)], context())
    assert Watermark(context(cursor, window=(date(2025, 1, 1), date(2025, 1, 2)))).since is None


def test_a_publishers_clock_that_is_ahead_does_not_carry_the_cursor_past_the_runs_start():
    _, cursor = read([(raw("a"), START + timedelta(days=400))], context())
    assert cursor["since"]["at"] == START.isoformat()


def test_rows_of_the_edge_that_were_read_are_no_news_until_they_change():
    bulk = [(raw(key), START - timedelta(days=1)) for key in "abc"]
    first, cursor = read(bulk, context())
    assert first == ["a", "b", "c"]
    again, cursor = read([*bulk, (raw("d"), START - timedelta(days=1))], context(cursor))
    assert again == ["d"]
    changed, _ = read([(raw("a", "y"), START - timedelta(days=1))], context(cursor))
    assert changed == ["a"]


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ContractBroken, match="without a zone"):
        Watermark(context()).is_news(raw("a"), at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_other_keys_of_the_cursor_stay():
    _, cursor = read([(raw("a"), START)], context({"page": 7}))
    assert cursor["page"] == 7


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30)), max_size=12))
def test_watermarks_used_in_turn_keep_what_each_has_committed(noted: list[tuple[str, int]]):
    ctx = context({"page": 7})
    marks = {name: Watermark(ctx, name) for name in "ab"}
    cursor: dict[str, Any] = {"page": 7}
    for name, hours in noted:
        marks[name].is_news(raw(name), at=START - timedelta(hours=hours))
        (checkpoint,) = marks[name].checkpoint()
        cursor = dict(checkpoint.cursor)
    latest = {
        name: START - timedelta(hours=min(hours for other, hours in noted if other == name))
        for name in {name for name, _ in noted}
    }
    assert cursor["page"] == 7
    assert {name: datetime.fromisoformat(cursor[name]["at"]) for name in cursor.keys() - {"page"}} == latest


def test_a_watermark_keeps_what_another_committed_in_an_earlier_run():
    first = context()
    for name in "ab":
        mark = Watermark(first, name)
        mark.is_news(raw(name), at=START - timedelta(hours=1))
        (committed,) = mark.checkpoint()
    second = context(committed.cursor)
    mark, _ = Watermark(second, "a"), Watermark(second, "b")
    mark.is_news(raw("a"), at=START)
    (checkpoint,) = mark.checkpoint()
    assert checkpoint.cursor["b"] == committed.cursor["b"]


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 30), st.integers(0, 2)),  # key, changed at (hours), committed late
        max_size=30,
    )
)
def test_every_row_that_is_committed_within_the_lookback_is_read(published: list[tuple[int, int, int]]):
    """A publisher whose rows appear up to two hours after their time, read every hour with two hours of look-back."""
    found: set[tuple[int, int]] = set()
    cursor: dict[str, Any] = {}
    for hour in range(36):
        now = START + timedelta(hours=hour)
        ctx = context(cursor, now, lookback=timedelta(hours=2))
        since = Watermark(ctx).since
        visible = [
            (raw(f"{key}", f"{at}"), START + timedelta(hours=at))
            for key, at, late in published
            if at + late <= hour and (since is None or START + timedelta(hours=at) >= since)
        ]
        visible.sort(key=lambda pair: pair[1])
        mark = Watermark(ctx)
        for row, at in visible:
            if mark.is_news(row, at=at):
                found.add((int(row.key), int(row.payload["value"])))  # type: ignore[call-overload]
        for checkpoint in mark.checkpoint():
            cursor = dict(checkpoint.cursor)
    assert found == {(key, at) for key, at, _ in published}
