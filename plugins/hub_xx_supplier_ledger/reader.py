"""Reading one file: a first look through it, then its rows as raw records."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from hub.sdk import (
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    RawRecord,
    RecordRejected,
    Reject,
    SourceUnavailable,
)
from hub.sdk.formats import Row, Table, open_table
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.filler import Totals, row_kind
from hub_xx_supplier_ledger.payload import is_json, json_table
from hub_xx_supplier_ledger.payment import LedgerRow, row_amount, row_time
from hub_xx_supplier_ledger.privacy import holds_person, protect
from hub_xx_supplier_ledger.scope import scope_of
from hub_xx_supplier_ledger.sie_xml import is_sie_xml, refuse_sie4, sie_table
from hub_xx_supplier_ledger.survey import Survey, file_facts, survey
from hub_xx_supplier_ledger.tally import Tally

STREAM: Final = "payments"
_PROGRESS_EVERY: Final = 5_000


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """What the first look at a file found out."""

    path: Path
    found: Survey
    facts: Mapping[str, Any]
    scope: str
    config: LedgerConfig
    """The source's settings, with those of the profile that is for the file."""


class LedgerReader:
    """Reads the files of one run; no drift is told twice."""

    def __init__(self, ctx: Context[LedgerConfig]) -> None:
        self._ctx = ctx
        self._unknown: set[str] = set()

    def look(self, path: Path, before: Collection[str]) -> LedgerFile:
        """The first look at a file, whose scopes in the last run were ``before``.

        Raises ``SourceError`` when it is no ledger or cannot be read.
        """
        config = self._ctx.config.of_file(path.name)
        self._ctx.progress(0, None, path.name)
        with _readable_file(path):
            found = survey(open_ledger(path, config), config.country, config.columns, config.header_row)
        facts = self._facts(path, found, config)
        scope, complaint = scope_of(path, found, config.buyer or config.buyer_name or "", before, config.period)
        if complaint:
            self._ctx.log.warning("%s: %s", path.name, complaint)
        return LedgerFile(path, found, facts, scope, config)

    def drift(self, found: Survey) -> Iterator[Drift]:
        """Columns that no file of this run had before and nobody knows."""
        for label in found.layout.unknown:
            if label not in self._unknown:
                self._unknown.add(label)
                yield Drift("new_field", label, stream=STREAM)

    def read(self, file: LedgerFile, tally: Tally, place: Mapping[str, str] | None = None) -> Iterator[FetchItem]:
        """The file's rows; ``tally`` counts those of all files of its scope. ``place`` gives the scope of rows of
        certain months: another one, or none at all where they are told by other files.

        Raises ``SourceError`` when the file turns out damaged or is gone by now.
        """
        ctx, found, name = self._ctx, file.found, file.path.name
        rows = 0
        totals = Totals()
        with _readable_file(file.path):
            # Opened anew: a workbook that is kept open keeps its strings in memory.
            for row in open_ledger(file.path, file.config).rows():
                if row.number <= found.layout.header_row:
                    continue
                origin = f"{name}:{row.number}"
                try:
                    line, amount = self._line(row, file, totals, origin)
                except RecordRejected as error:
                    reason = f"{error.reason} → {error.instruction}"
                    yield Reject(STREAM, origin, reason, origin=origin, field=error.field)
                    continue
                if line is None:
                    continue
                totals.add(amount or Decimal(0))
                raw = {**line, "_file": file.facts}
                scope = place.get(_month(LedgerRow(raw, origin)), file.scope) if place else file.scope
                if not scope:
                    ctx.count("rows_of_a_shorter_period")
                    continue
                rows += 1
                yield RawRecord(STREAM, _key(scope, line, tally), raw, scope=scope, origin=origin)
                if rows % _PROGRESS_EVERY == 0:
                    ctx.progress(rows, None, name)
        ctx.progress(rows, None, name)

    def _facts(self, path: Path, found: Survey, config: LedgerConfig) -> dict[str, Any]:
        if not found.buyers and not config.buyer and not config.buyer_name:
            raise ContractBroken(
                "the file does not say who the buyer is",
                where=path.name,
                instruction="set `buyer` (organisation number) or `buyer_name` in the source's [config]",
            )
        facts = file_facts(
            found,
            currency=config.currency,
            buyer=config.buyer,
            buyer_name=config.buyer_name,
            municipality=config.municipality,
            period=found.period(path.stem, config.period),
            amount=config.amount if config.amount == "gross" else None,
            reversed=config.sign == "reversed",
        )
        if config.decimal:
            facts["mark"] = config.decimal
        elif found.evidence.decimal_mark(config.country)[1]:
            self._ctx.count("files_with_decimal_mark_by_country")
            self._ctx.log.warning(
                "%s: amounts such as 1%s234 can be read in two ways and no other amount tells which; %r was taken as"
                " decimal mark because it is the country's. Set `decimal` in the source's [config] if that is wrong.",
                path.name, "," if facts["mark"] == "," else ".", facts["mark"],
            )  # fmt: skip
        return facts

    def _line(
        self, row: Row, file: LedgerFile, totals: Totals, origin: str
    ) -> tuple[dict[str, str] | None, Decimal | None]:
        """The row's cells, protected, and its amount if readable; nothing for a row that is no payment."""
        ctx, found, facts, layout = self._ctx, file.found, file.facts, file.found.layout
        line = layout.line(row, facts["mark"])
        if not line:
            return None, None
        read = LedgerRow({**line, "_file": facts}, origin)
        try:
            amount = row_amount(read)[0]
        except RecordRejected:
            amount = None  # told by normalise, which has the raw record to go with it
        kind = row_kind(line, layout, amount, totals, last=row.number == found.last_row)
        if kind != "payment":
            ctx.count(f"{kind}_rows")
            return None, None
        if any(index >= len(layout.labels) and cell.strip() for index, cell in enumerate(row.cells)):
            raise RecordRejected(
                f"the row has {len(row.cells)} cells and the header {len(layout.labels)}: cells have slipped",
                where=origin,
                instruction="put quotes round the cell that holds the delimiter, and load the file again",
            )
        if holds_person(line) and not _readable(read):
            # Which cell is what cannot be trusted in a slipped row, so a person's name in it could not be found.
            raise RecordRejected(
                "the row has no readable amount or date, and holds what may be a personal number",
                where=origin,
                instruction="look at the row in the file: cells may have slipped to another column",
            )
        return protect(line, layout, ctx, file.config.country), amount


