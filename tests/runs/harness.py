"""A source whose publisher the test plays, and a hub's engine around it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text

from hub.model.person import luhn_valid
from hub.runs import Run, RunPlan, RunResult
from hub.sdk import (
    Checkpoint,
    Complete,
    Connector,
    ConnectorConfig,
    Context,
    Drift,
    FetchItem,
    Identifier,
    Manifest,
    Mention,
    Money,
    Organisation,
    Payment,
    RawRecord,
    Record,
    RecordRejected,
    Reject,
    Stream,
)
from hub.store import schema
from hub.store.engine import Engine, open_engine

ALFA, BETA, GAMMA = "5590000013", "5590000021", "5590000039"


class Config(ConnectorConfig):
    pass


class Fake(Connector[Config]):
    """Yields what the test put into ``items``; rows have a kind, and fail when they say so."""

    manifest = Manifest(
        id="xx_fake",
        title="Fake",
        publisher="Test",
        homepage="https://example.org",
        licence="CC0-1.0",
        streams=(Stream(name="rows", title="Rows", snapshot=True, floor=0.5),),
    )
    config_model = Config

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:
        for item in self.items:
            if isinstance(item, BaseException):
                raise item
            yield item

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        row = dict(raw.payload)  # type: ignore[arg-type]
        if "fail" in row:
            raise RecordRejected(row["fail"], field="fail", value=row.get("value", ""))
        if "crash" in row:
            raise ZeroDivisionError("secret words")
        if "new" in row:
            yield Drift("new_field", "new")
        if "paid" in row:
            yield Payment(
                line_key=raw.key,
                buyer=Mention.of("Exempelköpings kommun", ALFA, country="SE"),
                supplier=Mention.of(row.get("name"), row.get("number"), country="SE"),
                value=Money.of(Decimal(row["paid"]), "SEK"),
                amount_basis="net",
            )
        else:
            identifier = Identifier.parse(row["number"], country="SE")
            assert identifier is not None
            yield Organisation(identifier=identifier, name=row["name"], purpose=row.get("purpose"), country="SE")


def row(key: str, **payload: str) -> RawRecord:
    return RawRecord("rows", key, payload, scope="all", origin=f"rows.csv:{key}")


def snapshot(*rows: RawRecord | Reject) -> list[Any]:
    given = [item for item in rows if isinstance(item, RawRecord)]
    return [*rows, Complete("rows", "all", len(given))]


def no_verdicts(connection: object, organisation_ids: set[str], now: datetime, /, *, forgotten: str = "") -> list[Any]:
    return []


class Bench:
    """A database, an archive folder, and runs over them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.engine: Engine = open_engine(url)
        schema.ensure(self.engine)
        self.folder = folder
        self.day = 0

    def run(self, items: list[Any], **plan: Any) -> RunResult:
        return Run(self.plan(items, **plan)).execute()

    def plan(
        self, items: list[Any], *, batch_size: int = 2, source: str = "fake", connector: Any = None, **plan: Any
    ) -> RunPlan:
        self.day += 1
        usual: dict[str, Any] = {
            "config": Config(),
            "assess": no_verdicts,
            "now": datetime(2026, 1, self.day, tzinfo=UTC),
        }
        return RunPlan(
            source_id=source,
            connector=connector or Fake(items),
            engine=self.engine,
            root=self.folder,
            archive=self.folder / "archive",
            pseudonym_key=b"k" * 32,
            precedence=("xx_fake",),
            batch_size=batch_size,
            **(usual | plan),
        )

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(found) for found in connection.execute(text(sql))]

    def one(self, sql: str) -> Any:
        return self.all(sql)[0][0]

    def changes(self) -> list[tuple[int, str, str, dict[str, Any]]]:
        found = self.all("SELECT seq, entity, operation, fields FROM v1_change ORDER BY seq")
        return [(s, e, o, json.loads(f) if isinstance(f, str) else f) for s, e, o, f in found]

    def close(self) -> None:
        self.engine.dispose()


CHECKPOINT = Checkpoint({"page": 1})


def invented_rows(count: int) -> list[RawRecord]:
    """Register rows and ledger lines about the same organisations, all valid."""
    numbers = [_with_check_digit(f"559{index:06d}") for index in range(count // 2)]
    register = [row(f"o{index}", number=number, name=f"Firma {index}") for index, number in enumerate(numbers)]
    ledger = [row(f"p{index}", number=number, name="x", paid=f"{index}.50") for index, number in enumerate(numbers)]
    return [item for pair in zip(register, ledger, strict=True) for item in pair]


def _with_check_digit(digits: str) -> str:
    return next(digits + str(check) for check in range(10) if luhn_valid(digits + str(check)))
