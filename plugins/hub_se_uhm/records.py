"""From the rows about one thing to records: notices of a procurement, or the award of one lot.

Amounts and counts of tenders stand for a procurement, not for a supplier: they become notices of their own, so that the
contracts, which have suppliers and no amounts, are neither counted nor summed twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from hub.sdk import (
    Contract,
    ContractSupplier,
    Drift,
    Lot,
    Mention,
    Money,
    Notice,
    Party,
    Record,
    RecordRejected,
    clean,
    parse_amount,
)
from hub_se_uhm import columns
from hub_se_uhm.config import StreamName
from hub_se_uhm.procurement import EXECUTION, RESERVED, SOCIAL, SOCIAL_TYPE, Procurement, Row, procurement

WHOLE: Final = "LOT-0000"
"""eForms' number of the only lot: what the statistics say of the whole procurement."""
NOT_TOLD: Final = "reserverad"
"""Reserved, as published: the statistics do not tell sheltered workshops (res-ws) from art. 77 (res-pub-ser)."""
_SUPPLIER_IGNORED: Final = (
    "sektor för leverantör",
    "företagsstorlek för leverantör",
    columns.SUPPLIER_FORM,
    "sni-avdelning för leverantör",
    "sni-huvudgrupp för leverantör",
    "sni-grupp för leverantör",
    "sni-undergrupp för leverantör",
    "sni-detaljgrupp för leverantör",
)
_NOT_TRUSTED: Final = (RESERVED, EXECUTION, SOCIAL_TYPE)
"""Only the procurements' own file says these truly: in the others the flags are False in every row of 2021."""
_AMBIGUOUS: Final = re.compile(r"\d{1,3}(\.\d{3})+")
"""A point before three digits: thousands or decimals, nobody knows."""


def records(stream: str, payload: Mapping[str, Any]) -> Iterator[Record | Drift]:
    """The records in one raw record. Raises ``RecordRejected`` for what cannot be read."""
    rows = payload.get("rows")
    if not isinstance(rows, Sequence) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise RecordRejected("the payload has no rows", field="rows")
    envelope = clean.Fields(payload)
    envelope.ignore("rows")
    if stream in {"procurements", "values", "estimates"}:
        for ordinal, cells in enumerate(sorted(rows, key=_by_date), start=1):
            yield from _procurement(stream, cells, ordinal)
    elif stream == "awards":
        yield from _award(rows)
    else:
        yield from _tenders(stream, rows)
    yield from envelope.left_over()


def _by_date(cells: Mapping[str, Any]) -> str:
    return str(cells.get("publiceringsdatum", ""))


def _procurement(stream: str, cells: Mapping[str, Any], ordinal: int) -> Iterator[Record | Drift]:
    row = Row(cells)
    said = procurement(row)
    suffix = f"#{ordinal}" if ordinal > 1 else ""
    if stream == "procurements":
        row.fields.ignore(*columns.MEASURES["procurements"])  # always 1
        reserved, execution = row.truth(RESERVED), row.truth(EXECUTION)
        social = row.code(SOCIAL_TYPE, SOCIAL)
        lot = Lot(
            lot_number=WHOLE,
            cpv_main=said.cpv,
            contract_nature=said.nature,
            reserved_participation=() if reserved is None else (NOT_TOLD if reserved else "none",),
            reserved_execution=None if execution is None else ("yes" if execution else "no"),
            strategic=said.aims,
            social_objectives=(social,) if social else (),
        )
        yield _notice(said, said.number + suffix, "competition", lots=(lot,))
    else:
        row.fields.ignore(*_NOT_TRUSTED)
        kind = "estimated" if stream == "estimates" else "framework_maximum" if said.framework else "awarded"
        value = _amount(row, "estimates" if stream == "estimates" else "values")
        form = None if stream == "estimates" else "result"  # the set does not say which notice estimated it
        yield _notice(said, f"{said.number}/{stream}{suffix}", form, value=value, value_kind=kind if value else None)
    yield from row.left_over()


