"""``hub replay``: today's mapping over archived raw records, and the difference before it is stored."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import note, number, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.progress import reporting
from hub.cli.session import open_hub, start_logs
from hub.sdk.errors import ConfigError

if TYPE_CHECKING:
    from hub.runs.difference import Difference
    from hub.service import Hub

_OPERATIONS = ("inserted", "updated", "retired", "revived")


def replay(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The source whose archived raw records are mapped.")],
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="RUN", help="Only what this run archived; how its id begins is enough."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference and store nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Store it without asking.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Map a source's archived raw records again, as its connector does today; the publisher is not asked.

    The difference is shown before anything is stored. Use it after a connector's mapping has changed.
    """
    from hub.cli.sync import as_object, report
    from hub.runs.walk import Selection

    _may_ask(store=not dry_run, yes=yes)
    hub = open_hub(config_dir, database)
    chosen, configured = Selection(run_id=_run_id(hub, source, run)), hub.settings.source(source)
    with reporting(1) as reporter:
        start_logs(hub)
        difference = hub.preview(configured, reporter, chosen)
    start_logs(hub)
    if as_json:
        show_json({"source": source} | difference.as_object())
    else:
        show(*_told(source, configured.connector, difference))
    if dry_run or not (yes or _wanted(difference)):
        return
    with reporting(1) as reporter:
        start_logs(hub)
        result = hub.replay(configured, reporter, chosen)
    start_logs(hub)
    if as_json:
        show_json(as_object(result))
    else:
        show(*report(hub, [result]))
    if not result.whole:
        raise typer.Exit(1)


def _may_ask(*, store: bool, yes: bool) -> None:
    if store and not yes and not sys.stdin.isatty():
        raise ConfigError(
            "nobody is there to confirm that the difference is to be stored",
            instruction="look at it with --dry-run, then store it with --yes",
        )


def _wanted(difference: Difference) -> bool:
    if not difference.read:
        return False
    if difference.is_empty:
        # Nothing that anybody sees would change: only by which version it was mapped is noted.
        return difference.outdated > 0
    return typer.confirm("Store this?", err=True)


def _run_id(hub: Hub, source: str, start: str | None) -> str | None:
    from hub.cli import sql
    from hub.cli.choice import the_one
    from hub.store.engine import reading

    if start is None:
        return None
    with reading(hub.engine) as connection:
        found = [row for row in sql.runs_like(connection, start) if row["source"] == source]
    return str(the_one(found, start, f"run of {source!r}", f"`hub runs --source {source}` lists them")["id"])


def _told(source: str, connector: str, difference: Difference) -> Iterator[Any]:
    version = f"version {difference.version} of {connector}"
    yield note(f"{source}: {number(difference.read)} archived raw records mapped by {version}.", "bold")
    differing = {name: found for name, found in sorted(difference.entities.items()) if found.records}
    if differing:
        lines = ((_words(name), *(getattr(found, each) for each in _OPERATIONS)) for name, found in differing.items())
        columns = ("entity", *(f">{each}" for each in _OPERATIONS))
        yield section("Records that would differ", table(columns, lines))
        if fields := list(_fields(differing)):
            yield section("Fields that would differ", table(("entity", "field", ">records", "old", "*new"), fields))
    else:
        yield note("No record would differ.", "green")
    yield from _unreadable(difference)
    if difference.missing:
        yield note(
            f"{number(difference.missing)} raw records are no longer in the archive: the next sync maps them anew.",
            "yellow",
        )


def _fields(differing: dict[str, Any]) -> Iterator[Iterable[object]]:
    for name, found in differing.items():
        for field, each in sorted(found.fields.items(), key=lambda item: -item[1].records):
            for index, (old, new) in enumerate(each.examples):
                head = (_words(name), field, each.records) if index == 0 else (" ", " ", " ")
                yield (*head, old, new)


def _unreadable(difference: Difference) -> Iterator[Any]:
    if difference.newly_readable:
        yield note(f"{number(difference.newly_readable)} that stand in quarantine could be read.", "green")
    if difference.newly_unreadable:
        yield note(
            f"{number(difference.newly_unreadable)} that could be read would go to quarantine; what is stored of them"
            " stays.",
            "yellow",
        )
    if difference.reasons:
        lines = ((count, reason) for reason, count in difference.reasons.most_common())
        yield section("Could not be read", table((">items", "*reason"), lines))


def _words(entity: str) -> str:
    return entity.replace("_", " ")
