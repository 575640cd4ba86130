"""The reference pages, each made from the code that it is about."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import typer
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from hub.cli.app import app
from hub.registry import Registry
from hub.sdk import ConnectorConfig, HubError, hookspecs
from hub.sdk import errors as sdk_errors
from hub.settings.load import KEYS, environment_name
from hub.settings.schema import HubFile, SourceFile
from hub.store.engine import DatabaseUnavailable
from hub.store.views import V1
from tests.docs.meanings import ENTITIES, EXITS, HOOKS, OUTCOMES, SETTINGS, SOURCE, STATUS_NOTE

_WORDS: Final = {
    str: "text",
    int: "number",
    bool: "`true` or `false`",
    Path: "path",
    date: "date",
    SecretStr: "secret, by reference",
}
_SHARED: Final = ("--config-dir", "--database", "--json")


def cli() -> str:
    """Every command with its arguments and options."""
    root = typer.main.get_command(app)
    lines = ["# Command line", "", root.help or "", "", "Options that most commands have:", ""]
    sync = root.commands["sync"]
    lines += _table(("option", "meaning"), ([_option(p), _cell(p.help)] for p in sync.params if p.opts[0] in _SHARED))
    lines += ["", "Options of `hub` itself, before the command:", ""]
    lines += _table(("option", "meaning"), ([_option(p), _cell(p.help)] for p in root.params))
    for words, command in _commands(root, ("hub",)):
        lines += ["", f"## {' '.join(words)}", "", command.help or "", ""]
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        usage = " ".join([*words, *(p.metavar or p.name.upper() for p in arguments), "[OPTIONS]"])
        lines += ["```text", usage, "```"]
        own = [p for p in command.params if p.opts[0] not in _SHARED]
        if own:
            lines += ["", *_table(("option", "meaning", "default"), map(_parameter, own))]
        if shared := [f"`{p.opts[0]}`" for p in command.params if p.opts[0] in _SHARED]:
            lines += ["", f"Also {', '.join(shared)}."]
    lines += ["", "## Exit codes", "", *_table(("code", "meaning"), EXITS.items()), "", STATUS_NOTE]
    return _page(lines)


def settings() -> str:
    """The keys of hub.toml and of a source's file."""
    lines = [
        "# Settings",
        "",
        "A value on the command line beats the environment, which beats `hub.toml`, which beats the default. Relative",
        "paths start from the folder above the config folder. `hub config show` tells each value and its origin.",
        "",
        'A secret is never written down: `{ env = "NAME" }`, `{ file = "path" }` or `{ vault = "name" }` says where it',
        "is.",
        "",
        "In the environment alone: `HUB_CONFIG_DIR` names the config folder; `HUB_STRICT_PLUGINS=1` stops a command",
        "when a plugin that it loads is broken.",
        "",
        "## hub.toml",
        "",
    ]
    rows = []
    for key in KEYS:
        default, meaning = SETTINGS[key]
        rows.append(
            (f"`{key}`", f"`{environment_name(key)}`", _cell(default or _default(_field(HubFile, key))), meaning)
        )
    lines += [*_table(("key", "environment", "default", "meaning"), rows), "", "## sources/&lt;id&gt;.toml", ""]
    lines += ["The source's id is the file's name without `.toml`: a-z, 0-9 and hyphens.", ""]
    fields = SourceFile.model_fields
    lines += _table(
        ("key", "default", "meaning"),
        ((f"`{name}`", _needed(field), SOURCE[name]) for name, field in fields.items()),
    )
    return _page(lines)


def read_contract() -> str:
    """The views with their columns."""
    lines = [
        "# Read contract, version 1",
        "",
        "Views with `v1_` in their name are what other systems may rely on; tables are not. Within version 1, columns",
        "and views are only added. On PostgreSQL the views also stand in the schema `hub_v1`, and comments on those in",
        "`public` say what is written here. How to read them: [Read the database](../how-to/read-the-database.md).",
        "",
        "| meaning | SQLite | PostgreSQL |",
        "| --- | --- | --- |",
        "| id | text, 36 characters | `uuid` |",
        "| instant, UTC | text `2026-11-24T10:00:00Z` | `timestamptz` |",
        "| date | text `2026-11-24` | `date` |",
        "| flag | 0 or 1 | `boolean` |",
        "| JSON | text | `jsonb` |",
        "| `amount_minor` | integer | `bigint` |",
        "| `amount` | exact decimal text `1250.50` | `numeric` |",
        "",
        *_table(("view", "a row is"), ((f"[`{v.name}`](#{v.name})", _cell(v.row)) for v in V1)),
    ]
    for view in V1:
        lines += ["", f"## {view.name}", "", f"A row is {view.row}.", ""]
        lines += _table(("column", "meaning"), ((f"`{name}`", _cell(text)) for name, text in view.columns.items()))
    lines += ["", "## Entities in v1_change", "", *_table(("entity", "its current state"), ENTITIES.items())]
    return _page(lines)


