"""``hub changes``: the change feed for another system's nightly job."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hub.cli.console import show_json
from hub.cli.options import ConfigDir, Database
from hub.cli.session import reading_hub


def changes(
    after: Annotated[int, typer.Option("--after", min=0, metavar="SEQ", help="The last number you have read.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most changes to print.")] = 1_000_000,
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Print every committed change after a number, in order, as one JSON object on a line."""
    from hub.cli import sql

    with reading_hub(config_dir, database) as connection:
        for row in sql.changes(connection, after, limit):
            fields = row["fields"]
            show_json(row | {"fields": json.loads(fields) if isinstance(fields, str) else fields})
