"""The files of one run: which of them make up a scope together, and what a file that cannot be read holds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from hub.sdk import Checkpoint, Complete, Context, ContractBroken, FetchItem, RawRecord, Reject, SourceError
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.memory import Memory
from hub_xx_supplier_ledger.overlap import Overlap, held_months
from hub_xx_supplier_ledger.reader import STREAM, LedgerFile, LedgerReader
from hub_xx_supplier_ledger.tally import Tally


class Folder:
    """Reads every file twice: once to see where it belongs, once for its rows, scope by scope."""

    def __init__(self, ctx: Context[LedgerConfig], paths: Sequence[Path], root: Path) -> None:
        """``root`` is the folder that the files' names start from."""
        self._ctx = ctx
        self._paths = paths
        self._reader = LedgerReader(ctx)
        self._memory = Memory(ctx.cursor, root)
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
        held = {scope: _months(scope, files) for scope, files in scopes.items()}
        overlap = Overlap(held, self._memory.stored(scopes))
        for scope in sorted(scopes):
            if coarser := overlap.told_by(scope):
                yield from self._refuse(scope, scopes[scope], coarser)
                continue
            elsewhere = overlap.elsewhere(scope)
            yield from self._read_scope(scope, scopes[scope], elsewhere)
            self._memory.holds(scope, held[scope] - elsewhere.keys())
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

    def _read_scope(self, scope: str, files: Sequence[LedgerFile], elsewhere: dict[str, str]) -> Iterator[FetchItem]:
        """The rows of a scope. Its files are told apart by nothing, so that their names and order do not matter.

        Rows of months in ``elsewhere`` belong to a finer scope. If that has files they tell those rows; if it has
        none any more, these rows are its newest edition and replace what it held.
        """
        if len(files) > 1:
            self._tell_sharing(scope, files)
        tally = Tally()
        filled = {
            finer for finer in elsewhere.values() if finer not in self._memory.present() and finer not in self._held
        }
        rows = Counter({scope: 0})
        place = {month: finer if finer in filled else "" for month, finer in elsewhere.items()}
        for file in files:
            try:
                for item in self._reader.read(file, tally, place):
                    yield item
                    if isinstance(item, RawRecord):
                        rows[item.scope] += 1
            except SourceError as error:
                yield self._reject(file.path, error, {scope, *filled})
        self._tell_overlap(scope, elsewhere, filled)
        for name, count in rows.items():
            if name not in self._held:
                yield Complete(STREAM, name, count)

    def _tell_sharing(self, scope: str, files: Sequence[LedgerFile]) -> None:
        self._ctx.count("files_sharing_a_period", len(files) - 1)
        self._ctx.log.warning(
            "%s: %s are for the same buyer and period; all are counted. If one corrects another, remove the other;"
            " the next run then asks for `hub sync --accept-shrinking %s` if that takes many rows away.",
            scope,
            ", ".join(file.path.name for file in files),
            self._ctx.source_id,
        )

    def _tell_overlap(self, scope: str, elsewhere: dict[str, str], filled: set[str]) -> None:
        if present := sorted({finer for finer in elsewhere.values() if finer not in filled}):
            self._ctx.log.warning(
                "%s overlaps %s: rows of those months are taken from the files of the shorter periods and left out of"
                " the longer one, so that nothing is counted twice.",
                scope,
                ", ".join(present),
            )
        if filled:
            self._ctx.log.warning(
                "%s also tells %s, whose own files are gone: its rows replace what they held.",
                scope,
                ", ".join(sorted(filled)),
            )

    def _refuse(self, scope: str, files: Sequence[LedgerFile], coarser: str) -> Iterator[Reject]:
        """A month whose year is stored, from a file that is gone: nothing could take its rows out of the year."""
        for file in files:
            self._memory.drop(file.path)
            yield self._reject(
                file.path,
                ContractBroken(
                    f"{scope} is already counted in {coarser}, whose file is no longer there",
                    where=file.path.name,
                    instruction="lay the file of the longer period beside it, or load a new one that has this period",
                ),
                {scope},
            )

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


def _months(scope: str, files: Sequence[LedgerFile]) -> set[str]:
    together: Counter[str] = Counter()
    for file in files:
        together.update(file.found.months)
    return held_months(scope, together)
