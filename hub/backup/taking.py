"""Taking a backup: one snapshot of the database, then the archive that it refers to, then the key."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

import hub
from hub.archive import count_records, settle
from hub.backup import manifest, sql, table
from hub.backup.file import copy, make_folder, sealed
from hub.backup.manifest import Manifest, SegmentFile
from hub.backup.table import Progress
from hub.sdk import ConfigError, HubError
from hub.store import dump, schema
from hub.store.engine import Engine, reading
from hub.store.rows.aggregate import instant


def take(
    engine: Engine, folder: Path, *, archive: Path | None, key_file: Path | None, now: datetime, progress: Progress
) -> Manifest:
    """Write a backup into a new ``folder``; runs may go on meanwhile.

    ``archive`` is the archive's folder, ``None`` to leave its segments out; ``key_file`` that of the pseudonyms' key,
    ``None`` to leave it out. Raises ``HubError`` when no whole backup could be made; nothing is left of it then.
    """
    with _draft(folder) as draft:
        made = _tables(engine, draft, now, progress)
        if archive is not None:
            segments = tuple(_segments(engine, made.segments, archive, draft, progress))
            made = msgspec.structs.replace(made, segments=segments)
        if key_file is not None and (key_file.exists() or made.key_fingerprint):
            made = _with_key(made, key_file, draft)
        manifest.write(made, draft)
    return made


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A folder that gets its name when the block ends well and is gone when it does not."""
    if folder.exists():
        raise ConfigError("there is something already", where=str(folder), instruction="name a new folder")
    draft = folder.with_name(f"{folder.name}.unfinished-{secrets.token_hex(4)}")
    try:
        make_folder(draft)
        yield draft
        settle(draft)
        draft.rename(folder)
        settle(folder.parent)
    except OSError as error:
        raise HubError(
            f"the backup cannot be written ({error.strerror})",
            where=error.filename or str(folder),
            instruction="name a folder with room that the hub's user may write to",
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _tables(engine: Engine, draft: Path, now: datetime, progress: Progress) -> Manifest:
    with dump.snapshot(engine) as connection:
        revision = schema.current_revision(connection)
        if revision is None:
            raise ConfigError("the database is empty", where="database", instruction="check database.url")
        schema.refuse_newer(revision)
        return Manifest(
            format=manifest.FORMAT,
            hub=hub.__version__,
            revision=revision,
            engine=engine.dialect.name,
            taken_at=str(instant(now)),
            feed=sql.feed(connection),
            tables=tuple(table.write(connection, each, draft, progress) for each in dump.tables(connection)),
            segments=tuple(sql.segments(connection)),
            key_fingerprint=sql.said(connection, "pseudonym_key"),
        )


def _segments(
    engine: Engine, segments: Iterable[SegmentFile], archive: Path, draft: Path, progress: Progress
) -> Iterator[SegmentFile]:
    """Copy segments up to what the snapshot knows of them: they only grow."""
    wanted = list(segments)
    done, total = 0, sum(segment.size for segment in wanted)
    for segment in wanted:
        try:
            copied = _copy(segment, archive, draft)
        except (FileNotFoundError, HubError) as error:
            raise _unusable(engine, segment, error) from error
        done += segment.size
        progress("archive", done, total)
        yield copied


def _copy(segment: SegmentFile, archive: Path, draft: Path) -> SegmentFile:
    target = draft / segment.file
    digest = copy(archive / segment.path, target, segment.size)
    # What cannot be unpacked is no backup; better known tonight than in need.
    if (held := count_records(target, segment.size)) != segment.records:
        raise HubError(f"{held} records are there of {segment.records}")
    return msgspec.structs.replace(segment, sha256=digest)


def _unusable(engine: Engine, segment: SegmentFile, error: Exception) -> HubError:
    with reading(engine) as connection:
        stands = sql.is_committed(connection, segment)
    where = f"archive segment {segment.path}"
    if not stands:
        reason = "it was rewritten or removed while the backup was taken"
        return HubError(reason, where=where, instruction="take the backup again")
    reason = error.reason if isinstance(error, HubError) else "it is not there"
    return HubError(
        f"the archive is damaged: {reason}",
        where=where,
        instruction="get it from an older backup; --without-archive backs up the rest",
    )


def _with_key(made: Manifest, key_file: Path, draft: Path) -> Manifest:
    if not key_file.exists():
        raise ConfigError(
            "the key that the database's pseudonyms were made with is not there",
            where=str(key_file),
            instruction="put it back, or leave it out with --without-key",
        )
    key = key_file.read_bytes()
    if made.key_fingerprint not in (None, schema.fingerprint_of(key.strip())):
        raise ConfigError(
            "the database's pseudonyms were made with another key",
            where=str(key_file),
            instruction="put the right key back, or leave it out with --without-key",
        )
    with sealed(draft / manifest.KEY) as file:
        file.write(key)
    return msgspec.structs.replace(made, key_sha256=sha256(key).hexdigest())
