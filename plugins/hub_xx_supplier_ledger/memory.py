"""Which file belonged to which scope in the last run: what a file that cannot be read today has a part in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from hub.sdk import mask_person_numbers
from hub_xx_supplier_ledger.editions import plain_name
from hub_xx_supplier_ledger.overlap import span

_FILES: Final = "files"
_MONTHS: Final = "months"
_STORED: Final = "stored"


class Memory:
    """The files of the last run, from its checkpoint, and those of this one, for the next.

    Also the scopes that have payments and no file any more (files are moved away once they are loaded), and which
    months the scopes of longer periods hold: a month that comes later must not be counted beside its year.
    """

    def __init__(self, cursor: Mapping[str, Any], folder: Path) -> None:
        self._before: dict[str, str] = _mapping(cursor, _FILES)
        self._months: dict[str, list[str]] = _mapping(cursor, _MONTHS)
        self._stored = {*self._before.values(), *cursor.get(_STORED, ())}
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

    def drop(self, path: Path) -> None:
        """Forget a file that was looked at and left out."""
        self._now.pop(self.name(path), None)

    def carry(self, path: Path) -> None:
        """Go on remembering a file that was not: it may be unreadable for longer than one run."""
        self._now.update({name: self._before[name] for name in self._editions(path)})

    def holds(self, scope: str, months: Collection[str]) -> None:
        """Remember the months that a scope holds now, where they do not follow from its name."""
        if len(span(scope)) > 1:
            self._months[scope] = sorted(months)
        self._stored.add(scope)

    def stored(self, present: Collection[str]) -> dict[str, Collection[str]]:
        """The scopes with payments of earlier runs and no file in this one, by the months that they hold."""
        return {scope: self._months.get(scope, span(scope)) for scope in sorted(self._stored - set(present))}

    def present(self) -> set[str]:
        """The scopes that have files in this run, those included that could not be read."""
        return set(self._now.values())

    def left(self) -> Iterator[tuple[str, str]]:
        """Scopes that had files in the last run and have none now, each with the name of one."""
        gone = {scope: name for name, scope in self._before.items() if scope not in self._now.values()}
        yield from sorted(gone.items())

    def cursor(self) -> dict[str, Any]:
        """What the next run has to know."""
        stored = sorted(scope for scope in self._stored - set(self._now.values()) if span(scope))
        months = {scope: self._months[scope] for scope in sorted(self._months) if scope in self._stored}
        told = {_FILES: dict(sorted(self._now.items())), _MONTHS: months, _STORED: stored}
        return {name: value for name, value in told.items() if value or name == _FILES}

    def _editions(self, path: Path) -> list[str]:
        plain = plain_name(self.name(path))
        return [name for name in self._before if plain_name(name) == plain]


def _mapping(cursor: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = cursor.get(name)
    return dict(found) if isinstance(found, Mapping) else {}
