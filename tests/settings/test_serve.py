"""Where a serving hub answers, as the operator sets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.sdk import ConfigError
from hub.settings import Settings, explain, load_settings
from hub.settings.serve import listen_address

CANARY = "canary-4711-canary-4711-canary-4711"


def load(folder: Path, text: str, **environ: str) -> Settings:
    (folder / "hub.toml").write_text(text, "utf-8")
    return load_settings(folder, environ=environ)


def test_it_answers_on_this_machine_unless_told_otherwise(tmp_path: Path):
    assert load(tmp_path, "").serve.listen == "127.0.0.1:8460"
    assert load(tmp_path, '[serve]\nlisten = ""').serve.listen == ""
    assert load(tmp_path, "", HUB_SERVE_LISTEN="0.0.0.0:9000").serve.listen == "0.0.0.0:9000"


@pytest.mark.parametrize(
    ("listen", "address"),
    [("localhost:0", ("localhost", 0)), ("[::1]:8460", ("::1", 8460)), ("0.0.0.0:1", ("0.0.0.0", 1))],
)
def test_addresses_are_host_and_port(listen: str, address: tuple[str, int]):
    assert listen_address(listen) == address


@pytest.mark.parametrize(
    "listen", ["8460", ":8460", "127.0.0.1", "::1:8460", "http://a:1", "a:b", "a:70000", "u@a:1", "a:1/x"]
)
def test_what_is_no_address_is_told(tmp_path: Path, listen: str):
    with pytest.raises(ConfigError, match=r"serve\.listen.*write host:port"):
        load(tmp_path, f'[serve]\nlisten = "{listen}"')


def test_the_token_is_secret_wherever_it_comes_from(tmp_path: Path):
    for settings in (
        load(tmp_path, '[serve]\ntoken = { env = "TOKEN" }', TOKEN=CANARY),
        load(tmp_path, "", HUB_SERVE_TOKEN=CANARY),
    ):
        assert settings.serve.token is not None
        assert settings.serve.token.get_secret_value() == CANARY
        assert CANARY in {secret.get_secret_value() for secret in settings.secrets}
        assert CANARY not in repr(settings) + str(explain(settings))


def test_the_token_never_stands_in_the_file(tmp_path: Path):
    with pytest.raises(ConfigError, match="a secret stands in the file"):
        load(tmp_path, f'[serve]\ntoken = "{CANARY}"')


@pytest.mark.parametrize("token", ["short", "å" * 32, "with a space in it, but long enough"])
def test_a_token_that_could_be_guessed_or_not_sent_is_refused(tmp_path: Path, token: str):
    with pytest.raises(ConfigError, match="openssl rand") as error:
        load(tmp_path, "", HUB_SERVE_TOKEN=token)
    assert token not in str(error.value)
