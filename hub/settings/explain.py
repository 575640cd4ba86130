"""The effective configuration for people: each value, where it comes from, and no secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import SecretStr

from hub.sdk import ConnectorConfig
from hub.settings.load import KEYS
from hub.settings.masking import MASK, leaves, mask_url
from hub.settings.schema import Settings, Source


class Explained(NamedTuple):
    """One line of ``hub config show``."""

    key: str
    value: str
    origin: str


def explain(settings: Settings, models: Mapping[str, type[ConnectorConfig]] | None = None) -> list[Explained]:
    """Every key of ``hub.toml`` and of each source.

    ``models`` (by connector id) say what is secret in a source's config; without one, names and references do.
    """
    rows = [Explained(key, _shown(settings, key), settings.origins[key]) for key in KEYS]
    for source in settings.sources:
        rows += _source_rows(source, (models or {}).get(source.connector))
    return rows


def _shown(settings: Settings, key: str) -> str:
    value: Any = settings
    for step in key.split("."):
        value = getattr(value, step)
    return MASK if key in settings.by_reference else _text(value)


def _source_rows(source: Source, model: type[ConnectorConfig] | None) -> Iterator[Explained]:
    prefix = f"sources.{source.id}"
    for key in ("connector", "schedule", "enabled"):
        yield Explained(f"{prefix}.{key}", _text(getattr(source, key)), source.origins[key])
    for leaf in leaves(source.config, model or Any):
        value = MASK if leaf.secret else _text(leaf.value)
        yield Explained(f"{prefix}.config.{leaf.key}", value, source.origins["config"])


def _text(value: object) -> str:
    if value is None:
        return "(not set)"
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    return mask_url(str(value))
