"""The plugins of this process: which there are, which work, and why the others do not."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping

from hub.registry import admission
from hub.registry.hooks import Hooks
from hub.registry.plugin import Candidate, ConnectorRow, PluginFailure, given, installed
from hub.sdk import ConnectorClass, PluginError
from hub.settings import did_you_mean

_MATCH = "tell the plugin's author: entry points of `integration_hub` and manifests must name the same ids"

_log = logging.getLogger(__name__)


class Registry:
    """Finds plugins without importing them and loads those that are needed, each on its own.

    A plugin that fails is recorded in ``failures`` and takes only its own connectors with it; with ``strict`` it is
    an error of the whole.
    """

    def __init__(self, candidates: Iterable[Candidate], *, strict: bool = False) -> None:
        self._strict = strict
        self._waiting = list(candidates)
        self._by_title = {candidate.title: candidate for candidate in self._waiting}
        self._owners = {name: candidate for candidate in self._waiting for name in candidate.ids or ()}
        self._connectors: dict[str, ConnectorClass] = {}
        self._refused: dict[str, PluginFailure] = {}  # by connector id
        self._broken: dict[str, PluginFailure] = {}  # by plugin, where no connector is known
        self._manager = admission.plugin_manager()
        self._hooks = Hooks(self._manager, self._hook_failed)
        self._refuse_rivals()

    @classmethod
    def discover(cls, environ: Mapping[str, str] | None = None) -> Registry:
        """The installed plugins. ``HUB_STRICT_PLUGINS=1`` makes a failure fatal."""
        environ = os.environ if environ is None else environ
        return cls(installed(), strict=environ.get("HUB_STRICT_PLUGINS", "") not in {"", "0"})

    @classmethod
    def of(cls, *plugins: object, strict: bool = False) -> Registry:
        """These plugins (modules, objects or connector classes), loaded, and no installed ones."""
        registry = cls(given(plugins), strict=strict)
        registry.load()
        return registry

    @property
    def hooks(self) -> Hooks:
        """What loaded plugins offer beside connectors. Extensions are loaded for it, connectors' plugins are not."""
        self.load(())
        return self._hooks

    @property
    def failures(self) -> tuple[PluginFailure, ...]:
        """What does not work, connectors and extensions, by name."""
        return tuple(sorted((*self._refused.values(), *self._broken.values()), key=lambda failure: failure.name))

    def load(self, ids: Iterable[str] | None = None) -> tuple[PluginFailure, ...]:
        """Load the plugins of these connectors (of all, by default) and every extension; give the failures so far.

        Ids that no plugin announces are left to :meth:`connector`. A service loads the connectors of all enabled
        sources at once: what plugins say beside their connectors must not depend on which source runs.
        """
        wanted = None if ids is None else set(ids)
        chosen = [plugin for plugin in self._waiting if wanted is None or not plugin.ids or wanted & set(plugin.ids)]
        self._waiting = [plugin for plugin in self._waiting if plugin not in chosen]
        for candidate in chosen:
            # Code whose every connector is refused already need not run.
            if not candidate.ids or any(name not in self._refused for name in candidate.ids):
                self._load(candidate)
        if self._strict and self.failures:
            reasons = "; ".join(f"{failure.name}: {failure.reason}" for failure in self.failures)
            raise PluginError(reasons, instruction=self.failures[0].instruction)
        return self.failures

    def connector(self, connector_id: str) -> ConnectorClass:
        """The connector of that id, loaded if need be. Raises :class:`PluginError` with the reason there is none."""
        if connector_id not in self._connectors and connector_id not in self._refused:
            self.load([connector_id])
        if failure := self._refused.get(connector_id):
            raise PluginError(
                f"connector {connector_id!r} cannot be used: {failure.reason}",
                where=f"{failure.distribution} {failure.version}".strip(),
                instruction=failure.instruction,
            )
        if connector_id not in self._connectors:
            raise PluginError(
                f"no plugin offers connector {connector_id!r}{did_you_mean(connector_id, self._owners)}",
                instruction="correct the source's `connector` or install its plugin; `hub connectors` lists all",
            )
        return self._connectors[connector_id]

    def connectors(self) -> list[ConnectorRow]:
        """A row for each connector that is announced, loaded or refused."""
        return [self._row(name) for name in sorted({*self._owners, *self._refused})]

    def _load(self, candidate: Candidate) -> None:
        try:
            plugin = admission.load(candidate)
            offered = admission.check_hooks(candidate, plugin)
        except PluginError as error:
            self._fail(candidate, error, *(candidate.ids or ()))
            return
        admitted = {self._admit(candidate, item) for item in offered}
        for name in candidate.ids or ():
            if name not in admitted and name not in self._refused:
                reason = f"the plugin announces connector {name!r} and does not offer it"
                self._fail(candidate, PluginError(reason, instruction=_MATCH), name)
        try:
            self._manager.register(plugin, candidate.title)
        except ValueError:
            self._fail(candidate, PluginError("is installed twice", instruction="uninstall one of them"))

    def _admit(self, candidate: Candidate, offered: object) -> str:
        """Let an offered connector in, or record why not. Its id, empty when it has none."""
        name = admission.id_of(offered)
        try:
            connector = admission.check_connector(candidate, offered)
            self._check_claim(candidate, name)
        except PluginError as error:
            mine = name if candidate.ids is None or name in candidate.ids else ""
            if not name and len(candidate.ids or ()) == 1:  # it can only be this one
                (mine,) = candidate.ids or ()
            self._fail(candidate, error, *filter(None, [mine]))
            self._connectors.pop(mine, None)
            return name
        self._owners.setdefault(name, candidate)
        if name not in self._refused:
            self._connectors[name] = connector
        return name

    def _check_claim(self, candidate: Candidate, name: str) -> None:
        if candidate.ids is not None and name not in candidate.ids:
            raise PluginError(f"offers connector {name!r} without announcing it", instruction=_MATCH)
        owner = self._owners.get(name, candidate)
        if owner is not candidate:
            raise _rivals(name, [owner, candidate])
        if name in self._connectors:
            raise PluginError(f"offers two connectors {name!r}", instruction=_MATCH)

    def _refuse_rivals(self) -> None:
        """Refuse ids that several plugins announce: which of them ran would be a matter of chance."""
        for name in self._owners:
            rivals = [candidate for candidate in self._waiting if name in (candidate.ids or ())]
            if len(rivals) > 1:
                self._fail(rivals[0], _rivals(name, rivals), name)

    def _fail(self, candidate: Candidate, error: PluginError, *ids: str) -> None:
        for name in ids or (candidate.name,):
            failures = self._refused if ids else self._broken
            failures[name] = PluginFailure(
                name, candidate.distribution, candidate.version, error.reason, error.instruction
            )
            _log.warning("%s: %s", name, error, extra={"action": "plugin_failed", "plugin": candidate.title})

    def _hook_failed(self, plugin: str, error: PluginError) -> None:
        self._fail(self._by_title[plugin], error)
        if self._strict:
            raise error

    def _row(self, name: str) -> ConnectorRow:
        connector = self._connectors.get(name)
        failure = self._refused.get(name)
        owner = failure or self._owners[name]
        return ConnectorRow(
            id=name,
            title=connector.manifest.title if connector else "",
            distribution=owner.distribution,
            version=owner.version,
            api=connector.manifest.api if connector else None,
            status="failed" if failure else "ready" if connector else "not loaded",
            reason=failure.reason if failure else "",
            instruction=failure.instruction if failure else "",
        )


def _rivals(name: str, rivals: Iterable[Candidate]) -> PluginError:
    titles = " and by ".join(candidate.title for candidate in rivals)
    return PluginError(f"connector {name!r} is offered by {titles}", instruction="uninstall all but one of them")
