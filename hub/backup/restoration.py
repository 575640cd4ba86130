"""Restoring: a database filled from a backup, with its archive and key, in one transaction."""

from __future__ import annotations

import logging
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from hub.archive import cut
from hub.backup import manifest as manifests
from hub.backup import sql, table
from hub.backup.file import digest
from hub.backup.filling import fill
from hub.backup.inspection import inspect
from hub.backup.manifest import KEY, Manifest, SegmentFile
from hub.backup.staging import Staging
from hub.backup.table import Progress
from hub.sdk import ConfigError, HubError
from hub.store import schema
from hub.store.engine import Connection, Engine, prepare_for_much, reading, transaction

_log: Final = logging.getLogger("hub.backup")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done."""

    manifest: Manifest
    epoch: str
    """The change feed's new one."""

    lost_runs: int
    """Runs that were at work when the backup was taken."""

    missing_segments: int
    """Segments that neither the backup nor the archive's folder has."""

    lacks_key: bool
    """The pseudonyms' key is neither in the backup nor here."""


def refuse_unfit(engine: Engine, folder: Path, now: datetime) -> sql.Standing | None:
    """What the database holds that a restore would drop; ``None`` when there is nothing.

    Raises ``HubError`` when runs are at work in it, or when the folder is no backup, or one of a newer program.
    """
    manifest = manifests.read(folder)
    schema.refuse_newer(manifest.revision, "backup")
    with reading(engine) as connection:
        _refuse_living(connection, now)
        current = schema.current_revision(connection)
        if current is not None:
            schema.refuse_newer(current)
        return sql.standing(connection, _erasures(manifest, folder))


def restore(
    engine: Engine,
    folder: Path,
    *,
    archive: Path,
    key_file: Path,
    configured_key: bytes | None,
    replace: bool,
    now: datetime,
    progress: Progress,
) -> Restored:
    """Fill the database from a backup, once the backup has been found whole; after an error all is as it was.

    ``archive`` and ``key_file`` are where the hub keeps them; ``configured_key`` stands in the settings and is used
    instead of a file. ``replace`` drops what the database holds, segments of the archive included; without it, one that
    holds anything is refused. What a person had erased for good stays barred.
    """
    if refuse_unfit(engine, folder, now) is not None and not replace:
        raise ConfigError(
            "the database holds data already", where="database", instruction="name another one, or say --replace"
        )
    manifest = inspect(folder, progress)
    prepare_for_much(engine)
    try:
        with Staging() as staging:
            lacks_key = _stage_key(staging, folder, manifest, key_file, configured_key)
            missing = _stage_segments(staging, folder, manifest, archive)
            with transaction(engine) as connection:
                _refuse_living(connection, now)
                former, bars = sql.former_segments(connection), sql.bars(connection)
                fill(connection, folder, manifest, progress)
                sql.keep_bars(connection, bars)
                lost = sql.end_unfinished(connection, "restored from a backup", now)
                epoch = sql.begin_epoch(connection, now)
                staging.put()
            staging.keep()
        _forget_segments(former, manifest, archive)
    except OSError as error:
        raise HubError(
            f"a file cannot be put back ({error.strerror}); nothing was restored",
            where=error.filename or str(archive),
            instruction="let the hub's user write there, and see that there is room",
        ) from error
    return Restored(manifest, epoch, lost, missing, lacks_key)


def _erasures(manifest: Manifest, folder: Path) -> dict[str, datetime]:
    """Which raw records are erased in a backup, and when they were."""
    found: dict[str, datetime] = {}
    # What cannot be read knows of none; the inspection before a restore says what is wrong with it.
    with suppress(OSError, EOFError, zlib.error, msgspec.DecodeError):
        for each in manifest.tables:
            if each.name == "erasure":
                raw_id, at = each.columns.index("raw_id"), each.columns.index("erased_at")
                for page in table.read(each, folder, lambda _name, _done, _total: None):
                    found |= {row[raw_id]: datetime.fromisoformat(row[at]) for row in page}
    return found


def _forget_segments(former: list[SegmentFile], manifest: Manifest, archive: Path) -> None:
    """Delete what the replaced database had archived since the backup: nobody else would ever find it."""
    kept = {segment.path: segment.size for segment in manifest.segments}
    for path in sorted({segment.path for segment in former} | kept.keys()):
        try:
            if path not in kept:
                (archive / path).unlink(missing_ok=True)
            elif (archive / path).is_file():
                cut(archive / path, kept[path])
        except OSError as error:
            why = error.strerror or type(error).__name__
            _log.warning("%s is of the replaced database, and cannot be deleted (%s)", archive / path, why)


def _refuse_living(connection: Connection, now: datetime) -> None:
    if living := sql.living_runs(connection, now):
        raise HubError(
            f"runs are at work in the database: {', '.join(living)}",
            where="database",
            instruction="stop them, or wait for their end (`hub runs`)",
        )


def _stage_segments(staging: Staging, folder: Path, manifest: Manifest, archive: Path) -> int:
    """Make ready what the archive lacks; gives how many segments nobody has."""
    missing = 0
    for segment in manifest.segments:
        place = archive / segment.path
        if segment.sha256 is None:
            missing += not place.is_file() or place.stat().st_size < segment.size
        elif digest(place, segment.size) != segment.sha256:
            staging.add(folder / segment.file, place, segment.size)
    return missing


def _stage_key(staging: Staging, folder: Path, manifest: Manifest, key_file: Path, configured: bytes | None) -> bool:
    """Make the key ready if it is needed; gives whether it is needed and nobody has it."""
    here = configured or (key_file.read_bytes().strip() if key_file.exists() else None)
    source = folder / KEY
    in_backup = source.read_bytes().strip() if manifest.key_sha256 else None
    wanted = manifest.key_fingerprint or (schema.fingerprint_of(in_backup) if in_backup else None)
    if here is not None and wanted is not None and schema.fingerprint_of(here) != wanted:
        raise ConfigError(
            "the backup's pseudonyms were made with another key than the one that is here",
            where="privacy.pseudonym_key" if configured else str(key_file),
            instruction="move the key that is here away if nothing else uses it, and restore again",
        )
    if here is None and in_backup is not None:
        staging.add(source, key_file, source.stat().st_size)
    return wanted is not None and here is None and in_backup is None
