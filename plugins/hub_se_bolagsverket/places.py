"""Which municipality a Swedish postal code lies in.

Source: sjbrg/swedish-geodata 03b0a24 (2026-02-11), CC0, kept in ``data/postal_codes.txt``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def municipality_of(postal_code: str) -> str | None:
    """The municipality's four-digit code; ``None`` when the postal code is unknown or lies in several."""
    return _table().get(postal_code.replace(" ", ""))


@cache
def _table() -> dict[str, str | None]:
    table: dict[str, str | None] = {}
    with files(__package__).joinpath("data/postal_codes.txt").open(encoding="ascii") as file:
        for line in file:
            if line.startswith("#"):
                continue
            municipality, *postal_codes = line.split()
            for postal_code in postal_codes:
                table[postal_code] = None if postal_code in table else municipality
    return table
