from __future__ import annotations

import os
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.archive import Segment, cut, read_segment, write_without
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


def test_what_lies_beyond_the_committed_bytes_is_cut_off_and_a_shorter_file_stays(tmp_path: Path):
    segment = Segment(tmp_path, "source", "run", "2026-01")
    segment.append([(RawRecord("rows", "1", {"a": "1"}), "h")])
    segment.close()
    path, committed = tmp_path / segment.name, segment.byte_count
    assert not cut(path, committed)
    assert not cut(path, committed + 1)
    path.write_bytes(path.read_bytes() + b"tail")
    assert cut(path, committed)
    assert path.stat().st_size == committed


@pytest.mark.skipif(os.name != "posix", reason="folders cannot be synchronised there")
def test_the_name_of_a_new_file_is_durable_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settled: list[int] = []
    monkeypatch.setattr("os.fsync", lambda descriptor: settled.append(os.fstat(descriptor).st_ino))

    def folders() -> list[int]:
        found = [each for each in tmp_path.rglob("*") if stat.S_ISDIR(each.stat().st_mode)]
        return [each.stat().st_ino for each in (*found, tmp_path)]

    segment = Segment(tmp_path, "source", "run", "2026-01")
    segment.append([(RawRecord("rows", "1", {"a": "1"}), "h")])
    assert set(folders()) < set(settled)
    settled.clear()
    segment.append([(RawRecord("rows", "2", {"a": "2"}), "h")])
    assert not set(folders()) & set(settled)
    segment.close()
    path = tmp_path / segment.name
    write_without(path, segment.byte_count, {0}, path.with_name("anew"))
    assert path.parent.stat().st_ino in settled
