"""``hub sync``: run sources and tell how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import console, moment, note, number, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.progress import reporting
from hub.cli.session import open_hub, start_logs
from hub.cli.signals import stopped_by_signals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.runs import RunResult
    from hub.service import Hub
    from hub.settings import Source

_COUNTS = ("read", "stored", "changed", "unchanged", "retired", "quarantined")
_PERSONS = ("persons", "masked_by_gate")


def sync(
    source: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]…", help="Sources; all enabled ones.")] = None,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
    accept_shrinking: Annotated[
        bool, typer.Option("--accept-shrinking", help="Let a list that lost most of its records retire them.")
    ] = False,
) -> None:
    """Read sources into the database. Exit code 0 only when every source was read whole.

    SIGTERM or SIGINT lets it commit what it has and end; a second one ends it at once.
    """
    hub = open_hub(config_dir, database)
    chosen = hub.sources(source or ())
    if not chosen:
        console(error=True).print(note("no source is enabled; add one in config/sources (see `hub sources`)", "yellow"))
    if not source and chosen:
        chosen = _without_paused(hub, chosen)
    results = run(hub, [item.id for item in chosen], as_json=as_json, accept_shrinking=accept_shrinking)
    if not as_json:
        show(*report(hub, results))
    if hub.stopping.is_set() or not all(result.whole for result in results):
        raise typer.Exit(1)


def _without_paused(hub: Hub, chosen: Sequence[Source]) -> list[Source]:
    """The sources that are not paused; of each other one a line tells since when and why it is."""
    from hub.store import source as rows
    from hub.store.engine import reading

    with reading(hub.engine) as connection:
        paused = rows.paused(connection)
    for source in chosen:
        if row := paused.get(source.id):
            why = f": {row['pause_reason']}" if row["pause_reason"] else ""
            console(error=True).print(
                note(f"{source.id} is left out: paused since {moment(row['paused_at'])} UTC{why}", "yellow")
            )
    return [source for source in chosen if source.id not in paused]


def run(hub: Hub, ids: Sequence[str], *, as_json: bool = False, accept_shrinking: bool = False) -> list[RunResult]:
    """Run the sources with progress; as JSON, each result is printed as soon as it is there."""
    results: list[RunResult] = []
    if not ids:
        return results
    # A database that cannot be opened is one error, not one per source.
    hub.engine.dispose()
    with reporting(len(ids)) as reporter, stopped_by_signals(hub.stopping.set, "stopping"):
        start_logs(hub)
        for result in hub.sync(ids, progress=reporter, accept_shrinking=accept_shrinking):
            results.append(result)
            reporter.finished(result.source, result.outcome)
            if as_json:
                show_json(as_object(result))
    start_logs(hub)
    return results


def as_object(result: RunResult) -> dict[str, Any]:
    """A result for scripts."""
    told: dict[str, Any] = {"source": result.source, "outcome": result.outcome}
    told |= {name: getattr(result, name) for name in _COUNTS}
    told["seconds"] = result.seconds
    return told | ({"reason": result.reason} if result.reason else {})


def report(hub: Hub, results: Sequence[RunResult]) -> Iterable[Any]:
    """The table of results, and below it what a person should look at."""
    columns = ("source", "outcome", *(f">{name}" for name in _COUNTS), ">seconds")
    rows = ((r.source, r.outcome, *(getattr(r, name) for name in _COUNTS), f"{r.seconds:.1f}") for r in results)
    yield table(columns, rows)
    if reasons := [note(f"{r.source}: {r.reason}", "") for r in results if r.reason]:
        yield section("Why", *reasons)
    if any(r.quarantined for r in results):
        yield note("Some of it could not be read: `hub quarantine list` says what and why.", "yellow")
    yield from _drift(hub, results)
    kept_out = sum(r.counts[name] for r in results for name in _PERSONS)
    if kept_out:
        yield note(f"Natural persons kept out: {number(kept_out)} numbers replaced before anything was stored.")


def _drift(hub: Hub, results: Sequence[RunResult]) -> Iterable[Any]:
    from hub.cli import sql
    from hub.store.engine import reading

    with reading(hub.engine) as connection:
        found = sql.drift(connection, [result.run_id for result in results if result.run_id])
    if found:
        rows = ((row["source"], row["kind"].replace("_", " "), row["field"], row["value"]) for row in found)
        yield table(
            ("source", "drift", "field", "*value"), rows, title="The source said what its connector does not know"
        )
