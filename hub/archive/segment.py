"""Writing and reading one segment."""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from hub.sdk.errors import HubError
from hub.sdk.events import RawRecord

_GZIP: Final = 31
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ArchivedRecord:
    """A raw record read back, with its hash."""

    raw: RawRecord
    raw_hash: str


class Segment:
    """A segment being written. Opened lazily: a run without news leaves no file."""

    def __init__(self, folder: Path, source_id: str, run_id: str, month: str) -> None:
        self.name = f"{source_id}/{month}/{run_id}.jsonl.gz"
        self._path = folder / self.name
        self._file: BinaryIO | None = None
        self.record_count = 0
        self.byte_count = 0

    def append(self, records: Sequence[tuple[RawRecord, str]]) -> int:
        """Write a batch durably; gives the position of its first record. Call it before the batch is committed."""
        first = self.record_count
        if not records:
            return first
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb")
        lines = b"".join(_encode(raw, raw_hash) for raw, raw_hash in records)
        member = gzip.compress(lines, compresslevel=3, mtime=0)
        self._file.write(member)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.record_count += len(records)
        self.byte_count += len(member)
        return first

    def close(self) -> None:
        """Close the file, if any was opened."""
        if self._file is not None:
            # What is committed was flushed to disk; a full disk may still refuse to close.
            with suppress(OSError):
                self._file.close()
            self._file = None


def read_segment(path: Path, byte_count: int) -> Iterator[ArchivedRecord]:
    """The records of a segment's committed part, in the order written."""
    with path.open("rb") as file:
        for line in _lines(file, byte_count):
            item = json.loads(line)
            payload: bytes | Mapping[str, Any]
            if "bytes" in item:
                payload = base64.b64decode(item["bytes"])
            else:
                payload = item["text"].encode() if "text" in item else item["row"]
            raw = RawRecord(item["stream"], item["key"], payload, item["scope"], item["origin"])
            yield ArchivedRecord(raw, item["hash"])


def _lines(file: BinaryIO, byte_count: int) -> Iterator[bytes]:
    """The lines in the first ``byte_count`` bytes, which end where a gzip member ends."""
    left, rest = byte_count, b""
    member = zlib.decompressobj(wbits=_GZIP)
    while left:
        data = file.read(min(left, _CHUNK))
        if not data:
            raise HubError("the archive segment is shorter than its committed part", where=file.name)
        left -= len(data)
        while data:
            *lines, rest = (rest + member.decompress(data)).split(b"\n")
            yield from lines
            data = member.unused_data
            if member.eof:
                member = zlib.decompressobj(wbits=_GZIP)


def _encode(raw: RawRecord, raw_hash: str) -> bytes:
    item: dict[str, Any] = {
        "stream": raw.stream,
        "key": raw.key,
        "scope": raw.scope,
        "origin": raw.origin,
        "hash": raw_hash,
    }
    if isinstance(raw.payload, bytes):
        try:
            item["text"] = raw.payload.decode()
        except UnicodeDecodeError:
            item["bytes"] = base64.b64encode(raw.payload).decode()
    else:
        item["row"] = raw.payload
    return json.dumps(item, ensure_ascii=False).encode() + b"\n"
