"""The rows of one reference as one contract: an agreement with its suppliers, or a planned purchase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from hub.sdk import Contract, ContractSupplier, Drift, Mention, Money, RecordRejected, clean
from hub_xx_agreements.headings import plain
from hub_xx_agreements.row import amount, day, term
from hub_xx_agreements.supplier import rank_of

_FIELDS: Final = frozenset(
    {"reference", "title", "suppliers", "starts", "ends", "ends_max", "extension", "value", "ceiling", "cpv", "type"}
    | {"signed", "buyer", "buyer_number", "planned_start", "unit"}
)
_SINGLE: Final = frozenset({"enstakaavtal", "singleawardcontract", "grantagreement"})
_SAYS_NOTHING: Final = frozenset({"multipleawardcontract", "dynamicpurchasingsystem", "other", ""})
"""Types that are known, and that leave open whether it is a framework."""
_CPV: Final = re.compile(r"(\d{8})(?:-\d)?\b.*")


def check(line: Mapping[str, Any], country: str, currency: str) -> None:
    """Raise ``RecordRejected`` when the row cannot be read, so that it does not take the others with it."""
    if not line.get("reference"):
        raise RecordRejected("the row has no reference", field="reference")
    term(line)
    day(line, "signed")
    for field in ("value", "ceiling"):
        amount(line, field, country, currency)


def contract(payload: Mapping[str, Any]) -> Iterator[Contract | Drift]:
    """The contract in the rows of one reference, and what in them is not understood.

    Raises ``RecordRejected`` when the rows cannot be read.
    """
    row = clean.Fields(payload)
    country, currency = row.take("country") or "", row.take("currency") or "SEK"
    plan = row.take("kind") == "planned"
    signer = (row.take("buyer_name"), row.take("buyer"))
    row.ignore("rows")
    lines = payload.get("rows")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, Mapping) for line in lines):
        raise RecordRejected("the record holds no rows", field="rows")
    for line in lines:
        check(line, country, currency)
    first, when = lines[0], term(lines[0])
    framework, drift = _framework(_first(lines, "type"))
    value, kind, more = _value(lines, country, currency, plan=plan)
    ranked, doubts = _suppliers(lines, country)
    cpv = _first(lines, "cpv")
    code = _CPV.fullmatch(cpv)
    yield Contract(
        kind="planned" if plan else "agreement",
        reference=str(first["reference"]),
        title=_first(lines, "title") or None,
        buyers=_buyers(signer, lines, country),
        signed_on=next((found for line in lines if (found := day(line, "signed"))), None),
        starts_on=when.starts,
        ends_on=when.ends,
        extendable_until=when.until,
        value=value,
        amount_kind=kind,
        cpv_main=code[1] if code else None,
        framework=framework,
        suppliers=ranked,
    )
    yield from (*drift, *more, *doubts, *row.left_over())
    if cpv and not code:
        yield Drift("unknown_code", "cpv", cpv[:40])
    if not when.understood:
        yield Drift("unknown_code", "extension", _first(lines, "extension")[:80])
    for name in sorted({field for line in lines for field in line} - _FIELDS):
        yield Drift("new_field", str(name))


def _first(lines: Iterable[Mapping[str, Any]], field: str) -> str:
    return next((str(line[field]) for line in lines if line.get(field)), "")


def _framework(text: str) -> tuple[bool | None, list[Drift]]:
    word = plain(text)
    if "ramavtal" in word or "framework" in word:
        return True, []
    if word in _SINGLE:
        return False, []
    return None, [] if word in _SAYS_NOTHING else [Drift("unknown_code", "type", text[:80])]


_Amount = tuple[Money | None, Literal["awarded", "framework_maximum", "estimated"] | None, list[Drift]]


def _value(lines: list[Mapping[str, Any]], country: str, currency: str, *, plan: bool) -> _Amount:
    """The ceiling, else the value; nothing when the rows of one reference state different ones."""
    for field in ("ceiling", "value"):
        stated = {found for line in lines if (found := amount(line, field, country, currency))}
        if len(stated) > 1:
            return None, None, [Drift("changed_type", field, "rows of one reference state different values")]
        if stated:
            # What a plain value of an agreement means (awarded, estimated, a ceiling) the catalogue does not say.
            return stated.pop(), "estimated" if plan else "framework_maximum" if field == "ceiling" else None, []
    return None, None, []


def _buyers(
    signer: tuple[str | None, str | None], lines: Iterable[Mapping[str, Any]], country: str
) -> tuple[Mention, ...]:
    """Who signs, then those that the rows name: a central buyer may sign for others."""
    found = [Mention.of(*signer, country=country)] if any(signer) else []
    for line in lines:
        names = [part.strip() for part in re.split(r"[;\n]", str(line.get("buyer", ""))) if part.strip()]
        numbers = [part.strip() for part in re.split(r"[;\n]", str(line.get("buyer_number", ""))) if part.strip()]
        if len(numbers) != len(names):
            numbers = numbers if not names else [""] * len(names)
            names = names or [""] * len(numbers)
        for name, number in zip(names, numbers, strict=True):
            mention = Mention.of(" ".join(name.split()), number, country=country)
            if not any(_same(mention, other) for other in found):
                found.append(mention)
    return tuple(found)


def _same(one: Mention, other: Mention) -> bool:
    if one.identifier and other.identifier:
        return one.identifier == other.identifier
    return bool(one.name) and (one.name or "").casefold() == (other.name or "").casefold()


def _suppliers(lines: Iterable[Mapping[str, Any]], country: str) -> tuple[tuple[ContractSupplier, ...], list[Drift]]:
    ranks: dict[Mention, set[int]] = {}
    drift: list[Drift] = []
    for line in lines:
        listed = line.get("suppliers") or []
        if not isinstance(listed, list) or not all(isinstance(supplier, Mapping) for supplier in listed):
            raise RecordRejected("the suppliers are no list", field="suppliers")
        for supplier in listed:
            name, number, place = (clean.text(supplier.get(key)) or "" for key in ("name", "number", "rank"))
            charity = clean.text(supplier.get("charity_number"))
            scheme = "GB-CHC" if charity and country == "GB" else None
            mention = Mention.of(name, charity if scheme else number, country=country, scheme=scheme)
            rank = rank_of(place)
            ranks.setdefault(mention, set()).update({rank} if rank is not None else ())
            if place and rank is None:
                drift.append(Drift("unknown_code", "rank", place[:80]))
            if supplier.get("several"):
                drift.append(Drift("changed_type", "supplier", "several suppliers in one cell"))
    drift += [
        Drift("changed_type", "rank", "one supplier has several ranks") for held in ranks.values() if len(held) > 1
    ]
    found = [
        ContractSupplier(organisation=who, rank=min(held) if len(held) == 1 else None) for who, held in ranks.items()
    ]
    return tuple(sorted(found, key=lambda supplier: supplier.rank or 100)), drift
