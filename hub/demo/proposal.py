"""What could be bought from a social enterprise next. The rule is open: signs give points, most points come first.

====================================================================  ======
sign                                                                  points
====================================================================  ======
an open lot that is reserved                                          4
an open lot                                                           3
a contract that ends within a year                                    2
bought from other firms in at least half of the ledger's last months  1
the enterprise has tendered for such a thing before                   1
====================================================================  ======

A need counts only when an active enterprise in the municipality, confirmed or likely, offers it in its registered
words. Each sign counts once; between equal points, what other firms were paid decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from hub.demo import sql
from hub.demo.enterprises import Enterprise, Enterprises
from hub.demo.needs import Need, all_needs
from hub.demo.purchases import SOCIAL, Purchases
from hub.store.engine import Connection
from hub.store.plain import Row

Sign = Literal["reserved_lot", "open_lot", "contract_ending", "recurring", "tendered"]
POINTS: Final[Mapping[Sign, int]] = {
    "reserved_lot": 4,
    "open_lot": 3,
    "contract_ending": 2,
    "recurring": 1,
    "tendered": 1,
}
_MONTHS: Final = 12


@dataclass(frozen=True)
class Reason:
    """One sign, with what stands in the database about it."""

    sign: Sign
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """A need, who could meet it, and why now."""

    need: Need
    enterprise: Enterprise
    others: tuple[Enterprise, ...]
    reasons: tuple[Reason, ...]
    paid_before: int
    at_stake: int = field(default=0)
    """What other firms were paid for it in the last year, in öre."""

    @property
    def points(self) -> int:
        """The sum of its signs, each kind once; of an open lot and a reserved one the reserved."""
        signs = {reason.sign for reason in self.reasons}
        if "reserved_lot" in signs:
            signs.discard("open_lot")
        return sum(POINTS[sign] for sign in signs)


def gather(connection: Connection, buyer: Row, enterprises: Enterprises, purchases: Purchases) -> tuple[Proposal, ...]:
    """Every proposal, the one with most points first."""
    suppliers = [e for e in enterprises.of(*SOCIAL) if e.local and e.active]
    since = _year_before(buyer["last_on"])
    found = _Found(
        lots=sql.open_lots(connection, buyer["id"]),
        contracts=sql.ending_contracts(connection, buyer["id"]),
        tenders=sql.tenders(connection),
        bought=sql.bought(connection, buyer["id"], since) if since else [],
        since=since,
        until=buyer["last_on"] or "",
    )
    proposals = []
    for need in all_needs():
        able = [enterprise for enterprise in suppliers if need.is_met_by(enterprise.offer)]
        if able and (proposal := _proposal(need, able, found, purchases)):
            proposals.append(proposal)
    return tuple(sorted(proposals, key=lambda item: (-item.points, -item.at_stake, item.need.id)))


@dataclass(frozen=True)
class _Found:
    lots: Sequence[Row]
    contracts: Sequence[Row]
    tenders: Sequence[Row]
    bought: Sequence[Row]
    since: str
    until: str


def _proposal(need: Need, able: list[Enterprise], found: _Found, purchases: Purchases) -> Proposal | None:
    tendered = [row for row in found.tenders if need.is_in(row["title"] or row["notice"], row["cpv_main"])]
    before = {row["organisation_id"] for row in tendered}
    # Who has tendered for it wants it; then the surer verdict, then who is known to the buyer.
    able = sorted(
        able,
        key=lambda e: (e.id not in before, SOCIAL.index(e.status), -purchases.paid_to(e.identifier), e.name),
    )
    first, social = able[0], {enterprise.id for enterprise in able}
    recurring = _recurring(need, found)
    reasons = [
        *_lots(need, found.lots),
        *(
            Reason("contract_ending", row)
            for row in found.contracts
            if need.is_in(row["title"], row["cpv_main"]) and row["supplier_id"] not in social
        ),
        *recurring,
    ]
    if not reasons:
        return None
    reasons.sort(key=lambda reason: -POINTS[reason.sign])
    reasons += [Reason("tendered", row) for row in tendered if row["organisation_id"] == first.id]
    return Proposal(
        need,
        first,
        tuple(able[1:]),
        tuple(reasons),
        purchases.paid_to(first.identifier),
        sum(reason.row["amount"] for reason in recurring),
    )


def _lots(need: Need, lots: Iterable[Row]) -> Iterable[Reason]:
    for lot in lots:
        if need.is_in(f"{lot['notice']} {lot['title']}", lot["cpv_main"]):
            reserved = lot["reserved_participation"]
            codes = json.loads(reserved) if isinstance(reserved, str) else reserved or []
            sign: Sign = "reserved_lot" if lot["kind"] == "reserved_lot" else "open_lot"
            yield Reason(sign, {**lot, "reserved": [code for code in codes if code != "none"]})


def _recurring(need: Need, found: _Found) -> list[Reason]:
    rows = [row for row in found.bought if need.is_in(row["account_text"])]
    others = [row for row in rows if row["group"] == "other"]
    months = {row["month"] for row in others}
    if len(months) * 2 < _MONTHS:
        return []
    told = {
        "amount": sum(row["amount"] for row in others),
        "lines": sum(row["lines"] for row in others),
        "firms": len({row["supplier_id"] for row in others}),
        "months": len(months),
        "social_amount": sum(row["amount"] for row in rows if row["group"] in SOCIAL),
        "accounts": sorted({row["account_text"] for row in others}),
        "since": found.since,
        "until": found.until,
    }
    return [Reason("recurring", told)]


def _year_before(day: str | None) -> str:
    """The same day a year earlier; the ledger's last twelve months are what comes after it."""
    if not day:
        return ""
    last = date.fromisoformat(day)
    # 29 February has no such day: the 28th stands for it.
    return last.replace(year=last.year - 1, day=min(last.day, 28) if last.month == 2 else last.day).isoformat()  # noqa: PLR2004
