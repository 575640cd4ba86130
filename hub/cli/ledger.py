"""``hub ledger``: a supplier ledger's file, looked at before it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import note, pairs, section, show, show_json, table
from hub.cli.options import Json
from hub.sdk.errors import ConfigError, ContractBroken

if TYPE_CHECKING:
    from hub.sdk.recognition import Recognition

app = typer.Typer(name="ledger", help="Look at supplier ledgers (leverantörsreskontra).", no_args_is_help=True)
_CONNECTOR = "xx_supplier_ledger"


@app.command("inspect")
def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to look at; nothing is stored.")],
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Read it as this source file says.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what is recognised in a file, how surely, and what to write in the source's [config].

    Exit code 1 when rows cannot be read or something needed is missing; an error when the file is no ledger.
    """
    from hub.registry import Registry

    if not file.is_file():
        raise ConfigError("there is no such file", where=str(file), instruction="name one file")
    connector = Registry.discover().connector(_CONNECTOR)
    found: Recognition | None = connector().recognise(file, _config(connector, config_file))
    if found is None:
        raise ContractBroken(
            "the file is not recognised as a supplier ledger",
            where=file.name,
            instruction="it needs a header row with at least an amount and a supplier; see the connector's README",
        )
    if as_json:
        show_json(_plain(found))
    else:
        _print(file, found)
    if found.notes and (found.missing or not found.rows or found.profile):
        raise typer.Exit(1)


def _config(connector: Any, config_file: Path | None) -> Any:
    if config_file is None:
        return None
    from pydantic import ValidationError

    from hub.settings.toml import read_toml

    try:
        return connector.config_model.model_validate(read_toml(config_file).get("config", {}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{place}: {first['msg']}", where=str(config_file)) from None


def _plain(found: Recognition) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "title": found.title,
        "sureness": str(found.sureness),
        "columns": [{"heading": heading, "field": field} for heading, field in found.columns],
        "ignored": found.ignored,
        "missing": found.missing,
        "rows": found.rows,
        "total": [{"amount": str(money.amount), "currency": money.currency} for money in found.total],
        "period": found.period,
        "notes": found.notes,
        "profile": found.profile,
    }


def _print(file: Path, found: Recognition) -> None:
    show(
        section(
            file.name,
            pairs(
                {
                    "recognised as": found.title,
                    "sureness": f"{found.sureness:.0%}",
                    "rows": found.rows,
                    "total": ", ".join(map(str, found.total)),
                    "period": found.period,
                    "missing": ", ".join(found.missing),
                }
            ),
        ),
        table(
            ("column", "*read as"), ((h, f or ("ignored" if h in found.ignored else None)) for h, f in found.columns)
        ),
    )
    for words in found.notes:
        show(note(f"- {words}", "yellow"))
    if found.profile:
        show(section("write in the source file:", note("")))
        typer.echo(found.profile)
