"""``hub init``: a config folder to begin with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.cli.console import note, show
from hub.sdk.errors import ConfigError

_STARTERS: Final = {"hub.toml": "hub.toml", "sources/example.toml": "source.toml"}


def init(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder that `config` is made in; here.", show_default=False)
    ] = Path(),
) -> None:
    """Write a commented config/hub.toml and an example source that is switched off. Overwrites nothing."""
    config = directory / "config"
    for name in _STARTERS:
        if (config / name).exists():
            raise ConfigError("is there already, and nothing was written", where=str(config / name),
                              instruction="edit it, or name another folder")  # fmt: skip
    for name, starter in _STARTERS.items():
        path = config / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text((files("hub.cli") / "starter" / starter).read_text(encoding="utf-8"), encoding="utf-8")
        except OSError as error:
            reason = f"cannot be written ({error.strerror})"
            raise ConfigError(reason, where=str(path), instruction="choose a folder that you may write to") from None
        show(note(f"wrote {path}", "green"))
    show(note("Next: `hub connectors`, a file in config/sources, `hub check`, `hub sync`."))
