"""``hub conditions``: what is wrong with sources, and since when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.console import moment, note, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub, reading_hub

app = typer.Typer(help="What is wrong with sources, and since when.", invoke_without_command=True)
_SHORT = 8


@app.callback()
def conditions(
    context: typer.Context,
    source: Annotated[str | None, typer.Option("--source", help="Only this source's.")] = None,
    over: Annotated[bool, typer.Option("--all", help="Also what is over.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List what is wrong."""
    if context.invoked_subcommand:
        return
    from hub.store.condition import listed

    with reading_hub(config_dir, database) as connection:
        rows = listed(connection, source=source, over=over)
    if as_json:
        for row in rows:
            show_json(row)
        return
    show(condition_table(rows) if rows else note("Nothing is wrong that the hub knows of.", "green"))


@app.command("acknowledge")
def acknowledge(
    condition: Annotated[str, typer.Argument(metavar="ID", help="The condition's id, or how it begins.")],
    reason: Annotated[str, typer.Option("--reason", help="What you found, for others.")] = "",
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Say that drift was seen; new drift raises it again. The other conditions end by themselves."""
    from hub.cli.choice import the_one
    from hub.runs.condition import acknowledge
    from hub.store.condition import listed
    from hub.store.engine import transaction

    hub = open_hub(config_dir, database)
    with transaction(hub.engine) as connection:
        rows = listed(connection, start=condition)
        row = the_one(rows, condition, "standing condition", "`hub conditions` lists them")
        acknowledge(connection, row, reason, now=datetime.now(UTC))
    hub.deliver_notices()
    show(note(f"{row['source']} is no longer {row['kind']}.", "green"))


def condition_table(rows: list[dict[str, Any]]) -> Any:
    """Conditions as a table; until when they stood only where one is over."""
    over = any(row["cleared_at"] for row in rows)
    columns = ["id", "source", "is", "since, UTC", *(["until, UTC"] if over else []), "*why"]
    lines = (
        [
            row["id"][:_SHORT],
            row["source"],
            row["kind"],
            moment(row["raised_at"]),
            *([moment(row["cleared_at"]) or "now"] if over else []),
            row["detail"] + (f"; over: {row['clear_reason']}" if row["cleared_at"] else ""),
        ]
        for row in rows
    )
    return table(columns, lines)
