"""Filling a database from a backup's tables, whatever was in it, within the caller's transaction."""

from __future__ import annotations

from pathlib import Path

from hub.backup import table
from hub.backup.manifest import Manifest
from hub.backup.table import Progress
from hub.store import dump, schema
from hub.store.engine import Connection


def fill(connection: Connection, folder: Path, manifest: Manifest, progress: Progress) -> None:
    """Build the backup's revision, load its rows, and upgrade to this program's."""
    schema.clear(connection)
    schema.build(connection, manifest.revision)
    dump.empty(connection)
    for each in manifest.tables:
        dump.load(connection, each.name, each.columns, table.read(each, folder, progress))
    schema.build(connection)
    dump.analyse(connection)
