"""What loaded plugins answer to the hub's hooks, each asked alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pluggy
from pydantic import SecretStr

from hub.model.scheme import IdentifierScheme
from hub.observe import Receiver
from hub.sdk import PluginError


class Hooks:
    """A typed face of the plugin manager. ``on_failure`` gets the title of a plugin that failed, and why."""

    def __init__(self, manager: pluggy.PluginManager, on_failure: Callable[[str, PluginError], None]) -> None:
        self._manager = manager
        self._on_failure = on_failure

    def identifier_schemes(self) -> list[IdentifierScheme]:
        """The identifier schemes that plugins add."""
        return list(self._collect("hub_identifier_schemes"))

    def signals(self) -> list[Mapping[str, Any]]:
        """The social-enterprise signals that plugins add."""
        return list(self._collect("hub_signals"))

    def secret(self, reference: str) -> SecretStr | None:
        """The secret behind ``{vault = "reference"}``, from the first plugin that knows it.

        Raises :class:`PluginError` when none does and one failed, since that one might have known. The plugin's own
        words are left out: they may hold what must not be shown.
        """
        fault = ""
        for plugin, ask in self._callers("hub_secret"):
            try:
                found = ask(reference=reference)
            except Exception as error:  # noqa: BLE001 - a plugin may raise anything
                fault = fault or f"plugin {plugin} failed with {type(error).__name__}"
                continue
            if isinstance(found, SecretStr):
                return found
            if found is not None:
                fault = fault or f"plugin {plugin} gave {type(found).__name__} instead of SecretStr"
        if fault:
            raise PluginError(fault)
        return None

    def event_receivers(self) -> list[Receiver]:
        """The plugins that want events, for :func:`hub.observe.dispatch`."""
        return [Receiver(plugin, partial(_send, tell)) for plugin, tell in self._callers("hub_event")]

    def _collect(self, hook: str) -> Iterator[Any]:
        for plugin, ask in self._callers(hook):
            try:
                # A hook may be a generator: what it yields before it fails does not count either.
                answers = [item for answer in ask() for item in answer]
            except Exception as error:  # noqa: BLE001 - a plugin may raise anything
                self._on_failure(plugin, PluginError(f"{hook} failed: {type(error).__name__}: {error}"))
                continue
            yield from answers

    def _callers(self, hook: str) -> Iterator[tuple[str, Callable[..., Any]]]:
        """For each plugin that implements the hook, its name and a caller of it alone."""
        everyone = [implementation.plugin for implementation in getattr(self._manager.hook, hook).get_hookimpls()]
        for plugin in everyone:
            others = [other for other in everyone if other is not plugin]
            yield self._manager.get_name(plugin) or "", self._manager.subset_hook_caller(hook, others)


def _send(tell: Callable[..., Any], event: Mapping[str, Any]) -> None:
    tell(event=event)