def _notice(said: Procurement, identifier: str, form: str | None, **more: Any) -> Notice:
    try:
        published_on = clean.iso_date(said.published_on)
    except ValueError as error:
        raise RecordRejected(str(error), field="publiceringsdatum", value=said.published_on or "") from error
    return Notice(
        notice_identifier=identifier,
        version="01",
        form_type=form,
        procedure_id=said.number,
        procedure_type=said.procedure,
        legal_basis=said.legal_basis,
        language="SWE",
        title=said.title,
        published_on=published_on,
        country="SE",
        contract_nature=said.nature,
        cpv_main=said.cpv,
        **{"parties": (Party(role="buyer", organisation=said.buyer),)} | more,
    )


def _award(rows: Sequence[Mapping[str, Any]]) -> Iterator[Record | Drift]:
    suppliers: dict[Mention, None] = {}
    buyers: dict[Mention, None] = {}
    lot = None
    said = procurement(Row(rows[0]))
    for cells in rows:
        row = Row(cells)
        buyers[procurement(row).buyer] = None
        lot = row.take(columns.LOT)
        row.fields.ignore(*_NOT_TRUSTED, *columns.MEASURES["awards"])
        suppliers[_supplier(row)] = None
        yield from row.left_over()
    yield Contract(
        kind="award",
        reference=said.number,
        title=said.title,
        buyers=tuple(buyers),
        procedure_id=said.number,
        lot_number=lot,
        cpv_main=said.cpv,
        framework=said.framework,
        suppliers=tuple(ContractSupplier(organisation=mention) for mention in suppliers),
    )


def _tenders(stream: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Record | Drift]:
    lots: dict[str, Lot] = {}
    parties: dict[Party, None] = {}
    said = procurement(Row(rows[0]))
    for cells in rows:
        row = Row(cells)
        parties[Party(role="buyer", organisation=procurement(row).buyer)] = None
        number = row.take(columns.LOT) or WHOLE
        row.fields.ignore(*_NOT_TRUSTED)
        if stream == "tenderers":
            row.fields.ignore(*columns.MEASURES["tenderers"])
            lots[number] = Lot(lot_number=number)
            parties[Party(role="tenderer", organisation=_supplier(row), lot_number=number)] = None
        else:
            received = _count(row)
            if number in lots and lots[number].tenders_received != received:
                reason = "two rows count the tenders of one lot differently"
                raise RecordRejected(reason, field=columns.LOT, value=number)
            lots[number] = Lot(lot_number=number, tenders_received=received)
        yield from row.left_over()
    yield _notice(said, f"{said.number}/{stream}", "result", lots=tuple(lots.values()), parties=tuple(parties))


def _supplier(row: Row) -> Mention:
    row.fields.ignore(*_SUPPLIER_IGNORED)
    supplier = Mention.of(row.take(columns.SUPPLIER), row.take(columns.SUPPLIER_NUMBER))
    if supplier.identifier_as_written and not supplier.pseudonym:
        supplier = Mention.of(supplier.name, supplier.identifier_as_written, country="SE")
        if supplier.identifier is None:  # a foreign number: nobody says of which country
            supplier = supplier.model_copy(update={"country": None})
    if not (supplier.name or supplier.identifier or supplier.pseudonym):
        raise RecordRejected("the row does not say who the supplier is", field=columns.SUPPLIER)
    return supplier


def _figure(row: Row, stream: StreamName) -> Decimal | None:
    """The data set's figure, exact; ``None`` when it is not known. The whole column missing is drift."""
    names = columns.MEASURES[stream]
    name = next((name for name in names if row.has(name)), "")
    if not name:
        row.drift.append(Drift("missing_field", names[0]))
        return None
    if (written := row.take(name)) is None:
        return None
    try:
        if _AMBIGUOUS.fullmatch(written):
            raise RecordRejected("thousands or decimals: the figure can be read in two ways", field=name, value=written)
        return parse_amount(written, "," if "," in written else ".")
    except ValueError as error:
        raise RecordRejected(str(error), field=name, value=written) from error


def _count(row: Row) -> int | None:
    figure = _figure(row, "tender_counts")
    if figure is not None and (figure < 0 or figure != int(figure)):
        raise RecordRejected("not a number of tenders", field="antal anbud", value=str(figure))
    return None if figure is None else int(figure)


def _amount(row: Row, stream: StreamName) -> Money | None:
    figure = _figure(row, stream)
    return None if figure is None else Money.of(figure, "SEK")
