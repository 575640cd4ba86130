"""``hub organisation``: one organisation and why the hub says what it says, or those with a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import money, note, pairs, period, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json, Limit
from hub.cli.session import reading_hub

if TYPE_CHECKING:
    from hub.store.engine import Connection

app = typer.Typer(help="Organisations, by number or name.", no_args_is_help=True)
_FIELDS = ("name", "kind", "legal_form", "status", "registered_on", "dissolved_on", "locality", "municipality_code",
           "purpose")  # fmt: skip


def find(connection: Connection, number: str) -> dict[str, Any]:
    """The organisation of a number in any spelling. Raises ``ConfigError`` when there is none."""
    from hub.cli import sql
    from hub.model.scheme import SCHEMES
    from hub.sdk import ConfigError, looks_like_person_number

    valid = [(scheme.code, value) for scheme in SCHEMES if (value := scheme.clean(number))]
    for scheme, value in valid:
        if found := sql.organisation(connection, scheme, value):
            return found
    if valid:
        reason = f"no source names an organisation with number {valid[0][1]}"
        raise ConfigError(reason, instruction="see `hub organisation search NAME`")
    if looks_like_person_number(number):
        reason = "this is a natural person's number: the hub keeps none (a sole trader's number is the person's own)"
        raise ConfigError(reason, instruction="see `hub organisation search NAME` for organisations")
    reason = f"{number!r} is no valid organisation number"
    raise ConfigError(reason, instruction="check the digits, or see `hub organisation search NAME`")


@app.command("show")
def show_organisation(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Its number, in any spelling.")],
    why: Annotated[bool, typer.Option("--why", help="Show what each source said.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show an organisation: its facts, its verdict, and what was bought from it."""
    from hub.cli import sql

    with reading_hub(config_dir, database) as connection:
        row = find(connection, number)
        told = {
            **row,
            **sql.belongings(connection, row["id"]),
            "assessments": sql.assessments(connection, row["id"]),
            "payments": sql.bought(connection, row["id"]),
        }
        if why:
            told["claims"] = [sql.known(claim, "content_hash", "raw_id") for claim in sql.claims(connection, row["id"])]
            told["mentions"] = sql.mentions(connection, row["id"])
    if as_json:
        show_json(told)
        return
    show(*_facts(told))
    if why:
        show(*_origins(told))


@app.command()
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A part of its name.")],
    limit: Limit = 50,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List organisations with this text in their name, or in a name that a source wrote."""
    from hub.cli import sql

    with reading_hub(config_dir, database) as connection:
        rows = sql.search(connection, text, limit)
    if as_json:
        for row in rows:
            show_json(row)
        return
    columns = ("number", "*name", "kind", "status", "place", "verdict")
    names = ("identifier", "name", "kind", "status", "locality", "social_status")
    show(table(columns, ([row[name] for name in names] for row in rows)))


def _facts(told: dict[str, Any]) -> list[Any]:
    place = " ".join(filter(None, (told["postal_code"], told["locality"])))
    municipality = " ".join(filter(None, (told["municipality"], told["municipality_code"])))
    basis = f"{municipality} (by {told['municipality_basis'].replace('_', ' ')})" if municipality else ""
    parts: list[Any] = [
        note(f"{told['name'] or '(no name)'}", "bold"),
        pairs(
            {
                "number": f"{told['identifier_scheme']} {told['identifier']}",
                "verdict today": told["social_status"],
                "kind": told["kind"],
                "legal form": told["legal_form"],
                "status": told["status"],
                "registered": told["registered_on"],
                "deregistered": told["dissolved_on"],
                "place": place,
                "municipality": basis,
                "purpose": told["purpose"],
                "industry": ", ".join(f"{a['code']} ({a['scheme']})" for a in told["activities"]),
            }
        ),
        note(""),
    ]
    if registrations := told["registrations"]:
        lines = ((r["register_name"], r["number"], period(r["valid_from"], r["valid_to"])) for r in registrations)
        parts.append(section("Registers and lists", table(("*list", "number", "period"), lines)))
    if assessments := told["assessments"]:
        lines = ((a["status"], a["confidence"], period(a["valid_from"], a["valid_to"])) for a in assessments)
        parts.append(section("Verdicts in time", table(("verdict", "confidence", "period"), lines)))
        parts += [note(assessments[-1]["explanation_en"], ""), note("")]
    if payments := told["payments"]:
        paid = (
            (p["buyer"], p["year"], p["kind"], p["payments"], money(p["amount_minor"], p["currency"])) for p in payments
        )
        parts.append(section("Paid to it", table(("buyer", "year", "kind", ">lines", ">amount"), paid)))
    return parts


def _origins(told: dict[str, Any]) -> list[Any]:
    parts: list[Any] = []
    for claim in told["claims"]:
        left = " (retired)" if claim.get("retired_at") else ""
        title = f"{claim['source_id']} says{left}, last changed {claim['changed_at'][:10]}"
        parts.append(section(title, pairs({name.replace("_", " "): claim.get(name) for name in _FIELDS})))
    if mentions := told["mentions"]:
        lines = ((mention["source"], mention["name"]) for mention in mentions)
        parts.append(section("Names that sources wrote with its number", table(("source", "*name"), lines)))
    return parts
