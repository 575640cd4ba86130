"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigDir = Annotated[
    Path | None,
    typer.Option("--config-dir", metavar="DIR", help="The config folder. [HUB_CONFIG_DIR, else ./config]"),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="URL", help="sqlite:///file or postgresql://… [HUB_DATABASE_URL, else hub.toml]"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object on a line, for scripts.")]
Language = Annotated[str, typer.Option("--language", metavar="sv|en", help="The language of explanations.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="The most rows to show.")]
