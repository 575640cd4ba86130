"""Connector xx_membership_list: members of a register or network, from a CSV file or an Excel workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sdk import ConnectorClass


@hookimpl
def hub_connectors() -> Iterable[ConnectorClass]:
    """The connector; imported only when asked for."""
    from hub_xx_membership_list.connector import MembershipList

    return (MembershipList,)
