"""Opening the hub for one command: its settings, its logs, its database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the service is slow to import, and --help must not wait for it
    from hub.service import Hub
    from hub.store.engine import Connection

_at_end = ExitStack()


def open_hub(config_dir: Path | None, database: str | None) -> Hub:
    """The hub of an operator's folder, with its logs on standard error."""
    from hub.service import Hub

    return begin(Hub.open(config_dir, database=database))


def begin(hub: Hub) -> Hub:
    """Start the hub's logs, and have it closed when the command ends."""
    _at_end.callback(hub.close)
    start_logs(hub)
    return hub


def end() -> None:
    """Close what was opened."""
    _at_end.close()


def at_end(act: Callable[[], object]) -> None:
    """Have something done when the command ends."""
    _at_end.callback(act)


def start_logs(hub: Hub) -> None:
    """Log to what standard error is now: a progress display puts itself before it."""
    from hub.observe import configure

    configure(hub.settings.log.level, hub.settings.log.format, redactor=hub.redactor, stream=sys.stderr)


@contextmanager
def reading_hub(config_dir: Path | None, database: str | None) -> Iterator[Connection]:
    """A connection for reading the hub's database."""
    from hub.store.engine import reading

    hub = open_hub(config_dir, database)
    with reading(hub.engine) as connection:
        yield connection
