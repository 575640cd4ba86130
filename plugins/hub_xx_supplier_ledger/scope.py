"""The unit that a file is part of: what one buyer paid in one period, whatever the files are called."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from hub.sdk import mask_person_numbers
from hub_xx_supplier_ledger.editions import plain_name
from hub_xx_supplier_ledger.period import period_as_told, period_of_name
from hub_xx_supplier_ledger.survey import Survey


class Scope(NamedTuple):
    """A scope's name, and what the operator should know where it could not be told from buyer and period."""

    name: str
    complaint: str = ""


def scope_of(path: Path, found: Survey, told: str, before: Collection[str], pattern: str | None = None) -> Scope:
    """Buyer and period; else the file's name.

    ``told`` is the configured buyer, for rows that do not give a valid number. ``before`` are the file's scopes in
    the last run: while a file without a period in its name grows, its share of one year may pass the limit either
    way, and if that moved it to another scope, its rows would be counted in both. ``pattern`` is the publisher's own
    for the period in file names.
    """
    by_name = plain_name(mask_person_numbers(path.name)[0])
    who = found.buyer(told)
    if not who:
        return Scope(by_name, "its rows name several buyers; give it the same name whenever it comes again")
    if named := period_as_told(pattern, path.name) if pattern else period_of_name(path.stem):
        return Scope(f"{who}:{named}")
    # Never a month of the rows: those of the next month may be added to the file.
    if (year := found.year()) and by_name not in before:
        return Scope(f"{who}:{year}")
    kept = [scope for scope in before if scope.startswith(f"{who}:")]
    if len(kept) == 1:
        return Scope(kept[0], f"it has rows of several years and stays with {kept[0]}; split it by year")
    return Scope(
        by_name,
        "neither its name nor its dates give one period; under another name it would be counted a second time. Name"
        " files after their period before they are loaded, such as reskontra-2026-07 or reskontra-2026",
    )
