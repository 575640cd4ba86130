"""The connector: asks for the organisations that the hub cares about, one by one, and maps each answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from hub.sdk import (
    SNI_2007,
    SNI_2025,
    ClientCredentials,
    Connector,
    ConnectorConfig,
    Context,
    Drift,
    FetchItem,
    HostPolicy,
    Manifest,
    RawRecord,
    Record,
    RecordRejected,
    Stream,
    clean,
)
from hub_se_bolagsverket_api import reading
from hub_se_bolagsverket_api.answer import ROWS
from hub_se_bolagsverket_api.organisation import organisation

_HOST: Final = "gw.api.bolagsverket.se"
_ADDRESS: Final = r"^(https://|http://(127\.0\.0\.1|localhost)[:/])"


class BolagsverketApiConfig(ConnectorConfig):
    """The keys, and how much one run asks; or where saved answers lie."""

    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    path: str = Field(default="", description="Saved answers (JSON) instead of the API: a file, a folder or a glob")
    url: str = Field(default=f"https://{_HOST}/vardefulla-datamangder/v1", pattern=_ADDRESS)
    token_url: str = Field(default="https://portal.api.bolagsverket.se/oauth2/token", pattern=_ADDRESS)
    limit: int = Field(default=1000, ge=1, description="Organisations asked for in one run; 1000 take 17 minutes")
    numbers: tuple[str, ...] = Field(default=(), description="Organisation numbers to ask for beside the watched ones")
    sni: Literal["SNI 2007", "SNI 2025"] = Field(default=SNI_2025, description="Version of the industry codes")

    @model_validator(mode="after")
    def _keys_or_files(self) -> BolagsverketApiConfig:
        if not self.path and not (self.client_id and self.client_secret.get_secret_value()):
            raise ValueError("set client_id and client_secret, or path for saved answers")
        return self


class BolagsverketApi(Connector[BolagsverketApiConfig]):
    """Bolagsverket's API for single organisations; its answers join those of Statistics Sweden's register."""

    manifest = Manifest(
        id="se_bolagsverket_api",
        title="Bolagsverket: enskilda organisationer (API för värdefulla datamängder)",
        publisher="Bolagsverket",
        homepage="https://bolagsverket.se/apierochoppnadata/vardefulladatamangder.5528.html",
        licence="High-value dataset, free of charge (Commission Implementing Regulation (EU) 2023/138)",
        attribution="Källa: Bolagsverket och SCB",
        countries=("SE",),
        streams=(Stream(name=reading.STREAM, title="Organisations, one answer per number"),),
        hosts=(HostPolicy(host=_HOST, requests=60, per=60, note="60 requests a minute per user, says the publisher"),),
    )
    config_model = BolagsverketApiConfig

    def credentials(self, config: BolagsverketApiConfig) -> ClientCredentials | None:
        """The keys, for the API's host alone."""
        if config.path:
            return None
        return ClientCredentials(
            token_url=config.token_url,
            client_id=config.client_id,
            client_secret=config.client_secret,
            hosts=(urlsplit(config.url).netloc,),
            scope="vardefulla-datamangder:read",
        )

    def fetch(self, ctx: Context[BolagsverketApiConfig]) -> Iterator[FetchItem]:
        """Answers, saved or asked for."""
        return reading.saved(ctx) if ctx.config.path else reading.asked(ctx)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The organisation's rows; none for a number that nobody has."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("an answer is a mapping, not bytes", where=raw.origin)
        fields = clean.Fields(raw.payload)
        number, sni = fields.take("number") or "", fields.take("sni") or ""
        fields.ignore(ROWS)
        rows = raw.payload.get(ROWS)
        if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
            raise RecordRejected("is no list of organisations", field=ROWS, where=raw.origin)
        if sni not in {SNI_2007, SNI_2025}:
            raise RecordRejected("is no known version of SNI", field="sni", where=raw.origin)
        for row in rows:
            yield from organisation(row, number, sni)
        yield from fields.left_over()
