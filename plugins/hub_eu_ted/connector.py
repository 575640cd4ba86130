"""The connector: notices from the web or from files, mapped by the format they are written in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import ValidationError

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
from hub.sdk.formats.xml import parse_xml
from hub_eu_ted import legacy, published, saved
from hub_eu_ted.config import TedConfig
from hub_eu_ted.eforms.notice import read_notice
from hub_eu_ted.notice import NOTICES, format_of

__all__ = ["Ted", "TedConfig"]


class Ted(Connector[TedConfig]):
    """Procurement notices of the EU's Official Journal, in eForms and TED XML."""

    manifest: ClassVar[Manifest] = Manifest(
        id="eu_ted",
        title="TED, EU procurement notices",
        publisher="Publications Office of the European Union",
        homepage="https://ted.europa.eu",
        licence="Reuse with the source acknowledged, Commission Decision 2011/833/EU",
        attribution="© European Union, https://ted.europa.eu",
        streams=(Stream(name=NOTICES, title="Notices", public_keys=True),),
        hosts=(
            HostPolicy(
                host="ted.europa.eu", requests=400, per=360,
                note="more than 500 notices in 6 minutes are blocked for 24 hours (TED news, 2022-03-01)",
            ),
            HostPolicy(host="api.ted.europa.eu", requests=2, per=1, note="chosen: no limit is published"),
        ),
        backfills=True,
    )  # fmt: skip
    config_model: ClassVar[type[ConnectorConfig]] = TedConfig

    def fetch(self, ctx: Context[TedConfig]) -> Iterator[FetchItem]:
        """Saved files when there is a ``path``, else what TED published."""
        return published.read(ctx) if ctx.config.path is None else saved.read(ctx, ctx.config.path)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The notice and its contracts."""
        if not isinstance(raw.payload, bytes):
            raise RecordRejected("a notice is stored as XML, this is something else", where=raw.key)
        root = parse_xml(raw.payload, where=raw.key)
        reader = legacy.read_notice if format_of(root, raw.key) == legacy.ROOT else read_notice
        try:
            yield from reader(root)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise RecordRejected(
                f"does not fit the model: {first['msg']}",
                field=".".join(map(str, first["loc"])),
                where=raw.key,
                instruction="compare the notice with the connector's README",
            ) from None
