"""A backup's files: for their owner alone, on the disk before they count, and known by their SHA-256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from hub.sdk import HubError

_CHUNK: Final = 1 << 20


class SealedFile:
    """A new file being written. ``size`` (bytes) and ``sha256`` (hexadecimal) are those of what was written."""

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write some bytes."""
        self._hash.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Hand what was written to the system."""
        self._file.flush()

    def close(self, *, durable: bool = True) -> None:
        """Close the file, on the disk if ``durable``."""
        if durable and not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()

    @property
    def sha256(self) -> str:
        """Of what was written so far."""
        return self._hash.hexdigest()


@contextmanager
def sealed(path: Path) -> Iterator[SealedFile]:
    """A new file that is on the disk when the block ends well."""
    file = SealedFile(path)
    whole = False
    try:
        yield file
        whole = True
    finally:
        file.close(durable=whole)


def copy(source: Path, target: Path, size: int) -> str:
    """Copy a file's first ``size`` bytes into a new one; gives their SHA-256. Raises ``HubError`` for a shorter one."""
    with source.open("rb") as read, sealed(target) as file:
        for data in _bytes(read, size):
            file.write(data)
        if file.size < size:
            raise HubError(f"{file.size} bytes are there of {size}", where=str(source))
        return file.sha256


def digest(path: Path, size: int) -> str | None:
    """The SHA-256 of a file's first ``size`` bytes; ``None`` when it is shorter, or not there."""
    if not path.is_file() or path.stat().st_size < size:
        return None
    found = hashlib.sha256()
    with path.open("rb") as file:
        for data in _bytes(file, size):
            found.update(data)
    return found.hexdigest()


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, for their owner alone."""
    for missing in reversed([each for each in (path, *path.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def _bytes(file: BinaryIO, size: int) -> Iterator[bytes]:
    left = size
    while left and (data := file.read(min(left, _CHUNK))):
        left -= len(data)
        yield data
