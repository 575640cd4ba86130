"""The folder that operators start from says the truth."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from hub.registry import Registry
from hub.settings import load_settings, resolve_secrets, validate_source_config
from hub.settings.load import KEYS

CONFIG = Path(__file__).parents[2] / "config"
EXAMPLES = sorted((CONFIG / "sources").glob("*.toml.example"))


def test_what_is_commented_out_is_the_default(tmp_path: Path) -> None:
    told = (CONFIG / "hub.toml").read_text("utf-8")
    shown = re.sub(r"^# (?=\w+ = )(?!.*\{ env)", "", told, flags=re.MULTILINE)
    for folder, text in (("said", shown), ("left", told), ("none", "")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "hub.toml").write_text(text, "utf-8")
    said, left, none = (load_settings(tmp_path / name, environ={}) for name in ("said", "left", "none"))
    hidden = {"config_dir", "origins"}
    assert said.model_dump(exclude=hidden) == left.model_dump(exclude=hidden) == none.model_dump(exclude=hidden)
    assert {key for key, origin in said.origins.items() if origin == "default"} == {
        "http.ca_file",
        "http.proxy",
        "notices.mail.password",
        "notices.mail.port",
        "notices.webhook",
        "privacy.pseudonym_key",
        "schedule.parallel",
        "serve.token",
    }
    assert "pseudonym_key" in told
    assert len(KEYS) == 30


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_valid(example: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    shutil.copy(example, tmp_path / "sources" / example.stem)
    (source,) = load_settings(tmp_path, environ={}).sources
    connector = Registry.discover({}).connector(source.connector)
    environ = dict.fromkeys(re.findall(r'env = "(\w+)"', example.read_text("utf-8")), "a-secret-of-some-length")
    config, _ = resolve_secrets(source.config, tmp_path, lambda _: None, where=str(source.path), environ=environ)
    assert validate_source_config(connector.config_model, config, str(source.path))


def test_each_bundled_connector_has_an_example() -> None:
    told = {tomllib.loads(example.read_text("utf-8"))["connector"] for example in EXAMPLES}
    assert told == {path.name.removeprefix("hub_") for path in (CONFIG.parent / "plugins").glob("hub_*")}
