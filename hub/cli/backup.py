"""``hub db backup | restore | verify``: what the hub holds, into a folder and back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hub.cli.console import note, number, pairs, section, show, table
from hub.cli.options import ConfigDir, Database
from hub.cli.progress import working
from hub.cli.session import open_hub
from hub.sdk.errors import ConfigError

if TYPE_CHECKING:
    from hub.backup import Manifest, Restored
    from hub.backup.sql import Standing
    from hub.service import Hub
    from hub.store.engine import Engine

_Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The backup's folder.")]
_TOLD: Final = 8
"""Tables that are named one by one before they are dropped."""


def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the backup.")],
    without_archive: Annotated[
        bool, typer.Option("--without-archive", help="Leave out the raw records' archive, if it is copied otherwise.")
    ] = False,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave out the key of pseudonyms, to keep it elsewhere.")
    ] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Write everything the hub holds into a new folder, as it is at one moment; runs may go on meanwhile.

    The backup of one engine can be restored into the other.
    """
    from hub.backup import take

    hub = open_hub(config_dir, database)
    configured = hub.settings.privacy.pseudonym_key is not None
    with working() as progress:
        made = take(
            _engine(hub),
            folder,
            archive=None if without_archive else Path(hub.settings.archive.path),
            key_file=None if without_key or configured else _key_file(hub),
            now=datetime.now(UTC),
            progress=progress,
        )
    show(*_told(folder, made))


def verify(
    folder: _Folder,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Also fill a database that is thrown away, and see whether it agrees with itself."),
    ] = False,
) -> None:
    """Read a whole backup and say what is wrong with it. No database is asked."""
    from hub.backup import inspect, inspect_deeply

    with working() as progress:
        found = (inspect_deeply if deep else inspect)(folder, progress)
    show(*_told(folder, found))
    show(note("The backup is whole.", "green"))


def restore(
    folder: _Folder,
    replace: Annotated[bool, typer.Option("--replace", help="Drop what the database holds.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Drop it without asking.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Fill the database, the archive and the key from a backup, once it was found whole. All of it, or nothing.

    Readers of the change feed are told by its new epoch to begin anew.
    """
    from hub.backup import refuse_unfit
    from hub.backup import restore as put_back

    hub = open_hub(config_dir, database)
    engine, now = _engine(hub), datetime.now(UTC)
    standing = refuse_unfit(engine, folder, now)
    if standing is not None and replace:
        show(*_dropped(str(hub.settings.database.url), standing))
        _ask(yes=yes)
    configured = hub.settings.privacy.pseudonym_key
    with working() as progress:
        done = put_back(
            engine,
            folder,
            archive=Path(hub.settings.archive.path),
            key_file=_key_file(hub),
            configured_key=configured.get_secret_value().encode() if configured else None,
            replace=replace,
            now=now,
            progress=progress,
        )
    show(*_told(folder, done.manifest), *_after(done))


def _engine(hub: Hub) -> Engine:
    """The database as it is. Not ``hub.engine``, which upgrades it: a backup is best taken before."""
    from hub.cli.session import at_end
    from hub.store.engine import open_engine

    engine = open_engine(hub.settings.database.url.get_secret_value())
    at_end(engine.dispose)
    return engine


def _key_file(hub: Hub) -> Path:
    return hub.settings.data_dir / "pseudonym.key"


def _ask(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfigError("nobody is there to confirm that this is to be dropped", instruction="confirm it with --yes")
    typer.confirm("Drop it?", err=True, abort=True)


def _dropped(url: str, standing: Standing) -> list[Any]:
    largest = sorted(standing.rows.items(), key=lambda item: -item[1])
    lines: list[tuple[object, ...]] = [(name, rows) for name, rows in largest[:_TOLD]]
    if rest := largest[_TOLD:]:
        lines.append((f"{len(rest)} more tables", sum(rows for _, rows in rest)))
    parts: list[Any] = [section(f"This will be dropped from {url}", table(("table", ">rows"), lines))]
    if standing.erased_since:
        parts.append(
            note(
                f"{number(standing.erased_since)} erasures were made after the backup: it still holds what they"
                " removed. Demand them again.",
                "bold red",
            )
        )
    return parts


def _told(folder: Path, manifest: Manifest) -> list[Any]:
    size = sum(segment.size for segment in manifest.segments)
    archive = f"{number(len(manifest.segments))} segments, {number(size)} bytes" if manifest.has_archive else "left out"
    key = "in the backup" if manifest.key_sha256 else "left out" if manifest.key_fingerprint else "none needed yet"
    return [
        pairs(
            {
                "backup": str(folder),
                "taken": f"{manifest.taken_at}, from {manifest.engine} at revision {manifest.revision}",
                "rows": f"{number(manifest.rows)} in {len(manifest.tables)} tables",
                "last change": manifest.feed.last_seq,
                "archive": archive,
                "key of pseudonyms": key,
            }
        )
    ]


def _after(done: Restored) -> list[Any]:
    parts = [
        note(f"Restored. The change feed goes on after {done.manifest.feed.last_seq}, in epoch {done.epoch}.", "green")
    ]
    if done.lost_runs:
        parts.append(note(f"{done.lost_runs} runs were at work when the backup was taken: they are lost.", "yellow"))
    if done.missing_segments:
        parts.append(
            note(
                f"{number(done.missing_segments)} segments of the archive are missing: put them back from where the"
                " archive is copied to.",
                "yellow",
            )
        )
    if done.lacks_key:
        parts.append(note("Put the key of pseudonyms back before the next sync.", "yellow"))
    return parts
