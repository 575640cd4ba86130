"""Connector xx_agreements: agreement catalogues and procurement plans, from CSV files or Excel workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The connector; imported only when asked for."""
    from hub_xx_agreements.connector import Agreements

    return (Agreements,)
