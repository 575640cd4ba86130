"""What a run says about one file that lay in its source's folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hub.inbox import sql
from hub.inbox.answer import Answer, Fault
from hub.runs import RunResult
from hub.sdk import Money, mask_person_numbers
from hub.service import Hub
from hub.store.engine import reading
from hub.store.plain import Row

if TYPE_CHECKING:
    from hub.sdk.recognition import Recognition

_ROW: Final = re.compile(r":(\d+)$")
_COUNTS: Final = {
    "read": "Poster lästa i hela mappen",
    "stored": "Nya i hubben",
    "changed": "Ändrade",
    "unchanged": "Oförändrade sedan förut",
    "retired": "Borttagna, eftersom de inte finns kvar i filen",
}
_LATER: Final = " Ge den samma namn med ett senare datum, som 2026-07-31: då läses den i stället för den här."
_REPLACES: Final = {
    "ledger": " Ta med hela perioden och ge filen samma namn med -v2 sist (nästa gång -v3): då ersätter den den här."
    " Under andra namn räknas båda.",
    "agreements": _LATER,
    "procurement_plan": _LATER,
    "membership_list": _LATER,
}
"""How a new file takes the place of an older one, as the connectors tell editions apart by their names."""


def of(hub: Hub, result: RunResult, file: Path, seen: Recognition | None) -> Answer:
    """The answer to a file after a run that read it."""
    with reading(hub.engine) as connection:
        rows = sql.faults(connection, result.source, mask_person_numbers(file.name)[0], result.run_id)
        period = seen.period if seen else None
        sums = sql.totals(connection, result.source, period) if period else []
    refused = [row for row in rows if _is_whole(row, file.name)]
    # Connectors count the rows that they can read; the run counts all, of every file in the folder.
    every = bool(rows) and ((seen is not None and seen.rows == 0) or result.read == len(rows))
    loaded = not refused and not every and (result.outcome != "failed")
    faults = [Fault(_where(row), row["reason"]) for row in rows]
    mend = _mend(result, len(rows), seen.kind if seen else "", loaded=loaded)
    return Answer(
        file.name,
        loaded=loaded,
        outcome=_outcome(result, refused, every=every, loaded=loaded),
        recognition=seen,
        faults=faults,
        stored=[
            (Money(amount_minor=int(row["minor"]), currency=row["currency"]), row["payments"])
            for row in sums
            if row["currency"]
        ],
        counts=_counts(result, seen, len(rows)),
        mend=mend,
    )


def _outcome(result: RunResult, refused: list[Row], *, every: bool, loaded: bool) -> str:
    if loaded:
        return "Filen är inläst i hubben."
    if refused:
        return f"Filen kunde inte läsas in: {refused[0]['reason']}"
    if every:
        return "Ingen rad i filen kunde läsas."
    return f"Filen kunde inte läsas in: {result.reason}"


def _mend(result: RunResult, faulty: int, kind: str, *, loaded: bool) -> tuple[str, ...]:
    if not loaded:
        return ("Rätta det som står här och lägg filen i mappen igen.",)
    told = []
    if faulty:
        told.append(f"Rätta raderna nedan i en ny fil. Övriga rader är inlästa.{_REPLACES.get(kind, '')}")
    if result.outcome == "suspect":
        told.append(
            "Filen har mycket färre rader än den som den ersätter. Inget har tagits bort: säg till den som sköter"
            " hubben om det är riktigt."
        )
    return tuple(told)


def _counts(result: RunResult, seen: Recognition | None, faulty: int) -> list[tuple[str, int]]:
    of_file = [("Rader i filen", seen.rows)] if seen is not None and seen.rows is not None else []
    of_run = [(label, int(getattr(result, name))) for name, label in _COUNTS.items() if getattr(result, name)]
    return [*of_file, *([("Rader som inte kunde läsas", faulty)] if faulty else []), *of_run]


def _is_whole(row: Row, name: str) -> bool:
    return row["stage"] == "fetch" and row["key"] in {name, mask_person_numbers(name)[0]}


def _where(row: Row) -> str:
    match = _ROW.search(row["origin"] or "")
    return f"rad {match[1]}" if match else "hela filen"
