"""The connector: gathers rows by what they are about, leaves persons out, and says which years it saw whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, get_args

from hub.sdk import (
    Complete,
    Connector,
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
    Stream,
)
from hub_se_uhm import columns, rowstore, saved
from hub_se_uhm.config import StreamName, UhmConfig
from hub_se_uhm.gathering import Gathering
from hub_se_uhm.person import without_persons
from hub_se_uhm.records import records

_BY_LOT: Final = "awards"
_TITLES: Final[dict[StreamName, str]] = {
    "procurements": "Procurements, as notices",
    "awards": "Contracted tenders: the award of each lot with its suppliers",
    "values": "Contracted value of each procurement",
    "tender_counts": "Number of tenders for each lot",
    "tenderers": "Who tendered, losers too",
    "estimates": "Estimated value of each procurement",
}
_UNPLACED: Final = "procurements"
"""Where files are rejected that belong to no stream."""


class Uhm(Connector[UhmConfig]):
    """Annonserade upphandlingar i Sverige: open data of Upphandlingsmyndigheten."""

    manifest = Manifest(
        id="se_uhm",
        title="Upphandlingsmyndigheten: annonserade upphandlingar i Sverige",
        publisher="Upphandlingsmyndigheten",
        homepage="https://www.upphandlingsmyndigheten.se/statistik/",
        licence="Free use; source, date and period are named, and processed data is marked as processed",
        attribution="Uppgifter: Upphandlingsmyndigheten | Bearbetning: integration-hub",
        countries=("SE",),
        streams=tuple(
            Stream(name=name, title=_TITLES[name], snapshot=True, public_keys=True) for name in get_args(StreamName)
        ),
        hosts=(HostPolicy(host="catalog.upphandlingsmyndigheten.se", requests=2, note="No limit is published"),),
    )
    config_model = UhmConfig

    def fetch(self, ctx: Context[UhmConfig]) -> Iterator[FetchItem]:
        """Every stream, one after the other; each year of it is a scope."""
        if ctx.config.path is not None:
            yield from _saved_files(ctx, ctx.files(ctx.config.path))
        elif ctx.config.files:
            for stream, url in ctx.config.files.items():
                with ctx.download(url, conditional=True) as path:
                    if path is None:
                        ctx.log.info("%s: nothing changed", stream)
                        continue
                    with Gathering() as gathering:
                        yield from _add_file(ctx, stream, path, gathering)
                        yield from _gathered(stream, gathering, path.name)
        else:
            for stream, dataset in ctx.config.datasets.items():
                with Gathering() as gathering:
                    for number, cells in rowstore.read(ctx.http, ctx.config.rowstore, dataset):
                        yield from _add(ctx, stream, cells, f"{dataset}:{number}", gathering)
                    yield from _gathered(stream, gathering, dataset)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The notices or the contract that the rows of one raw record state."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("the rows are a mapping, not bytes", where=raw.origin)
        yield from records(raw.stream, raw.payload)


def _saved_files(ctx: Context[UhmConfig], paths: list[Path]) -> Iterator[FetchItem]:
    """Rows of all files together: several may hold parts of one year."""
    with ExitStack() as stack:
        gatherings: dict[StreamName, Gathering] = {}
        missing = False
        for path in paths:
            with saved.unpacked(path) as plain:
                headings = () if path.suffix == ".json" else saved.headings(saved.table(plain))
                stream = columns.stream_of(headings)
                if stream is None:
                    what = "the parameter tree of the statistics service" if path.suffix == ".json" else None
                    what = what or columns.table_of(headings)
                    missing |= what is None
                    reason = f"no rows of procurements: the file holds {what}" if what else "no data set that is known"
                    yield Reject(_UNPLACED, path.name, reason, path.name, whole=what is None)
                    continue
                if stream not in gatherings:
                    gatherings[stream] = stack.enter_context(Gathering())
                yield from _add_file(ctx, stream, plain, gatherings[stream])
        for stream in get_args(StreamName):
            if stream in gatherings:
                yield from _gathered(stream, gatherings[stream], "the files", whole=not missing)
        if not gatherings:
            raise ContractBroken("no file holds rows of procurements", where=ctx.config.path or "")


def _add_file(ctx: Context[UhmConfig], stream: StreamName, path: Path, gathering: Gathering) -> Iterator[FetchItem]:
    with saved.unpacked(path) as plain:
        for row in saved.rows(saved.table(plain)):
            origin = f"{plain.name}:{row.number}"
            if row.cells is None:
                yield Reject(stream, origin, "more or fewer cells than the header", origin)
            else:
                yield from _add(ctx, stream, row.cells, origin, gathering)


def _add(
    ctx: Context[UhmConfig], stream: StreamName, cells: dict[str, str], origin: str, gathering: Gathering
) -> Iterator[FetchItem]:
    """Put one row where it belongs, without persons; a row that cannot be placed is rejected."""
    year, number, lot = (cells.get(name, "").strip() for name in (columns.YEAR, columns.ID, columns.LOT))
    lacking = columns.YEAR if not year.isdecimal() else columns.ID if not number else ""
    if stream == _BY_LOT and not (lacking or lot):
        lacking = columns.LOT
    if lacking:
        yield Reject(stream, origin, f"the row has no {lacking}", origin, field=lacking)
        return
    key = f"{year}/{number}/{lot}" if stream == _BY_LOT else f"{year}/{number}"
    if not gathering.add(year, key, without_persons(cells, ctx.person), origin):
        ctx.count("duplicates")


def _gathered(stream: StreamName, gathering: Gathering, where: str, *, whole: bool = True) -> Iterator[FetchItem]:
    """The raw records, and that each year was seen whole."""
    sent: dict[str, int] = {}
    for group in gathering.groups():
        sent[group.year] = sent.get(group.year, 0) + 1
        yield RawRecord(stream, group.key, {"rows": group.rows}, group.year, group.origin)
    if not sent:
        raise ContractBroken("no row about a procurement", where=where)
    for year, expected in sent.items() if whole else ():
        yield Complete(stream, year, expected)