def connectors() -> str:
    """What each connector of the hub is and can be told."""
    registry = Registry.discover()
    ids = [row.id for row in registry.connectors() if row.distribution == "integration-hub"]
    lines = [
        "# Connectors",
        "",
        "The connectors that come with the hub. Each one's README says what it reads and how.",
        "",
    ]
    found = [registry.connector(name) for name in ids]
    lines += _table(
        ("connector", "reads"), ((f"[`{c.manifest.id}`](#{c.manifest.id})", c.manifest.title) for c in found)
    )
    for connector in found:
        manifest = connector.manifest
        lines += [
            "",
            f"## {manifest.id}",
            "",
            f"{manifest.title}. [README](../../plugins/hub_{manifest.id}/README.md)",
            "",
        ]
        told = {
            "publisher": manifest.publisher,
            "homepage": manifest.homepage and f"<{manifest.homepage}>",
            "licence": manifest.licence,
            "attribution": manifest.attribution,
            "countries": ", ".join(manifest.countries) or "any",
            "version": str(manifest.version),
        }
        lines += _table(("", ""), ((name, _cell(value)) for name, value in told.items() if value))
        lines += ["", *_table(("stream", "a record is", "what is missing is retired"), map(_stream, manifest.streams))]
        lines += ["", "`[config]`:", ""]
        model: type[ConnectorConfig] = connector.config_model
        lines += _table(("key", "value", "default", "meaning"), map(_config_field, model.model_fields.items()))
    return _page(lines)


def hooks() -> str:
    """What a plugin may implement."""
    lines = [
        "# Hooks",
        "",
        f"A plugin with connectors names them as entry points of the group `{hookspecs.PROJECT}`; one without, such as",
        f"a store of secrets, uses `{hookspecs.EXTENSIONS}`. Mark each hook with `@hub.sdk.hookimpl`. Arguments only",
        "ever grow: leave out those that you do not need. No hook is called for each record.",
    ]
    for name, hook in hook_functions().items():
        signature = str(inspect.signature(hook)).replace("'", "")
        first = hook.integration_hub_spec["firstresult"]
        lines += ["", f"## {name}", "", "```text", f"{name}{signature}", "```", "", _docstring(hook), "", HOOKS[name]]
        if first:
            lines += ["", "The first answer that is not `None` counts."]
    return _page(lines)


def errors() -> str:
    """The errors and what an operator does about them."""
    lines = [
        "# Errors",
        "",
        "Each error says where, what, and what to do. Its class is named by the recovery.",
        "",
    ]
    rows = []
    for depth, kind in [*_tree(HubError), (1, DatabaseUnavailable)]:
        name = "&nbsp;" * 4 * depth + f"`{kind.__name__}`"
        rows.append((name, kind.exit_code, _cell(_docstring(kind).split("\n\n")[0]), _cell(kind.default_instruction)))
    lines += _table(("error", "exit code", "meaning", "instruction, when it has none of its own"), rows)
    lines += ["", "An error in one source becomes that run's outcome; the other sources go on.", ""]
    lines += ["## Outcomes of a run", "", *_table(("outcome", "meaning", "`hub sync` ends with"), OUTCOMES), ""]
    lines += ["## Exit codes", "", *_table(("code", "meaning"), EXITS.items()), "", STATUS_NOTE]
    return _page(lines)


def hook_functions() -> dict[str, Any]:
    """The hooks by name."""
    return {name: value for name, value in vars(hookspecs).items() if name.startswith("hub_")}


def _tree(kind: type[HubError], depth: int = 0) -> Iterator[tuple[int, type[HubError]]]:
    yield depth, kind
    for child in vars(sdk_errors).values():
        if isinstance(child, type) and kind in child.__bases__:
            yield from _tree(child, depth + 1)


def _commands(group: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if not hasattr(command, "commands") or command.invoke_without_command:
            yield (*words, name), command
        if hasattr(command, "commands"):
            yield from _commands(command, (*words, name))


def _option(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{(parameter.metavar or parameter.name.upper()).strip('[]…')}`"
    value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
    return _cell(f"`{', '.join(parameter.opts)}{value}`")


def _parameter(parameter: Any) -> tuple[str, str, str]:
    default = parameter.default
    shown = "" if default in (None, False, Path()) else f"`{default}`"
    needed = parameter.required and parameter.param_type_name == "argument"
    return _option(parameter), _cell(parameter.help), "needed" if needed else shown


def _stream(stream: Any) -> tuple[str, str, str]:
    kept = f"yes, unless fewer than {stream.floor:.0%} of the last number came" if stream.snapshot else "no"
    return f"`{stream.name}`", stream.title, kept


def _config_field(item: tuple[str, FieldInfo]) -> tuple[str, str, str, str]:
    name, field = item
    return f"`{field.alias or name}`", _cell(_value(field.annotation)), _needed(field), _cell(field.description)


def _needed(field: FieldInfo) -> str:
    return "needed" if field.is_required() else _cell(_default(field))


def _field(model: type[BaseModel], key: str) -> FieldInfo:
    *sections, name = key.split(".")
    for section in sections:
        model = typing.cast("type[BaseModel]", model.model_fields[section].annotation)
    return model.model_fields[name]


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value in (None, PydanticUndefined, (), {}):
        return ""
    if isinstance(value, tuple):
        return "`" + ", ".join(map(str, value)) + "`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _value(annotation: Any) -> str:
    """A type in the words of a TOML file."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f'`"{value}"`' for value in inner)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_value(item) for item in inner if item is not type(None))
    if origin is Annotated:
        return _value(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    if origin is tuple:
        return f"list of {_value(inner[0])}"
    if origin in (dict, Mapping):
        return f"table: {_value(inner[0])} → {_value(inner[1])}"
    return _WORDS[annotation]


def _docstring(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").replace("``", "`")


def _cell(text: object) -> str:
    return " ".join(str(text or "").split()).replace("|", "\\|")


def _table(columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> list[str]:
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    return lines + [f"| {' | '.join(map(str, row))} |" for row in rows]


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
