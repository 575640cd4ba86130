"""Publication numbers in all their spellings."""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = re.compile(r"0*(\d{1,8})-(\d{4})")
_OJS: Final = re.compile(r"(\d{4})/S\s*(?:\d{1,3}\s*-\s*)?0*(\d{1,8})")


def publication_number(written: str | None) -> str | None:
    """``421816-2024`` from ``00421816-2024`` (eForms), ``005302-2011`` or ``2011/S 4-005302`` (TED XML).

    ``None`` for anything else: national feeds write ``n.a.`` or their own numbers.
    """
    compact = (written or "").strip()
    if match := _PLAIN.fullmatch(compact):
        return f"{int(match[1])}-{match[2]}" if int(match[1]) else None
    if match := _OJS.fullmatch(compact):
        return f"{int(match[2])}-{match[1]}" if int(match[2]) else None
    return None


def reference(written: str) -> str:
    """A pointer to another notice: publication numbers in one form, all else (``UUID-01``) as written."""
    return publication_number(written) or written


def notice_url(number: str) -> str:
    """The notice's page on TED."""
    return f"https://ted.europa.eu/en/notice/-/detail/{number}"
