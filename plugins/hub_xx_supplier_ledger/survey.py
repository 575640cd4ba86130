"""The first look through a file: everything that one row cannot tell but all of them can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final

from hub.sdk import ContractBroken, Identifier
from hub.sdk.formats import Row, Table
from hub_xx_supplier_ledger.dialect import Evidence, is_placeholder, read_date
from hub_xx_supplier_ledger.headings import AMOUNTS, DATES
from hub_xx_supplier_ledger.layout import HEAD, Layout, find_layout, fold
from hub_xx_supplier_ledger.period import is_month_or_year, period_as_told, period_of_name, read_period
from hub_xx_supplier_ledger.privacy import is_masked

_CHECKED_COUNTRIES: Final = frozenset({"SE", "FI", "NO", "DK", "FR", "EE"})
"""Where the organisation number has a check digit."""
_NUMBERS_LOOKED_AT: Final = 5_000
_NUMBERS_NEEDED: Final = 20
_VALID_SHARE: Final = 0.3
"""Below this an organisation number column holds something else. Chance alone makes one number in ten pass."""
_YEAR_PERCENT: Final = 95
_NO_CONTENT: Final = " \t\u00a0\x1a"
"""What may stand behind the last line end. Old programs end a text with Ctrl-Z."""


@dataclass(slots=True)
class Survey:
    """What a file is like."""

    layout: Layout
    country: str
    evidence: Evidence = field(default_factory=Evidence)
    last_row: int = 0
    """Number of the last row with content."""
    buyers: set[tuple[str, str]] = field(default_factory=set)
    """(number, name) as written; no more than two are kept, since only "one" or "several" matters."""
    months: Counter[str] = field(default_factory=Counter)
    """Rows by month of the date that will be used, or by period where rows have no date."""
    has_dates: bool = False
    periods_agree: int = 0
    """Rows whose period is their date's month, less those where it is not."""
    numbers: Counter[bool] = field(default_factory=Counter)
    """Organisation numbers by whether they are valid."""

    @property
    def decimal_mark(self) -> str:
        """The decimal mark of the amounts."""
        return self.evidence.decimal_mark(self.country)[0]

    @property
    def periods_are_calendar(self) -> bool:
        """False where the period column counts months of a financial year (201311 is February 2014 in Gateshead)."""
        return self.periods_agree >= 0

    @property
    def numbers_are_internal(self) -> bool:
        """Whether the organisation number column holds the buyer's own supplier numbers."""
        seen = self.numbers.total()
        return seen >= _NUMBERS_NEEDED and self.numbers[True] < _VALID_SHARE * seen

    @property
    def amount_is_net(self) -> bool:
        """Whether ``belopp`` means what the Swedish specification says, without VAT, because the header is its own."""
        fields = self.layout.fields
        return fold(fields.get("buyer_id", "")) == "kopareid" and fold(fields.get("amount", "")) == "belopp"

    def period(self, stem: str, pattern: str | None = None) -> str:
        """The month or year that the file is for, if its name says so and its dates do not contradict it."""
        named = period_as_told(pattern, stem) if pattern else period_of_name(stem)
        if not is_month_or_year(named):
            return ""
        within = sum(count for month, count in self.months.items() if month.startswith(named))
        return named if not self.months or within * 2 >= self.months.total() else ""

    def buyer(self, told: str) -> str:
        """Whose file it is: a valid number as such, else whatever names them; nothing when rows name several.

        ``told`` is the configured buyer, for rows that do not give a valid number.
        """
        number, name = next(iter(self.buyers)) if len(self.buyers) == 1 else ("", "")
        valid = Identifier.parse(number, country=self.country) or Identifier.parse(told, country=self.country)
        return valid.value if valid else " ".join((told or number or name).split())

    def year(self) -> str:
        """The calendar year that nearly all rows lie in, if there is one. Ledgers hold some of the years beside it."""
        years: Counter[str] = Counter()
        for month, rows in self.months.items():
            years[month[:4]] += rows
        year, rows = max(years.items(), key=itemgetter(1), default=("", 0))
        return year if rows * 100 >= _YEAR_PERCENT * years.total() else ""


