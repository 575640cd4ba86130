"""``hub changes``: the change feed for another system's nightly job."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from hub.cli.console import show_json
from hub.cli.options import ConfigDir, Database
from hub.cli.session import reading_hub
from hub.sdk.errors import HubError


def changes(
    after: Annotated[int, typer.Option("--after", min=0, metavar="SEQ", help="The last number you have read.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most changes to print.")] = 1_000_000,
    epoch: Annotated[
        str | None,
        typer.Option("--epoch", metavar="EPOCH", help="The feed's epoch when you read that number; refuses another."),
    ] = None,
    state: Annotated[
        bool, typer.Option("--state", help="Print the feed's epoch, first and last number, and no change.")
    ] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Print every committed change after a number, in order, as one JSON object on a line.

    After a restore from a backup the numbers begin to mean something else, and the feed has another epoch.
    """
    from hub.cli import sql

    with reading_hub(config_dir, database) as connection:
        feed = sql.feed(connection)
        if state:
            show_json(feed)
            return
        _refuse_others(feed, sql.restored_at(connection), epoch, after)
        for row in sql.changes(connection, after, limit):
            fields = row["fields"]
            show_json(row | {"fields": json.loads(fields) if isinstance(fields, str) else fields})


def _refuse_others(feed: dict[str, Any], restored_at: str | None, epoch: str | None, after: int) -> None:
    """Refuse to go on from a number that was read in another epoch, or that is not given yet."""
    last = feed["last_seq"] or 0
    if epoch is not None and epoch != feed["epoch"]:
        when = f"restored from a backup at {restored_at}" if restored_at else "begun anew"
        reason = f"the change feed was {when}: what was read before may not have happened"
    elif after > last:
        reason = (
            f"number {after} is not given yet, the last is {last}: it is another feed's, or one from before a restore"
        )
    else:
        return
    raise HubError(
        reason,
        where="v1_change",
        instruction=f"reload from the views, then go on with --after {last} --epoch {feed['epoch']}",
    )
