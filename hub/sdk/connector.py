"""The connector: a class that says what it reads, fetches raw records and normalises each of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from hub.model.record import Record
from hub.sdk.context import Context
from hub.sdk.events import Drift, FetchItem, RawRecord
from hub.sdk.recognition import Recognition

API_VERSION = 1
"""The plugin API that this hub offers. A manifest with another number is refused with the way to mend it."""


class Stream(BaseModel):
    """One kind of record from a source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    snapshot: bool = Field(default=False, description="Scopes are sent whole: what is missing is retired")
    public_keys: bool = Field(
        default=False,
        description="Keys are the publisher's own public numbers, never a person's: the gate leaves them as they are",
    )
    floor: float = Field(default=0.8, ge=0, le=1, description="Least share of the scope's last size that may retire")


class HostPolicy(BaseModel):
    """How often a publisher's host may be asked: ``requests`` in any ``per`` seconds, by the whole hub."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(pattern=r"^[a-z0-9*._:\[\]-]+$", description="As in the address: name or name:port")
    requests: int = Field(gt=0)
    per: float = Field(default=1, gt=0, description="Seconds")
    note: str = Field(default="", description="Where the publisher says so, or why it was chosen")


class ClientCredentials(BaseModel):
    """OAuth2 client credentials (RFC 6749, section 4.4). The client gets, keeps and renews the token."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token_url: str = Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])")
    client_id: str
    client_secret: SecretStr
    hosts: tuple[str, ...] = Field(min_length=1, description="Hosts that the token is for; no other host sees it")
    scope: str = Field(default="", description="Scopes, separated by spaces")
    style: Literal["basic", "form"] = Field(default="basic", description="Where id and secret stand in the request")


class Manifest(BaseModel):
    """What a connector tells about itself without being run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z]{2}_[a-z0-9]+(_[a-z0-9]+)*$", description="<cc>_<publisher>[_<dataset>]")
    title: str
    publisher: str
    homepage: str
    licence: str
    attribution: str = Field(default="", description="The words that the licence asks for; empty when none")
    countries: tuple[str, ...] = Field(default=(), description="ISO 3166-1 alpha-2; empty for any")
    streams: tuple[Stream, ...]
    hosts: tuple[HostPolicy, ...] = Field(default=(), description="What the publisher's hosts allow; else 10 a second")
    backfills: bool = Field(default=False, description="Keeps to `ctx.window`, so that `hub backfill` can be used")
    shortest_interval: timedelta = Field(
        default=timedelta(minutes=1), description="Schedules that ask the publisher more often are refused"
    )
    version: int = Field(default=1, description="Raise it when normalise changes: stored records are mapped anew")
    api: int = API_VERSION


class ConnectorConfig(BaseModel):
    """Base of every connector's own configuration, the ``[config]`` table of a source file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


ConfigT = TypeVar("ConfigT", bound=ConnectorConfig)


class Connector(ABC, Generic[ConfigT]):
    """A source's reader. ``fetch`` talks to the world; ``normalise`` is pure and sees one raw record at a time."""

    manifest: ClassVar[Manifest]
    config_model: ClassVar[type[ConnectorConfig]]

    @abstractmethod
    def fetch(self, ctx: Context[ConfigT]) -> Iterator[FetchItem]:
        """Read the source, in order, in constant memory. Raises a ``SourceError`` when it cannot go on."""

    @abstractmethod
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The records in one raw record. Same input, same output; raises ``RecordRejected`` for what it can't read."""

    def partitions(self, ctx: Context[ConfigT]) -> Iterable[str]:
        """Units that may be read in parallel; one by default."""
        del ctx
        return ("",)

    def recognise(self, file: Path, config: ConfigT) -> Recognition | None:
        """What this connector would make of a file that somebody dropped; ``None`` when it is none of its kind."""
        del file, config
        return None

    def credentials(self, config: ConfigT) -> ClientCredentials | None:
        """What ``ctx.http`` logs in with, for sources that need it."""
        del config
        return None


ConnectorClass = type[Connector[Any]]
