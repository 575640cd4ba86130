"""Files that take their places together with a commit, or not at all."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Self

from hub.archive import settle
from hub.backup.file import copy


class Staging:
    """Files made ready beside their places. Leave the block without :meth:`keep`, and all is as it was."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(4)
        self._ready: list[tuple[Path, Path]] = []
        self._undo: list[tuple[Path, Path | None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for place, former in reversed(self._undo):
            place.unlink(missing_ok=True)
            if former is not None:
                former.rename(place)
        for draft, _ in self._ready:
            draft.unlink(missing_ok=True)

    def add(self, source: Path, place: Path, size: int) -> None:
        """Copy a file's first ``size`` bytes beside its place."""
        draft = place.with_name(f"{place.name}.restoring-{self._mark}")
        self._ready.append((draft, place))
        copy(source, draft, size)

    def put(self) -> None:
        """Put all files into their places. Call it last before the commit."""
        for draft, place in self._ready:
            former = None
            if place.exists():
                former = place.with_name(f"{place.name}.former-{self._mark}")
                place.rename(former)
                self._undo.append((place, former))
                draft.rename(place)
            else:
                draft.rename(place)
                self._undo.append((place, None))
        for folder in {place.parent for _, place in self._ready}:
            settle(folder)

    def keep(self) -> None:
        """The commit is done: forget what stood there before."""
        undo, self._undo, self._ready = self._undo, [], []
        for _, former in undo:
            if former is not None:
                with suppress(OSError):
                    former.unlink()
