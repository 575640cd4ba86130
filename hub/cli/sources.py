"""``hub sources``: what is configured."""

from __future__ import annotations

from hub.cli.console import note, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub


def sources(config_dir: ConfigDir = None, database: Database = None, as_json: Json = False) -> None:
    """List the configured sources with connector, schedule and whether each could run."""
    hub = open_hub(config_dir, database)
    problems: dict[str, str] = {}
    for problem in hub.check():
        problems.setdefault(problem.source, problem.error.reason)
    listed = [
        {
            "source": source.id,
            "connector": source.connector,
            "schedule": source.schedule,
            "enabled": source.enabled,
            "file": str(source.path),
            "problem": hub.redactor(problems.get(source.id, "")),
        }
        for source in hub.settings.sources
    ]
    if as_json:
        for item in listed:
            show_json(item)
        return
    if not listed:
        show(
            note(
                f"There is no source in {hub.settings.config_dir / 'sources'}. `hub init` writes an example.", "yellow"
            )
        )
        return
    show(
        table(
            ("source", "connector", "schedule", "enabled", "*problem"),
            ((i["source"], i["connector"], i["schedule"], i["enabled"], i["problem"] or "none") for i in listed),
        )
    )
    if problems:
        show(note("`hub check` says more about each problem.", "yellow"))
