"""The connector: reads a bulk file, leaves natural persons out, and maps each row to an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Final

from pydantic import Field

from hub.sdk import (
    Checkpoint,
    Complete,
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
from hub_se_bolagsverket import bulk
from hub_se_bolagsverket.organisation import organisation
from hub_se_bolagsverket.person import ORGANISATION, PERSON, is_organisation_number, is_person, masked

STREAM: Final = "organisations"
SCOPE: Final = "bulk"
_CHECKPOINT_EVERY: Final = 20_000
"""Lines; the whole file has about 3 million."""


class BolagsverketConfig(ConnectorConfig):
    """Where the bulk file lies: on the web, or on disk."""

    path: str = Field(
        default="",
        description="Instead of downloading: the .zip or .txt, a folder or a glob; of several files the last in"
        " alphabetical order is read",
    )
    url: str = Field(
        default="https://vardefulla-datamangder.bolagsverket.se/bolagsverket/bolagsverket_bulkfil.zip",
        pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])",
        description="The bulk file, a .zip or .txt; read when there is no `path`",
    )


class Bolagsverket(Connector[BolagsverketConfig]):
    """Bolagsverket's register, as a whole snapshot."""

    manifest = Manifest(
        id="se_bolagsverket",
        title="Bolagsverket: företag och föreningar (värdefulla datamängder)",
        publisher="Bolagsverket",
        homepage="https://bolagsverket.se/apierochoppnadata/vardefulladatamangder.5528.html",
        licence="High-value dataset, free of charge (Commission Implementing Regulation (EU) 2023/138)",
        attribution="Källa: Bolagsverket",
        countries=("SE",),
        streams=(Stream(name=STREAM, title="Organisations, one row per name protection number", snapshot=True),),
        hosts=(
            HostPolicy(
                host="vardefulla-datamangder.bolagsverket.se", requests=1, note="one file; no limit is published"
            ),
        ),
    )
    config_model = BolagsverketConfig

    def fetch(self, ctx: Context[BolagsverketConfig]) -> Iterator[FetchItem]:
        """Every row of the newest file but those of natural persons, then that the snapshot is whole."""
        if ctx.config.path:
            yield from _snapshot(ctx, _latest(ctx))
            return
        with ctx.download(ctx.config.url, conditional=True) as path:
            if path is not None:
                yield from _snapshot(ctx, path)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The organisation in one row."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("a row is a mapping of columns, not bytes", where=raw.origin)
        return organisation(raw.payload)


def _snapshot(ctx: Context[BolagsverketConfig], path: Path) -> Iterator[FetchItem]:
    """The file's rows. A reading that broke off goes on behind its last position, if the file is the same one."""
    with path.open("rb") as file:
        version = file_digest(file, "sha256").hexdigest()
    broken_off = ctx.position(STREAM, SCOPE, version)
    start, sent = int(broken_off.get("row", 0)), int(broken_off.get("sent", 0))
    persons = numbers_masked = since = 0
    for row in bulk.read(path):
        if row.number <= start:
            continue
        if since >= _CHECKPOINT_EVERY:
            yield Checkpoint({"row": row.number - 1, "sent": sent}, STREAM, SCOPE, version)
            ctx.progress(row.number, None, path.name)
            since = 0
        since += 1
        if isinstance(row, bulk.BrokenRow):
            broken = _reject(row, path.name)
            persons += broken is None
            if broken:
                yield broken
            continue
        cells = row.cells
        identity = cells[bulk.IDENTITY]
        if is_person(identity, cells[bulk.FORM]):
            persons += 1
            continue
        organisation_number, _, kind = identity.partition("$")
        if kind != ORGANISATION or not is_organisation_number(organisation_number):
            yield _unreadable_identity(row, kind, path.name)
            continue
        payload, found = masked(cells)
        numbers_masked += found
        sent += 1
        key = f"{organisation_number}/{payload[bulk.SERIAL]}"
        yield RawRecord(STREAM, key, payload, SCOPE, f"{path.name}:{row.number}")
    ctx.count("persons_dropped", persons)
    ctx.count("person_numbers_masked", numbers_masked)
    if not sent:
        raise ContractBroken("the file has no row about an organisation", where=path.name)
    yield Complete(STREAM, SCOPE, sent)


def _latest(ctx: Context[BolagsverketConfig]) -> Path:
    """Each file is a whole snapshot, so only one may be read: two would count every organisation twice."""
    found = [path for path in ctx.files(ctx.config.path) if path.suffix.casefold() in {".zip", ".txt"}]
    if not found:
        message = f"no .zip or .txt file at {ctx.config.path!r}"
        raise SourceUnavailable(message, where=f"sources/{ctx.source_id}.toml, config.path")
    if len(found) > 1:
        ctx.log.info(
            "several files match: reading %s, the last of %d in alphabetical order", found[-1].name, len(found)
        )
    return found[-1]


def _reject(row: bulk.BrokenRow, file: str) -> Reject | None:
    """A broken line for quarantine, without its words; ``None`` when it is about a natural person."""
    identity, serial = row.first_cells
    if is_person(identity, ""):
        return None
    number, _, kind = identity.partition("$")
    known = kind == ORGANISATION and is_organisation_number(number) and serial.isdecimal()
    key = f"{number}/{serial}" if known else f"line {row.number}"
    return Reject(STREAM, key, row.reason, f"{file}:{row.number}")


def _unreadable_identity(row: bulk.Row, kind: str, file: str) -> Reject:
    """Not kept, not even the number: nobody knows whether it is a person's."""
    if kind == ORGANISATION:
        reason, shown = "the organisation number is not ten digits", ""
    else:
        shown = kind if kind.isupper() and kind.endswith("-IDORG") else ""
        reason = f"an identity of unknown type {shown!r}; known are {ORGANISATION} and {PERSON}"
    return Reject(STREAM, f"line {row.number}", reason, f"{file}:{row.number}", field=bulk.IDENTITY, value=shown)
