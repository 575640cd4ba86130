"""``hub quarantine retry``: mapping from the archive again what could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hub.cli.console import note, number, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub

if TYPE_CHECKING:
    from hub.service import Hub

ITEM: Final = ("quarantined item", "`hub quarantine list` lists them")
"""How an item is called, and where its id is found."""

_SHORT = 8
_FETCH = "fetch"
"""The stage of what never became a raw record: only the publisher has it."""


def retry(
    items: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Items' ids, or how they begin.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="All that stands of this source.")] = None,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Map quarantined items again from the archive, as their connector does today."""
    if bool(items) == bool(source):
        raise typer.BadParameter("name items, or a source with --source")
    hub = open_hub(config_dir, database)
    told = [_retry(hub, source_id, rows) for source_id, rows in _chosen(hub, items or (), source).items()]
    if as_json:
        for each in told:
            show_json(each)
    else:
        for each in told:
            _show(each)
        if not told:
            show(note("Nothing stands in quarantine.", "green"))
    if any(each["reason"] for each in told):
        raise typer.Exit(1)


def _chosen(hub: Hub, items: Sequence[str], source: str | None) -> dict[str, list[dict[str, Any]]]:
    from hub.cli import sql
    from hub.cli.choice import the_one
    from hub.store.engine import reading

    by_source: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with reading(hub.engine) as connection:
        if source is not None:
            rows = sql.quarantined_of(connection, hub.settings.source(source).id)
        else:
            rows = [the_one(sql.quarantined(connection, item), item, *ITEM) for item in items]
    for row in rows:
        by_source[row["source"]].append(row)
    return by_source


def _retry(hub: Hub, source_id: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Try one source's items; gives what became of them."""
    from hub.cli import sql
    from hub.runs import RunResult
    from hub.runs.walk import Selection
    from hub.store import validator
    from hub.store.engine import reading, transaction

    archived = {str(row["raw_id"]) for row in rows if row["stage"] != _FETCH}
    unfetched = sum(1 for row in rows if row["stage"] == _FETCH)
    result, remaining = RunResult(source_id, ""), []
    if unfetched:
        with transaction(hub.engine) as connection:
            validator.void(connection, source_id)
    if archived:
        result = hub.replay(hub.settings.source(source_id), chosen=Selection(quarantined=frozenset(archived)))
        with reading(hub.engine) as connection:
            remaining = sql.quarantined_of(connection, source_id, run=result.run_id)
    return {
        "source": source_id,
        "read": result.read - result.quarantined,
        "remaining": [{name: row[name] for name in ("id", "key", "origin", "reason")} for row in remaining],
        "missing": result.counts["missing"],
        "at_next_sync": unfetched,
        "reason": result.reason,
    }


def _show(told: dict[str, Any]) -> None:
    source, remaining = told["source"], told["remaining"]
    if told["read"] or remaining:
        style = "green" if told["read"] else "yellow"
        show(note(f"{source}: {number(told['read'])} could be read now, {number(len(remaining))} remain.", style))
    if remaining:
        lines = ((row["id"][:_SHORT], row["origin"] or row["key"], row["reason"]) for row in remaining)
        show(table(("id", "where", "*reason"), lines))
    if told["missing"]:
        show(note(f"{source}: {number(told['missing'])} are no longer in the archive: the next sync maps them anew."))
    if told["at_next_sync"]:
        asked = "never became raw records; they are tried at the next sync, which asks the publisher for them again."
        show(note(f"{source}: {number(told['at_next_sync'])} {asked}"))
    if told["reason"]:
        show(note(f"{source}: {told['reason']}", "red"))
