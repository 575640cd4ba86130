"""What a connector says about itself before it is run."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from typing import Any, Final, get_args

from pydantic import SecretStr, ValidationError

from hub.sdk import API_VERSION, ClientCredentials, ConnectorConfig, Manifest
from hub.sdk.hookspecs import PROJECT
from hub.testing.promise import BrokenPromise
from hub.testing.tables import UNKNOWN
from hub.testing.trial import Trial

_SECRET: Final = re.compile(r"(^|_)(password|passphrase|secret|token|api_?key)$")


def declaration(trial: Trial) -> None:
    """The manifest is whole, the configuration strict, and the fixture's own config valid."""
    manifest = getattr(trial.connector, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise BrokenPromise(f"{trial.connector.__name__} has no `manifest` → set it to an sdk.Manifest")
    _manifest(manifest)
    _entry_point(trial.connector.__module__, manifest.id)
    _config_model(trial.connector.config_model)
    with trial.stage() as stage:
        _refuses_unknown_keys(trial, stage.server)
        credentials = trial.connector().credentials(stage.config)
    if credentials is not None and not isinstance(credentials, ClientCredentials):
        raise BrokenPromise(f"credentials() gives a {type(credentials).__name__} → give sdk.ClientCredentials or None")


def _manifest(manifest: Manifest) -> None:
    if manifest.api != API_VERSION:
        raise BrokenPromise(f"manifest.api is {manifest.api}, this hub speaks {API_VERSION} → leave it out")
    for name in ("title", "publisher", "licence"):
        if not getattr(manifest, name).strip():
            raise BrokenPromise(f"manifest.{name} is empty → say it: it stands beside everything that is read")
    # A generic connector reads lists of whoever keeps one.
    if not manifest.homepage.startswith(("https://", "http://")) and (
        manifest.homepage or not manifest.id.startswith("xx_")
    ):
        raise BrokenPromise(f"manifest.homepage is {manifest.homepage!r} → name the address of the publisher's page")
    names = [stream.name for stream in manifest.streams]
    if not names or len(set(names)) < len(names):
        raise BrokenPromise(f"manifest.streams are {names} → name each kind of record once, and at least one")


def _entry_point(module: str, connector_id: str) -> None:
    """When the plugin is installed, its entry point must carry the connector's id."""
    package = module.partition(".")[0]
    mine = [point.name for point in entry_points(group=PROJECT) if point.module.partition(".")[0] == package]
    if mine and connector_id not in mine:
        raise BrokenPromise(
            f"manifest.id is {connector_id!r}, the entry points of {package} are {mine}"
            f" → name the entry point in group {PROJECT!r} {connector_id!r}"
        )


def _config_model(model: object) -> None:
    if not (isinstance(model, type) and issubclass(model, ConnectorConfig)):
        raise BrokenPromise("config_model is no ConnectorConfig → derive it from sdk.ConnectorConfig")
    if not model.model_config.get("hide_input_in_errors"):
        raise BrokenPromise(f"{model.__name__} shows its input in errors → do not set hide_input_in_errors")
    for name, info in model.model_fields.items():
        if _SECRET.search(name) and not _is_secret(info.annotation):
            raise BrokenPromise(f"config key {name!r} sounds like a secret and is none → type it as SecretStr")


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))


def _refuses_unknown_keys(trial: Trial, server: Any) -> None:
    model = trial.connector.config_model
    try:
        model.model_validate({**trial.raw_config(server), UNKNOWN: 1})
    except ValidationError:
        return
    raise BrokenPromise(f"{model.__name__} takes the unknown key {UNKNOWN!r} → do not change `extra`: typos must show")
