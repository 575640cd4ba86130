"""Secret references: where a secret is to be found, in place of the secret.

``{env = "NAME"}`` is an environment variable, ``{file = "path"}`` a file (relative to the config folder's parent; line
ends at its end are dropped), ``{vault = "reference"}`` whatever a plugin's ``hub_secret`` knows. With several in one
reference the first that has a value wins. A table with these keys only is always a reference.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Secret, SecretBytes, SecretStr

from hub.sdk import ConfigError, HubError
from hub.settings.errors import ConfigErrors

SecretHook = Callable[[str], SecretStr | None]
"""Finds the secret behind ``{vault = "reference"}``; ``None`` when it does not know it."""

PROVIDERS: Final = ("env", "file", "vault")


def is_reference(value: object) -> bool:
    """Whether a value from a TOML file stands for a secret."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(provider in PROVIDERS and isinstance(name, str) for provider, name in value.items())
    )


def reference_text(reference: Mapping[str, str]) -> str:
    """The reference for people: ``env TED_API_KEY``. It is no secret itself."""
    return " or ".join(f"{provider} {name}" for provider, name in reference.items())


def resolve_secrets(
    raw: Mapping[str, Any],
    root: Path,
    hook: SecretHook | None = None,
    *,
    where: str = "",
    environ: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """``raw`` with each reference, at any depth, replaced by its secret as ``SecretStr``; and the secrets' values.

    ``root`` is the config folder's parent, ``where`` the file that ``raw`` stands in. Raises :class:`ConfigErrors` with
    every reference that leads to nothing.
    """
    lookup = _Lookup(root, hook, os.environ if environ is None else environ, where)
    values = {name: lookup.resolve(value, name) for name, value in raw.items()}
    if lookup.errors:
        raise ConfigErrors(lookup.errors)
    return values, tuple(dict.fromkeys(secret_values(values)))


def secret_values(value: object) -> Iterator[str]:
    """Every secret in a value or validated config, in plain text: what is to be redacted."""
    if isinstance(value, SecretBytes):
        yield value.get_secret_value().decode(errors="replace")
    elif isinstance(value, (SecretStr, Secret)):
        yield str(value.get_secret_value())
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from secret_values(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from secret_values(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from secret_values(item)


class _Lookup:
    def __init__(self, root: Path, hook: SecretHook | None, environ: Mapping[str, str], where: str) -> None:
        self.errors: list[ConfigError] = []
        self._root = root
        self._hook = hook
        self._environ = environ
        self._where = where

    def resolve(self, value: Any, key: str) -> Any:
        if is_reference(value):
            return self._secret(value, key)
        if isinstance(value, Mapping):
            return {name: self.resolve(item, f"{key}.{name}") for name, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item, f"{key}[{position}]") for position, item in enumerate(value)]
        return value

    def _secret(self, reference: Mapping[str, str], key: str) -> SecretStr | None:
        tried = []
        for provider, name in reference.items():
            found = getattr(self, f"_from_{provider}")(name)
            if isinstance(found, SecretStr):
                return found
            tried.append(found)
        self.errors.append(
            ConfigError(
                f"no secret found; tried {'; '.join(tried)}",
                where=f"{self._where}, {key}" if self._where else key,
                instruction="provide one of these to the hub's process",
            )
        )
        return None

    # Each gives the secret, or what was tried and why there is none.

    def _from_env(self, name: str) -> SecretStr | str:
        if value := self._environ.get(name):
            return SecretStr(value)
        return f"environment variable {name} ({'empty' if name in self._environ else 'not set'})"

    def _from_file(self, name: str) -> SecretStr | str:
        path = self._root / name
        try:
            value = path.read_text("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            return f"file {path} (not UTF-8 text)"
        except OSError as error:
            return f"file {path} ({error.strerror or type(error).__name__})"
        return SecretStr(value) if value else f"file {path} (empty)"

    def _from_vault(self, name: str) -> SecretStr | str:
        if self._hook is None:
            return f"vault {name} (no plugin offers secrets)"
        try:
            return self._hook(name) or f"vault {name} (no plugin knows it)"
        except HubError as error:
            return f"vault {name} ({error.reason})"
