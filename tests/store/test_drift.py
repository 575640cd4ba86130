"""Drift is kept once, and never floods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import uuid4

import pytest

from hub.sdk import Drift
from hub.store import schema
from hub.store.condition import raise_drift
from hub.store.drift import MOST_FIELDS, MOST_VALUES, OTHERS, report_drift
from hub.store.engine import Engine, open_engine, transaction
from hub.store.plain import Row, select

FIRST, SECOND = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    schema.ensure(engine)
    yield engine
    engine.dispose()


def report(engine: Engine, found: Iterable[Drift], at: str = FIRST, source: str = "fake", version: int = 1) -> int:
    with transaction(engine) as connection:
        return report_drift(connection, found, source_id=source, run_id=str(uuid4()), connector_version=version, at=at)


def rows(engine: Engine) -> list[Row]:
    with transaction(engine) as connection:
        return select(connection, "SELECT * FROM v1_drift ORDER BY source, kind, field, value")


def codes(first: int, last: int) -> set[Drift]:
    return {Drift("unknown_code", "form", f"{number:06d}", stream="rows") for number in range(first, last)}


def test_each_kind_field_and_value_is_kept_once_per_source_with_its_first_time_and_last_run(engine: Engine):
    met = [
        Drift("new_field", "colour", stream="rows"),
        Drift("missing_field", "form", stream="rows"),
        Drift("changed_type", "form", "text", stream="rows"),
        Drift("unknown_code", "form", "X9", stream="rows"),
        Drift("unknown_code", "form", "X9", stream="others"),
    ]
    assert report(engine, met) == 0
    before = rows(engine)
    assert report(engine, met, SECOND, version=2) == 0
    after = rows(engine)
    assert len(after) == len(met)
    assert {row["first_seen_at"] for row in after} == {FIRST}
    assert not {row["last_run_id"] for row in after} & {row["last_run_id"] for row in before}
    report(engine, met[:1], source="other")
    assert len(rows(engine)) == len(met) + 1


def test_that_drift_was_raised_is_kept_when_it_is_met_again(engine: Engine):
    met = [Drift("new_field", "colour", stream="rows")]
    report(engine, met)
    with transaction(engine) as connection:
        assert raise_drift(connection, "other") == []
        assert raise_drift(connection, "fake") == [{"kind": "new_field", "field": "colour", "value": ""}]
    report(engine, met, SECOND, version=2)
    with transaction(engine) as connection:
        assert raise_drift(connection, "fake") == []


def test_a_field_with_other_values_in_every_record_is_told_in_few_rows(engine: Engine):
    batch = 5000
    unlisted = sum(report(engine, codes(first, first + batch)) for first in range(0, 20_000, batch))
    assert unlisted == 20_000 - MOST_VALUES
    found = rows(engine)
    assert len(found) == MOST_VALUES + 1
    assert found[0]["value"] == OTHERS
    assert found[1]["value"] == "000000"
    assert report(engine, codes(0, MOST_VALUES), SECOND) == 0
    assert report(engine, codes(30_000, 30_003), SECOND) == 3
    assert len(rows(engine)) == MOST_VALUES + 1
    assert report(engine, [Drift("unknown_code", "status", "X", stream="rows")], SECOND) == 0


def test_an_object_keyed_by_identifiers_is_told_in_few_rows(engine: Engine):
    fields = {Drift("new_field", f"f{number}", stream="rows") for number in range(MOST_FIELDS + 10)}
    assert report(engine, fields) == 10
    found = [row["field"] for row in rows(engine)]
    assert len(found) == MOST_FIELDS + 1
    assert OTHERS in found


def test_a_personal_number_in_a_codes_place_is_masked(engine: Engine):
    report(engine, [Drift("unknown_code", "form", "19121212-1212", stream="rows")])
    assert "1212-1212" not in rows(engine)[0]["value"]
