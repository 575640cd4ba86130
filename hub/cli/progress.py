"""How far a sync has come: bars on a terminal, otherwise a line now and then, never silence."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from hub.cli.console import console, number

SILENCE: Final = 30.0
"""Seconds between lines when there is no terminal to draw on."""


class Reporter(Protocol):
    """Takes a source's progress, and its end."""

    def __call__(self, source: str, done: int, total: int | None, what: str) -> None:
        """``done`` of ``total``, at ``what``."""

    def finished(self, source: str, outcome: str) -> None:
        """The source is through."""


@contextmanager
def reporting(sources: int, *, quiet: bool = False) -> Iterator[Reporter]:
    """A reporter for some sources, drawing on standard error while it lasts."""
    if quiet or not sys.stderr.isatty():
        yield Lines(sources)
        return
    with _bars() as bars:
        yield Bars(bars, sources)


@contextmanager
def working() -> Iterator[Callable[[str, int, int | None], None]]:
    """Takes the name of what is being worked on, how much of it is done, and of how much, while it lasts."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    with _bars() as bars:
        at_work: dict[str, Any] = {}

        def tell(name: str, done: int, total: int | None) -> None:
            if name not in at_work:
                for former in at_work.values():
                    bars.remove_task(former)
                at_work.clear()
                at_work[name] = bars.add_task(name, total=total, what="")
            bars.update(at_work[name], completed=done, total=total, what=number(done))

        yield tell


class _Lines:
    """A line per half a minute."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def tell(self, name: str, done: int, total: int | None) -> None:
        if time.monotonic() - self._last < SILENCE:
            return
        self._last = time.monotonic()
        sys.stderr.write(f"{name}: {number(done)}{f' of {number(total)}' if total else ''}\n")
        sys.stderr.flush()


class Lines:
    """One line per half a minute."""

    def __init__(self, sources: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._sources = sources
        self._ended = 0
        self._clock = clock
        self._last = clock()

    def __call__(self, source: str, done: int, total: int | None, what: str) -> None:
        if self._clock() - self._last < SILENCE:
            return
        self._last = self._clock()
        of = f" of {number(total)}" if total else ""
        at = f" ({what})" if what else ""
        sys.stderr.write(f"{source}: {number(done)}{of} read{at}; source {self._ended + 1} of {self._sources}\n")
        sys.stderr.flush()

    def finished(self, source: str, outcome: str) -> None:
        self._ended += 1


class Bars:
    """A bar per source that is at work, and one for them all."""

    def __init__(self, bars: Any, sources: int) -> None:
        self._bars = bars
        self._all = bars.add_task("all sources", total=sources, what="")
        self._current: dict[str, Any] = {}

    def __call__(self, source: str, done: int, total: int | None, what: str) -> None:
        if source not in self._current:
            self._current[source] = self._bars.add_task(source, total=total, what="")
        task = self._current[source]
        # A report of stored records carries no total: the bar keeps the one it has.
        if total is None and (known := self._bars.tasks[self._bars.task_ids.index(task)].total) is not None:
            done, total = min(done, int(known)), int(known)
        self._bars.update(task, completed=done, total=total, what=what or f"{number(done)} read")

    def finished(self, source: str, outcome: str) -> None:
        if source in self._current:
            self._bars.remove_task(self._current.pop(source))
        self._bars.advance(self._all)


def _bars() -> Any:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", style="bold"),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[what]}", style="dim"),
        TimeElapsedColumn(),
        console=console(error=True),
        transient=True,
    )
