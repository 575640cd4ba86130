"""Codes of the answers and what each means to the hub, as they stand in ``data/codes.json``.

Source: Bolagsverket, "Kodlista för nedladdningsbara filer" (captured May 2026), without the suffixes of the bulk file;
``juridiskForm``: Statistics Sweden's list of legal forms, as far as it is known. Others are reported.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

FORMS: Final = "organisationsform"
LEGAL_FORMS: Final = "juridiskForm"
DISSOLUTIONS: Final = "avregistreringsorsak"
PROCEDURES: Final = "forfarande"
NAMES: Final = "organisationsnamntyp"


def meanings(code_list: str) -> dict[str, str]:
    """Code → meaning, for one list."""
    return _lists()[code_list]


@cache
def _lists() -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = json.loads(
        files(__package__).joinpath("data/codes.json").read_text(encoding="utf-8")
    )
    return lists
