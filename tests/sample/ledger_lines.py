"""The ledger's lines of one year, before they are written in a publisher's layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tests.sample.directory import BY_KEY
from tests.sample.notices import PROCEDURES
from tests.sample.numbers import Dice, hyphen, orgnr, wrong
from tests.sample.purchases import ARBETE, GRANTS, KS, KULTUR, PURCHASES, SKOLA, SOCIAL, TEKNIK, Purchase
from tests.sample.register_faults import invented_person

Kind = Literal[
    "linked", "name_only", "internal_number", "wrong_check_digit", "foreign_number", "masked", "person_number",
    "person_number_in_name",
]  # fmt: skip


@dataclass(frozen=True)
class Line:
    kind: Kind
    supplier: str  # the organisation's key, or nothing
    name: str
    identifier: str
    account: str
    unit: str
    ore: int
    day: str
    document: str  # lines of one invoice share it
    agreement: str = ""

    @property
    def grant(self) -> bool:
        return self.account.startswith("45")


# name, identifier (empty, internal or mistyped), account, unit, rows a year, highest amount
_UNLINKED: Final[tuple[tuple[Kind, str, str, str, str, int, int], ...]] = (
    ("name_only", "Kafé Hörnstenen", "", "7150", KULTUR, 8, 4_000),
    ("name_only", "Konferensgården Skogsgläntan", "", "7150", KS, 10, 30_000),
    ("name_only", "Blomsterhandeln vid Torget", "", "7150", KS, 8, 2_000),
    ("name_only", "Städhjälpen Norr", "-", "7451", SOCIAL, 12, 60_000),
    ("internal_number", "Vikarieförmedlingen Exempel", "104512", "7499", SKOLA, 14, 90_000),
    ("internal_number", "Återbruksvarvet", "100877", "7050", SKOLA, 6, 18_000),
    ("internal_number", "Provinge Maskinstation", "102210", "6510", TEKNIK, 10, 45_000),
    ("wrong_check_digit", "Kooperativet Renhand ek. för.", wrong(BY_KEY["renhand"].number), "7451", KULTUR, 5, 9_000),
    ("wrong_check_digit", "Larm och Lås i Låtsasby AB", hyphen(wrong(orgnr("AB", 98117))), "7499", TEKNIK, 9, 25_000),
    ("foreign_number", "Nordlicht Lehrmittel GmbH", "DE999000111", "6450", SKOLA, 5, 20_000),
)  # fmt: skip
_MASKS: Final = {
    2025: (("*****", "******-****", 44),),
    2026: (("[innehåller personuppgifter]", "", 30), ("[Kan innehålla personuppgifter]", "0", 10)),
}
_SOLE_TRADERS: Final = ("Testsson Snickeri", "Elvan Testsson Foto", "Städfirma Tian Testsson", "Nian Testssons Taxi")
_PERSON_ROWS: Final = 18


def agreement_on(reference: str, day: str) -> str:
    """The agreement's reference, if it was in force on the day."""
    for procedure in PROCEDURES:
        for award in procedure.awards:
            lot = procedure.lots[award.lot - 1]
            if award.reference == reference and lot.starts <= day <= lot.ends:
                return reference
    return ""


def lines(year: int, months: int) -> list[Line]:
    dice = Dice(f"ledger {year}")
    found: list[Line] = []
    for purchase in (*PURCHASES, *GRANTS):
        found += _invoices(dice, purchase, year, months)
    found += _strangers(dice, year, months)
    found += _persons(dice, year, months)
    found.sort(key=lambda line: (line.day, line.document))
    found += found[40:42]  # identical lines, twice in the file: both are meant
    return sorted(found, key=lambda line: (line.day, line.document))


def _day(dice: Dice, year: int, month: int) -> str:
    return f"{year}-{month:02d}-{dice.between(1, 28):02d}"


def _invoices(dice: Dice, purchase: Purchase, year: int, months: int) -> list[Line]:
    org = BY_KEY[purchase.supplier]
    found = []
    count = max(1, purchase.invoices * months // 12)
    grant = purchase in GRANTS
    for index in range(count):
        day = _day(dice, year, 1 + index * months // count)
        if index == 0 and dice.chance(6):  # booked on the year, dated in the one before
            day = f"{year - 1}-12-{dice.between(27, 31)}"
        ore = dice.between(purchase.low * 100, purchase.high * 100)
        if grant or dice.chance(35):
            ore -= ore % 10_000
        parts = [ore]
        if not grant and dice.chance(10):  # one invoice on two lines
            parts = [ore * 3 // 5, ore - ore * 3 // 5]
        if not grant and dice.chance(3):  # a credit note
            parts.append(-(ore * dice.between(10, 100) // 100))
        document = f"{purchase.supplier}-{index}"
        name, number = _name(dice, org.name), _number(dice, org.number)
        for part, amount in enumerate(parts):
            found.append(
                Line("linked", org.key, name, number, purchase.account, purchase.unit, amount, day,
                     document + ("k" if amount < 0 else "") + ("" if part < 2 else "x"),
                     agreement_on(purchase.agreement, day) if purchase.agreement else "")
            )  # fmt: skip
    return found


def _name(dice: Dice, name: str) -> str:
    """Names vary from row to row; the number is what counts."""
    choice = dice.below(12)
    if choice == 0:
        return name.upper()
    if choice == 1:
        return name.replace("ekonomisk förening", "ek. för.").replace(" AB", " Aktiebolag")
    return f" {name}" if choice == 2 else name


def _number(dice: Dice, number: str) -> str:
    choice = dice.below(20)
    return {0: hyphen(number), 1: hyphen(number), 2: f"16{number}", 3: f"SE{number}01"}.get(choice, number)


def _strangers(dice: Dice, year: int, months: int) -> list[Line]:
    found = []
    for kind, name, identifier, account, unit, rows, high in _UNLINKED:
        found += [
            Line(kind, "", name, identifier, account, unit, dice.between(20_000, high * 100),
                 _day(dice, year, dice.between(1, months)), f"{name}-{index}")
            for index in range(max(1, rows * months // 12))
        ]  # fmt: skip
    for name, identifier, rows in _MASKS[year]:
        for index in range(rows):
            account, unit = dice.pick((("4520", ARBETE), ("4635", SOCIAL), ("7499", SKOLA)))
            found.append(
                Line("masked", "", name, identifier, account, unit, dice.between(50_000, 1_800_000),
                     _day(dice, year, dice.between(1, months)), f"{name}-{index}")
            )  # fmt: skip
    return found


def _persons(dice: Dice, year: int, months: int) -> list[Line]:
    """Sole traders: the number in the column of organisation numbers is a person's."""
    found = []
    for index in range(_PERSON_ROWS):
        number = invented_person(index % 4 * 3)
        spelling = (hyphen(number[2:]), number[2:], number)[index % 3]
        found.append(
            Line("person_number", "", _SOLE_TRADERS[index % 4], spelling, "7499", TEKNIK,
                 dice.between(80_000, 4_000_000), _day(dice, year, dice.between(1, months)), f"person-{index}")
        )  # fmt: skip
    if year == 2026:
        name = f"Femman Testsson {hyphen(invented_person(20)[2:])}"
        found.append(Line("person_number_in_name", "", name, "", "7499", KS, 412_550, "2026-05-12", "person-namn"))
    return found
