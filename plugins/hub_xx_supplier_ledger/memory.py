"""Which file belonged to which scope in the last run: what a file that cannot be read today has a part in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from hub.sdk import mask_person_numbers
from hub_xx_supplier_ledger.editions import plain_name

_FILES: Final = "files"


class Memory:
    """The files of the last run, from its checkpoint, and those of this one, for the next."""

    def __init__(self, cursor: Mapping[str, Any], folder: Path) -> None:
        files = cursor.get(_FILES)
        self._before: dict[str, str] = dict(files) if isinstance(files, Mapping) else {}
        self._now: dict[str, str] = {}
        self._folder = folder

    def name(self, path: Path) -> str:
        """The file's name, with the folders that a glob found it in, and without personal numbers."""
        inside = path.relative_to(self._folder).as_posix() if path.is_relative_to(self._folder) else path.name
        return mask_person_numbers(inside)[0]

    def scopes(self, path: Path) -> set[str]:
        """The scopes that the file, or another edition of it, was part of in the last run; none if it is new."""
        return {self._before[name] for name in self._editions(path)}

    def keep(self, path: Path, scope: str) -> None:
        """Remember a file that was read."""
        self._now[self.name(path)] = scope

    def carry(self, path: Path) -> None:
        """Go on remembering a file that was not: it may be unreadable for longer than one run."""
        self._now.update({name: self._before[name] for name in self._editions(path)})

    def left(self) -> Iterator[tuple[str, str]]:
        """Scopes that had files in the last run and have none now, each with the name of one."""
        gone = {scope: name for name, scope in self._before.items() if scope not in self._now.values()}
        yield from sorted(gone.items())

    def cursor(self) -> dict[str, Any]:
        """What the next run has to know."""
        return {_FILES: dict(sorted(self._now.items()))}

    def _editions(self, path: Path) -> list[str]:
        plain = plain_name(self.name(path))
        return [name for name in self._before if plain_name(name) == plain]
