"""What a dropped file is before it is loaded: read whole, as a run would read it, and nothing of it kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hub.sdk import Connector, Context, Money, Payment, RawRecord, RecordRejected, Reject, mask_person_numbers

if TYPE_CHECKING:
    from hub.sdk import ConnectorConfig
    from hub.sdk.recognition import Recognition

_TITLE: Final = "e-faktura (Peppol BIS Billing 3)"


class _Sums:
    """A file's invoices added up."""

    def __init__(self) -> None:
        self.read = 0
        self.rows = 0
        self.minor: Counter[str] = Counter()
        self.unread: list[str] = []
        self.months: set[str] = set()

    def add(self, paid: list[Payment]) -> None:
        self.read += 1
        self.rows += len(paid)
        for one in paid:
            self.minor[one.value.currency] += one.value.amount_minor
            if one.dated_on:
                self.months.add(f"{one.dated_on:%Y-%m}")


def inspect(connector: Connector[Any], file: Path, config: ConnectorConfig) -> Recognition | None:
    """What ``file`` is; ``None`` when no invoice is in it. The sureness is the share of documents that can be stored.

    An invoice whose parts do not add up is still an invoice, of sureness 0: it would be rejected.
    """
    from hub.sdk.recognition import Recognition

    ctx = Context(
        source_id="inspect",
        config=config.model_copy(update={"path": escape(file.name)}),
        now=datetime.now(UTC),
        root=file.parent,
        pseudonym_key=b"only for looking; kept nowhere...",
    )
    sums, invoices = _Sums(), 0
    for item in connector.fetch(ctx):
        if isinstance(item, Reject):
            sums.unread.append(item.reason)
        elif isinstance(item, RawRecord):
            invoices += 1
            try:
                sums.add([made for made in connector.normalise(item) if isinstance(made, Payment)])
            except RecordRejected as error:
                sums.unread.append(error.reason)
    if not invoices:
        return None
    share = Decimal(sums.read) / (sums.read + len(sums.unread))
    return Recognition(
        kind="invoice",
        title=_TITLE,
        sureness=share.quantize(Decimal("0.01")),
        rows=sums.rows,
        total=tuple(Money(amount_minor=minor, currency=currency) for currency, minor in sorted(sums.minor.items())),
        period=_period(sums.months),
        notes=tuple(_notes(sums, ctx.counts["duplicates"])),
    )


def _period(months: set[str]) -> str | None:
    if not months:
        return None
    first, last = min(months), max(months)
    return first if first == last else f"{first}--{last}"


def _notes(sums: _Sums, repeated: int) -> Iterator[str]:
    if repeated:
        yield f"{repeated} dokument står flera gånger i filen och räknas en gång."
    if sums.unread:
        reason, _ = mask_person_numbers(sums.unread[0])
        yield f"{len(sums.unread)} dokument kan inte läsas in. Första skäl: {reason}."
