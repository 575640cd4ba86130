"""Who is told when something is wrong, as the operator sets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.observe import Redactor
from hub.sdk import ConfigError
from hub.settings import Settings, explain, load_settings

CANARY = "canary-4711-canary-4711"


def load(folder: Path, text: str, **environ: str) -> Settings:
    (folder / "hub.toml").write_text(text, "utf-8")
    return load_settings(folder, environ=environ)


def test_every_key_can_be_set_in_the_environment(tmp_path: Path):
    settings = load(
        tmp_path,
        "",
        HUB_NOTICES_MAIL_HOST="mail.example.org",
        HUB_NOTICES_MAIL_SENDER="hub@example.org",
        HUB_NOTICES_MAIL_RECIPIENTS="a@example.org, b@example.org",
        HUB_NOTICES_MAIL_PASSWORD=CANARY,
        HUB_CONDITIONS_FAILING_AFTER="3",
    )
    mail = settings.notices.mail
    assert (mail.host, mail.actual_port, mail.recipients) == (
        "mail.example.org",
        587,
        ("a@example.org", "b@example.org"),
    )
    assert settings.conditions.failing_after == 3
    assert settings.origins["notices.mail.host"] == "environment HUB_NOTICES_MAIL_HOST"
    assert CANARY not in repr(settings) + str(explain(settings))


def test_what_is_secret_in_a_webhook_is_known_to_the_redactor(tmp_path: Path):
    url = f"https://hooks.example.org/services/{CANARY}?token={CANARY}"
    settings = load(tmp_path, '[notices]\nwebhook = { env = "HOOK" }\n', HOOK=url)
    redact = Redactor(secret.get_secret_value() for secret in settings.secrets)
    assert redact(f"POST hooks.example.org/services/{CANARY}") == "POST hooks.example.org***"
    assert CANARY not in redact(f"{url} {CANARY} token={CANARY}")
    assert CANARY not in repr(settings) + str(explain(settings))
    assert redact("the services of a hook") == "the services of a hook"


def test_a_mail_password_in_the_file_is_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="a secret stands in the file") as refused:
        load(tmp_path, f'[notices.mail]\npassword = "{CANARY}"\n')
    assert CANARY not in str(refused.value)


def test_a_wrong_webhook_is_told_without_its_address(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"notices\.webhook: is not a webhook's address") as refused:
        load(tmp_path, f'[notices]\nwebhook = "http://example.org/{CANARY}"\n')
    assert CANARY not in str(refused.value)


def test_an_unknown_key_of_mail_is_told_with_the_known_ones(tmp_path: Path):
    with pytest.raises(ConfigError, match="unknown key; did you mean recipients") as refused:
        load(tmp_path, '[notices.mail]\nrecipient = ["a@b.se"]\n')
    assert "known keys: host" in str(refused.value)
