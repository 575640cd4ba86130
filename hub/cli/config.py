"""``hub config``: the configuration in effect."""

from __future__ import annotations

import typer

from hub.cli.console import show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub

app = typer.Typer(help="The configuration in effect.", no_args_is_help=True)


@app.command("show")
def show_config(config_dir: ConfigDir = None, database: Database = None, as_json: Json = False) -> None:
    """Show every setting with its origin; secrets are masked."""
    from hub.sdk import HubError
    from hub.settings import explain

    hub = open_hub(config_dir, database)
    models = {}
    for connector in {source.connector for source in hub.settings.sources}:
        try:
            models[connector] = hub.registry.connector(connector).config_model
        except HubError:
            continue  # what is secret is then told by name; `hub check` says what is wrong
    rows = explain(hub.settings, models)
    if as_json:
        for row in rows:
            show_json(row._asdict())
    else:
        show(table(("key", "*value", "origin"), rows))
