"""What the operator can set, with the defaults: the keys of ``hub.toml`` and of a source's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Secret,
    SecretStr,
    field_validator,
    model_validator,
)

from hub.sdk import ConfigError
from hub.settings.errors import did_you_mean
from hub.settings.masking import MASK, mask_url
from hub.settings.notices import Conditions, Notices
from hub.settings.pace import Schedule
from hub.settings.schedule import check_schedule, check_timezone, parse_duration
from hub.settings.section import Section as _Section
from hub.settings.serve import Serve

PRECEDENCE: Final = (
    "se_bolagsverket_api",
    "se_bolagsverket",
    "se_scb",
    "xx_membership_list",
    "eu_ted",
    "se_uhm",
    "xx_agreements",
    "xx_peppol",
    "xx_supplier_ledger",
)
"""Whose word counts when sources contradict each other, highest first."""

SHORTEST_KEY: Final = 32

Level = Literal["debug", "info", "warning", "error"]

_SOURCE_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_DROP_FOLDER: Final = r"^inbox/[a-z0-9-]+$"
_SQLITE_FILE: Final = re.compile(r"(sqlite(?:\+\w+)?:///)(?![/:]|file:|$)(.+)")
# A password may hold "/" and "@": database libraries read up to the last "@".
_PASSWORD: Final = re.compile(r"(://[^/:@]*:)(.+)@")


class DatabaseUrl(Secret[str]):
    """A database's address that shows itself without its password; ``get_secret_value()`` gives it whole."""

    def _display(self) -> str:
        return mask_url(_PASSWORD.sub(rf"\1{MASK}@", self.get_secret_value()))

    @property
    def password(self) -> str:
        """The password in it, for redaction; empty when there is none."""
        match = _PASSWORD.search(self.get_secret_value())
        return match[2] if match else ""

    def anchored(self, folder: Path) -> DatabaseUrl:
        """The same with a relative SQLite file taken from ``folder``, wherever the process was started."""
        url = self.get_secret_value()
        match = _SQLITE_FILE.fullmatch(url)
        return DatabaseUrl(f"{match[1]}{folder / match[2]}") if match else self


def _span_or_forever(text: Any) -> Any:
    return None if text == "forever" else parse_duration(text)


class Database(_Section):
    """Where records are stored."""

    url: DatabaseUrl

    @field_validator("url")
    @classmethod
    def _known_engine(cls, url: DatabaseUrl) -> DatabaseUrl:
        if not re.match(r"(?:sqlite|postgresql)(?:\+\w+)?://", url.get_secret_value()):
            raise ValueError("is not a database's address; write sqlite:///hub.sqlite3 or postgresql://user@host/name")
        return url


class ProxyUrl(Secret[str]):
    """A proxy's address that shows itself without its password; ``get_secret_value()`` gives it whole."""

    def _display(self) -> str:
        return mask_url(self.get_secret_value())


class Http(_Section):
    """How sources on the web are reached. ``timeout_seconds`` is for connecting, and for each silence after that."""

    proxy: ProxyUrl | None = None
    ca_file: Path | None = None
    user_agent: str = Field(default="integration-hub", pattern=r"^[!-~]([ -~]*[!-~])?$")
    timeout_seconds: float = Field(default=60, gt=0, le=3600)

    @field_validator("proxy")
    @classmethod
    def _known_scheme(cls, proxy: ProxyUrl | None) -> ProxyUrl | None:
        if proxy and not re.match(r"https?://[^/\s]", proxy.get_secret_value()):
            raise ValueError("is not a proxy's address; write http://host:port")
        return proxy


class Archive(_Section):
    """Where raw records are kept, an absolute folder, and for how long.

    ``keep`` is a time span; ``None`` is for ever. With ``keep_current``, segments that hold the current version of a
    raw record stay whatever their age.
    """

    path: str = Field(repr=False)
    keep: Annotated[timedelta | None, BeforeValidator(_span_or_forever)] = Field(default=None, gt=timedelta(0))
    keep_current: bool = True

    @field_validator("path")
    @classmethod
    def _is_folder(cls, path: str) -> str:
        if "://" in path:
            raise ValueError("is an address; the archive is kept in a folder of this machine (or one mounted on it)")
        return path


