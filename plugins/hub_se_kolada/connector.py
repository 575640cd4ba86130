"""The connector: key figures of the municipalities that are asked for, and one indicator for each value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final

from pydantic import Field, StringConstraints, model_validator

from hub.sdk import (
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
)
from hub_se_kolada.asking import asked
from hub_se_kolada.saved import saved
from hub_se_kolada.value import STREAM, indicators

_HOST: Final = "api.kolada.se"
_KPIS: Final = ("N00119", "N00120", "N00803", "U07459", "N01951", "N31000", "N03935", "U00800")
"""Bought from companies, from associations and foundations, and both; procurement in the business climate index;
population; income support; unemployed aged 18-24; and U00800."""


class KoladaConfig(ConnectorConfig):
    """Which figures of which municipalities; from the API unless ``path`` is set."""

    municipalities: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")], ...] = Field(
        min_length=1, description="Four digits each, leading zero kept; 0000 is the whole country"
    )
    kpis: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{5}$")], ...] = Field(
        default=_KPIS, min_length=1, description="Kolada's ids of the indicators to ask for"
    )
    api_url: str = Field(
        default=f"https://{_HOST}/v3", pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/]).*[^/]$"
    )
    path: str = Field(default="", description="Saved answers (JSON) instead of the API: a file, a folder or a glob")

    @model_validator(mode="after")
    def _one_way(self) -> KoladaConfig:
        if self.path and self.model_fields_set & {"api_url", "kpis"}:
            raise ValueError("set api_url and kpis, or path for saved answers: not both")
        return self


class Kolada(Connector[KoladaConfig]):
    """Kolada's values of municipalities, by year and group."""

    manifest: ClassVar[Manifest] = Manifest(
        id="se_kolada",
        title="Kolada: nyckeltal för kommuner",
        publisher="Rådet för främjande av kommunala analyser (RKA)",
        homepage="https://www.kolada.se",
        licence="CC BY 4.0",
        attribution="Källa: Kolada (RKA)",
        countries=("SE",),
        streams=(Stream(name=STREAM, title="Values by indicator, municipality, year and group", public_keys=True),),
        hosts=(HostPolicy(host=_HOST, requests=2, note="No limit is published; 429 is possible"),),
    )
    config_model = KoladaConfig

    def fetch(self, ctx: Context[KoladaConfig]) -> Iterator[FetchItem]:
        """Values, saved or asked for."""
        return saved(ctx) if ctx.config.path else asked(ctx)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The indicator; none for a value that the publisher deleted."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("a value is a mapping, not bytes", where=raw.origin)
        yield from indicators(raw.payload, raw.origin)
