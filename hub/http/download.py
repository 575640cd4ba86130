"""A large file onto disk: taken up again where it broke off, never larger than agreed, never half of it."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

import httpx

from hub.http.client import PoliteClient
from hub.http.conditional import CONDITIONAL
from hub.http.retry import RetryPolicy
from hub.sdk import SourceUnavailable

LIMIT: Final = 16 << 30
"""Bytes."""

_LARGER: Final = "see whether the address is right; the connector sets the limit"
_PROGRESS: Final = 1 << 20
"""Bytes that a connection must bring for the next one to count as a fresh start."""
_RANGE: Final = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")
_PREFIX: Final = "download-"
_STALE: Final = 24 * 3600.0
"""Seconds."""
_NAME: Final = re.compile(r"[^A-Za-z0-9._-]")
_POLICY: Final = RetryPolicy()


@contextmanager
def download(
    client: PoliteClient,
    folder: Path,
    url: str,
    *,
    limit: int = LIMIT,
    headers: Mapping[str, str] | None = None,
    conditional: bool = False,
    policy: RetryPolicy = _POLICY,
) -> Iterator[Path | None]:
    """The file at ``url`` in a folder of its own below ``folder``, deleted when the ``with`` block ends.

    ``limit`` is in bytes. Gives ``None`` for what did not change, when ``conditional``. Raises ``ContractBroken`` for a
    file above the limit, ``SourceUnavailable`` when ``policy.attempts`` connections in a row brought nothing worth
    counting, and what the client raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=_PREFIX, dir=folder) as own:
        # Readers look at the ending; the rest of the name is only for people.
        path = Path(own, _NAME.sub("_", Path(httpx.URL(url).path).name)[-80:].lstrip(".") or "file")
        part = path.with_name(path.name + ".part")
        transfer = _Transfer(client, url, limit, dict(headers or {}), conditional)
        with part.open("w+b") as file:
            changed = _fill(transfer, file, policy)
        if changed:
            part.rename(path)  # whoever sees the name sees the whole file
        yield path if changed else None


def sweep(folder: Path) -> None:
    """Delete what killed processes left in a folder of downloads: what has not grown for a day is nobody's."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # somebody else may have been faster
            touched = max(path.stat().st_mtime for path in (left, *left.iterdir()))
            if time.time() - touched > _STALE:
                shutil.rmtree(left)


def _fill(transfer: _Transfer, file: IO[bytes], policy: RetryPolicy) -> bool:
    clock, fruitless = transfer.client.clock, 0
    while True:
        before = file.tell()
        try:
            return transfer.run(file)
        except _BrokenOff as broken:
            fruitless = 1 if file.tell() - before >= _PROGRESS else fruitless + 1
            if fruitless >= policy.attempts:
                raise broken.error from None
        clock.sleep(policy.backoff(fruitless, clock.random()))


class _BrokenOff(Exception):
    """The body ended too early; what came is in the file."""

    def __init__(self, error: SourceUnavailable) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass
class _Transfer:
    client: PoliteClient
    url: str
    limit: int
    headers: dict[str, str]
    conditional: bool
    _validator: str = field(default="", init=False)

    def run(self, file: IO[bytes]) -> bool:
        """One connection's worth. False when nothing changed. Raises ``_BrokenOff`` when it may be taken up again."""
        have = file.tell()
        # Byte counts must mean bytes of the file, not of a compressed transfer of it.
        headers = {"Accept-Encoding": "identity", **self.headers}
        if have and self._validator:
            headers |= {"Range": f"bytes={have}-", "If-Range": self._validator}
        extensions = {CONDITIONAL: self.conditional and not have}
        with self.client.stream("GET", self.url, headers=headers, extensions=extensions) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and extensions[CONDITIONAL]:
                return False
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and have:
                _restart(file)
                raise _BrokenOff(self.client.failures.unavailable(response.request, "lost its place in the file"))
            response.raise_for_status()
            total = self._begin(response, file, have)
            self._receive(response, file, total)
        return True

    def _begin(self, response: httpx.Response, file: IO[bytes], have: int) -> int | None:
        """Where the body belongs, and how many bytes the whole file has, if that was told."""
        resumed = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status_code == httpx.codes.PARTIAL_CONTENT and (resumed is None or int(resumed[1]) != have):
            raise self.client.failures.broken(response.request, "sent another part of the file than was asked for")
        if resumed and response.status_code == httpx.codes.PARTIAL_CONTENT:
            if have and _strong_validator(response) not in {"", self._validator}:  # a host that ignores If-Range
                _restart(file)
                raise _BrokenOff(self.client.failures.unavailable(response.request, "the file changed meanwhile"))
            return int(resumed[2]) if resumed[2] != "*" else None
        _restart(file)
        self._validator = _strong_validator(response)
        length = response.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() and not _is_encoded(response) else None

    def _receive(self, response: httpx.Response, file: IO[bytes], total: int | None) -> None:
        failures, request = self.client.failures, response.request
        size = file.tell()
        too_large = failures.broken(request, f"the file has more than {self.limit} bytes", _LARGER)
        if total is not None and total > self.limit:
            raise too_large
        try:
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > self.limit:
                    raise too_large
                file.write(chunk)
        except SourceUnavailable as error:
            raise _BrokenOff(error) from None
        if total is not None and size != total:
            raise _BrokenOff(failures.unavailable(request, f"the file is cut short: {size} of {total} bytes"))


def _restart(file: IO[bytes]) -> None:
    file.seek(0)
    file.truncate()


def _is_encoded(response: httpx.Response) -> bool:
    return str(response.headers.get("Content-Encoding", "identity")).lower() != "identity"


def _strong_validator(response: httpx.Response) -> str:
    """What proves that a later part is of the same file; empty where one must start anew."""
    if _is_encoded(response):
        return ""
    etag = str(response.headers.get("ETag", ""))
    return etag if etag and not etag.startswith("W/") else str(response.headers.get("Last-Modified", ""))
