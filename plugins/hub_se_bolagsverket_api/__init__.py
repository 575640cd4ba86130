"""Connector se_bolagsverket_api: single Swedish organisations, asked of Bolagsverket's API by their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The connector; imported only when asked for."""
    from hub_se_bolagsverket_api.connector import BolagsverketApi

    return (BolagsverketApi,)
