"""TED, the EU's Official Journal for public procurement (connector ``eu_ted``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The connector, imported only when asked for: listing plugins must not load lxml."""
    from hub_eu_ted.connector import Ted

    return (Ted,)
