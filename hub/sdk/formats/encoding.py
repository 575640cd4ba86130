"""Which text encoding a file has, decided from the whole file in constant memory.

Publishers mix encodings: a file may be ASCII for its first megabytes and hold one cp1252 "ö" at its end, or be UTF-8
with a few cells pasted from elsewhere. So every byte is counted before the first row is read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

STRAY_BYTES: Final = "hub.stray-bytes"
"""Error handler for decoding: a byte that does not fit UTF-8 is read as cp1252, where such bytes come from."""

_CHUNK: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEQUENCE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH: Final = bytes(range(0x80, 0x100))
_NOT_CP1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_LEAD: Final = 0xC0


def _read_stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", errors="replace"), error.end


codecs.register_error(STRAY_BYTES, _read_stray)


def detect_encoding(path: Path) -> str:
    """The codec that reads the file: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``utf-16-le``, ``utf-16-be``, ``cp1252``
    or ``latin-1``.

    A byte-order mark decides. Without one, UTF-8 unless more bytes contradict it than sequences support it; then
    cp1252, or latin-1 when bytes occur that cp1252 leaves undefined. Raises ``OSError`` when the file cannot be read.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if wide := _utf_16_without_mark(start):
        return wide
    sequences = strays = 0
    defined = True
    for chunk in _chunks(path):
        if chunk.isascii():
            continue
        found = _SEQUENCE.findall(chunk)
        sequences += len(found)
        strays += len(chunk) - len(chunk.translate(None, _HIGH)) - sum(map(len, found))
        defined = defined and not _NOT_CP1252.search(chunk)
    if strays <= sequences:
        return "utf-8"
    return "cp1252" if defined else "latin-1"


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces that never cut a UTF-8 sequence in two."""
    with path.open("rb") as stream:
        held = b""
        while piece := stream.read(_CHUNK):
            chunk = held + piece
            cut = next((back for back in (1, 2, 3) if len(chunk) > back and chunk[-back] >= _LEAD), 0)
            held = chunk[len(chunk) - cut :]
            yield chunk[: len(chunk) - cut]
        yield held


def _utf_16_without_mark(start: bytes) -> str | None:
    """Text in the Latin alphabet as UTF-16 has a NUL in nearly every second byte; on which side tells the order."""
    half = len(start) // 2
    if half < 2:  # noqa: PLR2004 - nothing to judge by
        return None
    if start[1::2].count(0) > half * 0.7 and start[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if start[0::2].count(0) > half * 0.7 and start[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None
