"""The connector: e-invoices in, a payment for each line, allowance and charge out."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from lxml import etree
from pydantic import Field, ValidationError

from hub.sdk import (
    Connector,
    ConnectorConfig,
    Context,
    Drift,
    FetchItem,
    Manifest,
    RawRecord,
    Record,
    RecordRejected,
    Reject,
    Stream,
)
from hub.sdk.formats.xml import parse_xml
from hub_xx_peppol.dialect import dialect_of
from hub_xx_peppol.document import read_invoice, unknown_codes
from hub_xx_peppol.elements import unknown_elements
from hub_xx_peppol.files import Found, documents, is_beside
from hub_xx_peppol.payment import payments
from hub_xx_peppol.privacy import remove_personal_data

if TYPE_CHECKING:
    from hub.sdk.recognition import Recognition

STREAM: Final = "invoices"
_OTHER: Final = "another file says something else under the same supplier, number, date and type; the first one is kept"


class PeppolConfig(ConnectorConfig):
    """Where the invoices are."""

    path: str = Field(description="An invoice (XML), a zip archive, a folder of them, or a glob")


class Peppol(Connector[PeppolConfig]):
    """Invoices and credit notes. A folder says nothing of what it lacks, so nothing is ever retired."""

    manifest: ClassVar[Manifest] = Manifest(
        id="xx_peppol",
        title="E-invoices (Peppol BIS Billing 3, Svefaktura 1.0)",
        publisher="The municipality that received them",
        homepage="https://docs.peppol.eu/poacc/billing/3.0/",
        licence="The municipality's own documents; it decides whether they are stored",
        streams=(Stream(name=STREAM, title="Invoices and credit notes"),),
    )
    config_model = PeppolConfig

    def fetch(self, ctx: Context[PeppolConfig]) -> Iterator[FetchItem]:
        """Each document in turn, without personal data. The same one in two files is one record."""
        files = [path for path in ctx.files(ctx.config.path) if not is_beside(path)]
        seen: dict[bytes, bytes] = {}  # 32 bytes a document
        for done, path in enumerate(files, start=1):
            for found in documents(path):
                item = _raw(found, ctx)
                if isinstance(item, RawRecord) and isinstance(item.payload, bytes):
                    key, content = _digest(item.key.encode()), _digest(item.payload)
                    if key in seen:
                        if seen[key] == content:
                            ctx.count("duplicates")
                            continue
                        item = Reject(STREAM, item.key, _OTHER, item.origin)
                    else:
                        seen[key] = content
                yield item
            ctx.progress(done, len(files), path.name)

    def recognise(self, file: Path, config: PeppolConfig) -> Recognition | None:
        """What a dropped file is, if there is an invoice in it."""
        from hub_xx_peppol.inspection import inspect

        return inspect(self, file, config)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The payments of one document: their sum is its total without VAT, to the minor unit."""
        if not isinstance(raw.payload, bytes):
            raise RecordRejected("an invoice is stored as XML, this is something else", where=raw.origin)
        root = parse_xml(raw.payload, where=raw.origin)
        try:
            invoice = read_invoice(root, raw.origin)
            invoice.check()
            yield from payments(invoice, raw.key)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(map(str, first["loc"]))
            raise RecordRejected(f"does not fit the model: {first['msg']}", field=field, where=raw.origin) from None
        yield from unknown_codes(root, invoice)
        yield from unknown_elements(root)


def _raw(found: Found, ctx: Context[PeppolConfig]) -> FetchItem:
    if found.root is None:
        return Reject(STREAM, found.origin, found.reason, found.origin, whole=found.whole)
    try:
        dialect_of(found.root, found.origin)
        remove_personal_data(found.root, ctx.person)
        key = read_invoice(found.root, found.origin).key
    except RecordRejected as error:
        return Reject(STREAM, found.origin, error.reason, found.origin, error.field, error.value)
    except ValidationError:
        return Reject(STREAM, found.origin, "a party holds a value that the model cannot take", found.origin)
    # One spelling of the same XML, whatever white space and order of attributes the file has.
    return RawRecord(STREAM, key, etree.tostring(found.root, method="c14n", exclusive=True), origin=found.origin)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
