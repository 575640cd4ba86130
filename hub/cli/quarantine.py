"""``hub quarantine``: what could not be read and why, trying it again, and dropping it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.console import moment, note, pairs, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json, Limit
from hub.cli.retry import ITEM, retry
from hub.cli.session import open_hub, reading_hub
from hub.sdk.errors import ConfigError

app = typer.Typer(help="What could not be read, and why.", no_args_is_help=True)
app.command("retry")(retry)
_SHORT = 8
_MOMENTS = ("first seen at", "resolved at", "dropped at")


@app.command("list")
def list_quarantine(
    source: Annotated[str | None, typer.Option("--source", help="Only this source's.")] = None,
    dropped: Annotated[bool, typer.Option("--dropped", help="Also what somebody decided need not be read.")] = False,
    limit: Limit = 50,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List what stands in quarantine."""
    from hub.cli import sql

    with reading_hub(config_dir, database) as connection:
        rows = sql.quarantine(connection, source, limit, dropped=dropped)
    if as_json:
        for row in rows:
            show_json(row)
        return
    if not rows:
        show(note("Nothing stands in quarantine.", "green"))
        return
    lines = ((r["id"][:_SHORT], r["source"], r["origin"] or r["key"], _why(r)) for r in rows)
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
        row = the_one(rows, item, *ITEM)
    if as_json:
        show_json(row)
        return
    told = {name.replace("_", " "): value for name, value in row.items()}
    told |= {name: f"{moment(told[name])} UTC" for name in _MOMENTS if told[name]}
    told["archived in"] = told["archived in"] or "(not in the archive)"
    show(pairs(told))


@app.command()
def drop(
    items: Annotated[list[str], typer.Argument(metavar="ID…", help="The items' ids, or how they begin.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why they need not be read.")],
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; the login name.")] = None,
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Take items off the list for good: the same fault does not come back, another one of the same item does."""
    from hub.cli import sql
    from hub.cli.choice import the_one
    from hub.store import faults
    from hub.store.engine import transaction

    if not reason.strip():
        raise typer.BadParameter("say why they need not be read", param_hint="--reason")
    who = by or _login()
    with transaction(open_hub(config_dir, database).engine) as connection:
        rows = [the_one(sql.quarantined(connection, item), item, *ITEM) for item in items]
        ids = [row["id"] for row in rows]
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        count = faults.drop(connection, ids, by=who, reason=reason.strip(), at=at)
    show(
        note(f"Dropped {count} by {who}. `hub quarantine list --dropped` still shows what could not be read.", "green")
    )


def _why(row: dict[str, Any]) -> str:
    return (
        f"{row['reason']} (dropped by {row['dropped_by']}: {row['drop_reason']})"
        if row["dropped_at"]
        else row["reason"]
    )


def _login() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):  # a container's user may have no name
        raise ConfigError("who drops it is not known", instruction="name them with --by") from None
