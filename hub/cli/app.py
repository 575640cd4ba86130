"""``hub``: the commands put together, and what becomes of their errors."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import typer

from hub import __version__
from hub.cli import (
    backfill,
    changes,
    check,
    conditions,
    config,
    connector,
    connectors,
    db,
    demo,
    drift,
    inbox,
    init,
    ledger,
    organisation,
    privacy,
    quarantine,
    replay,
    runs,
    serve,
    session,
    social,
    sources,
    state,
    status,
    sync,
)
from hub.sdk.errors import HubError

_UNEXPECTED: Final = 70
"""Exit code for a fault of the program itself (``EX_SOFTWARE``)."""

app = typer.Typer(
    name="hub",
    help="Gathers public sources about enterprises and contracts, links them, and shows which enterprises are social.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
_DAILY, _DATA, _SETUP = "Run it", "Look at the data", "Set it up"
app.command("serve", rich_help_panel=_DAILY)(serve.serve)
app.command("sync", rich_help_panel=_DAILY)(sync.sync)
app.command("inbox", rich_help_panel=_DAILY)(inbox.inbox)
app.command("status", rich_help_panel=_DAILY)(status.status)
app.add_typer(conditions.app, name="conditions", rich_help_panel=_DAILY)
app.command("drift", rich_help_panel=_DAILY)(drift.drift)
app.add_typer(sources.app, name="sources", rich_help_panel=_DAILY)
app.add_typer(state.app, name="state", rich_help_panel=_DAILY)
app.command("backfill", rich_help_panel=_DAILY)(backfill.backfill)
app.add_typer(runs.app, name="runs", rich_help_panel=_DAILY)
app.add_typer(quarantine.app, name="quarantine", rich_help_panel=_DAILY)
app.command("replay", rich_help_panel=_DAILY)(replay.replay)
app.add_typer(privacy.app, name="privacy", rich_help_panel=_DAILY)
app.add_typer(organisation.app, name="organisation", rich_help_panel=_DATA)
app.add_typer(social.app, name="social", rich_help_panel=_DATA)
app.add_typer(ledger.app, name="ledger", rich_help_panel=_DATA)
app.command("changes", rich_help_panel=_DATA)(changes.changes)
app.command("demo", rich_help_panel=_SETUP)(demo.demo)
app.command("init", rich_help_panel=_SETUP)(init.init)
app.command("check", rich_help_panel=_SETUP)(check.check)
app.add_typer(config.app, name="config", rich_help_panel=_SETUP)
app.command("connectors", rich_help_panel=_SETUP)(connectors.connectors)
app.add_typer(connector.app, name="connector", rich_help_panel=_SETUP)
app.add_typer(db.app, name="db", rich_help_panel=_SETUP)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"hub {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Print a traceback with an error.")] = False,
) -> None:
    """Options of the whole command line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal without UTF-8 gets question marks rather than an error.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    try:
        app(args=given, prog_name="hub")
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 0
    except HubError as error:
        _explain(error, debug="--debug" in given)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last place that can tell a person in words
        _explain(_unexpected(error), debug="--debug" in given)
        return _UNEXPECTED
    finally:
        session.end()
    return 0


def _unexpected(error: Exception) -> HubError:
    return HubError(
        f"something went wrong that the hub did not foresee: {type(error).__name__}: {error}",
        instruction="run it again with `hub --debug …` and report what it prints",
    )


def _explain(error: HubError, *, debug: bool) -> None:
    """Say where, what and what to do, without secrets or persons in the words."""
    from hub.cli.console import console, note
    from hub.observe import Redactor

    redact, terminal = Redactor(), console(error=True)
    if debug:
        sys.stderr.write(redact(traceback.format_exc()))
    for single in _each(error):
        where = f"{single.where}: " if single.where else ""
        terminal.print(note("error: ", "bold red"), note(f"{where}{redact(single.reason)}", ""), sep="", soft_wrap=True)
        if single.instruction:
            terminal.print(note(f"  → {redact(single.instruction)}", "cyan"), soft_wrap=True)


def _each(error: HubError) -> Iterable[HubError]:
    """The single errors in one that holds several."""
    return getattr(error, "errors", ()) or (error,)


if __name__ == "__main__":
    sys.exit(main())
