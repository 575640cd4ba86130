"""A good connector that reads pages from the web, and bad ones that break one promise each."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, SecretStr

from hub.sdk import (
    Checkpoint,
    Complete,
    Connector,
    ConnectorConfig,
    Context,
    Drift,
    FetchItem,
    HostPolicy,
    Identifier,
    Manifest,
    Organisation,
    RawRecord,
    Record,
    RecordRejected,
    SourceUnavailable,
    Stream,
    clean,
)

NUMBERS = ("5590000013", "5590000021", "5590000039", "7696000004", "8024000005")
ROWS = [{"number": number, "name": f"Firma {index}"} for index, number in enumerate(NUMBERS)]


class Config(ConnectorConfig):
    url: str
    token: SecretStr


class Paged(Connector[Config]):
    """Good: a list in pages, whole at the end."""

    manifest: ClassVar[Manifest] = Manifest(
        id="xx_paged",
        title="Paged",
        publisher="Test",
        homepage="https://example.org",
        licence="CC0-1.0",
        streams=(Stream(name="rows", title="Rows", snapshot=True),),
        hosts=(HostPolicy(host="127.0.0.1", requests=100),),
    )
    config_model = Config

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        sent, page, last = 0, 1, 1
        while page <= last:
            answer = self.page(ctx, page)
            last = answer["pages"]
            for row in answer["items"]:
                sent += 1
                yield self.raw(row, sent)
            page += 1
        yield Complete("rows", "all", sent)

    def page(self, ctx: Context[Config], page: int) -> dict[str, Any]:
        token = ctx.config.token.get_secret_value()
        response = ctx.http.get(f"{ctx.config.url}/rows?page={page}", headers={"Authorization": f"Bearer {token}"})
        return response.raise_for_status().json()

    def raw(self, row: dict[str, Any], number: int) -> RawRecord:
        return RawRecord("rows", row["number"], row, scope="all", origin=f"row {number}")

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        assert not isinstance(raw.payload, bytes)
        row = clean.Fields(raw.payload)
        number = row.take("number") or ""
        identifier = Identifier.parse(number, country="SE")
        if identifier is None:
            raise RecordRejected("not an organisation number", field="number", value=number)
        yield Organisation(identifier=identifier, name=row.take("name") or "", country="SE")
        yield from row.left_over()


class News(Paged):
    """Good: asks for what is new, page by page."""

    manifest = Paged.manifest.model_copy(update={"streams": (Stream(name="rows", title="Rows"),)})

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        page = last = ctx.cursor.get("page", 0) + 1
        while page <= last:
            answer = self.page(ctx, page)
            last = answer["pages"]
            yield from self.records(answer["items"], page)
            page += 1

    def records(self, rows: list[dict[str, Any]], page: int) -> Iterator[FetchItem]:
        for row in rows:
            yield RawRecord("rows", row["number"], row)
        if rows:
            yield Checkpoint({"page": page})


class Crashes(Paged):
    def raw(self, row: dict[str, Any], number: int) -> RawRecord:
        return RawRecord("rows", str(1 / 0), row)


class NoTitle(Paged):
    manifest = Paged.manifest.model_copy(update={"title": " "})


class TakesTypos(Paged):
    class Loose(Config):
        model_config = ConfigDict(extra="ignore")

    config_model = Loose


class UnstableKey(Paged):
    def raw(self, row: dict[str, Any], number: int) -> RawRecord:
        return RawRecord("rows", str(uuid.uuid4()), row, scope="all")


class OneKey(Paged):
    def raw(self, row: dict[str, Any], number: int) -> RawRecord:
        return RawRecord("rows", "one", row, scope="all")


class WrongCount(Paged):
    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        for item in super().fetch(ctx):
            yield Complete("rows", "all", item.expected + 1) if isinstance(item, Complete) else item


class NeverComplete(Paged):
    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        return (item for item in super().fetch(ctx) if not isinstance(item, Complete))


class Counts(Paged):
    """Impure: what it has seen before shows."""

    def __init__(self) -> None:
        self.seen = 0

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        self.seen += 1
        for item in super().normalise(raw):
            yield item.model_copy(update={"purpose": f"number {self.seen}"}) if isinstance(item, Organisation) else item


class LooksAtTheClock(Paged):
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        assert time.time() > 0
        return super().normalise(raw)


class ReadsAFile(Paged):
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        assert Path(__file__).read_text("utf-8")
        return super().normalise(raw)


class ChangesItsInput(Paged):
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        yield from super().normalise(raw)
        raw.payload.pop("name", None)  # type: ignore[union-attr]


class ShowsTheOrderOfASet(Paged):
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        words = {f"word {index}" for index in range(20)}
        for item in super().normalise(raw):
            yield item.model_copy(update={"other_names": tuple(words)}) if isinstance(item, Organisation) else item


class SwallowsUnknownFields(Paged):
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        return (item for item in super().normalise(raw) if not isinstance(item, Drift))


class KeepsTheFetchTime(Paged):
    """Every row is another one each time."""

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        for item in super().fetch(ctx):
            if isinstance(item, RawRecord):
                yield RawRecord(item.stream, item.key, {**item.payload, "fetched": ctx.now.isoformat()}, item.scope)  # type: ignore[dict-item]
            else:
                yield item

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        fetched = raw.payload["fetched"]  # type: ignore[index]
        for item in super().normalise(raw):
            if isinstance(item, Organisation):
                yield item.model_copy(update={"purpose": fetched})
            elif item.field != "fetched":
                yield item


class TripsOverBrokenRecords(Paged):
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        assert not isinstance(raw.payload, bytes)
        number = raw.payload["number"]
        identifier = Identifier.parse(number, country="SE")
        yield Organisation(identifier=identifier, name=identifier.value, country="SE")  # type: ignore[union-attr,arg-type]
        row = clean.Fields(raw.payload)
        row.ignore("number", "name")
        yield from row.left_over()


class TakesAnything(Paged):
    """A record without a number is stored as the one of all zeros."""

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        row = clean.Fields(raw.payload)  # type: ignore[arg-type]
        identifier = Identifier.parse(row.take("number"), country="SE") or Identifier.parse(NUMBERS[0], country="SE")
        assert identifier is not None
        yield Organisation(identifier=identifier, name=row.take("name") or "?", country="SE")
        yield from row.left_over()


class CheckpointTooEarly(News):
    def records(self, rows: list[dict[str, Any]], page: int) -> Iterator[FetchItem]:
        yield from reversed(list(super().records(rows, page)))


class TriesAgain(Paged):
    def page(self, ctx: Context[Config], page: int) -> dict[str, Any]:
        try:
            return super().page(ctx, page)
        except SourceUnavailable:
            time.sleep(30)
            return super().page(ctx, page)


class HidesAnOutage(News):
    def page(self, ctx: Context[Config], page: int) -> dict[str, Any]:
        try:
            return super().page(ctx, page)
        except SourceUnavailable:
            return {"pages": page, "items": []}


class GivesUpAtOnce(Paged):
    """Its own client: the polite one would have asked again."""

    def page(self, ctx: Context[Config], page: int) -> dict[str, Any]:
        import json
        import urllib.error
        import urllib.request

        try:
            with urllib.request.urlopen(f"{ctx.config.url}/rows?page={page}", timeout=0.3) as answer:
                return json.loads(answer.read())
        except (OSError, ValueError, urllib.error.URLError) as error:
            raise SourceUnavailable("is down", where=ctx.config.url) from error


class LeaksItsSecret(Paged):
    def raw(self, row: dict[str, Any], number: int) -> RawRecord:
        return RawRecord("rows", row["number"], row, scope="all", origin=f"/rows?token={self.token}")

    def page(self, ctx: Context[Config], page: int) -> dict[str, Any]:
        self.token = ctx.config.token.get_secret_value()
        return super().page(ctx, page)


class LogsItsSecret(Paged):
    def page(self, ctx: Context[Config], page: int) -> dict[str, Any]:
        ctx.log.debug("asking with %s", ctx.config.token.get_secret_value())
        return super().page(ctx, page)


class PrintsAPerson(Paged):
    def raw(self, row: dict[str, Any], number: int) -> RawRecord:
        print("leaving out 19121212-1212")  # noqa: T201 - the fault
        return super().raw(row, number)
