"""``hub init``: a config folder to begin with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.cli import starting
from hub.cli.console import note, show
from hub.cli.place import Place, find
from hub.sdk.errors import ConfigError

_STARTERS: Final = {"hub.toml": "hub.toml", "sources/example.toml": "source.toml"}


def init(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder that `config` is made in; here.", show_default=False)
    ] = Path(),
    municipality: Annotated[
        list[str] | None,
        typer.Option("--municipality", metavar="NAME", help="Begin with its sources and drop folder; may be repeated."),
    ] = None,
) -> None:
    """Write a commented config/hub.toml and an example source that is switched off. Overwrites nothing.

    With --municipality instead the sources of that municipality, the national ones, and a drop folder for its files; a
    folder that is there already gets what it lacks.
    """
    if municipality:
        _begin([find(name) for name in municipality], directory)
        return
    config = directory / "config"
    for name in _STARTERS:
        if (config / name).exists():
            raise ConfigError("is there already, and nothing was written", where=str(config / name),
                              instruction="edit it, or name another folder")  # fmt: skip
    for name, starter in _STARTERS.items():
        _write(config / name, _starter(starter))
    show(note("Next: `hub connectors`, a file in config/sources, `hub check`, `hub sync`."))


def _begin(places: list[Place], directory: Path) -> None:
    config = directory / "config"
    wanted = {config / "hub.toml": _starter("hub.toml")}
    wanted |= {config / "sources" / name: text for name, text in starting.national().items()}
    for place in places:
        wanted |= {config / "sources" / name: text for name, text in starting.municipal(place).items()}
        try:
            wanted |= starting.drop_folder(directory, place)
        except OSError as error:
            raise _unwritable(directory / "inbox", error) from None
    for path, text in wanted.items():
        if path.exists():
            show(note(f"kept {path}"))
        else:
            _write(path, text)
    for place in places:
        if place.derived:
            doubt = f"{place.name}: the organisation number {place.number} is derived; compare it with SCB's file"
            show(note(doubt, "yellow"))
    folders = ", ".join(f"inbox/{place.slug}" for place in places)
    show(note(f"Next: `hub check`, `hub sync`; drop files into {folders} and run `hub inbox` or `hub serve`."))


def _starter(name: str) -> str:
    return (files("hub.cli") / "starter" / name).read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from None
    show(note(f"wrote {path}", "green"))


def _unwritable(path: Path, error: OSError) -> ConfigError:
    reason = f"cannot be written ({error.strerror})"
    return ConfigError(reason, where=str(path), instruction="choose a folder that you may write to")
