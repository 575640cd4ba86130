"""What a file looks like before it is loaded: what was recognised, how surely, and what to write or to mend."""

from __future__ import annotations

import logging
import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from hub.sdk import Context, Money, Payment, RawRecord, RecordRejected, Reject, SourceError, mask_person_numbers
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.payment import LedgerRow, payment
from hub_xx_supplier_ledger.reader import LedgerFile, LedgerReader
from hub_xx_supplier_ledger.tally import Tally

if TYPE_CHECKING:
    from hub.sdk.recognition import Recognition

_NAMELESS: Final = "köparen som inte anges i filen"
_WEIGHTS: Final = (
    (("amount_net", "amount", "amount_gross", "debit", "credit"), Decimal("0.3"), "belopp"),
    (("supplier_name",), Decimal("0.2"), "leverantörens namn"),
    (("supplier_org_no", "supplier_vat_no"), Decimal("0.2"), "leverantörens organisationsnummer"),
    (("booking_date", "payment_date", "invoice_date", "period", "year"), Decimal("0.2"), "datum eller period"),
    (("voucher_no", "invoice_no", "account_code", "account_text"), Decimal("0.1"), "verifikation, faktura eller konto"),
)
"""What a ledger has, how much each adds to the sureness that it is one, and its Swedish name."""
_SURE_OF_ALL: Final = Decimal("0.99")
_PLAIN_KEY: Final = re.compile(r"[^a-z0-9]+")


class Sums(NamedTuple):
    """A file's payments added up."""

    rows: int
    total: tuple[Money, ...]
    rejected: Counter[str]
    first: str
    last: str


def inspect(file: Path, config: LedgerConfig | None) -> Recognition | None:
    """What ``file`` is, read whole; ``None`` when it is no ledger. Nothing of a person is in the answer."""
    from hub.sdk.recognition import Recognition

    told = config or LedgerConfig(path=file.name)
    of_file = told.of_file(file.name)
    unnamed = not (of_file.buyer or of_file.buyer_name)
    ctx = Context(
        source_id="inspect",
        config=told.model_copy(update={"profile": {}, **_settings(of_file), "buyer_name": _NAMELESS})
        if unnamed
        else told,
        now=datetime.now(UTC),
        root=file.parent,
        pseudonym_key=b"only for looking; kept nowhere...",
        log=_silent(),
    )
    reader = LedgerReader(ctx)
    try:
        looked = reader.look(file, ())
        sums = _sums(reader, looked)
    except SourceError:
        return None
    layout = looked.found.layout
    fields = {label: field for field, label in layout.fields.items()}
    missing = tuple(name for names, _, name in _WEIGHTS if not layout.fields.keys() & set(names))
    known = sum((weight for names, weight, _ in _WEIGHTS if layout.fields.keys() & set(names)), Decimal(0))
    read = Decimal(sums.rows) / (sums.rows + sums.rejected.total()) if sums.rows else Decimal(0)
    unsaid = unnamed and not looked.found.buyers
    return Recognition(
        kind="ledger",
        title="Leverantörsreskontra",
        sureness=min(known * read, _SURE_OF_ALL).quantize(Decimal("0.01")),
        columns=tuple((label, fields.get(label, "")) for label in layout.labels),
        ignored=tuple(label for label in layout.labels if label not in fields and label not in layout.unknown),
        missing=missing,
        rows=sums.rows,
        total=sums.total,
        period=_period(sums),
        notes=tuple(_notes(ctx, looked, sums, missing, unsaid=unsaid)),
        profile=_profile(file, looked, unsaid=unsaid),
    )


def _settings(config: LedgerConfig) -> dict[str, object]:
    return {field: getattr(config, field) for field in type(config).model_fields if field != "profile"}


def _silent() -> logging.Logger:
    log = logging.getLogger("hub_xx_supplier_ledger.inspection")
    log.propagate = False  # what it would say stands in the notes
    log.addHandler(logging.NullHandler())
    return log


