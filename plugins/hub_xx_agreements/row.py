"""One row of a catalogue: its cells without fillers and persons, and what they state."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from hub.sdk import Money, RecordRejected, clean, mask_person_numbers, parse_amount
from hub.sdk.formats.table import Row
from hub_xx_agreements.extension import extended, months
from hub_xx_agreements.headings import Headings
from hub_xx_agreements.supplier import private, suppliers

_FILLERS: Final = frozenset({"", "0.0", "-", "–", "—", "n/a", "not yet available", "null"})
_RUNNING: Final = frozenset({"tills vidare", "tillsvidare", "löpande"})
_CR: Final = re.compile(r"_x000d_", re.IGNORECASE)
_PERIOD: Final = re.compile(
    r"(?P<year>20\d\d)(?:-(?P<month>0[1-9]|1[0-2])|[- ]?(?:Q|kv(?:artal)? ?)(?P<quarter>[1-4]))?", re.IGNORECASE
)
_QUARTER_FIRST: Final = re.compile(r"(?:Q|kv(?:artal)? ?)([1-4])[- ]+(20\d\d)", re.IGNORECASE)
_SUPPLIER_CELLS: Final = ("supplier", "number", "charity_number", "rank")


@dataclass(frozen=True, slots=True)
class Term:
    """When the agreement of a row runs. An agreement without an end is running."""

    starts: date | None
    ends: date | None
    until: date | None
    """With every option used; ``None`` when there are none or they cannot be computed exactly."""
    understood: bool
    """Whether the words about options were."""


def cells_of(row: Row, headings: Headings) -> dict[str, str]:
    """The wanted cells as written, line breaks kept; fillers are left out."""
    found = {}
    for field, place in headings.places.items():
        text = _CR.sub("", row.cells[place] if place < len(row.cells) else "").strip()
        if text.casefold() not in _FILLERS:
            found[field] = text
    return found


def kept(cells: Mapping[str, str], person: Callable[[str], str]) -> tuple[dict[str, Any], int]:
    """The row as it may be kept, and how many sole traders without a number were left out of it."""
    line: dict[str, Any] = {
        field: mask_person_numbers(clean.text(text) or "")[0]
        if field not in {"buyer", "buyer_number"}
        else mask_person_numbers(text)[0]
        for field, text in cells.items()
        if field not in _SUPPLIER_CELLS
    }
    named = suppliers(cells.get("supplier", ""), cells.get("number", ""), cells.get("rank", ""))
    allowed = [supplier for found in named if (supplier := private(found, person))]
    line["suppliers"] = [
        {
            name: mask_person_numbers(value)[0] if isinstance(value, str) and name != "number" else value
            for name, value in asdict(supplier).items()
            if value
        }
        for supplier in allowed
    ]
    if "charity_number" in cells and len(allowed) == 1 and "number" not in line["suppliers"][0]:
        line["suppliers"][0]["charity_number"] = mask_person_numbers(cells["charity_number"])[0]
    return line, len(named) - len(allowed)


def term(line: Mapping[str, Any]) -> Term:
    """When the agreement runs. Raises ``RecordRejected`` for dates that are none or in the wrong order."""
    starts = day(line, "starts") or planned(line)
    words = str(line.get("ends", "")).casefold()
    ends = None if words in _RUNNING else day(line, "ends")
    until = None if str(line.get("ends_max", "")).casefold() in _RUNNING else day(line, "ends_max")
    if starts and ends and ends < starts:
        raise RecordRejected(f"it ends ({ends}) before it starts ({starts})", field="ends", value=str(ends))
    if until and ends and until < ends:
        raise RecordRejected(f"it ends ({ends}) after its last extension ({until})", field="ends_max", value=str(until))
    text = str(line.get("extension", ""))
    stated = clean.any_date(text)
    terms = months(text) if text else ()
    if until is None and stated and (ends is None or stated >= ends):
        until = stated
    elif until is None and terms and ends:
        until = extended(starts, ends, terms)
    return Term(starts, ends, until, bool(stated) or terms is not None)


def planned(line: Mapping[str, Any]) -> date | None:
    """The planned start: a day, or the first day of the month, quarter or year that is stated."""
    text = str(line.get("planned_start", ""))
    if match := _QUARTER_FIRST.fullmatch(text):
        return date(int(match[2]), int(match[1]) * 3 - 2, 1)
    if match := _PERIOD.fullmatch(text):
        month = int(match["month"] or 0) or int(match["quarter"] or 1) * 3 - 2
        return date(int(match["year"]), month, 1)
    return day(line, "planned_start")


def amount(line: Mapping[str, Any], field: str, country: str, currency: str) -> Money | None:
    """The value of a row. The last mark divides decimals when one or two digits follow it."""
    text = line.get(field)
    if not text:
        return None
    ending = re.search(r"([.,])\d{1,2}\D*$", str(text))
    mark = ending[1] if ending else "." if country in {"GB", "IE"} else ","
    try:
        return Money.of(parse_amount(str(text), mark), currency)
    except ValueError as error:
        raise RecordRejected(f"not an amount: {error}", field=field, value=str(text)[:40]) from None


def day(line: Mapping[str, Any], field: str) -> date | None:
    """A date of the row. Raises ``RecordRejected`` for words that are none."""
    text = line.get(field)
    if not text:
        return None
    found = clean.any_date(str(text))
    if found is None:
        message = f"{str(text)[:40]!r} is not a date"
        raise RecordRejected(message, field=field, value=str(text)[:40], instruction="write it as YYYY-MM-DD")
    return found
