"""``hub db``: the database itself."""

from __future__ import annotations

import typer

from hub.cli import backup
from hub.cli.console import note, show
from hub.cli.options import ConfigDir, Database
from hub.cli.session import open_hub

app = typer.Typer(help="The database itself.", no_args_is_help=True)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(backup.verify)


@app.command()
def upgrade(config_dir: ConfigDir = None, database: Database = None) -> None:
    """Bring the database to this version's schema and build its views anew."""
    from hub.store import schema
    from hub.store.engine import open_engine, reading

    hub = open_hub(config_dir, database)
    # Not hub.engine: that one upgrades only when the revision differs, and the views may be worth rebuilding.
    engine = open_engine(hub.settings.database.url.get_secret_value())
    with reading(engine) as connection:
        before = schema.current_revision(connection)
    schema.ensure(engine)
    if before == schema.head_revision():
        schema.upgrade(engine)
    show(note(f"{hub.settings.database.url}", "bold"))
    show(note(f"{before or 'empty'} → {schema.head_revision()}", "green"))
