"""``hub check``: everything that is wrong, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import note, number, section, show, show_json
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub
from hub.sdk.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.service import Hub


def check(
    source: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]…", help="With --live: sources; else all enabled ones.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also ask each source until its first record comes; nothing is stored.")
    ] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Check the configuration, the plugins it needs, and the database. Exit code 2 when a source could not run.

    With --live, exit code 1 when one did not answer.
    """
    if source and not live:
        raise ConfigError("single sources are named only with --live", instruction="`hub check` checks them all")
    hub = open_hub(config_dir, database)
    hub.engine.dispose()  # opened and upgraded: the database works
    problems = hub.check()
    unsure = _unsure(hub)
    if as_json:
        for source_id, time in unsure.items():
            show_json({"source": source_id, "warning": time})
        for problem in problems:
            error = problem.error
            told = {"where": error.where, "reason": hub.redactor(error.reason), "instruction": error.instruction}
            show_json({"source": problem.source, **told})
    else:
        for source_id, time in unsure.items():
            show(section(source_id, note(f"{time}; choose one after 03:00, or leave timezone out", "yellow")))
        for problem in problems:
            error = problem.error
            what = note(f"{error.where}: {error.reason}" if error.where else hub.redactor(error.reason), "red")
            show(section(problem.source, what, note(f"→ {error.instruction}", "cyan")))
        sources = hub.settings.sources
        enabled = sum(source.enabled for source in sources)
        wrong = len({problem.source for problem in problems})
        verdict = f"{number(wrong)} cannot run" if wrong else "all can run"
        counted = f"{number(len(sources))} sources, {number(enabled)} enabled: {verdict}"
        show(note(counted, "yellow" if wrong else "green"))
    answering = _ask(hub, source or (), as_json=as_json) if live else True
    if problems:
        raise typer.Exit(2)
    if not answering:
        raise typer.Exit(1)


def _unsure(hub: Hub) -> dict[str, str]:
    """The sources that are due at a time of night at which clocks are changed, and what that means."""
    from zoneinfo import ZoneInfo

    from hub.schedule.due import is_unsure

    return {
        source.id: f"when clocks are changed in {source.timezone}, {source.schedule!r} may be due an hour early or late"
        for source in hub.settings.sources
        if source.enabled and is_unsure(source.schedule, ZoneInfo(source.timezone))
    }


def _ask(hub: Hub, ids: Sequence[str], *, as_json: bool) -> bool:
    """Ask sources, one after the other, and tell of each as soon as it has answered; gives whether all did."""
    well = True
    for source in hub.sources(ids):
        answer = hub.ask(source)
        error = answer.error
        well = well and error is None
        if as_json:
            told: dict[str, Any] = {"source": source.id, "seconds": answer.seconds, "came": answer.came}
            if error:
                told |= {"where": error.where, "reason": hub.redactor(error.reason), "instruction": error.instruction}
            show_json(told)
        elif error is None:
            show(note(f"{source.id}: {answer.came} after {answer.seconds:.1f} s", "green"))
        else:
            what = f"{error.where}: {error.reason}" if error.where else error.reason
            advice = [note(f"→ {error.instruction}", "cyan")] if error.instruction else []
            failed = note(f"{hub.redactor(what)} (after {answer.seconds:.1f} s)", "red")
            show(section(source.id, failed, *advice))
    return well