def open_ledger(path: Path, config: LedgerConfig) -> Table:
    """The file as a table, by what it contains.

    Raises ``SourceError`` when it cannot be read or is none.
    """
    if is_sie_xml(path):
        return sie_table(path)
    if is_json(path):
        return json_table(path)
    refuse_sie4(path)
    return open_table(path, encoding=config.encoding, delimiter=config.delimiter, sheet=config.sheet)


def _month(row: LedgerRow) -> str:
    """The month that the row says it is of: its accounting period before its date."""
    try:
        day, _, period = row_time(row)
    except RecordRejected:
        return ""
    if period and len(period) == len("2026-07"):
        return period
    return f"{day:%Y-%m}" if day else ""


def _readable(row: LedgerRow) -> bool:
    try:
        row_amount(row)
        row_time(row)
    except RecordRejected:
        return False
    return True


@contextmanager
def _readable_file(path: Path) -> Iterator[None]:
    """Tell what the system says about a file as a fault of this file, so that the others are read."""
    try:
        yield
    except OSError as error:
        raise SourceUnavailable(f"the file cannot be read ({error.strerror or error})", where=path.name) from error


def _key(scope: str, line: Mapping[str, str], tally: Tally) -> str:
    """A key that follows from what the row says, and from how many like it came before; not from where it stands."""
    text = json.dumps([scope, sorted(line.items())], ensure_ascii=False)
    digest = blake2b(text.encode(), digest_size=16).digest()
    # Half of it is enough to count by: were different rows ever taken for equal, their keys would still differ.
    number = tally.add(int.from_bytes(digest[:8], "big"))
    return digest.hex() if number == 1 else f"{digest.hex()}-{number}"
