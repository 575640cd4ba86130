"""The read contract, version 1: what downstream readers may rely on."""

from __future__ import annotations

from typing import Final

from hub.store.views import insight, operation, organisation, procurement
from hub.store.views.view import View

V1: Final[tuple[View, ...]] = (*organisation.VIEWS, *procurement.VIEWS, *insight.VIEWS, *operation.VIEWS)
"""Every view, in an order in which they can be created."""

__all__ = ["V1", "View"]
