"""Writing and reading one segment."""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from hub.sdk.errors import HubError
from hub.sdk.events import RawRecord

_GZIP: Final = 31
_CHUNK: Final = 1 << 16
_MEMBER: Final = 4 << 20
"""Bytes of lines in one gzip member of a segment that is written anew."""
_ERASED: Final = b"null"
"""Stands where a record was, so that those after it keep their positions."""


@dataclass(frozen=True, slots=True)
class ArchivedRecord:
    """A raw record read back, with its hash."""

    raw: RawRecord
    raw_hash: str


class Segment:
    """A segment being written. Opened lazily: a run without news leaves no file."""

    def __init__(self, folder: Path, source_id: str, run_id: str, month: str) -> None:
        self.name = f"{source_id}/{month}/{run_id}.jsonl.gz"
        self._folder = folder
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
            for folder in (self._path.parent, self._path.parent.parent, self._folder):
                settle(folder)
        lines = b"".join(_encode(raw, raw_hash) for raw, raw_hash in records)
        member = _member(lines)
        self._file.write(member)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.record_count += len(records)
        self.byte_count += len(member)
        return first

    def go_on_in(self, name: str, byte_count: int) -> None:
        """Go on behind the ``byte_count`` bytes of another file, which has taken the place of this one."""
        self.close()
        self.name, self._path, self.byte_count = name, self._folder / name, byte_count
        self._file = self._path.open("ab")

    def close(self) -> None:
        """Close the file, if any was opened."""
        if self._file is not None:
            # What is committed was flushed to disk; a full disk may still refuse to close.
            with suppress(OSError):
                self._file.close()
            self._file = None


def read_segment(path: Path, byte_count: int) -> Iterator[ArchivedRecord]:
    """The records of a segment's committed part, in the order written."""
    return (record for _, record in read_positions(path, byte_count) if record is not None)


def read_positions(path: Path, byte_count: int) -> Iterator[tuple[int, ArchivedRecord | None]]:
    """What stands at each position of a segment's committed part; ``None`` where nothing does any more."""
    with path.open("rb") as file:
        for position, line in enumerate(_lines(file, byte_count)):
            yield position, _decode(line)


def find_positions(path: Path, byte_count: int, wanted: Callable[[str, str], bool]) -> Iterator[tuple[int, bytes]]:
    """Where in a segment's committed part records stand whose stream and key are ``wanted``, and the line there.

    Raises ``HubError`` when it cannot be read.
    """
    with path.open("rb") as file:
        try:
            for position, line in enumerate(_lines(file, byte_count)):
                head = _HEAD.decode(line)
                if head is not None and wanted(head.stream, head.key):
                    yield position, line
        except (zlib.error, msgspec.DecodeError):
            raise HubError(
                "the archive segment is damaged",
                where=str(path),
                instruction="restore the file from a backup; or delete it, and the next sync maps its records anew",
            ) from None


def write_without(path: Path, byte_count: int, positions: Collection[int], target: Path) -> int:
    """Write a segment's committed part durably into a new file, with nothing at some positions; gives its bytes."""
    size, lines, held = 0, bytearray(), os.open(target, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with path.open("rb") as file, os.fdopen(held, "wb") as out:
        for position, line in enumerate(_lines(file, byte_count)):
            lines += (_ERASED if position in positions else line) + b"\n"
            if len(lines) >= _MEMBER:
                size += out.write(_member(lines))
                lines.clear()
        if lines:
            size += out.write(_member(lines))
        out.flush()
        os.fsync(out.fileno())
    settle(target.parent)
    return size


def cut(path: Path, byte_count: int) -> bool:
    """Drop what stands behind a segment's committed part; gives whether there was anything.

    Not of a segment that somebody may be writing.
    """
    if path.stat().st_size <= byte_count:
        return False
    with path.open("r+b") as file:
        file.truncate(byte_count)
        os.fsync(file.fileno())
    return True


class _Head(msgspec.Struct):
    """What names a record: all that is decoded to find one."""

    stream: str
    key: str


_HEAD: Final = msgspec.json.Decoder(_Head | None)


def settle(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _member(lines: bytes | bytearray) -> bytes:
    return gzip.compress(lines, compresslevel=3, mtime=0)


def _decode(line: bytes) -> ArchivedRecord | None:
    item = json.loads(line)
    if item is None:
        return None
    payload: bytes | Mapping[str, Any]
    if "bytes" in item:
        payload = base64.b64decode(item["bytes"])
    else:
        payload = item["text"].encode() if "text" in item else item["row"]
    raw = RawRecord(item["stream"], item["key"], payload, item["scope"], item["origin"])
    return ArchivedRecord(raw, item["hash"])


def count_records(path: Path, byte_count: int) -> int:
    """How many records a segment's committed part holds. Raises ``HubError`` when it cannot be unpacked."""
    with path.open("rb") as file:
        try:
            return sum(1 for _ in _lines(file, byte_count))
        except zlib.error:
            raise HubError("the archive segment cannot be unpacked", where=str(path)) from None


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
