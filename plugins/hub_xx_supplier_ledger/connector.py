"""The connector: ledger files in, payments out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hub.sdk import (
    Connector,
    Context,
    Drift,
    FetchItem,
    Manifest,
    RawRecord,
    Record,
    RecordRejected,
    Stream,
)
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.editions import latest_editions
from hub_xx_supplier_ledger.folder import Folder
from hub_xx_supplier_ledger.payment import LedgerRow, payment
from hub_xx_supplier_ledger.reader import STREAM
from hub_xx_supplier_ledger.site import files_of

if TYPE_CHECKING:
    from hub.sdk.recognition import Recognition


class SupplierLedger(Connector[LedgerConfig]):
    """Supplier ledgers from files."""

    manifest: ClassVar[Manifest] = Manifest(
        id="xx_supplier_ledger",
        title="Supplier ledgers (leverantörsreskontra)",
        publisher="Municipalities, regions and other public bodies",
        homepage="https://lankadedata.se/spec/leverantorsreskontra",
        licence="As published by each body: CC0-1.0, CC-BY-4.0 or OGL-UK-3.0, or a records request",
        streams=(Stream(name=STREAM, title="Ledger lines", snapshot=True),),
        version=2,
    )
    config_model = LedgerConfig

    def fetch(self, ctx: Context[LedgerConfig]) -> Iterator[FetchItem]:
        """Every file. One that is no ledger is rejected and the others go on."""
        with files_of(ctx) as (found, root):
            if not found:
                ctx.log.info("nothing has changed at any address since the last complete run")
                return
            paths, replaced = latest_editions(found)
            for older, newer in replaced:
                ctx.log.warning("%s is left out: %s is a later edition of it", older.name, newer.name)
                ctx.count("files_replaced")
            yield from Folder(ctx, paths, root).read()

    def recognise(self, file: Path, config: LedgerConfig | None = None) -> Recognition | None:
        """What a dropped file is, if it is a ledger."""
        from hub_xx_supplier_ledger.inspection import inspect

        return inspect(file, config)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """One row, one payment."""
        if not isinstance(raw.payload, Mapping):
            raise RecordRejected("a ledger row is a mapping", where=raw.origin)
        yield payment(LedgerRow(raw.payload, raw.origin), raw.key)
