"""``hub quarantine``: what could not be read, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.console import moment, note, pairs, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json, Limit
from hub.cli.session import reading_hub

app = typer.Typer(help="What could not be read, and why.", no_args_is_help=True)
_SHORT = 8


@app.command("list")
def list_quarantine(
    source: Annotated[str | None, typer.Option("--source", help="Only this source's.")] = None,
    limit: Limit = 50,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List what stands in quarantine."""
    from hub.cli import sql

    with reading_hub(config_dir, database) as connection:
        rows = sql.quarantine(connection, source, limit)
    if as_json:
        for row in rows:
            show_json(row)
        return
    if not rows:
        show(note("Nothing stands in quarantine.", "green"))
        return
    lines = ((r["id"][:_SHORT], r["source"], r["origin"] or r["key"], r["reason"]) for r in rows)
    show(table(("id", "source", "where", "*reason"), lines))
    show(note("It is tried again in every run; `hub quarantine show ID` says more."))


@app.command("show")
def show_item(
    item: Annotated[str, typer.Argument(metavar="ID", help="The item's id, or how it begins.")],
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show one item: where it stood, what stood there, and why it could not be read."""
    from hub.cli import sql
    from hub.cli.choice import the_one

    with reading_hub(config_dir, database) as connection:
        rows = sql.quarantined(connection, item)
        row = the_one(rows, item, "quarantined item", "`hub quarantine list` lists them")
    if as_json:
        show_json(row)
        return
    told = {name.replace("_", " "): value for name, value in row.items()}
    told |= {name: f"{moment(told[name])} UTC" for name in ("first seen at", "resolved at") if told[name]}
    show(pairs(told))
