"""What is strange in the company register's file: shapes that the real file has, on invented organisations."""

from __future__ import annotations

from typing import Final

from tests.sample.numbers import Dice, orgnr, person_number, wrong
from tests.sample.organisations import Org

ODD: Final = (
    Org("odd-citat", "AB", 99016, "Tum och Mått Verktyg AB", "1996-06-03",
        'Handel med verktyg, skärmar på 24" och "smått och gott" för hemmet.', why="stray quotation marks"),
    Org("odd-nul", "AB", 99123, "Bitfelet Elektronik AB", "2003-09-15", "Lödning\x00 och montering.", why="a NUL"),
    Org("odd-null", "AB", 99230, "Null och Noll AB", "2022-02-22", "null", ended="null", ended_why="null",
        why="the word null instead of nothing"),
    Org("odd-tecken", "AB", 99347, "Strecket och Dollarn AB", "2012-01-09", "Restaurang | event $ fest.",
        why="separators in free text"),
    Org("odd-namn", "AB", 99454, "Nordanvind Logistik AB", "2001-02-05", "Lagerhållning.", town="Påhittestad",
        more_names="|Northwind Sample Logistics Ltd$FORNAMN_FRSPRAK-ORGNAM$2005-01-10"
        "|Nordanvind Moped$SARS_FORNAMN-ORGNAM$2019-04-15$Handel med mopeder.", why="three names"),
    Org("odd-form", "NYF", 99561, "Påhittade Nyttoföreningen", "2020-10-05", "Uthyrning av lokaler.",
        why="a form code that no list has"),
    Org("odd-filial", "FL", 99678, "Sample Ventures Ltd, filial i Exempelköping", "2016-05-16", "Agentur.",
        why="a branch: no legal person of its own"),
)  # fmt: skip
# Organisations that stand on a second row, under another name protection number.
TWICE: Final = ("overskottskoket", "storkok")

# A wrong check digit; a row that stops in the middle.
BROKEN_ROWS: Final = (
    ";".join((
        f'"{wrong(orgnr("AB", 99785))}$ORGNR-IDORG"', '"1"', '"SE-LAND"',
        '"Felsiffran i Sagoby AB$FORETAGSNAMN-ORGNAM$2018-08-20"', '"AB-ORGFO"', '""', '""', '""', '"2018-08-20"',
        '"Butik."', '"Storgatan 9$$FABELVIK$99150$SE-LAND"',
    )),
    ";".join((
        f'"{orgnr("AB", 99892)}$ORGNR-IDORG"', '"1"', '"SE-LAND"',
        '"Avhugget Virke AB$FORETAGSNAMN-ORGNAM$2011-11-14"', '"AB-ORGFO"', '""',
    )),
)  # fmt: skip

_GIVEN: Final = ("Tolvan", "Elvan", "Tian", "Nian", "Åttan", "Sjuan", "Sexan", "Femman")
_TRADE: Final = ("Snickeri", "Taxi", "Städ", "Massage", "Foto", "Hundtrim", "Trädgård", "Flytt")
SOLE_TRADERS: Final = 32


def sole_traders() -> tuple[str, ...]:
    """Rows of natural persons (32 persons on 36 rows): the reader must drop them."""
    dice = Dice("sole traders")
    rows = []
    for index in range(SOLE_TRADERS):
        number = invented_person(index)
        identity = f"{number}$PERSON-IDORG"
        if index == SOLE_TRADERS - 1:  # a person's number that is marked as an organisation's
            identity = f"{number[2:]}$ORGNR-IDORG"
        for counter in range(2 if index % 9 == 4 else 1):
            name = f"{_TRADE[(index + counter) % 8]}firma {_GIVEN[index // 4]} Testsson"
            since = f"{dice.between(1988, 2024)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
            ended = counter == 1
            rows.append(
                f'"{identity}";"{counter + 1}";"SE-LAND";"{name}$FORETAGSNAMN-ORGNAM${since}";"E-ORGFO";'
                f'"{"2025-01-31" if ended else ""}";"{"VERKUPP-AVORG" if ended else ""}";"";"{since}";'
                f'"{_TRADE[(index + counter) % 8]}.";"Testvägen {index + 1}$c/o Testsson$EXEMPELKÖPING$99020$SE-LAND"'
            )
    return tuple(rows)


def invented_person(index: int) -> str:
    """The personal number (12 digits) of one of the invented persons."""
    year, month, day = 1940 + index * 2, index % 12 + 1, index * 7 % 28 + 1
    return person_number(f"{year}{month:02d}{day:02d}", 980 + index % 9 if year < 1990 else 238 + index % 2)
