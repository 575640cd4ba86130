"""Connector xx_peppol: e-invoices and credit notes, Peppol BIS Billing 3 and the older Svefaktura 1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The connector; imported only when asked for."""
    from hub_xx_peppol.connector import Peppol

    return (Peppol,)
