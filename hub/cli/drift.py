"""``hub drift``: what sources said that their connectors do not know."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.console import moment, note, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import reading_hub

_SHORT = 7


def drift(
    source: Annotated[str | None, typer.Option("--source", help="Only this source's.")] = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="Only what this run was the last to meet.")
    ] = None,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List new, missing and changed fields and unknown codes, each once, with when and where it was met."""
    from hub.cli import sql
    from hub.cli.choice import the_one
    from hub.store.drift import listed

    with reading_hub(config_dir, database) as connection:
        run_id = the_one(sql.runs_like(connection, run), run, "run", "`hub runs` lists them")["id"] if run else None
        rows = listed(connection, source=source, run_id=run_id)
    if as_json:
        for row in rows:
            show_json(row)
        return
    if not rows:
        show(note("No source said what its connector does not know.", "green"))
        return
    columns = ("source", "drift", "field", "first seen, UTC", "last run", "*value")
    lines = (
        (
            row["source"],
            row["kind"].replace("_", " "),
            row["field"],
            moment(row["first_seen_at"]),
            row["last_run_id"][:_SHORT],
            row["value"],
        )
        for row in rows
    )
    show(table(columns, lines))
