"""``hub state``: how far a source has been read, and where its next run begins."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import moment, note, number, pairs, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub
from hub.sdk.errors import ConfigError, HubError

if TYPE_CHECKING:
    from hub.service import Hub

app = typer.Typer(help="How far a source has been read, and where its next run begins.", no_args_is_help=True)
_Source = Annotated[str, typer.Argument(metavar="SOURCE", help="The source's id.")]
_SHORT = 8
_HOW = """write it as in '{"since": "2026-01-01"}'"""


@app.command("show")
def show_state(source: _Source, config_dir: ConfigDir = None, database: Database = None, as_json: Json = False) -> None:
    """Show a source's cursor, the scopes that were seen whole or broke off, its validators and its backfills."""
    from hub.runs import state
    from hub.store.engine import reading

    hub = open_hub(config_dir, database)
    with reading(hub.engine) as connection:
        found = state.show(connection, source)
    found |= _against_today(hub, source, found["config_digest"])
    if as_json:
        show_json(found)
    else:
        show(*_told(found))


@app.command("set")
def set_state(
    source: _Source,
    cursor: Annotated[str, typer.Argument(metavar="JSON", help="The new cursor, a JSON object; - reads it.")],
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Put another cursor in place of the committed one. No run of the source may be at work."""
    from hub.runs import state

    wanted = _cursor(sys.stdin.read() if cursor == "-" else cursor)
    hub = open_hub(config_dir, database)
    before = state.put_cursor(hub.engine, source, wanted, now=datetime.now(UTC))
    show(pairs({"old cursor": _json(before), "new cursor": _json(wanted)}))


@app.command("clear")
def clear_state(
    source: _Source,
    cursor: Annotated[bool, typer.Option("--cursor", help="Forget the cursor.")] = False,
    validators: Annotated[bool, typer.Option("--validators", help="Ask for what has not changed, too.")] = False,
    positions: Annotated[bool, typer.Option("--positions", help="Begin scopes that broke off anew.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
) -> None:
    """Forget how far a source has been read (all of it, or what is named): the next sync reads everything again.

    What it stores already is not stored twice. No run of the source may be at work.
    """
    from hub.runs import state

    chosen = {"cursor": cursor, "validators": validators, "positions": positions}
    if not any(chosen.values()):
        chosen = dict.fromkeys(chosen, True)
    hub = open_hub(config_dir, database)
    before = state.clear(hub.engine, source, now=datetime.now(UTC), **chosen)
    if chosen["cursor"]:
        show(pairs({"old cursor": _json(before)}))
    forgotten = ", ".join(name for name, is_chosen in chosen.items() if is_chosen)
    show(note(f"Forgotten of {source}: {forgotten}.", "green"))


def _cursor(written: str) -> Mapping[str, Any]:
    try:
        value = json.loads(written)
    except ValueError as error:
        raise ConfigError(f"the cursor is not JSON: {error}", instruction=_HOW) from None
    if not isinstance(value, dict):
        raise ConfigError("the cursor is not a JSON object", instruction=_HOW)
    return value


def _against_today(hub: Hub, source: str, digest: str | None) -> dict[str, Any]:
    """What the configuration of today says: the look-back, and whether it is the one that was last read with."""
    from hub.runs.plan import config_digest
    from hub.sdk.watermark import LOOKBACK

    try:
        configured = hub.settings.source(source)
        same = None if digest is None else config_digest(*hub.prepare(configured)) == digest
    except HubError as error:
        return {"lookback": None, "same_config": None, "config_problem": hub.redactor(str(error))}
    lookback = LOOKBACK if configured.lookback is None else configured.lookback
    return {"lookback": lookback.total_seconds(), "lookback_configured": configured.lookback is not None,
            "same_config": same}  # fmt: skip


def _told(found: Mapping[str, Any]) -> Iterator[Any]:
    yield pairs(
        {
            "source": found["source"],
            "cursor": _json(found["cursor"]),
            "look-back": _lookback(found),
            "read with config": (found["config_digest"] or "")[:_SHORT],
            "validators": f"{number(found['validators'])} addresses, asked only for what changed",
        }
    )
    if found["same_config"] is False:
        yield note(
            "The configuration, or the connector, has changed since: the cursor was committed under another one. It"
            " stays; positions and validators are void at the next run. `hub state clear` reads everything again.",
            "yellow",
        )
    if problem := found.get("config_problem"):
        yield note(f"What is configured today cannot be compared: {problem}", "yellow")
    yield note("")
    if found["positions"]:
        columns = ("stream", "scope", "version", ">read so far", ">since run")
        broken = ((p["stream"], p["scope"], p["version"], p["yielded"], p["first_run"]) for p in found["positions"])
        yield section("Broke off, and goes on there", table(columns, broken))
    if found["scopes"]:
        whole = ((s["stream"], s["scope"], s["records"], moment(s["completed_at"])) for s in found["scopes"])
        yield section("Seen whole", table(("stream", "scope", ">raw records", "last, UTC"), whole))
    if found["backfills"]:
        past = ((b["window_from"], b["window_to"], _outcome(b), moment(b["finished_at"])) for b in found["backfills"])
        yield section("Windows of the past", table(("from", "up to, not including", "outcome", "UTC"), past))


def _lookback(found: Mapping[str, Any]) -> str:
    if found["lookback"] is None:
        return ""
    hours = f"{found['lookback'] / 3600:g} h behind a timestamp cursor"
    return hours if found["lookback_configured"] else f"{hours} (the default)"


def _outcome(window: Mapping[str, Any]) -> str:
    return window["outcome"] or ("begun" if window["begun"] else "")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else "none"
