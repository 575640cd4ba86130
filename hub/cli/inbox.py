"""``hub inbox``: the files that were left in the drop folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from hub.cli.console import note, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub
from hub.cli.signals import stopped_by_signals

if TYPE_CHECKING:
    from hub.inbox import Handled

_COLUMNS: Final = ("folder", "file", "became", "source", "*why")


def inbox(
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Look again every few seconds, until SIGTERM or SIGINT.")
    ] = False,
) -> None:
    """Recognise, load and answer the files in the drop folders (inbox/<municipality>), as `hub serve` does.

    A file that was written to in the last ten seconds waits. Exit code 1 when a file failed.
    """
    hub = open_hub(config_dir, database)

    from hub.inbox import Inbox

    box, failed = Inbox(), False
    with stopped_by_signals(hub.stopping.set, "stopping"):
        while True:
            found = list(box.look(hub))
            failed = failed or any(each.became in {"failed", "refused"} for each in found)
            _tell(found, as_json=as_json, quiet=watch)
            if not watch or hub.stopping.wait(hub.settings.schedule.tick.total_seconds()):
                break
    if failed and not watch:
        raise typer.Exit(1)


def _tell(found: list[Handled], *, as_json: bool, quiet: bool) -> None:
    if as_json:
        for each in found:
            told = {"folder": each.folder, "file": each.file, "became": each.became, "source": each.source}
            show_json(told | {"answer": str(each.answer) if each.answer else None, "why": each.why})
    elif found:
        show(table(_COLUMNS, ((each.folder, each.file, each.became, each.source, each.why) for each in found)))
    elif not quiet:
        show(note("Nothing lies in the drop folders."))
