"""The connector: the bulk file from the web or from disk, or saved answers of the API from disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from hub.sdk import (
    SNI_2025,
    ConfigError,
    Connector,
    ConnectorConfig,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    HostPolicy,
    Manifest,
    RawRecord,
    Record,
    RecordRejected,
    Reject,
    SourceUnavailable,
    Stream,
)
from hub_se_scb import answer
from hub_se_scb.organisation import from_answer, from_bulk
from hub_se_scb.person import is_person, masked, organisation_number
from hub_se_scb.snapshot import STREAM, snapshot

ANSWERS: Final = "answers"
_SNI: Final = "hub_sni"
"""Beside the published columns in a payload: which SNI the configuration says its codes are of."""


class ScbConfig(ConnectorConfig):
    """Where the bulk file, or saved answers of the API, lie."""

    path: str = Field(
        default="",
        description="Instead of downloading: the bulk file (.zip or .txt; of several the last in alphabetical order),"
        " or saved answers of HamtaForetag (.json); a file, a folder or a glob",
    )
    url: str = Field(
        default="https://vardefulla-datamangder.bolagsverket.se/scb/scb_bulkfil.zip",
        pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])",
        description="The bulk file; read when there is no `path`",
    )
    sni: Literal["SNI 2007", "SNI 2025"] = Field(
        default=SNI_2025, description='What the industry codes are of; "SNI 2007" for files of before the change'
    )


class Scb(Connector[ScbConfig]):
    """SCB's register of enterprises, legal entities only."""

    manifest = Manifest(
        id="se_scb",
        title="SCB: Företagsregistret, juridiska enheter (värdefulla datamängder)",
        publisher="Statistiska centralbyrån",
        homepage="https://bolagsverket.se/apierochoppnadata/vardefulladatamangder.5528.html",
        licence="High-value dataset, free of charge (Commission Implementing Regulation (EU) 2023/138)",
        attribution="Källa: SCB",
        countries=("SE",),
        streams=(
            Stream(name=STREAM, title="Legal entities of the bulk file", snapshot=True),
            Stream(name=ANSWERS, title="Enterprises in saved answers of the API"),
        ),
        hosts=(
            HostPolicy(
                host="vardefulla-datamangder.bolagsverket.se", requests=1, note="one file; no limit is published"
            ),
        ),
    )
    config_model = ScbConfig

    def fetch(self, ctx: Context[ScbConfig]) -> Iterator[FetchItem]:
        """The bulk file's rows and that they are whole, or the enterprises of the answers; no natural persons."""
        for item in _items(ctx):
            if isinstance(item, RawRecord) and not isinstance(item.payload, bytes):
                payload = {**item.payload, _SNI: ctx.config.sni}
                yield RawRecord(item.stream, item.key, payload, item.scope, item.origin)
            else:
                yield item

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The organisation in one row."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("a row is a mapping of columns, not bytes", where=raw.origin)
        cells = {name: value for name, value in raw.payload.items() if name != _SNI}
        read = from_answer if raw.stream == ANSWERS else from_bulk
        return read(cells, raw.payload.get(_SNI, SNI_2025))


def _items(ctx: Context[ScbConfig]) -> Iterator[FetchItem]:
    if not ctx.config.path:
        with ctx.download(ctx.config.url, conditional=True) as path:
            if path is not None:
                yield from snapshot(ctx, path)
        return
    where = f"sources/{ctx.source_id}.toml, config.path"
    found = ctx.files(ctx.config.path)
    bulk_files = [path for path in found if path.suffix.casefold() in {".zip", ".txt"}]
    answers = [path for path in found if path.suffix.casefold() == ".json"]
    if bulk_files and answers:
        raise ConfigError("bulk files and answers of the API in one source", where=where, instruction="make it two")
    if bulk_files:
        yield from snapshot(ctx, bulk_files[-1])
    elif not answers:
        raise SourceUnavailable(f"no .zip, .txt or .json file at {ctx.config.path!r}", where=where)
    for path in answers:
        yield from _answer(ctx, path)


def _answer(ctx: Context[ScbConfig], path: Path) -> Iterator[FetchItem]:
    try:
        rows = answer.read(path)
    except ContractBroken as error:
        yield Reject(ANSWERS, path.name, f"{error.reason} → {error.instruction}", path.name, whole=True)
        return
    for place, row in enumerate(rows, 1):
        identity = row.get("PeOrgNr", "")
        number = organisation_number(identity)
        if is_person(identity, row.get("Juridisk form, kod", "")):
            ctx.count("persons_dropped")
        elif number is None:
            reason = "the identity is not 16 and an organisation number of ten digits"
            yield Reject(ANSWERS, f"{path.name} {place}", reason, f"{path.name}:{place}", field="PeOrgNr")
        else:
            payload, numbers = masked(row)
            ctx.count("person_numbers_masked", numbers)
            yield RawRecord(ANSWERS, number, payload, origin=f"{path.name}:{place}")
