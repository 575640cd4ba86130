"""Connector se_kolada: key figures of Swedish municipalities from Kolada."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The connector; imported only when asked for."""
    from hub_se_kolada.connector import Kolada

    return (Kolada,)
