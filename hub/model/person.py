"""Natural persons: who is one, and how their numbers are kept out (DESIGN rule 11, ADR 0004).

A Swedish sole trader's organisation number *is* a personal identity number (personnummer), ten digits with the third
below 2 (the month's first digit), where every legal person's third digit is 2 or more. Co-ordination numbers
(samordningsnummer) add 60 to the day. Source: lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.;
folkbokföringslag (1991:481) 18 §; Skatteverket SKV 704 and 707.
"""

from __future__ import annotations

import hmac
import re
from hashlib import blake2b
from typing import Final

PSEUDONYM_PREFIX: Final = "person:"

# The separator may be "-", "+" (over 100 years old), a space or nothing. Not inside a longer run of digits, word
# characters or a UUID, where ten digits mean something else.
_CANDIDATE: Final = re.compile(
    r"(?<![\w.\-])(?:1[689]|20)?(?P<date>\d{6})[-+\u2013\u2212 ]?(?P<serial>\d{4})(?![\w\-]|[.,]\d)"
)
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def luhn_valid(digits: str) -> bool:
    """Whether a string of digits passes the Luhn (mod 10) check that Swedish numbers end with."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        digit = ord(char) - 48
        total += _DOUBLED[digit] if position % 2 else digit
    return total % 10 == 0


def is_person_number(text: str) -> bool:
    """Whether ``text`` as a whole is a Swedish personal identity or co-ordination number, in any usual spelling.

    Ten digits, or twelve with a century or the ``16`` prefix of company systems; with or without a separator. The
    date must exist and the check digit hold: ``8001011234`` with a wrong last digit is not a person's number.
    """
    match = _CANDIDATE.fullmatch(text.strip())
    return match is not None and _plausible(match["date"], match["serial"])


def looks_like_person_number(text: str) -> bool:
    """Like :func:`is_person_number`, but forgives a wrong check digit.

    For columns that hold organisation numbers: a ten-digit value with a possible birth date in it is a mistyped
    person's number rather than anybody's organisation number (those have a third digit of at least 2).
    """
    match = _CANDIDATE.fullmatch(text.strip())
    return match is not None and _is_date(match["date"])


def contains_person_number(text: str) -> bool:
    """Whether a personal number stands anywhere in ``text``."""
    return any(_plausible(match["date"], match["serial"]) for match in _CANDIDATE.finditer(text))


def mask_person_numbers(text: str, replacement: str = "[personnummer]") -> tuple[str, int]:
    """``text`` with every personal number replaced, and how many there were."""
    count = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal count
        if not _plausible(match["date"], match["serial"]):
            return match[0]
        count += 1
        return replacement

    return _CANDIDATE.sub(replace, text), count


def pseudonym(value: str, key: bytes) -> str:
    """A keyed, one-way stand-in for a person's number: equal for equal persons, meaningless without the key.

    Spelling does not matter (``19800101-1231``, ``8001011231`` and ``16800101-1231`` give one pseudonym); any other
    text is taken as it stands.
    """
    match = _CANDIDATE.fullmatch(value.strip())
    plain = match["date"] + match["serial"] if match else " ".join(value.split()).casefold()
    digest = hmac.new(key, plain.encode(), lambda data=b"": blake2b(data, digest_size=20)).hexdigest()
    return PSEUDONYM_PREFIX + digest[:20]


def is_pseudonym(text: str) -> bool:
    """Whether ``text`` was made by :func:`pseudonym`."""
    return text.startswith(PSEUDONYM_PREFIX)


def _plausible(date: str, serial: str) -> bool:
    return _is_date(date) and luhn_valid(date + serial)


def _is_date(date: str) -> bool:
    month, day = int(date[2:4]), int(date[4:6])
    if day > 60:  # noqa: PLR2004 - a co-ordination number: day + 60
        day -= 60
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]
