"""The company register's bulk file, in the publisher's format."""

from __future__ import annotations

from typing import Final

from tests.sample.organisations import Org
from tests.sample.register_faults import BROKEN_ROWS, ODD, TWICE, sole_traders

HEADER: Final = (
    "organisationsidentitet;namnskyddslopnummer;registreringsland;organisationsnamn;organisationsform;"
    "avregistreringsdatum;avregistreringsorsak;pagandeAvvecklingsEllerOmstruktureringsforfarande;registreringsdatum;"
    "verksamhetsbeskrivning;postadress"
)


def row(org: Org, counter: int = 1) -> str:
    name = f"{org.name}$FORETAGSNAMN-ORGNAM${org.registered}{org.more_names}"
    if counter > 1:
        name = f"{org.name.split()[0]} Matlådan$SARS_FORNAMN-ORGNAM$2021-06-07$Matlådor."
    address = f"{org.street}${org.care_of}${org.town.upper()}${org.postal}$SE-LAND"
    values = (
        f"{org.number}$ORGNR-IDORG", str(counter), "SE-LAND", name, f"{org.form}-ORGFO", org.ended, org.ended_why,
        org.procedures, org.registered, org.purpose, address,
    )  # fmt: skip
    return ";".join(f'"{value}"' for value in values)


def bulk_file(organisations: tuple[Org, ...]) -> str:
    """All rows, persons and faults strewn in between: in the real file they are not together either."""
    rows = [row(org) for org in organisations if org.in_register]
    rows += [row(org, 2) for org in organisations if org.key in TWICE]
    for position, extra in enumerate((*sole_traders(), *(row(org) for org in ODD), *BROKEN_ROWS)):
        rows.insert((position * 7 + 3) % len(rows), extra)
    return "\n".join((HEADER, *rows)) + "\n"
