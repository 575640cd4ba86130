"""A day's package: a tar.gz of all notices of one issue, read in one pass and one notice at a time."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from hub.sdk import ContractBroken
from hub.sdk.formats.xml import XML_LIMIT
from hub.sdk.formats.zip import leaves_archive

_MEMBERS: Final = 100_000
_RATIO: Final = 100
"""Packed to unpacked; real packages have 1:10."""
_SMALL: Final = 1 << 20
_MEMBER: Final = re.compile(r"(?:.*/)?0*(\d{1,8})_(\d{4})\.xml", re.IGNORECASE)
_DAMAGE: Final = (tarfile.TarError, zlib.error, EOFError, OSError)


class Member(NamedTuple):
    """One notice in the package."""

    name: str
    data: bytes


def publication_of(member: str) -> str | None:
    """The publication number that a member's name tells: 497414-2024 from ``20240813_157/00497414_2024.xml``."""
    match = _MEMBER.fullmatch(member)
    return f"{int(match[1])}-{match[2]}" if match else None


def members(path: Path, select: Callable[[str], bool] = lambda name: True) -> Iterator[Member]:  # noqa: ARG005
    """The package's XML files that ``select`` takes by their names, in its order.

    Raises :class:`ContractBroken` for what is cut off, damaged or no tar.gz, and for what no package needs: links,
    paths that lead out, more members, bytes or compression than the limits.
    """
    try:
        # gzip's own reader notices a file that is cut off; tarfile's would take it for the end.
        with gzip.open(path) as unpacked, tarfile.open(fileobj=_Counted(unpacked, path), mode="r|") as archive:
            for count, entry in enumerate(archive, start=1):
                _check(entry, count, path.name)
                if not entry.isreg() or not entry.name.lower().endswith(".xml") or not select(entry.name):
                    continue
                stream = archive.extractfile(entry)
                yield Member(entry.name, stream.read() if stream else b"")
    except _DAMAGE as error:
        message = f"the package is cut off, damaged, or no tar.gz at all ({error})"
        raise _broken(message, path.name) from None


def _check(entry: tarfile.TarInfo, count: int, package: str) -> None:
    place = f"{package}, {entry.name}"
    if count > _MEMBERS:
        raise _broken(f"it has more than {_MEMBERS:,} members", package)
    if leaves_archive(entry.name):
        raise _broken("a member's path leads out of the package", place)
    if not entry.isreg() and not entry.isdir():
        raise _broken("a member is a link or a device", place)
    if entry.size > XML_LIMIT:
        raise _broken(f"a member has more than {XML_LIMIT:,} bytes", place)


class _Counted(io.RawIOBase):
    """The unpacked bytes, counted: what expands without end is no package."""

    def __init__(self, stream: gzip.GzipFile, path: Path) -> None:
        super().__init__()
        self._stream = stream
        self._left = _SMALL + _RATIO * path.stat().st_size
        self._name = path.name

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise _broken(f"it is compressed more than 1:{_RATIO}, as only a bomb is", self._name)
        return data


def _broken(reason: str, where: str) -> ContractBroken:
    return ContractBroken(reason, where=where, instruction="fetch the package again; nothing was retired")
