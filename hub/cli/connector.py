"""``hub connector``: for those who write connectors."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli import connector_new
from hub.cli.console import note, show, show_json
from hub.cli.options import ConfigDir, Json
from hub.sdk.errors import ConfigError

if TYPE_CHECKING:
    from hub.registry import Registry
    from hub.testing import Fixture, Verdict

_STYLES = {"kept": "green", "skipped": "dim", "broken": "bold red"}

app = typer.Typer(name="connector", help="Write and test connectors.", no_args_is_help=True)
app.command("new")(connector_new.new)


@app.command("test")
def try_out(
    connector: Annotated[str, typer.Argument(metavar="CONNECTOR", help="Its id; `hub connectors` lists all.")],
    source: Annotated[str | None, typer.Option("--source", metavar="SOURCE", help="Read this configured one.")] = None,
    config_file: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Read as this source file says; its paths start beside it."),
    ] = None,
    path: Annotated[str | None, typer.Option("--path", metavar="PATH", help="The files to read.")] = None,
    config_dir: ConfigDir = None,
    as_json: Json = False,
) -> None:
    """Look whether a connector keeps every connector's promises, on a small source of files. Exit code 1 if it does
    not. Nothing is stored in the hub's database.
    """
    from tempfile import TemporaryDirectory

    from hub.observe import configure
    from hub.registry import Registry
    from hub.testing import PROMISES, Trial
    from hub.testing.promises import BY_NAME

    configure("critical")  # what goes wrong is told by the promise
    registry = Registry.discover()
    tested = registry.connector(connector)
    fixture = _fixture(registry, connector, source, config_file, path, config_dir)
    broken = 0
    with TemporaryDirectory() as folder:
        trial = Trial(tested, fixture, Path(folder))
        for promise in PROMISES:
            verdict = _fair(trial.check(promise, BY_NAME))
            broken += verdict.outcome == "broken"
            _tell(verdict, as_json=as_json)
    if broken:
        raise typer.Exit(1)


def _fixture(
    registry: Registry,
    connector: str,
    source: str | None,
    config_file: Path | None,
    path: str | None,
    config_dir: Path | None,
) -> Fixture:
    from hub.settings import load_settings, resolve_secrets
    from hub.settings.toml import read_toml
    from hub.testing import Fixture

    raw: dict[str, Any] = {}
    root, where = Path.cwd(), "the command line"
    if source is not None:
        settings = load_settings(config_dir, secret_hook=registry.hooks.secret)
        chosen = settings.source(source)
        if chosen.connector != connector:
            raise ConfigError(
                f"source {source!r} is read by {chosen.connector!r}",
                where=str(chosen.path),
                instruction=f"run `hub connector test {chosen.connector} --source {source}`",
            )
        raw, root, where = dict(chosen.config), settings.root, str(chosen.path)
    elif config_file is not None:
        raw, root, where = dict(read_toml(config_file).get("config", {})), config_file.parent, str(config_file)
    elif path is None:
        raise ConfigError(
            "there is nothing to read", instruction="name a small source: --source SOURCE, --config FILE or --path PATH"
        )
    if path is not None:
        raw["path"] = str(Path(path).absolute())
    resolved, _ = resolve_secrets(raw, root, registry.hooks.secret, where=where, environ=os.environ)
    return Fixture(source or where, resolved, root)


def _fair(verdict: Verdict) -> Verdict:
    """How to put an unknown field into a document, or into a file's header, cannot be known here."""
    from dataclasses import replace

    if verdict.promise.name == "unknown_field" and verdict.outcome == "broken":
        why = "how to put one into this source is for the connector's own tests to say (Fixture.unknown, unknown_file)"
        return replace(verdict, outcome="skipped", why=why)
    return verdict


def _tell(verdict: Verdict, *, as_json: bool) -> None:
    promise = verdict.promise
    if as_json:
        show_json({"promise": promise.name, "says": promise.sentence, "outcome": verdict.outcome, "why": verdict.why})
        return
    line = note(f"{verdict.outcome:<8} ", _STYLES[verdict.outcome])
    line.append(promise.sentence, "" if verdict.outcome != "skipped" else "dim")
    why, arrow, advice = verdict.why.partition(" → ")
    parts = [note(f"         {why}", "" if verdict.outcome == "broken" else "dim")] if why else []
    parts += [note(f"         → {advice}", "cyan")] if arrow else []
    show(line, *parts)
