"""``hub runs``: what ran, and how it ended."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.console import moment, note, pairs, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json, Limit
from hub.cli.session import reading_hub

app = typer.Typer(help="What ran, and how it ended.", invoke_without_command=True)
_SHORT = 7


@app.callback()
def runs(
    context: typer.Context,
    source: Annotated[str | None, typer.Option("--source", help="Only this source's runs.")] = None,
    limit: Limit = 20,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List the latest runs."""
    if context.invoked_subcommand:
        return
    from hub.cli import sql

    with reading_hub(config_dir, database) as connection:
        rows = sql.runs(connection, source, limit)
    if as_json:
        for row in rows:
            show_json(row)
        return
    listed = ("read", "stored", "changed", "quarantined")
    columns = ["run", "source", "UTC", "outcome", *(f">{name}" for name in listed)]
    reasons = any(row["reason"] for row in rows)  # most runs have none
    lines = (
        [
            row["id"][:_SHORT],
            row["source"],
            moment(row["started_at"])[5:],
            row["outcome"] or "running",
            *(row[name] for name in listed),
            *([row["reason"] or " "] if reasons else []),
        ]
        for row in rows
    )
    columns += ["*reason"] if reasons else []
    show(table(columns, lines))


@app.command("show")
def show_run(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or how it begins.")],
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show one run: its counts, what it changed, and what its connector did not know."""
    from hub.cli import sql
    from hub.cli.choice import the_one

    with reading_hub(config_dir, database) as connection:
        row = the_one(sql.runs_like(connection, run), run, "run", "`hub runs` lists them")
        changed = sql.run_changes(connection, row["id"])
        drift = sql.drift(connection, [row["id"]])
    if as_json:
        show_json(row | {"changes": changed, "drift": drift})
        return
    show(pairs({name.replace("_", " "): value for name, value in row.items()}), note(""))
    if changed:
        lines = ((c["entity"].replace("_", " "), c["operation"], c["rows"]) for c in changed)
        show(section("What it changed", table(("entity", "operation", ">rows"), lines)))
    if drift:
        lines = ((d["kind"].replace("_", " "), d["field"], d["value"]) for d in drift)
        show(section("What its connector does not know", table(("drift", "field", "*value"), lines)))
