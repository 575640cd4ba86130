"""The files of one run: which of them make up a scope together, and what a file that cannot be read holds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from hub.sdk import Checkpoint, Complete, Context, FetchItem, RawRecord, Reject, SourceError
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.memory import Memory
from hub_xx_supplier_ledger.reader import STREAM, LedgerFile, LedgerReader
from hub_xx_supplier_ledger.tally import Tally


class Folder:
    """Reads every file twice: once to see where it belongs, once for its rows, scope by scope."""

    def __init__(self, ctx: Context[LedgerConfig], paths: Sequence[Path]) -> None:
        self._ctx = ctx
        self._paths = paths
        self._reader = LedgerReader(ctx)
        target = ctx.root / ctx.config.path
        self._memory = Memory(ctx.cursor, next(path for path in (target, *target.parents) if path.is_dir()))
        self._broken: list[SourceError] = []
        self._held: set[str] = set()
        """Scopes that lack a file in this run."""

    def read(self) -> Iterator[FetchItem]:
        """Everything of all files. Raises ``SourceError`` when not one of them can be read."""
        scopes: dict[str, list[LedgerFile]] = {}
        for path in self._paths:
            try:
                file = self._reader.look(path, self._memory.scopes(path))
            except SourceError as error:
                # It may hold rows of the scopes that it was part of. A new file has none there yet.
                yield self._reject(path, error, self._memory.scopes(path))
                self._memory.carry(path)
            else:
                yield from self._reader.drift(file.found)
                scopes.setdefault(file.scope, []).append(file)
                self._memory.keep(path, file.scope)
        for scope in sorted(scopes):
            yield from self._read_scope(scope, scopes[scope])
        if self._broken and len(self._broken) == len(self._paths):
            raise self._broken[0]
        for scope, name in self._memory.left():
            self._ctx.log.warning(
                "%s has no file any more (last time: %s). Its payments stay: if the file has another name or buyer now,"
                " they are counted twice.",
                scope,
                name,
            )
        yield Checkpoint(self._memory.cursor())

    def _read_scope(self, scope: str, files: Sequence[LedgerFile]) -> Iterator[FetchItem]:
        """The rows of a scope. Its files are told apart by nothing, so that their names and order do not matter."""
        if len(files) > 1:
            self._ctx.count("files_sharing_a_period", len(files) - 1)
            self._ctx.log.warning(
                "%s: %s are for the same buyer and period; all are counted. If one corrects another, remove the other;"
                " the next run then asks for `hub sync --accept-shrinking %s` if that takes many rows away.",
                scope,
                ", ".join(file.path.name for file in files),
                self._ctx.source_id,
            )
        tally = Tally()
        rows = 0
        for file in files:
            try:
                for item in self._reader.read(file, tally):
                    yield item
                    rows += isinstance(item, RawRecord)
            except SourceError as error:
                yield self._reject(file.path, error, {scope})
        if scope not in self._held:
            yield Complete(STREAM, scope, rows)

    def _reject(self, path: Path, error: SourceError, scopes: set[str]) -> Reject:
        self._broken.append(error)
        self._held |= scopes
        return Reject(
            STREAM,
            self._memory.name(path),
            f"{error.reason} → {error.instruction}",
            origin=error.where or path.name,
            whole=True,
        )
