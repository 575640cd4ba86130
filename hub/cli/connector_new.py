"""``hub connector new``: a package to begin with, whose tests pass."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated, Final, Literal

import typer

from hub.cli.console import note, section, show
from hub.sdk.errors import ConfigError

_FILES: Final = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "$kind/readme.txt",
    "src/$package/__init__.py": "$kind/connector.txt",
    "sample/rows.$suffix": "$kind/sample.txt",
    "tests/test_$package.py": "$kind/test.txt",
}
"""What is made, and of which template."""
_SUFFIX: Final = {"file": "csv", "api": "json"}


def new(
    connector: Annotated[
        str, typer.Argument(metavar="ID", help="Its id, <cc>_<publisher>[_<dataset>]; eu_ or xx_ for no one country.")
    ],
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="A new folder. [hub-<id> in this folder]")
    ] = None,
    kind: Annotated[
        Literal["file", "api"],
        typer.Option("--kind", help="Reads a list from a file, or asks a JSON interface for what changed."),
    ] = "file",
) -> None:
    """Make a package with a connector that works, a sample, and tests that pass: replace it piece by piece."""
    _refuse_improper(connector)
    project = f"hub-{connector.replace('_', '-')}"
    target = folder or Path(project)
    if target.exists():
        raise ConfigError("there is something already", where=str(target), instruction="name a new one with --folder")
    words = {
        "id": connector,
        "project": project,
        "package": f"hub_{connector}",
        "name": "".join(part.capitalize() for part in connector.split("_")),
        "kind": kind,
        "suffix": _SUFFIX[kind],
    }
    templates = files("hub.cli") / "starter" / "connector"
    for place, template in _FILES.items():
        path = target / Template(place).substitute(words)
        text = (templates / Template(template).substitute(words)).read_text(encoding="utf-8")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(words), encoding="utf-8")
    show(
        section(
            f"Made {target}",
            note(f"pip install --editable '{target}[test]'", "cyan"),
            note(f"pytest {target}", "cyan"),
            note("hub connectors", "cyan"),
        )
    )


def _refuse_improper(connector: str) -> None:
    from hub.sdk import Manifest

    (pattern,) = (found for rule in Manifest.model_fields["id"].metadata if (found := getattr(rule, "pattern", None)))
    if not re.fullmatch(pattern, connector):
        raise ConfigError(
            f"{connector!r} is no connector id",
            instruction="write <cc>_<publisher>[_<dataset>] in small letters, digits and underscores: se_example_list",
        )
