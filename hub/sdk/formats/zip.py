"""Zip archives, member by member: nothing is unpacked to disk, and no archive can fill memory or escape."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from hub.sdk.errors import ContractBroken

_SMALL: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What an archive may hold. Real registers compress about 1:10, repetitive tables up to 1:60."""

    members: int = 100_000
    total: int = 16 * 1024**3
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive; read ``stream`` before asking for the next one."""

    name: str
    size: int
    stream: BinaryIO


def zip_members(
    source: Path | BinaryIO,
    *,
    where: str = "",
    select: Callable[[str], bool] = lambda name: True,  # noqa: ARG005
    limits: ZipLimits = ZipLimits(),
) -> Iterator[Member]:
    """The archive's files in its own order, each as a stream of bytes.

    Raises :class:`ContractBroken` for what is no whole zip archive (cut off, damaged, encrypted) and for
    what no publisher needs: paths that leave the archive, links, more members, bytes or compression than
    ``limits``. ``select`` takes member names; every member is checked, selected or not.
    """
    where = where or (source.name if isinstance(source, Path) else "the archive")
    with _damage_explained(where):
        archive = zipfile.ZipFile(source)
    with archive:
        entries = archive.infolist()
        _check(entries, limits, where)
        budget = _Budget(limits.total, where)
        for entry in entries:
            if entry.is_dir() or not select(entry.filename):
                continue
            with _damage_explained(f"{where}, {entry.filename}"):
                inner = archive.open(entry)
            with io.BufferedReader(_Guarded(inner, budget, f"{where}, {entry.filename}")) as stream:
                yield Member(entry.filename, entry.file_size, stream)


def _check(entries: list[zipfile.ZipInfo], limits: ZipLimits, where: str) -> None:
    """Refuse by the archive's own table of contents, before anything is unpacked."""
    if len(entries) > limits.members:
        raise _broken(f"it has {len(entries):,} members, more than the {limits.members:,} allowed", where)
    total = sum(entry.file_size for entry in entries)
    if total > limits.total:
        raise _broken(f"it unpacks to {total:,} bytes, more than the {limits.total:,} allowed", where)
    for entry in entries:
        place = f"{where}, {entry.filename}"
        if leaves_archive(entry.filename):
            raise _broken("a member's path leads out of the archive", place)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _broken("a member is a link", place)
        if entry.flag_bits & _ENCRYPTED:
            raise _broken("the archive is encrypted", place)
        if entry.file_size > _SMALL and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise _broken(f"a member is compressed more than 1:{limits.ratio}, as only a bomb is", place)


def leaves_archive(name: str) -> bool:
    """Whether a member's name is absolute or climbs out with ``..``, in the way of any operating system."""
    parts = re.split(r"[/\\]", name)
    return not parts[0] or ".." in parts or re.match(r"[A-Za-z]:", name) is not None


class _Budget:
    """The bytes that may still be unpacked: the table of contents can lie, the bytes read cannot."""

    def __init__(self, total: int, where: str) -> None:
        self._left = total
        self._where = where

    def spend(self, number: int) -> None:
        self._left -= number
        if self._left < 0:
            raise _broken("the archive unpacks to more bytes than it says and than is allowed", self._where)


class _Guarded(io.RawIOBase):
    """A member's bytes, counted, with damage explained where it shows."""

    def __init__(self, inner: IO[bytes], budget: _Budget, where: str) -> None:
        self._inner = inner
        self._budget = budget
        self._where = where

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _damage_explained(self._where):
            data = self._inner.read(len(buffer))
        self._budget.spend(len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


@contextmanager
def _damage_explained(where: str) -> Iterator[None]:
    try:
        yield
    except NotImplementedError as error:
        raise _broken(f"the archive is packed in a way that cannot be read: {error}", where) from None
    except _DAMAGE as error:
        raise _broken(f"the zip archive is cut off, damaged, or no zip at all ({error})", where) from None


def _broken(reason: str, where: str) -> ContractBroken:
    return ContractBroken(reason, where=where, instruction="fetch the archive again; nothing was retired")
