"""The two membership lists: the register of idéburna organisationer (CSV) and the ASF list (XLSX)."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.directory import BY_KEY
from tests.sample.numbers import hyphen, orgnr, wrong
from tests.sample.workbook import Cell, workbook

# key, registered, deregistered
IDEBURNA_MEMBERS: Final = (
    ("traffpunkt", "2023-02-01", ""),
    ("diakoni", "2023-03-20", ""),
    ("sprakvannerna", "2023-04-12", ""),
    ("familjestod", "2023-05-22", "2025-05-31"),
    ("skyddsjouren", "2023-06-07", ""),
    ("laxlyftet", "2023-09-18", ""),
    ("handihand", "2023-11-06", ""),
    ("solglantan", "2024-01-15", ""),
    ("provingeif", "2024-05-02", ""),
    ("byskolan", "2025-08-01", ""),
)
# A member whose number was mistyped: kept as written, linked to nobody.
MISTYPED: Final = ("Kulturhuset Attrappen", hyphen(wrong(orgnr("I", 90107))), "2024-10-21")


def ideburna() -> str:
    rows = [
        (BY_KEY[key].name, BY_KEY[key].written, since, until, BY_KEY[key].town)
        for key, since, until in IDEBURNA_MEMBERS
    ]
    rows.append((MISTYPED[0], MISTYPED[1], MISTYPED[2], "", "Fabelvik"))
    rows.sort(key=lambda row: row[2])
    lines = ["Registernummer;Organisationsnamn;Organisationsnummer;Registreringsdatum;Avregistreringsdatum;Ort"]
    lines += [f"IO-{index:04d};" + ";".join(row) for index, row in enumerate(rows, 1)]
    return "\r\n".join(lines) + "\r\n"


# key, how the list spells the number, member since
ASF_MEMBERS: Final = (
    ("renhand", "hyphen", date(2012, 4, 1)),
    ("aterbruksvarvet", "digits", date(2010, 9, 1)),
    ("hornstenen", "number", date(2016, 1, 1)),
    ("mojligheten", "spaces", date(2010, 5, 1)),
    ("pahittkoop", "vat", date(2015, 10, 1)),
)


def asf() -> bytes:
    rows: list[tuple[Cell, ...]] = [("Medlem nr", "Företag", "Organisationsnummer", "Ort", "Medlem sedan")]
    for index, (key, spelling, since) in enumerate(ASF_MEMBERS, 1):
        org = BY_KEY[key]
        spelt: dict[str, Cell] = {
            "hyphen": org.written,
            "digits": org.number,
            "number": int(org.number),
            "spaces": f" {org.written} ",
            "vat": f"SE{org.number}01",
        }
        rows.append((index, org.name, spelt[spelling], org.town, since))
    rows.append((len(rows), "Kafé Lyktan (resultatenhet)", None, "Fabelvik", date(2019, 2, 1)))
    return workbook("ASF-företag", rows)
