"""Keeping natural persons out of ledger rows before anything else sees them.

A sole trader's organisation number is a personal number; publishers mask some of them and miss others. The row stays,
because money has to add up; the person does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.no import fodselsnummer

from hub.sdk import Context, is_person_number, looks_like_person_number, mask_person_numbers
from hub_xx_supplier_ledger.layout import Layout

_NAME_CELLS: Final = ("supplier_name", "supplier_local_no", "description")
_NUMBER_CELLS: Final = ("supplier_org_no", "supplier_vat_no", "supplier_charity_no")
_FOREIGN: Final = {"FI": hetu.is_valid, "NO": fodselsnummer.is_valid, "DK": cpr.is_valid}
_LIKELY: Final = re.compile(r"\d{2}-?[01]\d-?\d{2}[-+\u2013\u2212 .]?\d{4}")
PSEUDONYM: Final = "_person"
"""Where the pseudonym stands when the file has no column of organisation numbers."""
_MASKED: Final = re.compile(
    # Asterisks in place of the text, among whatever marks.
    r"^[\s*\-–.#xX]*[*#]{2,}[\s*\-–.#xX]*$"
    # Words that say so.
    r"|\bredacted\b|\b(?:name )?withheld\b|\bpersonal (?:data|information)\b|\bprivate individual\b"
    r"|personuppgift|^\W*sekretess\W*$|sekretess(?:belagd|markerad|skydd)|skyddad identitet|^maskera[dt]"
    r"|^privatperson|\benskild (?:firma|person|näringsidkare)\b|^personopplysning"
    r"|henkilötieto|^yksityishenkilö|^yksityinen (?:henkilö|elinkeinonharjoittaja)|^salassa pidettävä|^salattu"
    # Accounts that stand for many payees.
    r"|^general (?:expenses|invoices|payments|bacs payments)\b|- bss only$|^one[- ]?off\b|^onetime\b"
    r"|\bone[- ]?time (?:vendor|supplier|account)|^sundry (?:suppliers?|creditors?|payee)"
    r"|^engångs(?:leverantör|kund|mottagare)|^diverse (?:leverantörer|mottagare)|^tillfällig leverantör"
    r"|^kertatoimittaja",
    re.IGNORECASE,
)


@lru_cache(maxsize=10_000)
def is_masked(text: str) -> bool:
    """Whether a cell stands for someone who is not to be named, or for an account shared by many one-off payees."""
    return bool(_MASKED.search(text))


def protect(line: dict[str, str], layout: Layout, ctx: Context[Any], country: str) -> dict[str, str]:
    """The line without natural persons.

    A supplier who is one: the number becomes its pseudonym, and names, free texts and columns of unknown meaning
    are dropped. So are they where the number is masked. Personal numbers in any other cell of any line are masked.
    """
    line = dict(line)
    if found := _person(line, layout, country):
        line = _anonymous(line, layout, (*_NAME_CELLS, *_NUMBER_CELLS))
        line[layout.fields.get("supplier_org_no", PSEUDONYM)] = ctx.person(found)
    elif is_masked(layout.take(line, "supplier_org_no")):
        # The publisher hid the number and forgot the name.
        line = _anonymous(line, layout, _NAME_CELLS)
    # One look at the whole line; few have anything to mask.
    if mask_person_numbers("\n".join(line.values()))[1]:
        for label, text in line.items():
            line[label], count = mask_person_numbers(text)
            ctx.count("masked_numbers", count)
    return line


def _anonymous(line: Mapping[str, str], layout: Layout, fields: Iterable[str]) -> dict[str, str]:
    """The line without those fields and without columns that may hold anything."""
    kept = set(layout.fields.values()) - {layout.fields[field] for field in fields if field in layout.fields}
    return {label: text for label, text in line.items() if label in kept}


def holds_person(line: Mapping[str, str]) -> bool:
    """Whether any cell holds what may be a personal number, in whatever column."""
    together = "\n".join(line.values())
    if not _LIKELY.search(together):
        return False
    return any(mask_person_numbers(text)[1] or looks_like_person_number(text) for text in line.values())


def _person(line: Mapping[str, str], layout: Layout, country: str) -> str | None:
    """The personal number that the supplier is given by, as written."""
    for field in ("supplier_org_no", "supplier_vat_no"):
        text = layout.take(line, field)
        number = re.sub(r"\.0$", "", text).strip()
        number = re.sub(r"(?i)^SE(\d{10})01$", r"\1", number.replace(" ", ""))
        if looks_like_person_number(number):
            return number
        # A number cell loses leading zeros: persons born 2000-2009. Short numbers are mostly something else, so
        # that here the check digit has to hold.
        if country == "SE" and re.fullmatch(r"\d{7,9}", number) and is_person_number(number.zfill(10)):
            return number.zfill(10)
        if country in _FOREIGN and _FOREIGN[country](number):
            return number
    for field in ("supplier_org_no", "supplier_vat_no", "supplier_local_no", "supplier_name"):
        text = layout.take(line, field)
        if is_person_number(text.removesuffix(".0")):
            return text.removesuffix(".0")
        masked, count = mask_person_numbers(text, "\0")
        if count:
            before, _, after = masked.partition("\0")
            return text[len(before) : len(text) - len(after)] if count == 1 else text
    return None
