"""From the operator's folder and the environment to :class:`Settings`.

A value on the command line beats the environment, which beats ``hub.toml``, which beats the default. Relative paths
start from the config folder's parent, whoever gives them; only those on the command line start where it was typed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_origin

from pydantic import BaseModel, SecretStr

from hub.sdk import ConfigError
from hub.settings.errors import ConfigErrors, flattened
from hub.settings.schema import Database, HubFile, Settings, Source, SourceFile
from hub.settings.secret import SecretHook, is_reference, reference_text, resolve_secrets, secret_values
from hub.settings.toml import read_toml
from hub.settings.validation import validate

DEFAULT: Final = "default"
COMMAND_LINE: Final = "command line"
_NEVER_WRITTEN: Final = ("privacy.pseudonym_key", "notices.mail.password", "serve.token")


def load_settings(
    config_dir: Path | None = None,
    *,
    database: str | None = None,
    environ: Mapping[str, str] | None = None,
    secret_hook: SecretHook | None = None,
) -> Settings:
    """The configuration in ``config_dir``, else ``HUB_CONFIG_DIR``, else ``config`` here.

    Raises :class:`ConfigErrors` with everything that is wrong in any of its files.
    """
    environ = os.environ if environ is None else environ
    folder = config_dir or Path(environ.get("HUB_CONFIG_DIR") or "config")
    if not folder.is_dir():
        raise ConfigError(
            "there is no config folder here",
            where=str(folder),
            instruction="make one with `hub init`, or name yours with --config-dir or HUB_CONFIG_DIR",
        )
    if not any(os.path.lexists(folder / name) for name in ("hub.toml", "sources")):
        raise ConfigError(
            "this is no config folder: it has neither hub.toml nor sources",
            where=str(folder),
            instruction="name the folder that holds them with --config-dir or HUB_CONFIG_DIR",
        )
    errors: list[ConfigError] = []
    values = _Values(folder, secret_hook, environ)
    hub = None
    try:
        values.take_file()
        values.take_environment()
        if database:
            values.put("database.url", database, COMMAND_LINE)
        hub = values.checked()
    except ConfigError as error:
        errors.append(error)
    sources = []
    for path in _source_files(folder / "sources", errors):
        try:
            sources.append(_source(path))
        except ConfigError as error:
            errors.append(error)
    if hub is None or errors:
        raise ConfigErrors(flattened(errors))
    return values.settings(hub, tuple(sources))


def _keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, field.annotation


KEYS: Final = dict(_keys(HubFile))
"""Every key of ``hub.toml``, dotted, with its type."""


def environment_name(key: str) -> str:
    """The variable that overrides a key: ``HUB_DATABASE_URL`` for ``database.url``."""
    return "HUB_" + key.upper().replace(".", "_")


class _Values:
    """The values of ``hub.toml``'s keys as they are gathered, each with its origin."""

    def __init__(self, folder: Path, secret_hook: SecretHook | None, environ: Mapping[str, str]) -> None:
        self.raw: dict[str, Any] = {}
        self.origins = dict.fromkeys(KEYS, DEFAULT)
        self._file = folder / "hub.toml"
        # abspath, not resolve: a config folder that is a link has its parent where the link stands.
        self._folder = Path(os.path.abspath(folder))  # noqa: PTH100
        self._secret_hook = secret_hook
        self._environ = environ
        self._by_reference: set[str] = set()
        self._secrets: tuple[str, ...] = ()

    def take_file(self) -> None:
        self.raw = read_toml(self._file) if os.path.lexists(self._file) else {}
        for key in KEYS:
            value = _get(self.raw, key)
            if value is None:
                continue
            self.origins[key] = f"file {self._file.name}"
            if is_reference(value):
                self._by_reference.add(key)
                self.origins[key] += f", {reference_text(value)}"
            elif key in _NEVER_WRITTEN:
                raise ConfigError(
                    "a secret stands in the file",
                    where=f"{self._file}, {key}",
                    instruction='write {env = "NAME"} or {file = "path"} and keep the secret there',
                )

    def take_environment(self) -> None:
        for key, annotation in KEYS.items():
            name = environment_name(key)
            # An empty variable counts as unset: compose files pass on variables that nobody set.
            if text := self._environ.get(name):
                listed = get_origin(annotation) is tuple
                value = [item.strip() for item in text.split(",") if item.strip()] if listed else text
                self.put(key, value, f"environment {name}")

    def put(self, key: str, value: object, origin: str) -> None:
        *sections, name = key.split(".")
        table: Any = self.raw
        for section in sections:
            table = table.setdefault(section, {}) if isinstance(table, dict) else None
        if isinstance(table, dict):  # what else it is, the check will say
            table[name] = value
        self.origins[key] = origin
        self._by_reference.discard(key)

    def checked(self) -> HubFile:
        # After the overrides: a reference that is overridden need not lead anywhere.
        self.raw, self._secrets = resolve_secrets(
            self.raw, self._folder.parent, self._secret_hook, where=str(self._file), environ=self._environ
        )
        data_dir = self.raw.setdefault("data_dir", "data")
        if isinstance(data_dir, SecretStr):
            data_dir = data_dir.get_secret_value()
        if _get(self.raw, "database.url") is None:
            self.put("database.url", f"sqlite:///{data_dir}/hub.sqlite3", DEFAULT)
        if _get(self.raw, "archive.path") is None:
            self.put("archive.path", f"{data_dir}/archive", DEFAULT)
        try:
            return validate(HubFile, self.raw, self._where)
        except ConfigErrors as errors:
            raise ConfigErrors(map(self._with_place, errors.errors)) from None

    def _where(self, key: str) -> str:
        origin = self.origins.get(key.partition("[")[0], "file")
        in_file = origin.startswith("file") or origin == DEFAULT
        return f"{self._file}, {key}" if in_file else f"{origin} ({key})"

    def _with_place(self, error: ConfigError) -> ConfigError:
        if error.where.startswith(str(self._file)):
            return error
        return ConfigError(error.reason, where=error.where, instruction="correct it there and run `hub check`")

    def settings(self, hub: HubFile, sources: tuple[Source, ...]) -> Settings:
        root = self._folder.parent
        typed = Path.cwd() if self.origins["database.url"] == COMMAND_LINE else root
        secrets = (*self._secrets, *secret_values(hub.privacy), hub.database.url.password, *hub.notices.secrets)
        secrets += tuple(secret_values(hub.serve))
        told = {name: getattr(hub, name) for name in HubFile.model_fields}
        told |= {
            "data_dir": root / hub.data_dir,
            "database": Database(url=hub.database.url.anchored(typed)),
            "archive": hub.archive.model_copy(update={"path": str(root / hub.archive.path)}),
        }
        return Settings(
            **told,
            config_dir=self._folder,
            sources=sources,
            origins=self.origins,
            by_reference=frozenset(self._by_reference),
            secrets=tuple(SecretStr(secret) for secret in dict.fromkeys(secrets) if secret),
        )


def _get(table: Mapping[str, Any], key: str) -> Any:
    value: Any = table
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _source_files(folder: Path, errors: list[ConfigError]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:  # not taken for an empty folder: its sources would silently stop
        errors.append(
            ConfigError(
                f"cannot be read ({error.strerror or type(error).__name__})",
                where=str(folder),
                instruction="make it a folder that the hub's user may read",
            )
        )
        return []


def _source(path: Path) -> Source:
    raw = read_toml(path)
    try:
        told = validate(SourceFile, raw, lambda key: f"{path}, {key}" if key else str(path))
    except ConfigErrors as errors:
        raise ConfigErrors(_with_hint(error) for error in errors.errors) from None
    origins = {key: f"file sources/{path.name}" if key in raw else DEFAULT for key in SourceFile.model_fields}
    values = {name: getattr(told, name) for name in SourceFile.model_fields}
    return validate(Source, values | {"id": path.stem, "path": path, "origins": origins}, lambda _: str(path))


def _with_hint(error: ConfigError) -> ConfigError:
    if error.reason != "unknown key":
        return error
    instruction = f"the connector's own keys stand below [config]; {error.instruction}"
    return ConfigError(error.reason, where=error.where, instruction=instruction)
