"""``hub status``: is everything fresh, and what does the hub hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.cli.conditions import condition_table
from hub.cli.console import ago, cell, moment, money, note, pairs, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub

if TYPE_CHECKING:
    from hub.service import Hub

_VERDICTS = ("confirmed", "likely", "possible", "excluded", "unknown")


def status(config_dir: ConfigDir = None, database: Database = None, as_json: Json = False) -> None:
    """Show each source's last run and freshness, and what the database holds by verdict."""
    from hub.cli import sql
    from hub.store import condition
    from hub.store.engine import reading

    hub = open_hub(config_dir, database)
    with reading(hub.engine) as connection:
        found: dict[str, Any] = {
            "database": str(hub.settings.database.url),
            "sources": _sources(hub, sql.sources(connection)),
            "conditions": condition.listed(connection),
            "totals": sql.totals(connection),
            "organisations": sql.organisations_by_verdict(connection),
            "payments": sql.payments_by_verdict(connection),
        }
    if as_json:
        show_json(found)
        return
    show(pairs({"database": found["database"], "config": str(hub.settings.config_dir)}), note(""))
    show(_source_table(found["sources"]))
    if found["conditions"]:
        show(section("What is wrong", condition_table(found["conditions"])))
    show(*_holdings(found))


def _sources(hub: Hub, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The configured sources with what the database says of each, and those that are configured no more."""
    ran = {row["id"]: row for row in rows}
    configured = {source.id: source for source in hub.settings.sources}
    found = []
    for source_id in sorted({*ran, *configured}):
        row, source = ran.get(source_id, {}), configured.get(source_id)
        running = bool(row.get("run")) and row.get("finished_at") is None
        found.append(
            {
                "source": source_id,
                "configured": source is not None,
                "enabled": source.enabled if source else False,
                "connector": source.connector if source else row["connector"],
                "schedule": source.schedule if source else row["schedule"],
                "outcome": "running" if running else row.get("last_outcome") or "never run",
                "last_success_at": row.get("last_success_at"),
                **{name: row.get(name) for name in ("reason", "read", "stored", "changed", "retired")},
                "in_quarantine": row.get("in_quarantine", 0),
                **{name: row.get(name) for name in ("paused_at", "pause_reason", "removed_at")},
            }
        )
    return found


def _source_table(sources: list[dict[str, Any]]) -> Any:
    columns = (
        "source",
        "outcome",
        "fresh",
        ">read",
        ">new",
        ">changed",
        ">retired",
        ">quarantine",
        "*note",
    )
    lines = []
    for s in sources:
        remark = "; ".join(filter(None, (_standing(s), s["reason"])))
        counts = (s["read"], s["stored"], s["changed"], s["retired"])
        fresh = ago(s["last_success_at"])
        lines.append((s["source"], s["outcome"], fresh, *counts, s["in_quarantine"], remark or " "))
    return table(columns, lines)


def _standing(source: dict[str, Any]) -> str:
    """Why nobody runs the source."""
    if source["removed_at"]:
        return f"removed {moment(source['removed_at'])}"
    if source["paused_at"]:
        why = f": {source['pause_reason']}" if source["pause_reason"] else ""
        return f"paused since {moment(source['paused_at'])}{why}"
    return "" if source["enabled"] else "switched off" if source["configured"] else "no longer configured"


def _holdings(found: dict[str, Any]) -> list[Any]:
    organisations = found["organisations"]
    verdicts = ((name, organisations.get(name, 0)) for name in _VERDICTS)
    payments = (
        (cell(p["verdict"]), p["payments"], money(p["amount_minor"], p["currency"])) for p in found["payments"]
    )  # fmt: skip
    held = table((">rows", "of"), ((count, name) for name, count in found["totals"].items()))
    return [
        section("What the database holds", held),
        section("Organisations by verdict today", table(("verdict", ">organisations"), verdicts)),
        section("Payments by verdict on their date", table(("payee", ">lines", ">amount"), payments)),
    ]
