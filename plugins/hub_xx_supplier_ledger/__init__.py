"""Supplier ledgers (leverantörsreskontra) of municipalities and other public bodies, whatever their layout.

See README.md beside this file for what is read and how.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hub.sdk import hookimpl

if TYPE_CHECKING:
    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The ledger connector, imported when it is asked for."""
    from hub_xx_supplier_ledger.connector import SupplierLedger

    return [SupplierLedger]
