"""Bolagsverket's code lists, as they stand in ``data/codes.csv``, and what each code means to the hub.

Source: Bolagsverket, "Kodlista för nedladdningsbara filer" (captured May 2026); codes marked so in the file
were seen in published rows only. ``means`` is the hub's reading: a kind of organisation, a status, or the
procedure it ends.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

FORMS: Final = "organisationsform"
DISSOLUTIONS: Final = "avregistreringsorsak"
PROCEDURES: Final = "forfarande"
NAMES: Final = "organisationsnamntyp"
COUNTRIES: Final = "land"


@cache
def meanings(code_list: str) -> dict[str, str]:
    """Code → meaning, for one list. Codes carry their suffix, as in the bulk file (``AB-ORGFO``)."""
    with files(__package__).joinpath("data/codes.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["means"] for row in csv.DictReader(file) if row["list"] == code_list}


def bare(code: str) -> str:
    """The code without its suffix, as Bolagsverket's API writes it: ``AB-ORGFO`` → ``AB``."""
    return code.rpartition("-")[0] or code
