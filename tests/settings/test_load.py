"""The operator's folder and the environment become settings, and every mistake in them is explained."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hub.sdk import ConfigError
from hub.settings import ConfigErrors, explain, load_settings

KEY = "CANARY-7f3a-4c1d-9e0b-55aa-cafe-0001"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    return folder


def write(config: Path, hub: str = "", **sources: str) -> Path:
    (config / "hub.toml").write_text(hub, "utf-8")
    for name, text in sources.items():
        (config / "sources" / f"{name.replace('_', '-')}.toml").write_text(text, "utf-8")
    return config


def errors_of(config: Path, **environ: str) -> list[ConfigError]:
    with pytest.raises(ConfigErrors) as raised:
        load_settings(config, environ=environ)
    assert all(error.where and error.reason and error.instruction for error in raised.value.errors)
    return list(raised.value.errors)


def test_defaults_need_an_empty_folder_only(config: Path) -> None:
    settings = load_settings(config, environ={})
    root = config.parent
    assert settings.root == root
    assert settings.data_dir == root / "data"
    assert settings.database.url.get_secret_value() == f"sqlite:///{root}/data/hub.sqlite3"
    assert settings.archive.path == f"{root}/data/archive"
    assert settings.batch_size == 5000
    assert settings.precedence[0] == "se_bolagsverket_api"
    assert settings.privacy.pseudonym_key is None
    assert (settings.log.level, settings.log.format) == ("info", "text")
    assert (settings.http.proxy, settings.http.ca_file, settings.http.timeout_seconds) == (None, None, 60)
    assert settings.sources == ()
    assert set(settings.origins.values()) == {"default"}


def test_environment_beats_file_and_command_line_beats_both(config: Path) -> None:
    write(config, 'batch_size = 100\n[database]\nurl = "sqlite:///a.db"\n[log]\nlevel = "debug"\nformat = "json"')
    environ = {"HUB_DATABASE_URL": "sqlite:///b.db", "HUB_LOG_LEVEL": "WARNING", "HUB_BATCH_SIZE": "7"}
    settings = load_settings(config, environ=environ)
    assert settings.database.url.get_secret_value() == f"sqlite:///{config.parent}/b.db"
    assert (settings.log.level, settings.log.format, settings.batch_size) == ("warning", "json", 7)
    assert settings.origins["log.level"] == "environment HUB_LOG_LEVEL"
    assert settings.origins["log.format"] == "file hub.toml"
    settings = load_settings(config, environ=environ, database="postgresql://hub@db/hub")
    assert settings.database.url.get_secret_value() == "postgresql://hub@db/hub"
    assert settings.origins["database.url"] == "command line"


def test_relative_paths_start_from_the_parent_except_on_the_command_line(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    write(config, 'data_dir = "var"\n[archive]\npath = "raw"')
    settings = load_settings(config, environ={}, database="sqlite:///mine.db")
    assert settings.data_dir == tmp_path / "var"
    assert settings.archive.path == str(tmp_path / "raw")
    assert settings.database.url.get_secret_value() == f"sqlite:///{elsewhere}/mine.db"
    write(config, '[archive]\npath = "s3://bucket/raw"')
    with pytest.raises(ConfigErrors, match="folder of this machine"):
        load_settings(config, environ={})
    write(config, 'data_dir = "/srv/hub"')
    assert load_settings(config, environ={}).archive.path == "/srv/hub/archive"


def test_the_archive_is_kept_for_ever_or_for_a_time(config: Path) -> None:
    assert load_settings(config, environ={}).archive.keep is None
    write(config, '[archive]\nkeep = "400d"\nkeep_current = false')
    archive = load_settings(config, environ={}).archive
    assert (archive.keep, archive.keep_current) == (timedelta(days=400), False)
    assert load_settings(config, environ={"HUB_ARCHIVE_KEEP": "forever"}).archive.keep is None
    for wrong in ("0d", "a year"):
        write(config, f'[archive]\nkeep = "{wrong}"')
        with pytest.raises(ConfigErrors, match=r"archive\.keep"):
            load_settings(config, environ={})


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:////abs/x.db", "postgresql+psycopg://u@h/d"]
)
def test_addresses_that_stay_as_they_are(config: Path, url: str) -> None:
    assert load_settings(config, environ={"HUB_DATABASE_URL": url}).database.url.get_secret_value() == url


def test_environment_lists_and_empty_variables(config: Path) -> None:
    environ = {"HUB_PRECEDENCE": "eu_ted, se_scb,", "HUB_LOG_FORMAT": ""}
    settings = load_settings(config, environ=environ)
    assert settings.precedence == ("eu_ted", "se_scb")
    assert settings.origins["log.format"] == "default"


def test_config_folder_from_the_environment_or_here(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(environ={"HUB_CONFIG_DIR": str(config)}).config_dir == config
    monkeypatch.chdir(config.parent)
    assert load_settings(environ={}).config_dir == config


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hub init") as raised:
        load_settings(tmp_path / "nowhere", environ={})
    assert raised.value.exit_code == 2
    assert "nowhere" in str(raised.value)


def test_a_source(config: Path) -> None:
    text = 'connector = "eu_ted"\nschedule = "every  15m"\n[config]\npath = "x"\nkey = {env = "NOT_RESOLVED_HERE"}'
    write(config, ted_files=text, quiet='connector = "eu_ted"\nenabled = false')
    (config / "sources" / ".hidden.toml").write_text("=")
    (config / "sources" / "later.toml.example").write_text("=")
    settings = load_settings(config, environ={})
    assert [source.id for source in settings.sources] == ["quiet", "ted-files"]
    quiet, ted = settings.sources
    assert (quiet.schedule, quiet.enabled, dict(quiet.config)) == ("daily", False, {})
    assert ted.schedule == "every 15m"
    assert ted.config == {"path": "x", "key": {"env": "NOT_RESOLVED_HERE"}}
    assert ted.path == config / "sources" / "ted-files.toml"
    assert settings.source("quiet") is quiet
    with pytest.raises(ConfigError, match="did you mean ted-files"):
        settings.source("ted-file")


@pytest.mark.parametrize(
    ("text", "where", "reason", "instruction"),
    [
        ("batchsize = 1", "batchsize", "unknown key; did you mean batch_size?", "known keys: archive, batch_size"),
        ("[log]\nlevl = 'info'", "log.levl", "did you mean level?", "known keys: format, level"),
        ("[log]\nlevel = 'loud'", "log.level", "should be 'debug', 'info', 'warning' or 'error'", "hub check"),
        ("log = 'info'", "log", "should be a table", "hub check"),
        ("database = 'sqlite://'", "database", "should be a table", "hub check"),
        ("precedence = 'eu_ted'", "precedence", "should be a list", "hub check"),
        ("data_dir = 3", "data_dir", "not a valid path", "hub check"),
        ("batch_size = 50001", "batch_size", "should be less than or equal to 50000", "hub check"),
        ("[database]\nurl = 'mysql://h/d'", "database.url", "is not a database's address", "hub check"),
        ("[http]\nproxy = 'proxy.example:CANARY'", "http.proxy", "is not a proxy's address", "hub check"),
        ('[http]\nuser_agent = "a\\nb"', "http.user_agent", "should match pattern", "hub check"),
        ("[http]\ntimeout_seconds = 0", "http.timeout_seconds", "should be greater than 0", "hub check"),
        ("[privacy]\npseudonym_key = 'CANARY'", "privacy.pseudonym_key", "a secret stands in the file", "env = "),
        ("a = 1\nb = = 2", "line 2", "is not valid TOML", "correct the line"),
        ("a = [1,", "hub.toml", "is not valid TOML", "correct the line"),
    ],
)
def test_mistakes_in_hub_toml(config: Path, text: str, where: str, reason: str, instruction: str) -> None:
    (error,) = errors_of(write(config, text))
    assert str(config / "hub.toml") in error.where
    assert where in error.where
    assert reason in error.reason
    assert instruction in error.instruction
    assert "CANARY" not in str(error)


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("enabled = true", "connector", "is missing"),
        ("connector = 'a'\nshedule = 'daily'", "shedule", "did you mean schedule?"),
        ("connector = 'a'\nschedule = 'sometimes'", "schedule", "'sometimes' is not a schedule; write hourly, daily"),
        ("connector = 'a'\nenabled = 'perhaps'", "enabled", "valid boolean"),
        ("connector = 'a'\nconfig = 'x'", "config", "should be a table"),
    ],
)
def test_mistakes_in_a_source(config: Path, text: str, where: str, reason: str) -> None:
    (error,) = errors_of(write(config, ted=text))
    assert error.where == f"{config / 'sources' / 'ted.toml'}, {where}"
    assert reason in error.reason


def test_a_connectors_key_outside_its_table_gets_a_hint(config: Path) -> None:
    (error,) = errors_of(write(config, ted="connector = 'a'\npath = 'x'"))
    assert "below [config]" in error.instruction


def test_source_ids_are_kebab_case(config: Path) -> None:
    (config / "sources" / "Ted_Files.toml").write_text("connector = 'eu_ted'")
    (error,) = errors_of(config)
    assert "'Ted_Files' is no source id" in error.reason


def test_all_mistakes_at_once(config: Path) -> None:
    write(config, "batchsize = 1\n[log]\nlevel = 'loud'", a="enabled = true", b="x = ")
    errors = errors_of(config, HUB_LOG_FORMAT="xml")
    assert len(errors) == 5
    (elsewhere,) = [error for error in errors if error.where == "environment HUB_LOG_FORMAT (log.format)"]
    assert "file" not in elsewhere.instruction
    assert str(ConfigErrors(errors)).count("→") == 5


def test_files_that_cannot_be_read(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (config / "hub.toml").write_bytes('x = 1\ny = "å"'.encode("latin-1"))
    (config / "sources" / "folder.toml").mkdir()
    (config / "sources" / "locked.toml").write_text("")
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "locked.toml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    utf8, folder, locked = errors_of(config)
    assert utf8.where.endswith("hub.toml, line 2")
    assert "UTF-8" in utf8.reason
    assert "Is a directory" in folder.reason
    assert "Permission denied" in locked.reason


def test_a_byte_order_mark_is_forgiven(config: Path) -> None:
    (config / "hub.toml").write_text("batch_size = 9", "utf-8-sig")
    assert load_settings(config, environ={}).batch_size == 9


def test_references_in_hub_toml(config: Path) -> None:
    write(
        config, '[database]\nurl = {env = "DB"}\n[privacy]\npseudonym_key = {file = "key"}\n[log]\nlevel = {env = "L"}'
    )
    (config.parent / "key").write_text(f"{KEY}\n")
    environ = {"DB": "postgresql://u:CANARY-db@h/d", "L": "debug"}
    settings = load_settings(config, environ=environ)
    assert settings.database.url.get_secret_value() == "postgresql://u:CANARY-db@h/d"
    assert settings.privacy.pseudonym_key
    assert settings.privacy.pseudonym_key.get_secret_value() == KEY
    assert settings.log.level == "debug"
    assert {secret.get_secret_value() for secret in settings.secrets} >= {KEY, "CANARY-db"}
    assert settings.origins["privacy.pseudonym_key"] == "file hub.toml, file key"


def test_a_short_pseudonym_key_is_refused(config: Path) -> None:
    (error,) = errors_of(config, HUB_PRIVACY_PSEUDONYM_KEY="CANARY")
    assert "shorter than 32" in error.reason
    assert "CANARY" not in str(error)


def test_an_overridden_reference_need_not_lead_anywhere(config: Path) -> None:
    write(config, '[database]\nurl = {env = "DB"}')
    (error,) = errors_of(config)
    assert "DB" in error.reason
    assert load_settings(config, environ={"HUB_DATABASE_URL": "sqlite://"})
    assert load_settings(config, environ={}, database="sqlite://")


def test_a_sources_folder_that_cannot_be_read_is_not_taken_for_empty(config: Path) -> None:
    (config / "sources").rmdir()
    with pytest.raises(ConfigError, match="no config folder"):
        load_settings(config, environ={})
    (config / "hub.toml").touch()
    assert load_settings(config, environ={}).sources == ()
    (config / "hub.toml").unlink()
    (config / "sources").write_text("")
    (config / "hub.toml").symlink_to(config / "gone.toml")
    hub, sources = errors_of(config)
    assert "No such file" in hub.reason
    assert "Not a directory" in sources.reason


def test_a_proxy_shows_itself_without_its_password(config: Path) -> None:
    write(config, '[http]\nproxy = "http://user:CANARY-proxy@proxy.example:3128"\nca_file = "our.pem"')
    settings = load_settings(config, environ={"HUB_HTTP_TIMEOUT_SECONDS": "5"})
    assert settings.http.proxy is not None
    assert settings.http.proxy.get_secret_value().endswith("CANARY-proxy@proxy.example:3128")
    assert (settings.http.ca_file, settings.http.timeout_seconds) == (Path("our.pem"), 5)
    rows = {row.key: row.value for row in explain(settings)}
    assert rows["http.proxy"] == "http://user:***@proxy.example:3128"
    assert "CANARY" not in repr(settings)
    write(config, '[http]\nproxy = { env = "PROXY" }')
    by_reference = load_settings(config, environ={"PROXY": "http://u:CANARY-proxy@p"})
    assert "CANARY" not in str(explain(by_reference))
