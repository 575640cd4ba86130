"""``hub check``: everything that is wrong, before anything runs."""

from __future__ import annotations

import typer

from hub.cli.console import note, number, section, show, show_json
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub


def check(config_dir: ConfigDir = None, database: Database = None, as_json: Json = False) -> None:
    """Check the configuration, the plugins it needs, and the database. Exit code 2 when a source could not run."""
    hub = open_hub(config_dir, database)
    hub.engine.dispose()  # opened and upgraded: the database works
    problems = hub.check()
    if as_json:
        for problem in problems:
            error = problem.error
            told = {"where": error.where, "reason": hub.redactor(error.reason), "instruction": error.instruction}
            show_json({"source": problem.source, **told})
    else:
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
    if problems:
        raise typer.Exit(2)
