"""What a backup says of itself. It is written last: a folder without it is no backup."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from hub.backup.file import sealed
from hub.sdk import HubError

FORMAT: Final = 1
NAME: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
"""The manifest's own checksum, as ``sha256sum --check`` reads it."""
KEY: Final = "pseudonym.key"
_AGAIN: Final = "take another backup"


class Feed(msgspec.Struct, frozen=True):
    """The change feed at the moment of the backup."""

    epoch: str | None
    first_seq: int | None
    last_seq: int


class TableFile(msgspec.Struct, frozen=True):
    """A table: one compressed file, a JSON array of values per row."""

    name: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str

    @property
    def file(self) -> str:
        """Where it is in the backup."""
        return f"tables/{self.name}.jsonl.gz"


class SegmentFile(msgspec.Struct, frozen=True):
    """A segment of the archive up to its last committed batch; ``sha256`` only when the backup holds it."""

    path: str
    size: int
    records: int
    sha256: str | None = None

    @property
    def file(self) -> str:
        """Where it is in the backup."""
        return f"archive/{self.path}"


class Manifest(msgspec.Struct, frozen=True):
    """A whole backup."""

    format: int
    hub: str
    revision: str
    engine: str
    taken_at: str
    feed: Feed
    tables: tuple[TableFile, ...]
    segments: tuple[SegmentFile, ...]
    key_fingerprint: str | None = None
    """Of the key that the pseudonyms were made with; ``None`` when none was needed yet."""
    key_sha256: str | None = None
    """Of the key's file, when the backup holds it."""

    @property
    def has_archive(self) -> bool:
        """Whether the segments are in the backup, and not only named."""
        return all(segment.sha256 for segment in self.segments)

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)


def write(manifest: Manifest, folder: Path) -> None:
    """Write the manifest and its checksum."""
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    with sealed(folder / NAME) as file:
        file.write(data)
    with sealed(folder / SEAL) as file:
        file.write(f"{sha256(data).hexdigest()}  {NAME}\n".encode())


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises ``HubError`` when it is missing, damaged, or from a newer program."""
    where = str(folder / NAME)
    try:
        data, seal = (folder / NAME).read_bytes(), (folder / SEAL).read_bytes()
    except OSError as error:
        raise HubError(
            f"the folder is no whole backup ({error.strerror}: {Path(error.filename).name})",
            where=str(folder),
            instruction="name the folder that `hub db backup` has made",
        ) from None
    if seal.split()[:1] != [sha256(data).hexdigest().encode()]:
        raise HubError("it is not as it was written", where=where, instruction=_AGAIN)
    if (found := msgspec.json.decode(data)["format"]) != FORMAT:
        raise HubError(
            f"it is of format {found}, and this version of the hub reads format {FORMAT}",
            where=where,
            instruction="use the version that made it",
        )
    manifest = msgspec.json.decode(data, type=Manifest)
    for segment in manifest.segments:
        path = PurePosixPath(segment.path)
        if path.is_absolute() or ".." in path.parts:
            raise HubError("a segment's path leads out of the archive", where=where)
    for table in manifest.tables:
        if not table.name.isidentifier() or not all(name.isidentifier() for name in table.columns):
            raise HubError("a table or column has no proper name", where=where)
    return manifest
