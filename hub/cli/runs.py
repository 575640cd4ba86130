"""``hub runs``: what ran, and how it ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.console import moment, note, pairs, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json, Limit
from hub.cli.session import open_hub, reading_hub
from hub.sdk.errors import ConfigError

app = typer.Typer(help="What ran, and how it ended; declare a dead run lost.", invoke_without_command=True)
_SHORT = 7
_ID = 8


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
    columns = ["run", "source", "kind", "UTC", "outcome", *(f">{name}" for name in listed)]
    reasons = any(row["reason"] for row in rows)  # most runs have none
    lines = (
        [
            row["id"][:_SHORT],
            row["source"],
            row["kind"],
            moment(row["started_at"])[5:],
            row["outcome"] or "running",
            *(row[name] for name in listed),
            *([row["reason"] or " "] if reasons else []),
        ]
        for row in rows
    )
    columns += ["*reason"] if reasons else []
    show(table(columns, lines))


@app.command("break")
def break_run(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or how it begins.")],
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Declare an unfinished run dead, so that its source can run again at once.

    Should its process still live, it commits nothing more and ends. What it had committed stays.
    """
    from hub.cli import sql
    from hub.cli.choice import the_one
    from hub.runs.sql import end_lost
    from hub.store.engine import transaction

    hub = open_hub(config_dir, database)
    with transaction(hub.engine) as connection:
        row = the_one(sql.runs_like(connection, run), run, "run", "`hub runs` lists them")
        broken = end_lost(connection, row["id"], "declared dead with `hub runs break`", now=datetime.now(UTC))
    if not broken:
        raise ConfigError(
            f"run {row['id'][:_ID]} of {row['source']} has ended already: {row['outcome']}",
            instruction="`hub runs` lists the runs; only those that are running can be declared dead",
        )
    show(
        note(f"Run {row['id'][:_ID]} of {row['source']} is declared dead.", "green"),
        pairs({"owner": row["owner"], "started": row["started_at"], "last sign of life": row["heartbeat_at"]}),
    )


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
    row |= {"seconds": _seconds(row)}
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


def _seconds(row: dict[str, Any]) -> int:
    """How long a run took, or has been at work."""
    until = datetime.fromisoformat(row["finished_at"]) if row["finished_at"] else datetime.now(UTC)
    return max(0, int((until - datetime.fromisoformat(row["started_at"])).total_seconds()))
