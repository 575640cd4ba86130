"""The connector: reads a bulk file, leaves natural persons out, and maps each row to an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import Field

from hub.sdk import (
    Complete,
    Connector,
    ConnectorConfig,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
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
_PROGRESS_EVERY: Final = 20_000


class BolagsverketConfig(ConnectorConfig):
    """Where the bulk file lies."""

    path: str = Field(
        description="The .zip or .txt, a folder or a glob; of several files the last in alphabetical order is read"
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
    )
    config_model = BolagsverketConfig

    def fetch(self, ctx: Context[BolagsverketConfig]) -> Iterator[FetchItem]:
        """Every row of the newest file but those of natural persons, then that the snapshot is whole."""
        path = _latest(ctx)
        number = sent = persons = numbers_masked = 0
        for row in bulk.read(path):
            number = row.number
            if number % _PROGRESS_EVERY == 0:
                ctx.progress(number, None, path.name)
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
            yield RawRecord(STREAM, key, payload, SCOPE, f"{path.name}:{number}")
        ctx.count("persons_dropped", persons)
        ctx.count("person_numbers_masked", numbers_masked)
        if not sent:
            raise ContractBroken("the file has no row about an organisation", where=path.name)
        yield Complete(STREAM, SCOPE, sent)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The organisation in one row."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("a row is a mapping of columns, not bytes", where=raw.origin)
        return organisation(raw.payload)


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
