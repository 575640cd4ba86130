"""What a connector is tried on: a small source, and what its author knows about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.sdk import RawRecord
from hub.testing.server import TestServer

Play = Callable[[TestServer], None]
Config = Mapping[str, Any] | Callable[[TestServer], Mapping[str, Any]]


@dataclass(frozen=True)
class Fixture:
    """A source to try a connector on: a dozen records are enough, thousands make the suite slow.

    ``config`` is the ``[config]`` table of a source file; secrets in it are values, not references. Paths start from
    ``root``. For a source on the web ``site`` plays the publisher on a ``TestServer``, and ``config`` is a function of
    that server. The site is set up anew for each run; a request that is sent again must be answered as before, and any
    secret must be taken.

    What the suite cannot know:

    - ``unknown``: puts an element ``hub_unknown_field`` into a raw record, for payloads that are bytes. A mapping gets
      a field of that name without being asked.
    - ``unknown_file``: puts it into the files of a copy of ``root``, for connectors that report unknown columns when
      they read a file's header. ``add_column`` does it for a CSV file.
    - ``reordered``: changes the order of the rows in the files of a copy of ``root``; see ``reverse_rows``.
    - ``personal``: numbers and names of persons that stand in the source. They must be stored and shown nowhere.
    - ``without``: promises that do not hold here, each with the reason; they are reported as skipped. Names are those
      of ``PROMISES``.
    - ``import_seconds``: how long importing the connector may take, beyond importing ``hub.sdk``.
    """

    name: str
    config: Config = field(default_factory=dict)
    root: Path = field(default_factory=Path)
    _: KW_ONLY
    site: Play | None = None
    unknown: Callable[[RawRecord], RawRecord] | None = None
    unknown_file: Callable[[Path], None] | None = None
    reordered: Callable[[Path], None] | None = None
    personal: tuple[str, ...] = ()
    without: Mapping[str, str] = field(default_factory=dict)
    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    import_seconds: float = 1.0