class Privacy(_Section):
    """The key that natural persons' pseudonyms are made with; another key gives other pseudonyms."""

    pseudonym_key: SecretStr | None = None

    @field_validator("pseudonym_key")
    @classmethod
    def _hard_to_guess(cls, key: SecretStr | None) -> SecretStr | None:
        # Personal numbers are few: whoever guesses the key can try them all.
        if key and len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"is shorter than {SHORTEST_KEY} characters; make one with `openssl rand -hex 32`")
        return key


class Log(_Section):
    """How much the hub logs, and whether for people or for machines."""

    level: Annotated[Level, BeforeValidator(lambda text: str(text).lower())] = "info"
    format: Literal["text", "json"] = "text"


class HubFile(_Section):
    """The keys of ``hub.toml``. The environment variable ``HUB_<SECTION>_<KEY>`` overrides any of them."""

    data_dir: Path
    batch_size: int = Field(default=5000, ge=1, le=50_000)
    precedence: tuple[str, ...] = PRECEDENCE
    database: Database
    archive: Archive
    http: Http = Http()
    privacy: Privacy = Privacy()
    log: Log = Log()
    conditions: Conditions = Conditions()
    notices: Notices = Notices()
    schedule: Schedule = Schedule()
    serve: Serve = Serve()


class SourceFile(_Section):
    """The keys of a file in ``sources/``. What stands in ``config`` is the connector's own."""

    connector: str
    schedule: Annotated[str, AfterValidator(check_schedule)] = "daily"
    timezone: Annotated[str, AfterValidator(check_timezone)] = "UTC"
    enabled: bool = True
    lookback: Annotated[timedelta | None, BeforeValidator(parse_duration)] = None
    max_age: Annotated[timedelta | None, BeforeValidator(parse_duration)] = None
    inbox: str | None = Field(default=None, pattern=_DROP_FOLDER)
    """The drop folder, from the config folder's parent, that files for this source are left in: ``inbox/karlstad``."""
    # Not in repr: nothing says yet which of its values are secret.
    config: Mapping[str, Any] = Field(default_factory=dict, repr=False)

    @model_validator(mode="after")
    def _reads_what_its_inbox_keeps(self) -> Self:
        path = self.config.get("path")
        if self.inbox and not (isinstance(path, str) and re.fullmatch(rf"{self.inbox}/klart/[a-z0-9-]+", path)):
            raise ValueError(f'a source with an inbox reads what is kept of it: path = "{self.inbox}/klart/…"')
        return self


def check_source_id(text: str) -> str:
    """``text``; ``ValueError`` when it cannot name a source."""
    if not _SOURCE_ID.fullmatch(text):
        raise ValueError(f"{text!r} is no source id; name the file with a-z, 0-9 and hyphens, as in ted-files.toml")
    return text


class Source(SourceFile):
    """A configured use of a connector. ``id`` is the file's stem; ``config`` is raw, with its secret references."""

    id: str
    path: Path
    origins: Mapping[str, str] = Field(default_factory=dict, repr=False)

    @field_validator("id")
    @classmethod
    def _kebab_case(cls, text: str) -> str:
        return check_source_id(text)


class Settings(HubFile):
    """The whole configuration, checked. Paths are absolute.

    ``origins`` tells for each key of ``hub.toml`` where its value comes from; ``secrets`` are values that no output may
    show.
    """

    config_dir: Path
    sources: tuple[Source, ...] = ()
    origins: Mapping[str, str] = Field(default_factory=dict, repr=False)
    by_reference: frozenset[str] = Field(default=frozenset(), repr=False)
    secrets: tuple[SecretStr, ...] = Field(default=(), repr=False)

    @property
    def root(self) -> Path:
        """The config folder's parent, from which relative paths start."""
        return self.config_dir.parent

    def source(self, source_id: str) -> Source:
        """The source of that id. Raises :class:`ConfigError` when there is none."""
        by_id = {source.id: source for source in self.sources}
        if source_id not in by_id:
            raise ConfigError(
                f"there is no source {source_id!r}{did_you_mean(source_id, by_id)}",
                where=str(self.config_dir / "sources"),
                instruction=f"add sources/{source_id}.toml, or see `hub sources`",
            )
        return by_id[source_id]
