"""``hub serve``: the hub as a service."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from hub.cli.options import ConfigDir, Database
from hub.cli.session import open_hub
from hub.cli.signals import stopped_by_signals


def serve(
    config_dir: ConfigDir = None,
    database: Database = None,
    once: Annotated[bool, typer.Option("--once", help="Read what is due now, wait for it, and end; for cron.")] = False,
) -> None:
    """Read sources as their schedules say, and show health and metrics, until SIGTERM or SIGINT.

    Then runs commit what they have and end as cancelled, and go on when the hub is started again. A second signal ends
    the process at once, which loses nothing either. Changed configuration is put in force without a restart. With
    --once, exit code 0 only when everything that was due was read whole.
    """
    hub = open_hub(config_dir, database)

    from hub.cli.serving import Serving

    serving, asked = Serving(hub), threading.Event()
    with stopped_by_signals(asked.set, "stopping"):
        if once:
            try:
                serving.run_due(asked)
            finally:
                serving.stop()
            if asked.is_set() or serving.dispatcher.not_whole:
                raise typer.Exit(1)
            return

        from hub.web import serve_pages

        pages = hub.settings.serve
        with serve_pages(pages.listen, hub.engine, serving.state, pages.token):
            serving.start()
            try:
                asked.wait()
            finally:
                serving.stop()
