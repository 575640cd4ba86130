"""Whether the register counts an organisation as existing, from its deregistration and its procedures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.sdk import Status
from hub_se_bolagsverket import codes
from hub_se_bolagsverket.subfields import split_coded

OPEN: Final = "-AVOMFO"
ENDED: Final = "-AVSLAVOMFO"
"""Codes with this suffix are in no published list: they say that a procedure has ended."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One step in winding up or restructuring an organisation: its code and the date as published."""

    code: str
    on: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``status`` is ``None`` when a procedure is open that nobody has described."""

    status: Status | None
    reason: str | None = None


def procedures(text: str) -> list[Procedure]:
    """The procedures in a field: documented as ``kod$text$datum``, in the file ``|KOD$datum``."""
    found = []
    for value in split_coded(text, OPEN, ENDED):
        if value.code:
            found.append(Procedure(value.code, value.rest.rpartition("$")[2] or value.after))
        else:
            parts = value.before.split("$")
            found.append(Procedure(parts[0], parts[-1] if len(parts) > 1 else ""))
    return found


def standing(dissolved_on: date | None, why: str | None, steps: list[Procedure]) -> Standing:
    """Deregistered is dissolved; bankruptcy and liquidation wind up.

    Reorganisations, mergers and conversions leave an organisation active until they end in a deregistration.
    """
    if dissolved_on or why:
        return Standing(Status.DISSOLVED, codes.bare(why) if why else None)
    meanings = codes.meanings(codes.PROCEDURES)
    still_open = [step.code for step in _open(steps)]
    for status in (Status.WINDING_UP, None, Status.ACTIVE):
        for code in still_open:
            if meanings.get(code) == status:
                return Standing(status, codes.bare(code))
    return Standing(Status.ACTIVE)


def _open(steps: list[Procedure]) -> Iterator[Procedure]:
    """Steps without a later one that ends them. ISO dates sort as text; one without a date counts as later."""
    for step in steps:
        if step.code.endswith(ENDED):
            continue
        if not any(_ends(other, step.code) and (not other.on or other.on >= step.on) for other in steps):
            yield step


def _ends(step: Procedure, code: str) -> bool:
    """Whether ``step`` ends procedure ``code``. Ending codes begin with the code that they end."""
    return step.code.endswith(ENDED) and step.code.startswith(codes.bare(code))
