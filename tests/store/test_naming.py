"""Finding which raw records name somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.model import Identifier
from hub.store import raw
from hub.store.engine import reading
from hub.store.naming import Somebody, count_owned, find_naming
from tests.runs.harness import ALFA, BETA, GAMMA, Bench, row, snapshot

PERSON = "person:0123456789abcdef0123"


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


def organisation(number: str) -> Somebody:
    found = Identifier.parse(number, country="SE")
    assert found is not None
    return Somebody(found.organisation_id, found.scheme, found.value)


def test_claims_and_payments_of_every_source_are_found_and_others_are_not(bench: Bench):
    bench.run(snapshot(row("a", number=BETA, name="B"), row("b", number=GAMMA, name="C")))
    bench.run(snapshot(row("p", number=BETA, name="B", paid="1.00")), source="other")
    one, other = raw.raw_id("fake", "rows", "a"), raw.raw_id("other", "rows", "p")
    with reading(bench.engine) as connection:
        assert find_naming(connection, organisation(BETA)) == {"fake": {one}, "other": {other}}
        assert find_naming(connection, organisation(BETA), "other") == {"other": {other}}
        assert find_naming(connection, organisation(ALFA)) == {"other": {other}}, "the buyer is named, too"
        assert count_owned(connection, [one, other]) == {"organisation_claim": 1, "payment": 1}


def test_what_is_retired_is_found(bench: Bench):
    bench.run(snapshot(row("a", number=BETA, name="B"), row("b", number=GAMMA, name="C")))
    bench.run(snapshot(row("b", number=GAMMA, name="C")))
    with reading(bench.engine) as connection:
        assert find_naming(connection, organisation(BETA)) == {"fake": {raw.raw_id("fake", "rows", "a")}}


def test_a_person_is_found_as_supplier_and_as_key(bench: Bench):
    bench.run(snapshot(row("p", number=PERSON, paid="1.00"), row("q", number=BETA, name="B", paid="2.00"),
                       row(PERSON, number=BETA, name="B", paid="3.00")))  # fmt: skip
    with reading(bench.engine) as connection:
        found = find_naming(connection, Somebody(pseudonym=PERSON))
    assert found == {"fake": {raw.raw_id("fake", "rows", "p"), raw.raw_id("fake", "rows", PERSON)}}


def test_a_quarantined_item_is_found_by_its_key(bench: Bench):
    bench.run([row(PERSON, fail="unreadable")])
    with reading(bench.engine) as connection:
        assert find_naming(connection, Somebody(pseudonym=PERSON)) == {"fake": {raw.raw_id("fake", "rows", PERSON)}}