def _sums(reader: LedgerReader, file: LedgerFile) -> Sums:
    """Raises ``SourceError`` when the file turns out damaged."""
    rows, rejected, total = 0, Counter[str](), Counter[str]()
    first, last = "", ""
    for item in reader.read(file, Tally()):
        if isinstance(item, Reject):
            rejected[item.reason.partition(" → ")[0]] += 1
        elif isinstance(item, RawRecord):
            try:
                paid = _payment(item)
            except RecordRejected as error:
                rejected[error.reason] += 1
                continue
            rows += 1
            total[paid.value.currency] += paid.value.amount_minor
            when = f"{paid.dated_on:%Y-%m}" if paid.dated_on else paid.period or ""
            if when:
                first, last = min(first or when, when), max(last, when)
    return Sums(
        rows,
        tuple(Money(amount_minor=minor, currency=currency) for currency, minor in sorted(total.items())),
        rejected,
        first,
        last,
    )


def _payment(raw: RawRecord) -> Payment:
    if isinstance(raw.payload, bytes):
        raise RecordRejected("a ledger row is a mapping", where=raw.origin)
    return payment(LedgerRow(raw.payload, raw.origin), raw.key)


def _period(sums: Sums) -> str | None:
    if not sums.first:
        return None
    return sums.first if sums.first == sums.last else f"{sums.first}--{sums.last}"


def _notes(
    ctx: Context[LedgerConfig], file: LedgerFile, sums: Sums, missing: tuple[str, ...], *, unsaid: bool
) -> list[str]:
    found = file.found
    notes = [f"Kolumn för {name} saknas." for name in missing]
    if unsaid:
        notes.append("Filen anger inte vem köparen är: skriv kommunens organisationsnummer i `buyer`.")
    if found.layout.unknown:
        notes.append(f"Okända kolumner, som inte läses: {', '.join(found.layout.unknown)}.")
    if found.numbers_are_internal:
        notes.append("Kolumnen för organisationsnummer innehåller kommunens egna leverantörsnummer.")
    if ctx.counts["files_with_decimal_mark_by_country"]:
        notes.append(f"Decimaltecknet framgår inte av beloppen; {file.facts['mark']!r} antas. Ange `decimal`.")
    if ctx.counts["persons"]:
        notes.append(f"{ctx.counts['persons']} rader gäller privatpersoner och lagras utan namn och nummer.")
    for name, words in (("total_rows", "summarader"), ("filler_rows", "utfyllnadsrader")):
        if ctx.counts[name]:
            notes.append(f"{ctx.counts[name]} {words} räknas inte.")
    if sums.rejected:
        notes.append(f"{sums.rejected.total()} rader kan inte läsas. Vanligaste skäl: {_masked(sums.rejected)}.")
    return notes


def _masked(rejected: Counter[str]) -> str:
    return mask_person_numbers(rejected.most_common(1)[0][0])[0]


def _profile(file: Path, looked: LedgerFile, *, unsaid: bool) -> str:
    """What to write in ``[config]``: nothing, where everything was detected."""
    config, found = looked.config, looked.found
    lines = []
    if unsaid:
        lines.append('buyer = ""  # köparens organisationsnummer')
    if not config.decimal and found.evidence.decimal_mark(config.country)[1]:
        lines.append(f'decimal = "{found.decimal_mark}"')
    if found.layout.unknown:
        lines.append("# Ge okända kolumner ett fält, om de har ett:")
        lines.append("# columns = { " + ", ".join(f'{_quoted(name)} = "…"' for name in found.layout.unknown) + " }")
    if not lines:
        return ""
    name = _PLAIN_KEY.sub("-", file.stem.casefold()).strip("-") or "fil"
    return "\n".join([f"[config.profile.{name}]", f"files = {_quoted(mask_person_numbers(file.name)[0])}", *lines, ""])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
