"""``hub connectors``: what can be read, and what is wrong with a plugin."""

from __future__ import annotations

from dataclasses import asdict

from hub.cli.console import note, section, show, show_json, table
from hub.cli.options import Json


def connectors(as_json: Json = False) -> None:
    """List the connectors, and the plugins that could not be loaded with the way to mend them."""
    from hub.registry import Registry

    registry = Registry.discover()
    registry.load()
    rows = registry.connectors()
    listed = {row.id for row in rows}
    others = [failure for failure in registry.failures if failure.name not in listed]
    if as_json:
        for row in rows:
            show_json(asdict(row))
        for failure in others:
            show_json({"id": failure.name, "status": "failed", **asdict(failure)})
        return
    show(
        table(
            ("connector", "*what it reads", "from", "version", "status"),
            ((row.id, row.title, row.distribution, row.version, row.status) for row in rows),
        )
    )
    failed = [(row.id, row.reason, row.instruction) for row in rows if row.status == "failed"]
    for name, reason, instruction in [*failed, *((f.name, f.reason, f.instruction) for f in others)]:
        show(section(name, note(reason, "red"), note(f"→ {instruction}", "cyan")))
