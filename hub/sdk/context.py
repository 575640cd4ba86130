"""What a connector is handed for one run."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from hub.model.person import pseudonym
from hub.sdk.errors import ConfigError, SourceUnavailable

if TYPE_CHECKING:
    import httpx

ConfigT = TypeVar("ConfigT")


@dataclass(frozen=True)
class Context(Generic[ConfigT]):
    """One run of one source.

    ``cursor`` is the last committed checkpoint, read-only. ``window`` is set in a backfill: from its first day up to,
    not including, its last. ``now`` is the run's start (UTC) and does not move. ``root`` is the folder that relative
    paths start from: the config folder's parent. ``lookback`` is how far a timestamp cursor reaches back behind what
    was read, as the operator says (see :class:`hub.sdk.watermark.Watermark`).
    """

    source_id: str
    config: ConfigT
    now: datetime
    root: Path
    pseudonym_key: bytes = field(repr=False)
    cursor: Mapping[str, Any] = field(default_factory=dict)
    window: tuple[date, date] | None = None
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("hub.source"))
    client: httpx.Client | None = None
    spool: Callable[..., AbstractContextManager[Path | None]] | None = None
    watch: Callable[[str], Iterable[str]] = lambda scheme: ()  # noqa: ARG005
    resume: Callable[[str, str, str], Mapping[str, Any]] = lambda stream, scope, version: {}  # noqa: ARG005
    lookback: timedelta | None = None
    on_progress: Callable[[int, int | None, str], None] = lambda done, total, what: None  # noqa: ARG005
    counts: Counter[str] = field(default_factory=Counter)
    _marks: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What watermarks have put into the cursor in this run, so that none of them undoes another's."""

    @property
    def http(self) -> httpx.Client:
        """The HTTP client. It waits its turn, asks again and logs in by itself; a connector only says what it wants.

        - ``raise_for_status()`` and everything that goes wrong on the way raise a ``SourceError``, never httpx's own.
        - ``extensions={"hub.safe": True}`` marks a POST that does no harm when it is sent twice, as a search.
        - ``extensions={"hub.conditional": True}`` asks only for what changed since the last complete run: when
          ``status_code`` is 304 nothing did, the body is empty, and the connector yields nothing for it.
        - Answers above 256 MB are refused: use ``download``.
        """
        if self.client is None:
            raise self._only_files()
        return self.client

    def download(
        self, url: str, *, limit: int = 16 << 30, headers: Mapping[str, str] | None = None, conditional: bool = False
    ) -> AbstractContextManager[Path | None]:
        """A large file, whole, on disk for as long as the ``with`` block lasts.

        A download that breaks off is taken up where it stood. ``None`` when ``conditional`` and nothing changed since
        the last complete run. Raises ``SourceUnavailable``, or ``ContractBroken`` for a file of more than ``limit``
        bytes.
        """
        if self.spool is None:
            raise self._only_files()
        return self.spool(url, limit=limit, headers=headers, conditional=conditional)

    def _only_files(self) -> ConfigError:
        message = "this source is read from files only: it has no HTTP client"
        return ConfigError(message, where=self.source_id, instruction="set `path` in the source's [config]")

    def position(self, stream: str, scope: str, version: str = "") -> Mapping[str, Any]:
        """Where an earlier run broke off in reading this scope; empty to begin at its beginning.

        It is the last ``Checkpoint`` with this stream and scope, if that was of the same ``version``. Go on right
        behind it: what came before is stored and counts for the scope's ``Complete``. A payload that has changed since
        is read from its beginning, and what is missing in it then is retired as ever.
        """
        return self.resume(stream, scope, version)

    def person(self, value: str) -> str:
        """The keyed pseudonym of a natural person's number; put it where the number stood and drop name and address."""
        self.counts["persons"] += 1
        return pseudonym(value, self.pseudonym_key)

    def watched(self, scheme: str) -> Iterable[str]:
        """Identifiers of that scheme that the hub cares about: suppliers, flagged and reviewed organisations."""
        return self.watch(scheme)

    def progress(self, done: int, total: int | None = None, what: str = "") -> None:
        """Tell how far the run has come, in raw records or bytes; cheap enough to call for every file."""
        self.on_progress(done, total, what)

    def count(self, what: str, number: int = 1) -> None:
        """Count something worth a line in the run's summary, such as rows of natural persons that were dropped."""
        self.counts[what] += number

    def files(self, path: str) -> list[Path]:
        """The files that a ``path`` setting means: a file, a folder (all its files, not hidden ones) or a glob.

        Sorted by path, so that a run reads them in a defined order. Raises ``SourceUnavailable`` when there is none.
        """
        where = f"sources/{self.source_id}.toml, config.path"
        if not path.strip() or "\0" in path:
            raise ConfigError("`path` names no file", where=where, instruction="write a file, a folder or a glob")
        target = self.root / path
        if target.is_file():
            return [target]
        if target.is_dir():
            # What the hub answered to whoever dropped a file stands beside it, and is no data.
            found = [
                file
                for file in target.iterdir()
                if file.is_file() and not file.name.startswith(".") and not file.name.endswith(".svar.html")
            ]
        else:
            anchor = Path(target.anchor)
            try:
                found = [file for file in anchor.glob(str(target.relative_to(anchor))) if file.is_file()]
            except ValueError as error:
                raise ConfigError(f"{path!r} is no glob: {error}", where=where) from None
        if not found:
            message = f"no file at {path!r}"
            raise SourceUnavailable(message, where=where)
        return sorted(found)
