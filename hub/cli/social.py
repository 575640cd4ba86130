"""``hub social``: which enterprises are social, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.console import cell, note, pairs, period, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json, Language, Limit
from hub.cli.session import reading_hub

app = typer.Typer(help="Which enterprises are social, and why.", no_args_is_help=True)
_STATUSES = ("confirmed", "likely", "possible", "excluded", "unknown")
_LISTED = ("social_status", "confidence", "identifier", "name")
_MARKS = {
    "business": "trade is the means",
    "measured": "results are measured",
    "reinvested": "surplus is put back",
}


@app.command()
def explain(
    number: Annotated[str, typer.Argument(metavar="ORGNR", help="The organisation's number, in any spelling.")],
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="DATE", help="As of this day; today.")
    ] = None,
    language: Language = "en",
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Explain the verdict about an organisation on a day, with the evidence for and against it."""
    from hub.cli import sql
    from hub.cli.organisation import find

    day = (on.date() if on else datetime.now(UTC).date()).isoformat()
    with reading_hub(config_dir, database) as connection:
        row = find(connection, number)
        assessments = sql.assessments(connection, row["id"])
        evidence = sql.evidence(connection, row["id"])
    verdict = next((item for item in reversed(assessments) if _holds(item, day)), None)
    told = {
        "identifier": row["identifier"],
        "name": row["name"],
        "on": day,
        "status": verdict["status"] if verdict else "unknown",
        "assessment": verdict and verdict | {"marks": _json(verdict["marks"])},
        "evidence": [item for item in evidence if _holds(item, day)],
        "other_periods": [item for item in assessments if item is not verdict],
    }
    if as_json:
        show_json(told)
        return
    show(*_explained(told, language, ended=[item for item in evidence if not _holds(item, day)]))


@app.command("list")
def list_social(
    status: Annotated[
        list[str] | None, typer.Option("--status", metavar="|".join(_STATUSES), help="May be repeated.")
    ] = None,
    municipality: Annotated[
        str | None, typer.Option("--municipality", metavar="PLACE", help="Its code, its name, or a postal town.")
    ] = None,
    limit: Limit = 200,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """List enterprises by verdict: confirmed, likely and possible ones when none is named."""
    from hub.cli import sql

    if unknown := set(status or ()) - set(_STATUSES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: use one of {', '.join(_STATUSES)}")
    with reading_hub(config_dir, database) as connection:
        rows = sql.assessed(connection, status or _STATUSES[:3], municipality, limit)
    if as_json:
        for row in rows:
            show_json(row)
        return
    lines = ((*(r[name] for name in _LISTED), r["municipality"] or r["locality"], r["valid_from"]) for r in rows)
    show(table(("verdict", "confidence", "number", "*name", "place", "since"), lines))
    show(note("`hub social explain NUMBER` says why."))


def _explained(told: dict[str, Any], language: str, ended: list[dict[str, Any]]) -> list[Any]:
    verdict = told["assessment"]
    parts: list[Any] = [note(f"{told['name'] or '(no name)'}  {told['identifier']}", "bold")]
    if verdict is None:
        silence = note("No source says anything for or against it on that day.")
        return [*parts, pairs({"on": told["on"], "verdict": told["status"]}), silence]
    parts += [
        pairs(
            {
                "on": told["on"],
                "verdict": told["status"],
                "confidence": verdict["confidence"],
                "holds": period(verdict["valid_from"], verdict["valid_to"]),
                "start is": (verdict["valid_from_basis"] or "").replace("_", " "),
                "decided by": f"{verdict['decided_by']} (version {verdict['rules_version']})",
            }
        ),
        note(""),
        note(verdict[f"explanation_{_code(language)}"], ""),
        note(""),
    ]
    marks = ((_MARKS.get(name, name), value.replace("_", " ")) for name, value in verdict["marks"].items())
    parts.append(section("The three marks of the Swedish definition", table(("mark", "in the sources"), marks)))
    if told["evidence"]:
        parts.append(section("Evidence", _evidence(told["evidence"])))
    if ended:
        parts.append(section("Evidence for other days", _evidence(ended)))
    if told["other_periods"]:
        others = ((item["status"], period(item["valid_from"], item["valid_to"])) for item in told["other_periods"])
        parts.append(section("Other verdicts in time", table(("verdict", "period"), others)))
    return parts


def _evidence(items: list[dict[str, Any]]) -> Any:
    lines = (
        (cell(item["strength"], "red" if item["strength"] == "excluding" else ""), item["criterion"].replace("_", " ")
         .replace("+", ", "), item["source"], period(item["valid_from"], item["valid_to"]), item["value"])
        for item in items
    )  # fmt: skip
    return table(("strength", "criterion", "source", "period", "*what stood there"), lines)


def _holds(item: dict[str, Any], day: str) -> bool:
    return (item["valid_from"] or "") <= day <= (item["valid_to"] or "9999")


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _code(language: str) -> str:
    if language not in ("sv", "en"):
        raise typer.BadParameter("use sv or en", param_hint="--language")
    return language
