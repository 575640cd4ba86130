"""The connector: ledger files in, payments out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from pydantic import Field, field_validator

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
    SourceError,
    Stream,
)
from hub.sdk.formats import Row, Table, open_table
from hub_xx_supplier_ledger.editions import latest_editions
from hub_xx_supplier_ledger.filler import row_kind
from hub_xx_supplier_ledger.headings import FIELDS
from hub_xx_supplier_ledger.payment import LedgerRow, payment, row_amount, row_time
from hub_xx_supplier_ledger.privacy import holds_person, protect
from hub_xx_supplier_ledger.sie_xml import is_sie_xml, sie_table
from hub_xx_supplier_ledger.survey import Survey, file_facts, survey

STREAM: Final = "payments"
_PROGRESS_EVERY: Final = 5_000
_NOT_LEDGERS: Final = frozenset({".md", ".txt", ".json", ".pdf", ".html"})


class LedgerConfig(ConnectorConfig):
    """Where the files are and whose they are; the rest is for files whose layout cannot be detected."""

    path: str = Field(description="File, folder or glob of ledger files (CSV or .xlsx, XML-SIE)")
    buyer: str | None = Field(default=None, description="The buyer's organisation number, if files do not give it")
    buyer_name: str | None = None
    municipality: str | None = Field(default=None, description="Municipality code, with its leading zero")
    country: str = Field(default="SE", pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2, of the buyer")
    currency: str = Field(default="SEK", pattern=r"^[A-Z]{3}$", description="ISO 4217, where rows do not say")
    amount: Literal["net", "gross"] = Field(default="net", description="Which amount to take where files have both")
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    decimal: Literal[",", "."] | None = None
    sheet: str | None = Field(default=None, description="Name, or position from 1")
    columns: dict[str, str] = Field(default_factory=dict, description="Header → field, see the README's list")

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(columns.values()) - set(FIELDS)):
            message = f"no such field: {', '.join(unknown)}; choose from {', '.join(FIELDS)}"
            raise ValueError(message)
        return columns


class SupplierLedger(Connector[LedgerConfig]):
    """Supplier ledgers from files."""

    manifest: ClassVar[Manifest] = Manifest(
        id="xx_supplier_ledger",
        title="Supplier ledgers (leverantörsreskontra)",
        publisher="Municipalities, regions and other public bodies",
        homepage="https://lankadedata.se/spec/leverantorsreskontra",
        licence="As published by each body: CC0-1.0, CC-BY-4.0 or OGL-UK-3.0, or a records request",
        streams=(Stream(name=STREAM, title="Ledger lines", snapshot=True),),
    )
    config_model = LedgerConfig

    def fetch(self, ctx: Context[LedgerConfig]) -> Iterator[FetchItem]:
        """Every file in turn. A file that is no ledger is rejected and the others go on."""
        paths = [path for path in ctx.files(ctx.config.path) if path.suffix.lower() not in _NOT_LEDGERS]
        paths, replaced = latest_editions(paths)
        for older, newer in replaced:
            ctx.log.warning("%s is left out: %s is a later edition of it", older.name, newer.name)
            ctx.count("files_replaced")
        reader = _Reader(ctx)
        broken: list[SourceError] = []
        for path in paths:
            try:
                yield from reader.read(path)
            except SourceError as error:
                broken.append(error)
                yield Reject(
                    STREAM, path.name, f"{error.reason} → {error.instruction}", origin=error.where or path.name
                )
        if broken and len(broken) == len(paths):
            raise broken[0]

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """One row, one payment."""
        if not isinstance(raw.payload, Mapping):
            raise RecordRejected("a ledger row is a mapping", where=raw.origin)
        yield payment(LedgerRow(raw.payload, raw.origin), raw.key)


class _Reader:
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
        total = Decimal(0)
        for row in table.rows():
            if row.number <= found.layout.header_row:
                continue
            origin = f"{path.name}:{row.number}"
            try:
                line, amount = self._line(row, found, facts, total, origin)
            except RecordRejected as error:
                yield Reject(STREAM, origin, f"{error.reason} → {error.instruction}", origin=origin, field=error.field)
                continue
            if line is None:
                continue
            total += amount or 0
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
        self, row: Row, found: Survey, facts: Mapping[str, Any], total: Decimal, origin: str
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
        kind = row_kind(line, layout, amount, total, last=row.number == found.last_row)
        if kind != "payment":
            ctx.count(f"{kind}_rows")
            return None, None
        if any(index >= len(layout.labels) and cell.strip() for index, cell in enumerate(row.cells)):
            raise RecordRejected(
                f"the row has {len(row.cells)} cells and the header {len(layout.labels)}: cells have slipped",
                where=origin,
                instruction="put quotes round the cell that holds the delimiter, and load the file again",
            )
        if holds_person(line):
            # Which cell is what cannot be trusted in a slipped row, so a person's name in it could not be found:
            # such a row is rejected here, without its text.
            row_amount(read)
            row_time(read)
        return protect(line, layout, ctx, ctx.config.country), amount


def _key(scope: str, line: Mapping[str, str], seen: Counter[bytes]) -> str:
    """A key that follows from what the row says, and from how many like it came before; not from where it stands."""
    digest = blake2b(digest_size=16)
    for part in (scope, *(part for pair in sorted(line.items()) for part in pair)):
        digest.update(f"{len(part)}:{part}".encode())
    seen[digest.digest()] += 1
    ordinal = seen[digest.digest()]
    return digest.hexdigest() if ordinal == 1 else f"{digest.hexdigest()}-{ordinal}"
