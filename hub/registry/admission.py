"""What a plugin must be before it is let in. Each is tried alone, so that a fault is known to be its own."""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Iterable
from typing import Final

import pluggy

from hub.registry.plugin import Candidate
from hub.sdk import API_VERSION, Connector, ConnectorClass, ConnectorConfig, Manifest, PluginError, hookimpl, hookspecs
from hub.settings import did_you_mean

HOOKS: Final = tuple(name for name in vars(hookspecs) if name.startswith("hub_"))

_MARK: Final = f"{hookspecs.PROJECT}_impl"  # what @hookimpl leaves on a function
_NOT_PLUGINS: Final = frozenset({"hub", "importlib", "pluggy", "pydantic"})
_LONGEST: Final = 300
_WRITTEN: Final = "tell the plugin's author; the connector guide shows what a connector needs"


def plugin_manager() -> pluggy.PluginManager:
    """A plugin manager that knows the hub's hooks."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def load(candidate: Candidate) -> object:
    """The plugin itself, imported. Raises :class:`PluginError` whatever goes wrong in its code."""
    try:
        plugin = candidate.load()
        if isinstance(plugin, type):
            return _Single(plugin) if issubclass(plugin, Connector) else plugin()
    except ModuleNotFoundError as error:
        raise PluginError(
            f"cannot be imported: no module named {error.name!r}",
            instruction=f"install what provides {error.name}, or {_reinstall(candidate)}",
        ) from error
    except SyntaxError as error:
        raise PluginError(
            f"cannot be imported: {error.msg} ({error.filename}, line {error.lineno})",
            instruction=f"{_reinstall(candidate)}; it may need another version of Python",
        ) from error
    except (Exception, SystemExit) as error:  # a plugin may do anything while it is imported
        raise PluginError(
            f"cannot be imported: {_told(error)}",
            instruction=_reinstall(candidate),
        ) from error
    return plugin


def check_hooks(candidate: Candidate, plugin: object) -> list[object]:
    """What its ``hub_connectors`` yields. Raises :class:`PluginError` when a hook is unknown or wrongly declared."""
    if plugin.__hash__ is None:  # pluggy keeps plugins in sets
        raise PluginError(f"is a {type(plugin).__name__}, which cannot be hashed", instruction=_WRITTEN)
    alone = plugin_manager()
    try:
        alone.register(plugin, candidate.name)
        alone.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(_hook_fault(str(error)), instruction=_reinstall(candidate)) from error
    unmarked = [
        name for name in HOOKS if callable(getattr(plugin, name, None)) and not hasattr(getattr(plugin, name), _MARK)
    ]
    if unmarked:
        raise PluginError(f"{unmarked[0]} is not marked as a hook", instruction="put @hookimpl above it")
    try:
        # A hook may be a generator, whose errors come only here.
        return [offered for result in alone.hook.hub_connectors() for offered in result]
    except Exception as error:
        raise PluginError(
            f"hub_connectors failed: {_told(error)}",
            instruction=_reinstall(candidate),
        ) from error


def id_of(offered: object) -> str:
    """The id that an offered connector claims; empty when there is none to read."""
    return str(getattr(getattr(offered, "manifest", None), "id", ""))


def check_connector(candidate: Candidate, offered: object) -> ConnectorClass:
    """``offered`` as a connector class. Raises :class:`PluginError` when it is none, or speaks another plugin API."""
    if not (isinstance(offered, type) and issubclass(offered, Connector)):
        raise PluginError(f"hub_connectors gives {offered!r}, which is no Connector class", instruction=_WRITTEN)
    manifest = getattr(offered, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise PluginError(f"{offered.__name__} has no manifest", instruction=_WRITTEN)
    if manifest.api != API_VERSION:
        update = "the hub" if manifest.api > API_VERSION else candidate.distribution
        raise PluginError(
            f"speaks plugin API {manifest.api}; this hub speaks {API_VERSION}", instruction=f"update {update}"
        )
    model = getattr(offered, "config_model", None)
    if not (isinstance(model, type) and issubclass(model, ConnectorConfig)):
        raise PluginError(f"{offered.__name__}.config_model is no ConnectorConfig", instruction=_WRITTEN)
    if inspect.isabstract(offered):
        missing = ", ".join(sorted(offered.__abstractmethods__))
        raise PluginError(f"{offered.__name__} does not define {missing}", instruction=_WRITTEN)
    return offered


class _Single:
    """A plugin made of one connector class, where an entry point or a test names the class itself."""

    def __init__(self, connector: ConnectorClass) -> None:
        self._connector = connector

    @hookimpl
    def hub_connectors(self) -> Iterable[ConnectorClass]:
        return [self._connector]


def _hook_fault(message: str) -> str:
    if match := re.match(r"unknown hook '(\w+)'", message):
        return f"implements the hook {match[1]!r}, which does not exist{did_you_mean(match[1], HOOKS)}"
    if match := re.search(r"hook '(\w+)'\nhookimpl definition: (.*)\n(.*)", message):
        return f"implements the hook {match[1]!r} wrongly: {match[3].strip()}"
    return message


def _reinstall(candidate: Candidate) -> str:
    return f"update or uninstall {candidate.distribution}"


def _told(error: BaseException) -> str:
    """The error in one line, with the place in the plugin where it happened."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    places = [
        f" ({frame.f_code.co_filename}, line {line})"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__", "").partition(".")[0] not in _NOT_PLUGINS
    ]
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …") + (places[-1] if places else "")
