"""Model records as table rows, by entity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hub.model import Contract, Indicator, Membership, Notice, Organisation, Payment, Record
from hub.store.rows.aggregate import Aggregate, Named, Shape
from hub.store.rows.contract import CONTRACT, contract
from hub.store.rows.indicator import INDICATOR, indicator
from hub.store.rows.notice import NOTICE, notice
from hub.store.rows.organisation import CLAIM, MEMBERSHIP, claim, membership
from hub.store.rows.payment import PAYMENT, payment

SHAPES: Final[tuple[Shape, ...]] = (CLAIM, MEMBERSHIP, NOTICE, CONTRACT, PAYMENT, INDICATOR)
"""Every entity that sources own."""

_FLATTEN: Final[dict[type[Record], Callable[[Any, str], Aggregate]]] = {
    Organisation: claim,
    Membership: membership,
    Notice: notice,
    Contract: contract,
    Payment: payment,
    Indicator: indicator,
}


def flatten(record: Record, source_id: str) -> Aggregate:
    """The record as rows of this source."""
    return _FLATTEN[type(record)](record, source_id)


__all__ = ["SHAPES", "Aggregate", "Named", "Shape", "flatten"]
