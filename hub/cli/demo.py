"""``hub demo``: the hub at work on invented data."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hub.cli.console import cell, console, money, note, number, pairs, section, show, table
from hub.cli.options import Database
from hub.cli.session import begin

if TYPE_CHECKING:
    from hub.demo.facts import Facts
    from hub.demo.proposal import Proposal, Reason

_BAR: Final = 24
_LABELS = {
    "confirmed": "confirmed social enterprises",
    "likely": "likely social enterprises",
    "possible": "possible ones",
    "other": "other known suppliers",
    "unlinked": "suppliers that could not be identified",
    "private": "natural persons",
}


def demo(
    directory: Annotated[Path, typer.Option("--dir", metavar="DIR", help="The working folder.")] = Path("demo"),
    page: Annotated[Path, typer.Option("--report", metavar="FILE", help="Where the report goes.")] = Path(
        "demo-rapport.html"
    ),
    database: Database = None,
) -> None:
    """Run the hub on invented sources and write a report, demo-rapport.html. Needs no network and no configuration."""
    from hub.cli import sync
    from hub.demo import facts, report
    from hub.demo.run import open_demo

    hub = begin(open_demo(directory, database))
    console(error=True).print(note("ALL INVENTED: municipality, enterprises, notices and payments.", "bold red"))
    results = sync.run(hub, [source.id for source in hub.sources()])
    show(*sync.report(hub, results))
    found = facts.gather(hub.engine)
    report.write(found, page, database=str(hub.settings.database.url))
    show(*_summary(found))
    show(*_next_steps(page, directory, str(hub.settings.database.url), database))
    console().print(note(_sql_line(str(hub.settings.database.url)), "cyan"), soft_wrap=True)  # one line, to be copied
    if not all(result.whole for result in results):
        raise typer.Exit(1)


def _summary(facts: Facts) -> list[Any]:
    from hub.demo.purchases import PURCHASES

    paid, enterprises = facts.purchases, facts.enterprises
    total = paid.bought()
    lines: list[tuple[Any, ...]] = [
        (
            _LABELS[group],
            money(paid.amount(group)),
            _percent(paid.amount(group), total),
            _bar(paid.amount(group), total),
        )
        for group in PURCHASES
    ]
    lines.append((cell("all purchases", "bold"), cell(money(total), "bold"), cell(_percent(total, total), "bold"), " "))
    lines.append((cell("grants, which are no purchases", "dim"), cell(money(paid.amount("grant")), "dim"), " ", " "))
    counted = ", ".join(f"{len(enterprises.of(status))} {status}" for status in ("confirmed", "likely", "possible"))
    title = f"What {facts.municipality} paid, {facts.buyer['first_on'][:4]}–{facts.buyer['last_on'][:4]}"
    parts: list[Any] = [
        section(title, table(("to", ">amount", ">share", ""), lines)),
        section(
            "Social enterprises found",
            note(f"{counted}; {number(len(enterprises.of('excluded')))} do not count. The report says why each.", ""),
        ),
    ]
    if facts.proposals:
        parts.append(_proposal(facts.proposals[0]))
    return parts


def _proposal(first: Proposal) -> Any:
    who = f"{first.need.label_en.capitalize()}, from {first.enterprise.name} ({first.enterprise.status})"
    reasons = [note(f"· {_because(reason)}", "") for reason in first.reasons]
    return section("What it could buy next", note(who, "bold green"), *reasons)


def _because(reason: Reason) -> str:
    row = reason.row
    match reason.sign:
        case "reserved_lot":
            return f"a reserved lot is open until {row['deadline_at'][:10]}: {row['title']} ({row['notice']})"
        case "open_lot":
            return f"a lot is open to all until {row['deadline_at'][:10]}: {row['title']} ({row['notice']})"
        case "contract_ending":
            return f"the contract {row['reference']} with {row['supplier']} ends on {row['ends_on']}"
        case "recurring":
            firms = "another firm was" if row["firms"] == 1 else f"{row['firms']} other firms were"
            social = money(row["social_amount"])
            return f"{firms} paid {money(row['amount'])} for it in twelve months, social enterprises {social}"
        case _:
            return f"it has tendered for such a thing before: {row['notice']}"


def _next_steps(page: Path, directory: Path, url: str, database: str | None) -> list[Any]:
    where = f" --database {url}" if database else ""
    steps = {
        "report": str(page.resolve()),
        "database": url,
        "look around": f"{_program()} status --config-dir {directory / 'config'}{where}",
    }
    return [section("Where it is", pairs(steps)), note("One line of SQL to try:", "bold")]


def _program() -> str:
    """How this program is called from here: by its name when the shell finds it."""
    return "hub" if shutil.which("hub") else sys.argv[0]


def _sql_line(url: str) -> str:
    from hub.demo.sql import EXAMPLE

    file = url.removeprefix("sqlite:///")
    return f'sqlite3 {file} "{EXAMPLE}"' if file != url else f'psql {url.replace("+psycopg", "")} -c "{EXAMPLE}"'


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole > 0 else ""


def _bar(part: int, whole: int) -> Any:
    return cell("█" * max(1, round(_BAR * part / whole)) if whole > 0 and part > 0 else " ", "green")
