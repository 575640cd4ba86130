"""Connector se_uhm: award statistics of Upphandlingsmyndigheten, from its row store, by address or from saved files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The connector; imported only when asked for."""
    from hub_se_uhm.connector import Uhm

    return (Uhm,)
