"""Connectors that read a CSV file: from disk or downloaded, resumed in its middle, and one whose keys are places."""

from __future__ import annotations

from collections.abc import Iterator

from hub.sdk import Checkpoint, Complete, ConnectorConfig, Context, FetchItem, RawRecord
from hub.sdk.formats import open_table
from tests.testing.connectors import Config, Paged


class ListConfig(ConnectorConfig):
    path: str


class Listed(Paged):
    """Good: a list in a file."""

    config_model = ListConfig  # type: ignore[assignment]

    def fetch(self, ctx: Context[ListConfig]) -> Iterator[FetchItem]:  # type: ignore[override]
        (path,) = ctx.files(ctx.config.path)
        header, *rows = open_table(path).rows()
        for number, row in enumerate(rows):
            yield self.raw(dict(zip(header.cells, row.cells, strict=True)), number)
        yield Complete("rows", "all", len(rows))


class Resuming(Listed):
    """Good: goes on in the middle of the file."""

    def fetch(self, ctx: Context[ListConfig]) -> Iterator[FetchItem]:  # type: ignore[override]
        start, sent = ctx.position("rows", "all", "first edition").get("row", 0), 0
        for item in super().fetch(ctx):
            if isinstance(item, Complete):
                yield item
                continue
            sent += 1
            if sent > start:
                yield item
                if sent % 2 == 0:
                    yield Checkpoint({"row": sent}, "rows", "all", "first edition")


class Downloaded(Paged):
    """Good: the list is a file on the web."""

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        with ctx.download(f"{ctx.config.url}/list.csv") as path:
            assert path is not None
            header, *rows = open_table(path).rows()
            for number, row in enumerate(rows):
                yield self.raw(dict(zip(header.cells, row.cells, strict=True)), number)
        yield Complete("rows", "all", len(rows))


class NumbersRows(Listed):
    """Its keys are places: another order gives other ids."""

    def raw(self, row: dict[str, str], number: int) -> RawRecord:
        return RawRecord("rows", f"row {number}", row, scope="all")
