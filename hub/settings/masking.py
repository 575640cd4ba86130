"""What may be shown of a configuration: everything but its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, get_args

from pydantic import BaseModel, Secret, SecretBytes, SecretStr

from hub.settings.secret import is_reference

MASK: Final = "***"
SHORTEST: Final = 4
"""Shorter values are no secrets, and masking them would make a text unreadable."""

_URL_PASSWORD: Final = re.compile(r"(\b[a-z][a-z0-9+.\-]*://[^\s/?#:@]*:)[^\s/?#]+@", re.IGNORECASE)
_QUERY_SECRET: Final = re.compile(r"([?&][^=&\s]*(?:passw|secret|token|key|sig)[^=&\s]*=)[^&#\s]+", re.IGNORECASE)
# The last resort where no model says what is secret, as when a plugin does not load.
_SECRET_NAME: Final = re.compile(r"passw|secret|token|api_?key|credential", re.IGNORECASE)


def mask_url(text: str) -> str:
    """``text`` with the passwords in its web addresses masked: before the host, and in the query."""
    if "://" not in text:
        return text
    return _QUERY_SECRET.sub(rf"\1{MASK}", _URL_PASSWORD.sub(rf"\1{MASK}@", text))


def mask_values(text: str, values: Iterable[str]) -> str:
    """``text`` with each of the values masked, the longest first: one secret may be part of another."""
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= SHORTEST:
            text = text.replace(value, MASK)
    return text


class Leaf(NamedTuple):
    """One value of a nested configuration, with its dotted key."""

    key: str
    value: Any
    secret: bool


def leaves(value: Any, annotation: Any = Any, key: str = "") -> Iterator[Leaf]:
    """Every value in a raw configuration. ``annotation`` is the model it is meant for, where that is known.

    Secret is what is given by reference, what the model types as a secret, and what is named like one.
    """
    if key and is_reference(value):  # the whole of a [config] is none, even with `file` as its only key
        yield Leaf(key, None, secret=True)
    elif isinstance(value, SecretStr):
        yield Leaf(key, value.get_secret_value(), secret=True)
    elif isinstance(value, Mapping):
        fields = fields_of(annotation)
        for name, item in value.items():
            yield from leaves(item, fields.get(name, annotation), f"{key}.{name}" if key else name)
    elif isinstance(value, (list, tuple)) and any(isinstance(item, (Mapping, list, SecretStr)) for item in value):
        for position, item in enumerate(value):
            yield from leaves(item, annotation, f"{key}[{position}]")
    else:
        yield Leaf(key, value, secret=_types_secret(annotation) or bool(_SECRET_NAME.search(key.rpartition(".")[2])))


def _parts(annotation: Any) -> Iterator[Any]:
    """The annotation and all that it is made of: ``list[SecretStr] | None`` holds ``SecretStr``."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _types_secret(annotation: Any) -> bool:
    return any(
        isinstance(part, type) and issubclass(part, (SecretStr, SecretBytes, Secret)) for part in _parts(annotation)
    )


def fields_of(annotation: Any) -> dict[str, Any]:
    """The keys that the models in an annotation take, with the types of their values."""
    return {
        name: field.annotation
        for part in _parts(annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
        for own_name, field in part.model_fields.items()
        for name in (
            {own_name, field.alias} if part.model_config.get("populate_by_name") else {field.alias or own_name}
        )
        if name is not None
    }
