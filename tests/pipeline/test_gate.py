from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.model.person import contains_person_number, is_pseudonym
from hub.pipeline.gate import Gate
from hub.sdk import Checkpoint, Complete, Drift, FetchItem, RawRecord, Reject
from tests.model.test_person import person_numbers

KEY = b"k" * 32
LEAVES = st.one_of(
    st.none(), st.integers(), st.text(), person_numbers(), person_numbers().map(lambda n: f"nr {n}, tack")
)
ROWS = st.dictionaries(
    st.text(max_size=5), st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3), max_leaves=6), max_size=6
)


def without_persons(item: FetchItem, key: bytes, **options: bool) -> tuple[FetchItem, int]:
    gate = Gate(key)
    return gate(item, **options), gate.masked


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else []


@given(ROWS)
def test_no_personal_number_passes_at_any_depth(row: dict[str, object]):
    cleaned, count = without_persons(RawRecord("rows", "1", row), KEY)
    assert not [text for text in strings(cleaned.payload) if contains_person_number(text)]
    assert (count == 0) == (cleaned.payload == row)


def test_documents_are_searched_as_text_and_otherwise_left_alone():
    document = "<a>Åsa 800101-1231</a>".encode()
    cleaned, count = without_persons(RawRecord("notices", "1", document), KEY)
    assert (cleaned.payload, count) == ("<a>Åsa [personnummer]</a>".encode(), 1)
    wide = "<a>８００１０１-１２３１</a>".encode()
    assert without_persons(RawRecord("notices", "1", wide), KEY)[0].payload == b"<a>[personnummer]</a>"
    raw = RawRecord("notices", "1", b"\xff\xfe\x00")
    assert without_persons(raw, KEY) == (raw, 0)


def test_a_key_stays_unique_under_a_pseudonym_and_its_origin_is_masked():
    cleaned, count = without_persons(RawRecord("rows", "800101-1231", {}, origin="800101-1231.csv:1"), KEY)
    assert is_pseudonym(cleaned.key)
    assert (cleaned.origin, count) == ("[personnummer].csv:1", 2)


def test_nothing_else_that_a_connector_yields_carries_a_person():
    number = "800101-1231"
    items: list[FetchItem] = [
        RawRecord("rows", "1", {number: 8001011231}, scope=f"Kalle {number}"),
        Reject("rows", f"Faktura {number}.pdf", f"bad {number}", f"{number}.csv", number, number),
        Complete("rows", f"Kalle {number}", 1),
        Checkpoint({"files": {f"{number}.csv": number}}),
        Drift("new_field", number, number),
    ]
    cleaned = [without_persons(item, KEY)[0] for item in items]
    assert "1231" not in repr(cleaned)
    record, _, complete, *_ = cleaned
    assert isinstance(record, RawRecord)
    assert isinstance(complete, Complete)
    assert record.scope == complete.scope


def test_public_numbers_may_look_like_persons():
    raw = RawRecord("notices", "340663-2020", b"", origin="340663-2020.xml")
    assert contains_person_number(raw.key)
    assert without_persons(raw, KEY, public_keys=True) == (raw, 0)
