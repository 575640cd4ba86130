"""The signals in force: the hub's own files, the operator's and the plugins', checked and compiled once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

from hub.sdk.errors import ConfigError
from hub.social.phrase import Phrase, PhraseBook
from hub.social.signal import COLUMNS, Signal

RULES: Final = "2026.1"
"""Version of the verdict rules in code; raise it when the same evidence would get another verdict or text."""
DATA: Final = Path(__file__).parent / "data"
_PHRASE_COLUMNS: Final = ({"phrase", "group", "weight", "pattern", "stems", "example"}, {"exclude", "false_friends"})
_SIGNAL_COLUMNS: Final = (set(COLUMNS), {"country", "also", "valid_from", "valid_to", "legal_reference", "note"})


class Signals:
    """Signals and phrases, found by the field they look at and the code they ask for."""

    def __init__(self, signals: Iterable[Signal], book: PhraseBook, version: str) -> None:
        self.by_id: Mapping[str, Signal] = {signal.id: signal for signal in signals}
        self.book = book
        self.version = version
        self._coded: dict[str, dict[str, list[Signal]]] = {}
        self._open: dict[str, list[Signal]] = {}
        # What no other signal knows is asked last.
        for signal in sorted(self.by_id.values(), key=lambda signal: signal.condition.is_remainder):
            field = signal.condition.field
            self._open.setdefault(field, [])
            for code in signal.condition.codes:
                self._coded.setdefault(field, {}).setdefault(code, []).append(signal)
            if not signal.condition.codes:
                self._open[field].append(signal)
        self.fields = tuple(self._open)

    def of(self, field: str, value: str) -> Iterable[Signal]:
        """The signals that may fire on this value of this field."""
        found = self._coded.get(field, {}).get(value)
        return [*found, *self._open[field]] if found else self._open[field]


def load_signals(paths: Sequence[Path] = (), *, rows: Iterable[Mapping[str, Any]] = ()) -> Signals:
    """The hub's signals, with those of further files or folders (``paths``) and of plugins (``rows``).

    A later file may replace an earlier signal or phrase by its id. A file with a column ``signal`` holds signals,
    one with a column ``phrase`` phrases; others are lists that signals name. Raises ``ConfigError`` with file and row.
    """
    own = [DATA / "sv_purpose_phrases.csv", DATA / "se_signals.csv"]
    digest = sha256(RULES.encode())
    phrases: dict[str, Phrase] = {}
    signals: dict[str, Signal] = {}
    for path in (*own, *_files(paths)):
        digest.update(_content(path))
        table = _rows(path)
        columns = set(table[0][1]) if table else set()
        if "phrase" in columns:
            _check(columns, *_PHRASE_COLUMNS, where=path.name)
            phrases |= _unique([(Phrase.of(row, where), where) for where, row in table])
        elif "signal" in columns:
            _check(columns, *_SIGNAL_COLUMNS, where=path.name)
            lists = _Lists(path.parent)
            signals |= _unique([(Signal.of(row, lists, where), where) for where, row in table])
        elif columns and "identifier" not in columns:
            raise ConfigError(
                "is neither signals nor phrases nor a list",
                where=path.name,
                instruction="give it a column named signal, phrase or identifier",
            )
    for number, row in enumerate(rows, start=1):
        where = f"hub_signals row {number}"
        text = {key: "" if value is None else str(value) for key, value in row.items()}
        _check(set(text), *_SIGNAL_COLUMNS, where=where)
        digest.update(json.dumps(text, sort_keys=True).encode())
        signals |= _unique([(Signal.of(text, _Lists(DATA), where), where)])
    for name in sorted({c.listed for s in signals.values() for c in (s.condition, *s.also) if c.listed}):
        digest.update(_content(DATA / name) if (DATA / name).exists() else b"")
    book = PhraseBook(phrases.values())
    for signal in signals.values():
        for condition in (signal.condition, *signal.also):
            if condition.group and condition.group not in book.groups:
                raise ConfigError(f"no phrase belongs to the group {condition.group!r}", where=f"signal {signal.id}")
    return Signals(signals.values(), book, f"{RULES}-{digest.hexdigest()[:8]}")


class _Lists:
    """List files beside a signals file, else the hub's own."""

    def __init__(self, folder: Path) -> None:
        self._folders = (folder, DATA)

    def __call__(self, name: str) -> Mapping[str, str]:
        path = next((folder / name for folder in self._folders if (folder / name).is_file()), None)
        if path is None:
            raise ConfigError(f"there is no list {name!r} beside the signals", where=name)
        found: dict[str, str] = {}
        for where, row in _rows(path):
            if not row.get("identifier") or not row.get("name"):
                raise ConfigError("a list needs the columns identifier and name", where=where)
            owner = row.get("owner")
            found[row["identifier"]] = f"{row['name']} ({owner})" if owner else row["name"]
        return found


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]


def _check(columns: set[str], needed: set[str], optional: set[str], *, where: str) -> None:
    if missing := needed - columns:
        raise ConfigError(f"the column {min(missing)!r} is missing", where=where)
    if unknown := columns - needed - optional:
        raise ConfigError(f"unknown column {min(unknown)!r}", where=where)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=str(path)) from None


def _rows(path: Path) -> list[tuple[str, dict[str, str]]]:
    try:
        text = _content(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8 text", where=path.name, instruction="save the file as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    found = []
    for row in reader:
        where = f"{path.name} row {reader.line_num}"
        if None in row or None in row.values():
            raise ConfigError("the row has more or fewer fields than the header", where=where)
        found.append((where, row))
    return found


_Item = TypeVar("_Item", Phrase, Signal)


def _unique(items: list[tuple[_Item, str]]) -> dict[str, _Item]:
    found: dict[str, _Item] = {}
    for item, where in items:
        if item.id in found:
            raise ConfigError(f"{item.id!r} stands twice", where=where)
        found[item.id] = item
    return found
