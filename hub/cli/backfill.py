"""``hub backfill``: windows of the past, beside the live cursor."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import note, number, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.progress import reporting
from hub.cli.session import open_hub, start_logs
from hub.cli.sync import as_object
from hub.sdk.errors import ConfigError

if TYPE_CHECKING:
    from hub.runs import RunResult
    from hub.runs.lease import Window
    from hub.service import Hub
    from hub.settings import Source

_COUNTS = ("read", "stored", "changed", "unchanged", "quarantined")


def backfill(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A source whose connector reads windows.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; before today.")],
    window: Annotated[str, typer.Option("--window", metavar="SPAN", help="Days or weeks read at once.")] = "1d",
    again: Annotated[bool, typer.Option("--again", help="Also what was read whole, from its beginning.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Read days of the past in windows, the oldest first, and leave the live cursor alone.

    Windows that were read whole are passed by, and one that broke off goes on where it stood: run the same command
    again after a failure. A window counts as read only with the same first and last day; what windows of another size
    have covered is read again, and nothing is stored twice. It stops at the first window that is not read whole.
    """
    from hub.runs import backfill as past

    hub = open_hub(config_dir, database)
    chosen = hub.settings.source(source)
    _refuse_unfit(hub, chosen, first.date(), last.date())
    windows = list(past.windows(first.date(), last.date(), _days(window)))
    if again:
        past.forget(hub.engine, source, windows, now=datetime.now(UTC))
    done: list[tuple[Window, RunResult | None]] = []
    with reporting(len(windows)) as reporter:
        start_logs(hub)
        for each, result in past.read(lambda one: hub.run(chosen, reporter, window=one), hub.engine, source, windows):
            done.append((each, result))
            reporter.finished(source, result.outcome if result else "read before")
            if as_json and result is not None:
                show_json(_days_of(each) | as_object(result))
    start_logs(hub)
    if not as_json:
        show(*_told(done, len(windows)))
    if any(result is not None and not result.whole for _, result in done):
        raise typer.Exit(1)


def _refuse_unfit(hub: Hub, source: Source, first: date, last: date) -> None:
    connector, _ = hub.prepare(source)
    if not connector.manifest.backfills:
        raise ConfigError(
            f"connector {source.connector!r} does not read windows of the past",
            where=str(source.path),
            instruction=f"`hub state clear {source.id}` has the next sync read everything again",
        )
    if first > last:
        raise ConfigError(f"{first} is after {last}", where="--from", instruction="write the first day there")
    if last >= datetime.now(UTC).date():
        raise ConfigError(
            f"{last} is not over: a window that holds it would count as read",
            where="--to",
            instruction="write a day before today (UTC); the live sync reads the rest",
        )


def _days(span: str) -> int:
    from hub.settings.schedule import parse_duration

    try:
        size: timedelta = parse_duration(span)
    except ValueError as error:
        raise ConfigError(str(error), where="--window", instruction='write whole days, as in "7d"') from None
    if size < timedelta(days=1) or size % timedelta(days=1):
        raise ConfigError(f"{span!r} is not whole days", where="--window", instruction='write whole days, as in "7d"')
    return size.days


def _days_of(window: Window) -> dict[str, str]:
    """Both days included, as they are written on the command line."""
    return {"from": window[0].isoformat(), "to": (window[1] - timedelta(days=1)).isoformat()}


def _told(done: list[tuple[Window, RunResult | None]], number_of_windows: int) -> Any:
    read = [(window, result) for window, result in done if result is not None]
    if read:
        columns = ("from", "to", "outcome", *(f">{name}" for name in _COUNTS), ">seconds")
        lines = (
            (*_days_of(window).values(), r.outcome, *(getattr(r, name) for name in _COUNTS), f"{r.seconds:.1f}")
            for window, r in read
        )
        yield table(columns, lines)
    if before := len(done) - len(read):
        yield note(f"{number(before)} windows had been read before; --again reads them again.")
    failed = read[-1][1] if read and not read[-1][1].whole else None
    if failed is None:
        yield note(f"All {number(number_of_windows)} windows are read.", "green")
        return
    yield note(failed.reason, "")
    left = number_of_windows - len(done) + 1
    yield note(
        f"{number(left)} windows are left: mend what the reason says, then run the same command again.", "yellow"
    )
