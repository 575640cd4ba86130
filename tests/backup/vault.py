"""A hub with some data of every kind, its backups, and what stands in its tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from hub.archive import read_segment
from hub.backup import Restored, restore, take
from hub.sdk import Reject
from hub.store import dump, schema
from hub.store.engine import Engine, reading
from tests.runs.harness import ALFA, BETA, Bench, row, snapshot

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = b"0123456789abcdef" * 4

FIRST = snapshot(
    row("a", number=ALFA, name="Åkeri “Alfa” \\ ab", purpose="two\nlines\tand a tab"),
    row("b", number=BETA, name="Beta"),
    row("c", number=ALFA, name="Alfa", paid="10.50"),
    row("d", number=BETA, name="Beta", paid="-3", new="x"),
    row("e", fail="unreadable"),
    Reject("rows", "f", "broken", origin="rows.csv:7"),
)
SECOND = snapshot(
    row("a", number=ALFA, name="Alfa AB"),
    row("c", number=ALFA, name="Alfa", paid="11.00"),
    row("d", number=BETA, name="Beta", paid="-3", new="x"),
    row("g", number=BETA, name="Beta", paid="4"),
)


def silent(name: str, done: int, total: int | None) -> None:
    pass


class Vault(Bench):
    """A bench with a key, whose backups lie beside it."""

    def __init__(self, url: str, folder: Path, *, key: bytes | None = KEY) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(url, folder)
        self.archive, self.key_file = folder / "archive", folder / "pseudonym.key"
        if key is not None:
            self.key_file.write_bytes(key)
            schema.keep_fingerprint(self.engine, key)

    def take(self, name: str = "backup", **options: Any) -> Path:
        usual = {"archive": self.archive, "key_file": self.key_file, "now": NOW, "progress": silent}
        take(self.engine, self.folder / name, **{**usual, **options})
        return self.folder / name

    def restore(self, backup: Path, **options: Any) -> Restored:
        usual = {
            "archive": self.archive,
            "key_file": self.key_file,
            "configured_key": None,
            "replace": False,
            "now": NOW,
            "progress": silent,
        }
        return restore(self.engine, backup, **{**usual, **options})

    def archived(self) -> list[tuple[str, str]]:
        """Every raw record that the database says is in the archive, read from there."""
        found = self.all("SELECT path, byte_count, record_count FROM archive_segment ORDER BY path")
        records = []
        for path, size, count in found:
            held = [(item.raw.key, item.raw_hash) for item in read_segment(self.archive / path, size)]
            assert len(held) == count
            records += held
        return sorted(records)


def tables(engine: Engine) -> dict[str, list[Any]]:
    """Everything in the database but the feed's epoch, comparable between engines."""
    found = {}
    with reading(engine) as connection:
        for each in dump.tables(connection):
            rows = [values for page in dump.rows(connection, each) for values in page]
            found[each.table.name] = sorted((_plain(each, values) for values in rows), key=repr)
    found["meta"] = [each for each in found["meta"] if not each["name"].startswith(("feed_", "contract"))]
    return found


def views(engine: Engine) -> dict[str, list[Any]]:
    """What a downstream reader sees of the world, without the hub's runs and their moments."""
    moments = ("seq", "run", "_at", "epoch")
    found = {}
    with reading(engine) as connection:
        for view in ("organisation", "payment", "identifier", "change", "quarantine", "drift"):
            rows = connection.execute(text(f"SELECT * FROM v1_{view}")).mappings()
            lasting = ({n: str(v) for n, v in each.items() if not any(m in n for m in moments)} for each in rows)
            found[view] = sorted(lasting, key=repr)
    return found


def _plain(of: dump.Dumped, values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(of.names, values, strict=True))
    for column in of.columns:
        if column.type is dump.JSON and row[column.name] is not None:
            row[column.name] = json.dumps(json.loads(row[column.name]), sort_keys=True)
    return row
