"""Reading one file after the other into raw records, so that no two of them claim the same scope."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from hub.sdk import Complete, Context, ContractBroken, Drift, FetchItem, RawRecord, RecordRejected, Reject
from hub.sdk.formats import Row, Table, open_table
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.filler import Totals, row_kind
from hub_xx_supplier_ledger.payment import LedgerRow, row_amount, row_time
from hub_xx_supplier_ledger.privacy import holds_person, protect
from hub_xx_supplier_ledger.sie_xml import is_sie_xml, sie_table
from hub_xx_supplier_ledger.survey import Survey, file_facts, survey

STREAM: Final = "payments"
_PROGRESS_EVERY: Final = 5_000


class LedgerReader:
    """Reads the files of one run, so that two files never claim the same scope and no drift is told twice."""

    def __init__(self, ctx: Context[LedgerConfig]) -> None:
        self._ctx = ctx
        self._scopes: dict[str, str] = {}
        self._unknown: set[str] = set()

    def read(self, path: Path) -> Iterator[FetchItem]:
        ctx, config = self._ctx, self._ctx.config
        table = self._open(path)
        found = survey(table, config.country, config.columns)
        yield from self._drift(found)
        facts = self._facts(path, found)
        scope = self._scope(path, found)
        keys: Counter[bytes] = Counter()
        rows = 0
        totals = Totals()
        for row in table.rows():
            if row.number <= found.layout.header_row:
                continue
            origin = f"{path.name}:{row.number}"
            try:
                line, amount = self._line(row, found, facts, totals, origin)
            except RecordRejected as error:
                yield Reject(STREAM, origin, f"{error.reason} → {error.instruction}", origin=origin, field=error.field)
                continue
            if line is None:
                continue
            totals.add(amount or Decimal(0))
            rows += 1
            key = _key(scope, line, keys)
            yield RawRecord(STREAM, key, {**line, "_file": facts}, scope=scope, origin=origin)
            if rows % _PROGRESS_EVERY == 0:
                ctx.progress(rows, None, path.name)
        yield Complete(STREAM, scope, rows)
        ctx.progress(rows, None, path.name)

    def _open(self, path: Path) -> Table:
        config = self._ctx.config
        if is_sie_xml(path):
            return sie_table(path)
        return open_table(path, encoding=config.encoding, delimiter=config.delimiter, sheet=config.sheet)

    def _drift(self, found: Survey) -> Iterator[Drift]:
        for label in found.layout.unknown:
            if label not in self._unknown:
                self._unknown.add(label)
                yield Drift("new_field", label, stream=STREAM)

    def _facts(self, path: Path, found: Survey) -> dict[str, Any]:
        config = self._ctx.config
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
            period=found.period(path.stem),
            amount=config.amount if config.amount == "gross" else None,
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

    def _scope(self, path: Path, found: Survey) -> str:
        config = self._ctx.config
        scope = found.scope(path.stem, config.buyer or config.buyer_name or "")
        if scope in self._scopes:
            self._ctx.count("files_sharing_a_period")
            self._ctx.log.warning(
                "%s is for the same buyer and period as %s; both are counted. If it is a correction, remove the other.",
                path.name,
                self._scopes[scope],
            )
            scope = f"{scope}:{path.stem}"
        self._scopes[scope] = path.name
        return scope

    def _line(
        self, row: Row, found: Survey, facts: Mapping[str, Any], totals: Totals, origin: str
    ) -> tuple[dict[str, str] | None, Decimal | None]:
        """The row's cells, protected, and its amount if readable; nothing for a row that is no payment."""
        ctx, layout = self._ctx, found.layout
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
        return protect(line, layout, ctx, ctx.config.country), amount


def _readable(row: LedgerRow) -> bool:
    try:
        row_amount(row)
        row_time(row)
    except RecordRejected:
        return False
    return True


def _key(scope: str, line: Mapping[str, str], seen: Counter[bytes]) -> str:
    """A key that follows from what the row says, and from how many like it came before; not from where it stands."""
    text = json.dumps([scope, sorted(line.items())], ensure_ascii=False)
    digest = blake2b(text.encode(), digest_size=16).digest()
    seen[digest] += 1
    return digest.hex() if seen[digest] == 1 else f"{digest.hex()}-{seen[digest]}"
