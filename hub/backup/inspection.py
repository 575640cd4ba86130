"""Looking whether a backup is whole, without any database, or by filling one that is thrown away."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from hub.archive import read_positions
from hub.backup import manifest, sql, table
from hub.backup.file import digest
from hub.backup.filling import fill
from hub.backup.manifest import Manifest, SegmentFile, TableFile
from hub.backup.table import Progress
from hub.sdk import HubError
from hub.store import dump, schema
from hub.store.engine import open_engine, transaction


class BackupBroken(HubError):
    """A backup is not as it was written. ``errors`` are all that is wrong, each with its place."""

    def __init__(self, folder: Path, errors: list[HubError]) -> None:
        super().__init__(f"the backup is broken in {len(errors)} places", where=str(folder))
        self.errors = (*errors, HubError(self.reason, where=self.where, instruction="use another backup"))


def inspect(folder: Path, progress: Progress) -> Manifest:
    """Read a whole backup. Raises :class:`BackupBroken` with everything that is wrong, or what keeps it from reading.

    Every checksum and count, every row and segment is looked at, the change numbers for gaps, and the revision for
    one that this program knows.
    """
    found = manifest.read(folder)
    schema.refuse_newer(found.revision, "backup")
    errors = [*_tables(found, folder, progress), *_segments(found, folder, progress), *_key(found, folder)]
    if errors:
        raise BackupBroken(folder, errors)
    return found


def inspect_deeply(folder: Path, progress: Progress) -> Manifest:
    """The same, and fill a database that is thrown away, to see whether its tables agree with each other."""
    found = inspect(folder, progress)
    with TemporaryDirectory(prefix="hub-verify-", ignore_cleanup_errors=True) as scratch:
        engine = open_engine(f"sqlite:///{scratch}/hub.sqlite3")
        try:
            with transaction(engine) as connection:
                fill(connection, folder, found, progress)
                loaded = {
                    dumped.table.name: dump.count(connection, dumped.table.name) for dumped in dump.tables(connection)
                }
                errors = [HubError(what, where=f"table {name}") for name, what in sql.contradictions(connection)]
        finally:
            engine.dispose()
    errors += [
        HubError(f"{loaded.get(each.name)} rows were loaded of {each.rows}", where=f"table {each.name}")
        for each in found.tables
        if loaded.get(each.name) != each.rows and each.name not in ("meta", "municipality")
    ]
    if errors:
        raise BackupBroken(folder, errors)
    return found


def _tables(found: Manifest, folder: Path, progress: Progress) -> Iterator[HubError]:
    for each in found.tables:
        if error := _altered(folder, each.file, each.size, each.sha256):
            yield error
            continue
        try:
            yield from _rows(each, found, folder, progress)
        except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
            yield HubError(f"its rows cannot be read ({type(error).__name__})", where=each.file)


def _rows(each: TableFile, found: Manifest, folder: Path, progress: Progress) -> Iterator[HubError]:
    number, width = 0, len(each.columns)
    seq = each.columns.index("seq") if each.name == "change" else None
    before = (found.feed.first_seq or 1) - 1
    for page in table.read(each, folder, progress):
        for row in page:
            number += 1
            if len(row) != width:
                yield HubError(f"row {number} has {len(row)} values of {width}", where=each.file)
            elif seq is not None:
                if row[seq] != before + 1:
                    yield HubError(f"change {before + 1} is missing: {row[seq]} follows {before}", where=each.file)
                before = row[seq]
    if number != each.rows:
        yield HubError(f"{number} rows are there of {each.rows}", where=each.file)
    if seq is not None and number and before != found.feed.last_seq:
        yield HubError(f"the last change is {before}, and should be {found.feed.last_seq}", where=each.file)


def _segments(found: Manifest, folder: Path, progress: Progress) -> Iterator[HubError]:
    done, total = 0, sum(each.size for each in found.segments)
    for each in found.segments:
        if each.sha256 is None:
            continue
        error = _altered(folder, each.file, each.size, each.sha256) or _unreadable(each, folder)
        if error:
            yield error
        done += each.size
        progress("archive", done, total)


def _unreadable(each: SegmentFile, folder: Path) -> HubError | None:
    try:
        held = sum(1 for _ in read_positions(folder / each.file, each.size))
    except (HubError, OSError, zlib.error, json.JSONDecodeError, KeyError, ValueError) as error:
        return HubError(f"its raw records cannot be read ({type(error).__name__})", where=each.file)
    return None if held == each.records else HubError(f"{held} records are there of {each.records}", where=each.file)


def _key(found: Manifest, folder: Path) -> Iterator[HubError]:
    if found.key_sha256 is None:
        return
    try:
        key = (folder / manifest.KEY).read_bytes()
    except OSError:
        yield HubError("it is missing", where=manifest.KEY)
        return
    if error := _altered(folder, manifest.KEY, len(key), found.key_sha256):
        yield error
    elif found.key_fingerprint not in (None, schema.fingerprint_of(key.strip())):
        yield HubError("the pseudonyms in the tables were made with another key", where=manifest.KEY)


def _altered(folder: Path, file: str, size: int, sha256: str) -> HubError | None:
    path = folder / file
    if not path.is_file():
        return HubError("it is missing", where=file)
    if (held := path.stat().st_size) != size:
        return HubError(f"it has {held} bytes, and should have {size}", where=file)
    return None if digest(path, size) == sha256 else HubError("it is not as it was written", where=file)
