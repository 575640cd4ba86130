"""The two ledger files: one as the national specification 1.1 says, one as a large city writes it."""

from __future__ import annotations

import csv
import io
from typing import Final

from tests.sample.directory import BY_KEY
from tests.sample.ledger_lines import Line, lines
from tests.sample.numbers import Dice
from tests.sample.purchases import ACCOUNTS

MUNICIPALITY_CODE: Final = "2499"
MONTHS: Final = {2025: 12, 2026: 10}
COLUMNS: Final = (
    "kopare_id", "kopare", "verifikationsnummer", "leverantor", "leverantor_id", "konto_nr", "konto_text", "belopp",
    "datum", "forvaltning", "fakturanummer", "grund", "avtal", "kommun_id", "s_kod_nr",
)  # fmt: skip


def year_lines(year: int) -> list[Line]:
    return lines(year, MONTHS[year])


def ledger_2025() -> bytes:
    """UTF-8, semicolon, decimal point; the total as last row, and one row whose supplier number is missing."""
    rows = _rows(2025, ".")
    shifted = list(rows[600])
    shifted[2:] = [*shifted[2:4], *shifted[5:9], shifted[4], *shifted[9:14]]
    rows.insert(601, tuple(shifted))
    return _csv(rows, ";", "\n", _total(2025, "Totalt", ".")).encode()


def ledger_2026() -> bytes:
    """UTF-16 with byte order mark, comma, decimal comma; filler rows, a total, and one row without an amount."""
    rows = _rows(2026, ",")
    unreadable = list(rows[500])
    unreadable[7] = "se bilaga"
    rows.insert(501, tuple(unreadable))
    empty = ("",) * len(COLUMNS)
    rows.insert(900, empty)
    return b"\xff\xfe" + _csv([*rows, empty], ",", "\r\n", _total(2026, "Summa", ",")).encode("utf-16-le")


def _rows(year: int, mark: str) -> list[tuple[str, ...]]:
    buyer = BY_KEY["kommunen"]
    dice = Dice(f"invoice numbers {year}")
    vouchers: dict[str, tuple[str, str]] = {}
    rows: list[tuple[str, ...]] = []
    for line in year_lines(year):
        if line.document not in vouchers:
            invoice = "" if line.grant else str(dice.between(1_000, 9_999_999))
            vouchers[line.document] = (f"{year % 100}{len(vouchers) + 1:06d}", invoice)
        voucher, invoice = vouchers[line.document]
        rows.append((
            buyer.number, buyer.name, voucher, line.name, line.identifier, line.account, ACCOUNTS[line.account],
            amount(line.ore, mark), line.day, line.unit, invoice, "", line.agreement, MUNICIPALITY_CODE, "",
        ))  # fmt: skip
    return rows


def amount(ore: int, mark: str) -> str:
    kronor, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{kronor}{mark}{rest:02d}"


def _total(year: int, label: str, mark: str) -> tuple[str, ...]:
    total = amount(sum(line.ore for line in year_lines(year)), mark)
    return ("", "", "", label, "", "", "", total, *[""] * 7)


def _csv(rows: list[tuple[str, ...]], delimiter: str, line_end: str, total: tuple[str, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerows((COLUMNS, *rows, total))
    return text.getvalue()
