"""Telling plugins what happened, one at a time, so that none can spoil it for the others or for the hub."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

_log = logging.getLogger(__name__)


class Receiver(NamedTuple):
    """A plugin that wants events: its name, for the log, and what to call."""

    plugin: str
    call: Callable[[Mapping[str, Any]], None]


def dispatch(event: Mapping[str, Any], receivers: Iterable[Receiver]) -> tuple[str, ...]:
    """Hand the event to each receiver. A plugin's error is logged and ends there; their names are returned.

    ``event["action"]`` says what happened. Receivers get a read-only copy.
    """
    failed = []
    for receiver in receivers:
        try:
            receiver.call(MappingProxyType(dict(event)))
        except Exception:  # noqa: BLE001 - a plugin may raise anything
            extra = {"action": "event_failed", "plugin": receiver.plugin, "event": event.get("action")}
            _log.exception("plugin %s failed on an event", receiver.plugin, extra=extra)
            failed.append(receiver.plugin)
    return tuple(failed)
