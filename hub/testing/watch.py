"""Noticing what a pure function must not touch: files, the network, the clock, chance."""

from __future__ import annotations

import builtins
import io
import os
import random
import socket
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

# `datetime.now` is part of the interpreter and cannot be replaced; its results differ from call to call, and those of
# `date.today` from zone to zone.
_TOUCHABLE: Final[tuple[tuple[Any, str, str], ...]] = (
    (builtins, "open", "open()"),
    (io, "open", "a file"),
    (socket, "socket", "the network"),
    (socket, "create_connection", "the network"),
    (time, "time", "time.time()"),
    (time, "time_ns", "time.time_ns()"),
    (time, "monotonic", "time.monotonic()"),
    (time, "sleep", "time.sleep()"),
    (uuid, "uuid1", "uuid.uuid1()"),
    (uuid, "uuid4", "uuid.uuid4()"),
    (os, "urandom", "os.urandom()"),
    *((random, name, f"random.{name}()") for name in ("random", "randint", "choice", "shuffle", "sample", "uniform")),
)
_MAY: Final = frozenset({"logging", "zoneinfo", "importlib", "linecache", "traceback", "warnings"})
"""Libraries that a mapping may use and that read files or the clock for themselves: log records, time zones."""


@contextmanager
def watched(zone: str) -> Iterator[list[str]]:
    """What is touched while the block lasts, in words; local time is that of ``zone``."""
    touched: list[str] = []
    with ExitStack() as stack:
        for owner, name, said in _TOUCHABLE:
            stack.enter_context(patch.object(owner, name, _noticing(getattr(owner, name), said, touched)))
        stack.enter_context(_local_time(zone))
        yield touched


@contextmanager
def sleepless() -> Iterator[list[str]]:
    """Who sleeps while the block lasts, without being kept waiting: a connector has no business to."""
    slept: list[str] = []

    def sleep(seconds: float) -> None:
        slept.append(f"time.sleep({seconds}){_place()}")

    with patch.object(time, "sleep", sleep):
        yield slept


@contextmanager
def unsynced() -> Iterator[None]:
    """Do not wait for the disk: what is written is thrown away."""
    with patch.object(os, "fsync", lambda _file: None):
        yield


def _noticing(real: Callable[..., Any], said: str, touched: list[str]) -> Callable[..., Any]:
    def notice(*arguments: Any, **named: Any) -> Any:
        if not _is_allowed():
            touched.append(said + _place())
        return real(*arguments, **named)

    return notice


def _is_allowed() -> bool:
    frame = sys._getframe(2)  # noqa: SLF001 - the interpreter's own way to ask who calls
    while frame.f_back is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] in _MAY:
            return True
        frame = frame.f_back
    return False


def _place() -> str:
    frame = sys._getframe(2)  # noqa: SLF001 - as above
    return f" ({frame.f_globals.get('__name__', '?')}, line {frame.f_lineno})"


@contextmanager
def _local_time(zone: str) -> Iterator[None]:
    if not hasattr(time, "tzset"):  # Windows
        yield
        return
    with patch.dict(os.environ, {"TZ": zone}):
        time.tzset()
        yield
    time.tzset()
