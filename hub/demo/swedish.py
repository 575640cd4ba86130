"""Numbers, dates and lists as they are written in Swedish."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

THIN_SPACE: Final = "\u202f"
_MINUS: Final = "\u2212"
_MONTHS: Final = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
                  "november", "december")  # fmt: skip
_WORDS: Final = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def number(value: int) -> str:
    """``12 345``."""
    return f"{value:,}".replace(",", THIN_SPACE).replace("-", _MINUS)


def kronor(ore: int) -> str:
    """``12 345 kr``: whole kronor, half a krona away from zero."""
    whole = (abs(ore) + 50) // 100
    return f"{number(-whole if ore < 0 else whole)}{THIN_SPACE}kr"


def exact(ore: int) -> str:
    """``12345.67``, for machines."""
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def share(part: int, whole: int) -> str:
    """``8,0 %`` of a whole; a dash when there is no whole to have a part of."""
    if whole <= 0:
        return "–"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}{THIN_SPACE}%"


def day(stored: str | None) -> str:
    """``8 januari 2027`` for a stored date or instant."""
    if not stored:
        return ""
    found = date.fromisoformat(stored[:10])
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def count(value: int, one: str, many: str) -> str:
    """``ett företag``, ``tre företag``, ``14 företag``: small numbers in words."""
    if value == 1:
        return one
    return f"{_WORDS[value] if 0 <= value < len(_WORDS) else number(value)} {many}"


def identifier(digits: str) -> str:
    """``769920-1039``; other countries' numbers as they are."""
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 10 and digits.isdigit() else digits  # noqa: PLR2004


def listed(words: Iterable[str]) -> str:
    """``a, b och c``."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} och {last}" if most else last
