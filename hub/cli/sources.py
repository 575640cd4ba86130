"""``hub sources``: what is configured, and what becomes of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from hub.cli.console import moment, note, number, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub
from hub.sdk.errors import HubError

if TYPE_CHECKING:
    from hub.service import Hub

app = typer.Typer(help="What is configured; pause, rename or remove it.", invoke_without_command=True)
_Source = Annotated[str, typer.Argument(metavar="SOURCE", help="The source's id: the stem of its file.")]


@app.callback()
def sources(
    context: typer.Context, config_dir: ConfigDir = None, database: Database = None, as_json: Json = False
) -> None:
    """List the configured sources with connector, schedule, whether each is paused and whether it could run."""
    if context.invoked_subcommand:
        return
    hub = open_hub(config_dir, database)
    listed = _listed(hub)
    if as_json:
        for item in listed:
            show_json(item)
        return
    if not listed:
        where = hub.settings.config_dir / "sources"
        show(note(f"There is no source in {where}. `hub init` writes an example.", "yellow"))
        return
    columns = ("source", "connector", "schedule", "enabled", "paused, UTC", "*problem")
    lines = (
        (
            i["source"],
            i["connector"],
            i["schedule"],
            i["enabled"],
            moment(i["paused_at"]) or "no",
            i["problem"] or "none",
        )
        for i in listed
    )
    show(table(columns, lines))
    if any(item["problem"] for item in listed):
        show(note("`hub check` says more about each problem.", "yellow"))


@app.command("pause")
def pause(
    source: _Source,
    reason: Annotated[str, typer.Option("--reason", help="Why, for others.")] = "",
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Leave a source alone until it is resumed: the scheduler does, and `hub sync` does unless it is named."""
    from hub.runs import sql
    from hub.store import source as rows
    from hub.store.engine import transaction
    from hub.store.rows.aggregate import instant

    hub = open_hub(config_dir, database)
    with transaction(hub.engine) as connection:
        if rows.find(connection, source) is None:
            chosen = hub.settings.source(source)
            sql.register_unread(connection, source, chosen.connector, schedule=chosen.schedule, enabled=chosen.enabled)
        rows.pause(connection, source, reason, at=instant(datetime.now(UTC)) or "")
    show(note(f"{source} is paused. It runs when it is named (`hub sync {source}`) and after `hub sources resume`."))


@app.command("resume")
def resume(source: _Source, config_dir: ConfigDir = None, database: Database = None) -> None:
    """End a source's pause."""
    from hub.store import source as rows
    from hub.store.engine import transaction

    hub = open_hub(config_dir, database)
    with transaction(hub.engine) as connection:
        _known(hub, rows.find(connection, source), source)
        was_paused = source in rows.paused(connection)
        rows.resume(connection, source)
    show(note(f"{source} runs as scheduled again." if was_paused else f"{source} is not paused.", "green"))


@app.command("rename")
def rename(
    old: Annotated[str, typer.Argument(metavar="OLD", help="What the source is called.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What it is to be called: a name that no source has had.")],
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Give a source another name: its file, and everything that the database holds of it.

    The file may have its new name already. All ids stay as they are, the next sync finds everything unchanged, and
    readers find the new name of each record in the change feed. No run of the source may be at work.
    """
    from hub.runs.renaming import rename
    from hub.settings.sourcefile import check_move, move

    hub = open_hub(config_dir, database)
    folder = hub.settings.config_dir
    check_move(folder, old, new)
    result = rename(
        hub.engine,
        old,
        new,
        follow=hub.consequences(),
        batch_size=hub.settings.batch_size,
        also=partial(move, folder, old, new),
    )
    told = f" Readers were told of {number(result.changed)} records." if result else " It has never been run."
    show(note(f"{old} is called {new} now.{told}", "green"))


@app.command("remove")
def remove(
    source: _Source,
    records: Annotated[
        Literal["stay", "retire"],
        typer.Option("--records", help="Whether its records stay as they are or are retired, as if all were gone."),
    ],
    delete_file: Annotated[bool, typer.Option("--delete-file", help="Delete its file in config/sources too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Remove a source. How far it has been read is forgotten, and what was wrong with it is over.

    Its file and its connector may be gone already. A source whose file stays, or comes back, comes back with its next
    sync. To have its records under another name, use `hub sources rename` instead.
    """
    from hub.runs.removal import remove
    from hub.settings.sourcefile import delete, path_of
    from hub.store import source as rows
    from hub.store.engine import reading

    hub = open_hub(config_dir, database)
    with reading(hub.engine) as connection:
        row = rows.find(connection, source)
    _known(hub, row, source)
    if records == "retire" and not yes:
        if not sys.stdin.isatty():
            raise HubError("nobody is there to confirm that all its records are to be retired", instruction="add --yes")
        typer.confirm(f"Retire every record of {source}?", err=True, abort=True)
    if row is not None:
        result = remove(
            hub.engine,
            source,
            records,
            follow=hub.consequences(),
            batch_size=hub.settings.batch_size,
            stop=hub.stopping,
        )
        if not result.whole:
            raise HubError(result.reason, where=source, instruction="see `hub runs`, then run this again")
        hub.deliver_notices()
        kept = "Its records stay." if records == "stay" else f"{number(result.retired)} raw records were retired."
        show(note(f"{source} is removed. {kept}", "green"))
    path = path_of(hub.settings.config_dir, source)
    if delete_file and delete(hub.settings.config_dir, source):
        show(note(f"{path} is deleted.", "green"))
    elif path.exists():
        show(note(f"Delete {path}, or the next sync brings the source back.", "yellow"))


def _listed(hub: Hub) -> list[dict[str, Any]]:
    from hub.store import source as rows
    from hub.store.engine import reading

    problems: dict[str, str] = {}
    for problem in hub.check():
        problems.setdefault(problem.source, problem.error.reason)
    with reading(hub.engine) as connection:
        paused = rows.paused(connection)
    return [
        {
            "source": source.id,
            "connector": source.connector,
            "schedule": source.schedule,
            "enabled": source.enabled,
            "paused_at": paused.get(source.id, {}).get("paused_at"),
            "pause_reason": paused.get(source.id, {}).get("pause_reason"),
            "file": str(source.path),
            "problem": hub.redactor(problems.get(source.id, "")),
        }
        for source in hub.settings.sources
    ]


def _known(hub: Hub, row: object, source: str) -> None:
    """Raise ``ConfigError`` for a source that neither the database nor the configuration knows."""
    if row is None:
        hub.settings.source(source)
