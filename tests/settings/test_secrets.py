"""Secrets are found at any depth, and their values are seen nowhere."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator

from hub.sdk import ConnectorConfig, PluginError
from hub.settings import (
    ConfigErrors,
    explain,
    load_settings,
    mask_url,
    resolve_secrets,
    secret_values,
    validate_source_config,
)

CANARY = "CANARY-7f3a-4c1d-9e0b-55aa-cafe-0001"


class Login(BaseModel):
    user: str
    phrase: SecretStr


class Config(ConnectorConfig):
    path: str = ""
    port: int = 80
    mode: Literal["a", "b"] = "a"
    key: SecretStr | None = None
    logins: tuple[Login, ...] = ()
    headers: Mapping[str, SecretStr] = Field(default_factory=dict)
    plain: Mapping[str, str] = Field(default_factory=dict)
    register_id: str = Field(default="", alias="register")
    columns: Mapping[Literal["name", "number"], str] = Field(default_factory=dict)

    @field_validator("key")
    @classmethod
    def _talkative(cls, key: SecretStr | None) -> SecretStr | None:
        if key and "bad" in key.get_secret_value():
            raise ValueError(f"{key.get_secret_value()} is bad")
        return key


def test_references_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from file\r\n")
    raw = {
        "a": {"env": "A"},
        "b": [{"c": {"file": "token"}}, {"vault": "x/y"}],
        "d": {"env": "A", "other": 1},
        "e": {},
        "f": {"env": 3},
        "g": {"env": "UNSET", "file": "token"},
    }
    vault = {"x/y": SecretStr("from vault")}
    values, secrets = resolve_secrets(raw, tmp_path, vault.get, environ={"A": "from env"})
    assert values == {
        "a": SecretStr("from env"),
        "b": [{"c": SecretStr("from file")}, SecretStr("from vault")],
        "d": {"env": "A", "other": 1},
        "e": {},
        "f": {"env": 3},
        "g": SecretStr("from file"),
    }
    assert secrets == ("from env", "from file", "from vault")
    assert raw["a"] == {"env": "A"}


def test_every_provider_tried_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff")
    raw = {
        "a": {"b": [{"env": "UNSET", "file": "none", "vault": "v"}]},
        "c": {"env": "EMPTY"},
        "d": {"file": "empty"},
        "e": {"file": "binary"},
        "f": {"file": "."},
    }
    with pytest.raises(ConfigErrors) as raised:
        resolve_secrets(raw, tmp_path, where="ted.toml", environ={"EMPTY": ""})
    first, *others = raised.value.errors
    assert first.where == "ted.toml, a.b[0]"
    for provider in (
        "environment variable UNSET (not set)",
        f"file {tmp_path / 'none'} (No such file",
        "vault v (no plugin",
    ):
        assert provider in first.reason
    assert [error.reason.rpartition("(")[2] for error in others] == [
        "empty)",
        "empty)",
        "not UTF-8 text)",
        "Is a directory)",
    ]


def test_a_failing_vault_is_an_error_among_others(tmp_path: Path) -> None:
    def broken(reference: str) -> SecretStr | None:
        raise PluginError("plugin x failed with OSError")

    with pytest.raises(ConfigErrors, match="plugin x failed with OSError"):
        resolve_secrets({"a": {"vault": "v"}}, tmp_path, broken)
    with pytest.raises(ConfigErrors, match="no plugin knows it"):
        resolve_secrets({"a": {"vault": "v"}}, tmp_path, {}.get)


def test_config_validates_with_typed_and_plain_secrets() -> None:
    raw = {
        "path": SecretStr("/srv"),
        "port": SecretStr("8080"),
        "key": SecretStr(CANARY),
        "logins": [{"user": SecretStr("u"), "phrase": "plain-phrase"}],
        "headers": {"Authorization": SecretStr("h")},
        "plain": {"x": SecretStr("y")},
    }
    config = validate_source_config(Config, raw, "ted.toml")
    assert (config.path, config.port, config.logins[0].user, config.plain) == ("/srv", 8080, "u", {"x": "y"})
    assert set(secret_values(config)) == {CANARY, "plain-phrase", "h"}
    assert CANARY not in repr(config) + str(config)


@pytest.mark.parametrize(
    ("raw", "where", "reason"),
    [
        ({"pathh": CANARY}, "config.pathh", "unknown key; did you mean path?"),
        (
            {"logins": [{"user": "u", "phrase": "p", "usr": "x"}, {"user": "u"}]},
            "config.logins[1].phrase",
            "is missing",
        ),
        ({"port": SecretStr(CANARY)}, "config.port", "should be a valid integer"),
        ({"port": CANARY}, "config.port", "should be a valid integer"),
        ({"mode": SecretStr(CANARY)}, "config.mode", "should be 'a' or 'b'"),
        ({"key": CANARY + "bad"}, "config.key", "*** is bad"),
        ({"key": SecretStr(CANARY + "bad")}, "config.key", "*** is bad"),
        ({"key": [CANARY]}, "config.key", "valid string"),
        ({"logins": {"user": CANARY}}, "config.logins", "should be a list"),
        ({"register_id": "x"}, "config.register_id", "unknown key; did you mean register?"),
        ({"columns": {"nam": "x"}}, "config.columns.nam", "unknown key: should be 'name' or 'number'"),
        ({"plain": {"x": 3}}, "config.plain.x", "valid string"),
    ],
)
def test_mistakes_are_explained_without_the_value(raw: dict[str, object], where: str, reason: str) -> None:
    with pytest.raises(ConfigErrors) as raised:
        validate_source_config(Config, raw, "sources/ted.toml")
    (error,) = raised.value.errors
    assert error.where == f"sources/ted.toml, {where}"
    assert reason in error.reason
    assert CANARY not in "".join(traceback.format_exception(raised.value)) + repr(error)


def test_the_canary_is_seen_nowhere(tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "sources").mkdir(parents=True)
    (config / "hub.toml").write_text(
        f'[database]\nurl = "postgresql://u:{CANARY}/@@h/d?sslpassword={CANARY}"\n'
        f'[privacy]\npseudonym_key = {{env = "K"}}'
    )
    (config / "sources" / "ted.toml").write_text(
        f'connector = "x"\n[config]\nkey = "{CANARY}"\npassword = "{CANARY}"\n'
        f'url = "https://u:{CANARY}@h/?api_key={CANARY}&page=2"\nmany = ["a", "b"]\nflag = true\n'
        f'ref = {{env = "K"}}\nlogins = [{{user = "u", phrase = "{CANARY}"}}]\n[config.headers]\nAuth = "{CANARY}"\n'
    )
    settings = load_settings(config, environ={"K": CANARY})
    rows = explain(settings, {"x": Config})
    shown = f"{settings!r} {settings!s} {rows} {settings.sources!r} {settings.database.url}"
    shown += settings.model_dump_json(exclude={"sources"})
    assert CANARY not in shown
    by_key = {row.key: row for row in rows}
    assert by_key["database.url"].value == "postgresql://u:***@h/d?sslpassword=***"
    assert by_key["database.url"].origin == "file hub.toml"
    assert by_key["privacy.pseudonym_key"][1:] == ("***", "file hub.toml, env K")
    assert by_key["sources.ted.connector"][1:] == ("x", "file sources/ted.toml")
    assert by_key["sources.ted.schedule"][1:] == ("daily", "default")
    assert by_key["sources.ted.config.url"].value == "https://u:***@h/?api_key=***&page=2"
    assert by_key["sources.ted.config.many"].value == "a, b"
    assert by_key["sources.ted.config.flag"].value == "true"
    for secret in ("key", "password", "ref", "logins[0].phrase", "headers.Auth"):
        assert by_key[f"sources.ted.config.{secret}"].value == "***"
    assert by_key["sources.ted.config.logins[0].user"].value == "u"


def test_references_and_names_are_masked_without_a_model(tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "sources").mkdir(parents=True)
    (config / "sources" / "a.toml").write_text(
        f'connector = "gone"\n[config]\napi_key = "{CANARY}"\nref = {{file = "f"}}\npath = "p"'
    )
    rows = {row.key: row.value for row in explain(load_settings(config, environ={}))}
    assert rows["sources.a.config.api_key"] == rows["sources.a.config.ref"] == "***"
    assert rows["sources.a.config.path"] == "p"
    assert rows["privacy.pseudonym_key"] == "(not set)"


def test_a_config_with_a_file_only_is_no_reference(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.toml").write_text('connector = "c"\n[config]\nfile = "x"')
    settings = load_settings(tmp_path, environ={})
    assert explain(settings)[-1][:2] == ("sources.a.config.file", "x")
    assert resolve_secrets(settings.sources[0].config, tmp_path) == ({"file": "x"}, ())


def test_a_database_by_reference_is_masked_whole(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "hub.toml").write_text('[database]\nurl = {env = "DB"}')
    settings = load_settings(tmp_path / "config", environ={"DB": "sqlite:///x"})
    assert {row.key: row.value for row in explain(settings)}["database.url"] == "***"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://h/p", "https://h/p"),
        ("https://h:443/p@q", "https://h:443/p@q"),
        ("see https://u:p@h/x and ftp://a:b@c", "see https://u:***@h/x and ftp://a:***@c"),
        ("https://h/?subscription-key=1#top", "https://h/?subscription-key=***#top"),
        ("no address: a:b@c", "no address: a:b@c"),
    ],
)
def test_passwords_in_addresses(url: str, masked: str) -> None:
    assert mask_url(url) == masked


def test_json_of_settings_hides_the_password(tmp_path: Path) -> None:
    (tmp_path / "config" / "sources").mkdir(parents=True)
    settings = load_settings(tmp_path / "config", environ={"HUB_DATABASE_URL": f"postgresql://u:{CANARY}@h/d"})
    assert json.loads(settings.database.model_dump_json()) == {"url": "postgresql://u:***@h/d"}
