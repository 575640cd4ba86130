from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.pipeline.fingerprint import raw_hash
from hub.pipeline.normalise import normalise
from hub.sdk import Drift, Identifier, Mention, Organisation, RawRecord, Record, RecordRejected

RAW = RawRecord("rows", "1", {"b": "2", "a": "1"}, scope="all", origin="file.csv:7")
ALFA = Organisation(identifier=Identifier(scheme="SE-ON", value="5560125790"), name="Alfa")


def test_records_and_drift_are_told_apart():
    def mapping(raw: RawRecord) -> Iterator[Record | Drift]:
        yield ALFA
        yield Drift("new_field", "c")

    found = normalise(mapping, RAW)
    assert (found.records, found.drift) == ([ALFA], [Drift("new_field", "c", stream="rows")])


def rejecting(error: Exception):
    def mapping(raw: RawRecord) -> Iterator[Record | Drift]:
        yield ALFA
        raise error

    return mapping


@pytest.mark.parametrize(
    ("error", "reason", "field"),
    [
        (RecordRejected("no such date", field="datum", where="file.csv:7"), "no such date", "datum"),
        (RecordRejected("no such date", where="lot 3", instruction="ask"), "lot 3: no such date → ask", ""),
        (ValueError("quotes data"), "the connector failed with ValueError", ""),
    ],
)
def test_an_item_is_stored_whole_or_not_at_all(error: Exception, reason: str, field: str):
    found = normalise(rejecting(error), RAW)
    assert found.records == []
    assert found.rejection is not None
    assert found.rejection.reason.startswith(reason)
    assert found.rejection.field == field
    assert "quotes data" not in found.rejection.reason


def test_a_record_that_breaks_the_model_names_the_field():
    def mapping(raw: RawRecord) -> Iterator[Record | Drift]:
        yield ALFA.model_copy(update={"name": Mention(name="x", country="SE", pseudonym="person:1").name})

    found = normalise(mapping, RAW)
    assert found.rejection is not None
    assert "Mention" in found.rejection.reason


def test_the_hash_sees_content_and_scope_and_nothing_else():
    same = RawRecord("other", "2", {"a": "1", "b": "2"}, scope="all", origin="elsewhere")
    assert raw_hash(RAW) == raw_hash(same)
    assert raw_hash(RAW) != raw_hash(RawRecord("rows", "1", {"a": "1", "b": "2"}, scope="part"))
    assert raw_hash(RAW) != raw_hash(RawRecord("rows", "1", {"a": "1", "b": "3"}, scope="all"))