def survey(table: Table, country: str, told: Mapping[str, str], header_row: int | None = None) -> Survey:
    """Read the table once. Raises ``ContractBroken`` when it is no ledger, or only the first part of one."""
    rows = table.rows()
    head = list(islice(rows, HEAD))
    layout = find_layout(head, told, where=table.path.name, header_row=header_row)
    found = Survey(layout, country)
    amounts = [
        i for i, label in enumerate(layout.labels) if label in {layout.fields.get(f) for f in (*AMOUNTS, "vat_amount")}
    ]
    for row in chain(head, rows):
        if row.number <= layout.header_row:
            continue
        _refuse_cut(row, len(layout.labels), table.path.name)
        line = layout.line(row)
        if not line:
            continue
        found.last_row = row.number
        for index in amounts:
            if index < len(row.cells) and index not in row.exact:
                found.evidence.see_amount(row.cells[index])
        for name in DATES:
            if text := layout.take(line, name):
                found.evidence.see_date(text)
        _see_time(found, line)
        _see_names(found, line)
    return found


def _refuse_cut(row: Row, columns: int, name: str) -> None:
    """Raise ``ContractBroken`` when the file ends within the row: the rows after it would be taken for withdrawn."""
    if row.end == "line" or (row.end == "file" and len(row.cells) >= columns):
        return
    if not any(cell.strip(_NO_CONTENT) for cell in row.cells) and len(row.cells) <= 1:
        return
    raise ContractBroken(
        f"the file ends in the middle of row {row.number:,}; it was probably not copied whole",
        where=f"{name}:{row.number}",
        instruction="copy it again (or put a line end behind the last row, if the file is whole)",
    )


def _see_time(found: Survey, line: Mapping[str, str]) -> None:
    take = found.layout.take
    period = read_period(take(line, "period") or take(line, "year"), take(line, "month"))
    # The order of day and month is not known yet, so that a month may be wrong in a file of such dates.
    written = next((text for name in DATES if not is_placeholder(text := take(line, name))), "")
    day = read_date(written, day_first=found.evidence.dates_day_first) if written else None
    if day is not None:
        month = f"{day:%Y-%m}"
        found.has_dates = True
        found.months[month] += 1
        if len(period) == len(month):
            found.periods_agree += 1 if period == month else -1
    elif period:
        found.months[period] += 1


def _see_names(found: Survey, line: Mapping[str, str]) -> None:
    take = found.layout.take
    if len(found.buyers) < 2:  # noqa: PLR2004
        who = (take(line, "buyer_id"), take(line, "buyer_name"))
        if any(who):
            found.buyers.add(who)
    number = take(line, "supplier_org_no").removesuffix(".0")
    if (
        found.country in _CHECKED_COUNTRIES
        and not is_placeholder(number)
        and not is_masked(number)
        and any(map(str.isdigit, number))
        and found.numbers.total() < _NUMBERS_LOOKED_AT
    ):
        found.numbers[Identifier.parse(number, country=found.country) is not None] += 1


def file_facts(found: Survey, **config: Any) -> dict[str, Any]:
    """What every raw record of the file carries so that it can be read by itself. Kept short: it repeats per row."""
    mark = found.decimal_mark
    facts: dict[str, Any] = {"country": found.country, "mark": mark, "fields": dict(found.layout.fields)}
    facts |= {name: value for name, value in config.items() if value}
    if not found.evidence.dates_day_first:
        facts["month_first"] = True
    if not found.periods_are_calendar:
        facts["fiscal_periods"] = True
    if found.numbers_are_internal:
        facts["internal_numbers"] = True
    if found.amount_is_net:
        facts["amount_is_net"] = True
    return facts
