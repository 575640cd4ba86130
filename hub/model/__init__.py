"""The shared enterprise/contract model. Pure: no I/O, and nothing of ours is imported from outside this package."""

from hub.model.code import CPV, SNI_2007, SNI_2025, Code
from hub.model.contract import Contract, ContractSupplier
from hub.model.identifier import Identifier, Mention
from hub.model.ids import make_id, organisation_id
from hub.model.indicator import Indicator
from hub.model.money import Money, minor_digits, parse_amount
from hub.model.notice import Lot, Notice, Party
from hub.model.organisation import Activity, DateBasis, Figure, Kind, Membership, Organisation, Status
from hub.model.payment import Payment
from hub.model.record import Record
from hub.model.scheme import IdentifierScheme

__all__ = [
    "CPV",
    "SNI_2007",
    "SNI_2025",
    "Activity",
    "Code",
    "Contract",
    "ContractSupplier",
    "DateBasis",
    "Figure",
    "Identifier",
    "IdentifierScheme",
    "Indicator",
    "Kind",
    "Lot",
    "Membership",
    "Mention",
    "Money",
    "Notice",
    "Organisation",
    "Party",
    "Payment",
    "Record",
    "Status",
    "make_id",
    "minor_digits",
    "organisation_id",
    "parse_amount",
]
