"""A plugin before it is loaded, and what is told of it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Literal

from hub.sdk.hookspecs import EXTENSIONS, PROJECT

Status = Literal["ready", "failed", "not loaded"]


@dataclass(frozen=True)
class Candidate:
    """A plugin that was found and not imported yet.

    ``ids`` are the connectors it announces; an extension announces none. A plugin that is handed over in a test may
    leave them open with ``None``: what it offers is then taken as announced.
    """

    name: str
    ids: tuple[str, ...] | None
    load: Callable[[], object]
    distribution: str = "unknown"
    version: str = ""

    @property
    def title(self) -> str:
        """How people know it: ``hub-ocds 1.2 (hub_ocds)``."""
        return f"{self.distribution} {self.version}".strip() + f" ({self.name})"


@dataclass(frozen=True)
class PluginFailure:
    """Why a connector (``name`` is its id) or an extension cannot be used, and what to do about it."""

    name: str
    distribution: str
    version: str
    reason: str
    instruction: str


@dataclass(frozen=True)
class ConnectorRow:
    """A line of ``hub connectors``. ``api`` is ``None`` and ``title`` empty as long as the plugin is not loaded."""

    id: str
    title: str
    distribution: str
    version: str
    api: int | None
    status: Status
    reason: str = ""
    instruction: str = ""


def installed() -> list[Candidate]:
    """The plugins that installed distributions announce, in a defined order. None is imported."""
    return found_in([*entry_points(group=PROJECT), *entry_points(group=EXTENSIONS)])


def found_in(points: Iterable[EntryPoint]) -> list[Candidate]:
    """Candidates from entry points; those of one module are one plugin with several connectors."""
    grouped: dict[tuple[str, str, str], list[EntryPoint]] = {}
    for point in points:
        distribution = point.dist.name if point.dist else "unknown"
        grouped.setdefault((point.group, distribution, point.value), []).append(point)
    return [
        Candidate(
            # Extensions go by the entry point's name, connectors' plugins by their module.
            name=same[0].name if group == EXTENSIONS else value,
            ids=() if group == EXTENSIONS else tuple(sorted({point.name for point in same})),
            load=same[0].load,
            distribution=distribution,
            version=same[0].dist.version if same[0].dist else "",
        )
        for (group, distribution, value), same in sorted(grouped.items())
    ]


def given(plugins: Iterable[object]) -> list[Candidate]:
    """Candidates from plugins at hand: modules, objects or connector classes."""
    names: Counter[str] = Counter()
    candidates = []
    for plugin in plugins:
        name = getattr(plugin, "__name__", type(plugin).__name__)
        names[name] += 1
        unique = name if names[name] == 1 else f"{name} {names[name]}"
        candidates.append(Candidate(unique, None, partial(_itself, plugin), distribution="given"))
    return candidates


def _itself(plugin: object) -> object:
    return plugin
