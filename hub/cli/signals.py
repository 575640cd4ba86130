"""What SIGTERM and SIGINT do to a command that runs sources: the first lets it end well, the second ends it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_BY_SIGNAL: Final = 128
"""A shell's way to tell which signal ended a process, added to its number."""


@contextmanager
def stopped_by_signals(stop: Callable[[], object], what: str) -> Iterator[None]:
    """Call ``stop`` at the first signal, saying ``what`` happens now; a second one ends the process at once.

    What is then not committed is dropped; the next run goes on from the last commit.
    """
    asked = False

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(_BY_SIGNAL + number)
        asked = True
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, f"{what}; once more ends it at once\n".encode())
        # From another thread: this one may hold the very lock that an event needs to be set.
        threading.Thread(target=stop, name="stopping", daemon=True).start()

    former = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
