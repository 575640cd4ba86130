from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from hub.archive import Segment, read_segment
from hub.sdk import RawRecord

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PAYLOADS = st.one_of(st.binary(), st.dictionaries(TEXT, TEXT))
RAWS = st.builds(RawRecord, stream=TEXT, key=TEXT, payload=PAYLOADS, scope=TEXT, origin=TEXT)


@given(st.lists(st.lists(RAWS, max_size=4), max_size=4))
def test_what_is_written_is_read_back(batches: list[list[RawRecord]]):
    with TemporaryDirectory() as folder:
        segment = Segment(Path(folder), "source", "run", "2026-01")
        positions = [segment.append([(raw, "hash") for raw in batch]) for batch in batches]
        segment.close()
        written = [raw for batch in batches for raw in batch]
        assert positions == [sum(map(len, batches[:index])) for index in range(len(batches))]
        if written:
            path = Path(folder) / segment.name
            assert [item.raw for item in read_segment(path, segment.byte_count)] == written
        else:
            assert not list(Path(folder).rglob("*.gz"))


def test_what_lies_beyond_the_committed_bytes_is_never_read(tmp_path: Path):
    segment = Segment(tmp_path, "source", "run", "2026-01")
    segment.append([(RawRecord("rows", "1", {"a": "1"}), "h")])
    committed = segment.byte_count
    segment.append([(RawRecord("rows", "2", {"a": "2"}), "h")])
    segment.close()
    path = tmp_path / segment.name
    path.write_bytes(path.read_bytes()[:-5])  # the process died while it wrote
    assert [item.raw.key for item in read_segment(path, committed)] == ["1"]
