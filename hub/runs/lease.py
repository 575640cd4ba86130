"""The right to run a source: one holder at a time, across processes and machines, for as long as it shows life.

The lease is the source's unfinished row in ``run`` (a unique index allows one). Its heartbeat is renewed with each
batch and, in between, from a thread of its own, so that a long download or wait does not look like a death. A holder
whose lease was taken away commits nothing more.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

from hub.sdk import HubError

SILENCE: Final = timedelta(minutes=15)
"""A run on another machine that has not shown a sign of life for so long is dead."""

LONG_SILENCE: Final = timedelta(hours=6)
"""The same for a run of this machine whose process number is in use."""

BEAT: Final = 30.0
"""Seconds between signs of life."""

Window = tuple[date, date]
"""Days of the past that a backfill reads: from the first up to, not including, the second."""

_THIS_PROCESS: Final = uuid4().hex[:8]
_log = logging.getLogger(__name__)


class AlreadyRunning(HubError):
    """Another run of the same source is at work."""


class NotDue(HubError):
    """A scheduled run is not to begin: somebody else has begun it, or the source was paused."""


class LeaseLost(HubError):
    """Somebody else declared this run dead; what it had not committed is dropped."""


class Stopped(HubError):
    """The process was asked to stop; what was read is committed and the next run goes on."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One run's hold on a source. ``seed`` is the name that ids of the source's records are made from."""

    source_id: str
    seed: str
    run_id: str
    number: int


def this_process() -> str:
    """Who we are, for the run's row: host, process, and a mark that no later process with that number has."""
    return f"{socket.gethostname()}:{os.getpid()}:{_THIS_PROCESS}"


def expires_at(owner: str, heartbeat_at: datetime) -> datetime:
    """When a run that stays silent from now on counts as dead."""
    here = owner.rsplit(":", 2)[0] == socket.gethostname()
    return heartbeat_at + (LONG_SILENCE if here else SILENCE)


def is_dead(owner: str, heartbeat_at: datetime, now: datetime) -> bool:
    """Whether a run's process is gone: one of this machine can be asked, one elsewhere has fallen silent."""
    host, pid, mark = owner.rsplit(":", 2)
    # Also a sign of life from the future: somebody's clock was wrong.
    silence = abs(now - heartbeat_at)
    if host != socket.gethostname():
        return silence > SILENCE
    if int(pid) == os.getpid():
        return mark != _THIS_PROCESS
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    # The number may belong to another program by now, after a restart of the machine.
    return silence > LONG_SILENCE


@contextmanager
def beating(beat: Callable[[], bool], lost: threading.Event, *, seconds: float = BEAT) -> Iterator[None]:
    """Show life while the block lasts. ``beat`` tells whether the lease is still ours; if not, ``lost`` is set."""
    over = threading.Event()

    def pulse() -> None:
        while not over.wait(seconds):
            try:
                if not beat():
                    lost.set()
                    return
            except Exception:  # noqa: BLE001 - the database may be away for a moment; the batches will tell
                _log.debug("no sign of life could be stored", exc_info=True)

    thread = threading.Thread(target=pulse, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
