"""What a right reading of the sample finds, as TOML."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tests.sample.directory import BY_KEY, HIGHLIGHTED, ORGANISATIONS
from tests.sample.eforms_lots import lot_id
from tests.sample.ledger_file import MUNICIPALITY_CODE, year_lines
from tests.sample.membership import ASF_MEMBERS, IDEBURNA_MEMBERS, MISTYPED
from tests.sample.notices import PROCEDURES, notice_files
from tests.sample.procedures import uuid_of
from tests.sample.register_faults import BROKEN_ROWS, ODD, SOLE_TRADERS, TWICE, sole_traders

TODAY: Final = "2026-11-24"
Value = str | int | list[str]


def expected() -> str:
    parts = [
        "# Written by tests/sample/generate.py. Amounts in öre. Verdicts as of as_of.\n",
        _table("", {"as_of": TODAY}),
        _table("buyer", {
            "identifier": BY_KEY["kommunen"].number, "name": BY_KEY["kommunen"].name,
            "municipality_code": MUNICIPALITY_CODE, "postal_prefix": "990",
            "neighbour_identifier": BY_KEY["grannkommunen"].number, "neighbour_code": "2498",
            "neighbour_postal_prefix": "991",
        }),
        _register(), _membership(), _notices(),
        *(_ledger(year) for year in (2025, 2026)),
        *(_organisation(org.key) for org in HIGHLIGHTED),
        *(_contract(*row) for row in _contracts()),
        *(_call(*row) for row in _open_calls()),
    ]  # fmt: skip
    return "\n".join(parts)


def _table(name: str, values: dict[str, Value]) -> str:
    head = f"{name if name.startswith('[') else f'[{name}]'}\n" if name else ""
    return head + "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(f'"{each}"' for each in value) + "]"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _register() -> str:
    listed = [org for org in ORGANISATIONS if org.in_register]
    return _table("register", {
        "rows": len(listed) + len(TWICE) + len(ODD) + len(sole_traders()) + len(BROKEN_ROWS),
        "organisations": len(listed) + len(ODD),
        "organisations_on_two_rows": len(TWICE),
        "sole_trader_rows": len(sole_traders()),
        "sole_traders": SOLE_TRADERS,
        "broken_rows": len(BROKEN_ROWS),
        "undocumented_form": [org.number for org in ODD if org.form == "NYF"],
        "struck_off": sum(bool(org.ended) for org in listed),
    })  # fmt: skip


def _membership() -> str:
    return _table("membership.idebura", {
        "rows": len(IDEBURNA_MEMBERS) + 1, "left": sum(bool(until) for _, _, until in IDEBURNA_MEMBERS),
        "wrong_check_digit": [MISTYPED[1]],
    }) + "\n" + _table("membership.asf", {"rows": len(ASF_MEMBERS) + 1, "without_number": 1})  # fmt: skip


def _notices() -> str:
    stages = Counter(notice.stage for procedure in PROCEDURES for notice in procedure.publications)
    values: dict[str, Value] = {
        "files": len(notice_files()),
        "eforms": sum(stages.values()),
        "legacy": 1,
        "malformed": 1,
    }
    values |= {stage: stages[stage] for stage in sorted(stages)}
    named = sum(
        len(award.winners)
        for procedure in PROCEDURES
        for notice in procedure.publications
        if notice.stage in {"result", "republished", "direct"}
        for award in procedure.awards
    )
    values["contracts"] = named + stages["modification"] + 1  # and the legacy notice's
    values["lots_res_ws"] = _reserved("res-ws")
    values["lots_res_pub_ser"] = _reserved("res-pub-ser")
    return _table("notices", values)


def _reserved(code: str) -> list[str]:
    return [
        f"{procedure.publications[0].number} {lot_id(procedure, number)}"
        for procedure in PROCEDURES for number, lot in enumerate(procedure.lots, 1) if lot.reserved == code
    ]  # fmt: skip


def _ledger(year: int) -> str:
    rows = year_lines(year)
    kinds = Counter(row.kind for row in rows)
    values: dict[str, Value] = {
        "payments": len(rows), "sum_ore": sum(row.ore for row in rows), "totals_rows": 1, "broken_rows": 1,
        "filler_rows": 0 if year == 2025 else 2, "identical_pairs": 2,
        "credits": sum(row.ore < 0 for row in rows), "credits_ore": sum(row.ore for row in rows if row.ore < 0),
        "grants": sum(row.grant for row in rows), "grants_ore": sum(row.ore for row in rows if row.grant),
    }  # fmt: skip
    values["pseudonymised"] = kinds["person_number"] + kinds["person_number_in_name"]
    values |= {kind: kinds[kind] for kind in sorted(kinds)}
    values |= {f"{kind}_ore": sum(row.ore for row in rows if row.kind == kind) for kind in sorted(kinds)}
    for verdict in ("confirmed", "likely", "possible", "excluded", "unknown"):
        values[f"purchases_{verdict}_ore"] = sum(
            row.ore for row in rows if row.supplier and BY_KEY[row.supplier].verdict == verdict and not row.grant
        )
    return _table(f"ledger.reskontra-{year}", values)


def _organisation(key: str) -> str:
    org = BY_KEY[key]
    values: dict[str, Value] = {"identifier": org.number, "name": org.name, "form": org.form, "verdict": org.verdict}
    if org.verdict_before:
        values |= {"verdict_before": org.verdict_before, "until": org.until}
    if org.needs:
        values["needs"] = org.needs
    return _table("[[organisation]]", values | {"why": org.why})


def _contracts() -> list[tuple[str, str, str, str, str, str, str]]:
    return [
        (f"{award.reference}-{rank}" if len(award.winners) > 1 else award.reference,
         procedure.key, procedure.buyer, key, lot.starts, lot.ends, lot.reserved)
        for procedure in PROCEDURES for award in procedure.awards
        for rank, (key, _) in enumerate(award.winners, 1) for lot in [procedure.lots[award.lot - 1]]
    ]  # fmt: skip


def _contract(reference: str, procedure: str, buyer: str, supplier: str, starts: str, ends: str, reserved: str) -> str:
    return _table("[[contract]]", {
        "reference": reference, "procedure_id": uuid_of(f"procedure {procedure}"), "buyer": BY_KEY[buyer].number,
        "supplier": BY_KEY[supplier].number, "supplier_name": BY_KEY[supplier].name, "starts_on": starts,
        "ends_on": ends, "reserved_in_call": reserved,
        "ends_within_a_year": "yes" if TODAY <= ends <= "2027" + TODAY[4:] else "no",
    })  # fmt: skip


def _open_calls() -> list[tuple[str, str, str]]:
    found = []
    for procedure in PROCEDURES:
        last = procedure.publications[-1]
        if last.deadline[:10] > TODAY:
            found.append((last.number, procedure.title, last.deadline))
    return found


def _call(number: str, title: str, deadline: str) -> str:
    return _table("[[open_call]]", {"publication_number": number, "title": title, "deadline_local": deadline})
