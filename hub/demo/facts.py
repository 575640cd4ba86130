"""The facts of the report, all of them read from the database in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from hub.demo import doubt, enterprises, proposal, purchases, sql
from hub.demo.doubt import Doubt
from hub.demo.enterprises import Enterprises
from hub.demo.proposal import Proposal
from hub.demo.purchases import Purchases, Supplier
from hub.sdk.errors import HubError
from hub.store.engine import Engine, reading
from hub.store.plain import Row


@dataclass(frozen=True)
class Facts:
    """What the hub knows about one municipality's purchases and the social enterprises."""

    buyer: Row
    today: date
    purchases: Purchases
    enterprises: Enterprises
    proposals: tuple[Proposal, ...]
    doubt: Doubt
    counts: dict[str, int]
    sources: tuple[Row, ...]
    example: tuple[Row, ...]

    @property
    def municipality(self) -> str:
        """The buyer's name."""
        return str(self.buyer["name"])

    @property
    def earlier(self) -> list[Supplier]:
        """What was bought from today's social enterprises before they were known to be."""
        social = {enterprise.identifier for enterprise in self.enterprises.of("confirmed", "likely", "possible")}
        return [s for s in self.purchases.suppliers if s.group == "other" and s.identifier in social]


def gather(engine: Engine) -> Facts:
    """Read the facts. Raises ``HubError`` when no ledger has been stored."""
    with reading(engine) as connection:
        buyer = sql.buyer(connection)
        if buyer is None:
            message = "the database holds no payments of an identified buyer"
            raise HubError(message, instruction="see `hub status`; the report needs at least one supplier ledger")
        found = enterprises.gather(connection, buyer)
        paid = purchases.gather(connection, buyer)
        return Facts(
            buyer=buyer,
            today=datetime.now(UTC).date(),
            purchases=paid,
            enterprises=found,
            proposals=proposal.gather(connection, buyer, found, paid),
            doubt=doubt.gather(connection, buyer, found),
            counts=sql.counts(connection),
            sources=tuple(sql.sources(connection)),
            example=tuple(sql.example(connection)),
        )
