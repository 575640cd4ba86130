"""The hooks that a plugin may implement. Arguments only ever grow; a hook never gets a record at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pluggy
from pydantic import SecretStr

if TYPE_CHECKING:
    from hub.model.scheme import IdentifierScheme
    from hub.sdk.connector import ConnectorClass

PROJECT = "integration_hub"
"""Pluggy project name and entry-point group of connectors; the entry point's name is the connector's id."""
EXTENSIONS = "integration_hub_extensions"
"""Entry-point group of plugins without connectors."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def hub_connectors() -> Iterable[ConnectorClass]:  # type: ignore[empty-body]
    """The connector classes of this plugin."""


@hookspec
def hub_identifier_schemes() -> Iterable[IdentifierScheme]:  # type: ignore[empty-body]
    """Further identifier schemes, by org-id.guide prefix."""


@hookspec
def hub_signals() -> Iterable[Mapping[str, Any]]:  # type: ignore[empty-body]
    """Further social-enterprise signals, each shaped as a row of a signals file."""


@hookspec(firstresult=True)
def hub_secret(reference: str) -> SecretStr | None:
    """The secret that ``{vault = "reference"}`` stands for, or ``None`` when this plugin does not know it."""


@hookspec
def hub_event(event: Mapping[str, Any]) -> None:
    """Something happened (``event["action"]`` says what). Called one plugin at a time; errors are contained."""
