"""Natural persons: who is one, and how their numbers are kept out (DESIGN rule 11, ADR 0004).

A Swedish sole trader's organisation number *is* a personal identity number (personnummer), ten digits with the third
below 2 (the month's first digit), where every legal person's third digit is 2 or more. Co-ordination numbers
(samordningsnummer) add 60 to the day. A sole trader's VAT number is ``SE``, the ten digits and ``01``. Source: lag
(1974:174) om identitetsbeteckning för juridiska personer m.fl.; folkbokföringslag (1991:481) 18 §; Skatteverket SKV
704, 707 and 709.

In running text only digits end a number: ``Ref-800101-1231``, ``kvitto_8001011231.pdf`` and ``8001011231kr`` hold one.
Ten digits mean something else inside a longer run of digits, a UUID, a hash, and before the decimals of an amount that
cannot be anything else. Everything in doubt is a person's.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from typing import Final

PSEUDONYM_PREFIX: Final = "person:"

# Spaces and dashes as people and typesetting programs write them, some of which cannot be seen; and the same as UTF-8
# that was read as an 8-bit encoding, which is also how the gate reads documents. No line breaks and no tabs: what they
# divide are two values.
_SPACE: Final = "[ \u00a0\u00ad\u00c2\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]{0,2}"
_DASH: Final = "(?:[-+/_\u2010-\u2015\u2212\ufe58\ufe63\uff0b\uff0d]|\u00e2[\u0080\u0088\u20ac\u02c6][^0-9])?"
_GAP: Final = _SPACE + _DASH + _SPACE
_CENTURY: Final = "(?:[1１][689６８９]|[2２][0０])"
_VAT_END: Final = "[0０][1１]"

# Where a run of digits begins and, looking ahead so that the next may begin inside, what could be a number. A digit
# comes first because the engine then skips all other characters quickly.
_CANDIDATE: Final = re.compile(
    rf"\d(?<!\d\d)(?=((?:\d[01０１]\d{{3}}|[0689０６８９]\d\d[01０１]\d{{3}}){_GAP}\d{{4}}(?:{_VAT_END})?)(?!\d))"
)
_DATED: Final = re.compile(r"(?<!\d)(?:19|20)(\d\d)-(\d\d)-(\d\d)[-+](\d{4})(?!\d)")
"""A number behind a date in ISO form; with a space between them it may be a time of day."""
_DATED_WHOLE: Final = re.compile(r"\s*(?:19|20)(\d\d)-(\d\d)-(\d\d)[-+ ]?(\d{4})\s*")
_POINTED: Final = re.compile(r"\s*(?:19|20)?(\d{6})\.(\d{4})\s*")
"""Spellings that mean a number when nothing else stands in the value; in a text they may be a time or an amount."""
_CENTURIES: Final = ("16", "18", "19", "20")
_DIGITS: Final = 10
_VAT_AFTER: Final = re.compile(rf"{_GAP}{_VAT_END}(?!\d)")
_BELONGING_BEFORE: Final = re.compile(
    # Right before the digits SE may end a word that the number is glued to; a word of its own otherwise.
    rf"(?i)(?:(?P<vat>SE|(?<![^\W\d_])SE{_GAP}(?:{_CENTURY}{_GAP})?)|(?<!\d){_CENTURY}{_GAP})\Z"
)
_BEFORE: Final = 18  # the longest that can stand before, and one character more

# A text that is a number and nothing else, but for what it is called.
_CALLED: Final = (
    r"(?i:(?:pnr|pers(?:on)?\.? ?(?:nr|nummer)|org(?:anisations)?\.? ?(?:nr|no|nummer)"
    rf"|(?:vat|moms)(?:reg)?\.? ?(?:nr|no|nummer)?|ref|nr|id|0007)[.:#]*{_GAP})?"
)
_WHOLE: Final = re.compile(
    rf"\s*{_CALLED}(?:(?i:SE){_GAP})?(?:{_CENTURY}{_GAP})?(?P<date>\d{{6}}){_GAP}(?P<serial>\d{{4}})"
    r"(?:[.,]0{1,2})?\s*"  # spreadsheets write any number so
)
_WHOLE_VAT: Final = re.compile(
    rf"\s*{_CALLED}(?P<se>(?i:SE){_GAP})?(?P<date>\d{{6}}){_GAP}(?P<serial>\d{{4}}){_GAP}{_VAT_END}\s*"
)

_UUID: Final = re.compile(
    r"(?i)(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])"
)
_UUID_LENGTH: Final = 36
_HEX: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]+|[0-9A-F]+)(?![0-9A-Za-z])")
_OF_IDS: Final = frozenset("0123456789abcdefABCDEF-")
_HASH_LENGTHS: Final = frozenset({24, 32, 40, 48, 56, 64, 96, 128})
_LONGEST_HASH: Final = 128
_PSEUDONYM_LENGTH: Final = 20
_DECIMALS: Final = re.compile(r"[.,]\d\d(?![\d.,])")
_CURRENCY_BEFORE: Final = re.compile(r"(?i)(?:\b(?:kr|SEK|EUR|NOK|DKK|USD|GBP)|[€$£])[ \u00a0]?\Z")

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

    Ten digits, or twelve with a century or the ``16`` prefix of company systems, or the VAT form
    ``SE800101123101``; with or without separators, and with or without a word for it before (``pnr.``). The date must
    exist and the check digit hold: ``8001011234`` with a wrong last digit is not a person's number.
    """
    return any(_plausible(digits) for digits in _readings(text))


def looks_like_person_number(text: str) -> bool:
    """Like :func:`is_person_number`, but forgives a wrong check digit.

    For columns that hold organisation numbers: a ten-digit value with a possible birth date in it is a mistyped
    person's number rather than anybody's organisation number (those have a third digit of at least 2).
    """
    return any(_is_date(digits) for digits in _readings(text))


def contains_person_number(text: str) -> bool:
    """Whether a personal number stands anywhere in ``text``."""
    return bool(_found(text))


def mask_person_numbers(text: str, replacement: str = "[personnummer]") -> tuple[str, int]:
    """``text`` with every personal number replaced, and how many there were."""
    parts: list[str] = []
    count = end = 0
    for first, last in _found(text):
        parts += (text[end:first], replacement)
        end = last
        count += 1
    return ("".join((*parts, text[end:])), count) if count else (text, 0)


def pseudonym(value: str, key: bytes) -> str:
    """A keyed, one-way stand-in for a person's number: equal for equal persons, meaningless without the key.

    Spelling does not matter (``19800101-1231``, ``pnr. 8001011231`` and ``SE800101123101`` give one pseudonym); any
    other text is taken as it stands, because a key with a number in it must stay apart from other such keys.
    """
    readings = list(_readings(value))
    plain = next((digits for digits in readings if _plausible(digits)), None)
    plain = plain or (readings[0] if readings else " ".join(value.split()).casefold())
    digest = hmac.new(key, plain.encode(), partial(blake2b, digest_size=20)).hexdigest()
    return PSEUDONYM_PREFIX + digest[:_PSEUDONYM_LENGTH]


def is_pseudonym(text: str) -> bool:
    """Whether ``text`` was made by :func:`pseudonym`."""
    return text.startswith(PSEUDONYM_PREFIX)


def _readings(text: str) -> Iterator[str]:
    """The ten digits that ``text`` as a whole may mean, the likeliest first: twelve digits can be read in two ways."""
    if dated := _DATED_WHOLE.fullmatch(text) or _POINTED.fullmatch(text):
        yield "".join(dated.groups())
    vat, other = _WHOLE_VAT.fullmatch(text), _WHOLE.fullmatch(text)
    for match in (vat, other) if vat and vat["se"] else (other, vat):
        if match:
            yield _ascii(match["date"] + match["serial"])


def _found(text: str) -> list[tuple[int, int]]:
    """Where personal numbers stand in ``text``, with what belongs to them: a century, ``SE`` and ``01``."""
    if len(text) < _DIGITS:
        return []  # most cells of most files
    found = list(_undivided(text))
    dated = [match.span() for match in _DATED.finditer(text) if _plausible("".join(match.groups()))]
    return sorted(found + dated) if dated else found


def _undivided(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for match in _CANDIDATE.finditer(text):
        start, end = match.start(), match.end(1)
        if start < done or not _is_number(text[start:end], text, start) or _means_something_else(text, start, end):
            continue
        before = text[max(done, start - _BEFORE) : start]
        prefix = _BELONGING_BEFORE.search(before) if before else None
        if prefix and prefix["vat"] and (after := _VAT_AFTER.match(text, end)):
            end = after.end()
        yield start - len(prefix[0]) if prefix else start, end
        done = end


def _is_number(written: str, text: str, start: int) -> bool:
    """Whether a candidate, found in ``text`` at ``start``, has a date and a check digit that fit."""
    digits = _ascii("".join(filter(str.isdecimal, written)))
    if len(digits) == _DIGITS:
        return _plausible(digits)
    if digits.startswith(_CENTURIES) and _plausible(digits[-_DIGITS:]):
        return True
    # Divided, the end of a VAT number needs its beginning: 200101-200601 is half a year.
    if not digits.endswith("01") or not _plausible(digits[:_DIGITS]):
        return False
    prefix = _BELONGING_BEFORE.search(text[max(0, start - _BEFORE) : start])
    return len(written) == len(digits) or (prefix is not None and bool(prefix["vat"]))


def _means_something_else(text: str, start: int, end: int) -> bool:
    """Whether the digits of what looks like a number belong to an amount, a UUID, a hash or a pseudonym."""
    if _is_amount(text, start, end):
        return True
    if _OF_IDS.isdisjoint(text[max(0, start - 1) : start] + text[end : end + 1]):
        return False
    return any(match.end() >= end for match in _around(_UUID, text, start, _UUID_LENGTH)) or any(
        match.end() >= end and _is_hash(text, match) for match in _around(_HEX, text, start, _LONGEST_HASH)
    )


def _around(pattern: re.Pattern[str], text: str, start: int, length: int) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(text, max(0, start - length), start + length + 1):
        if match.start() <= start < match.end():
            yield match


def _is_hash(text: str, match: re.Match[str]) -> bool:
    digits = match[0]
    if len(digits) == _PSEUDONYM_LENGTH:
        return text.endswith(PSEUDONYM_PREFIX, 0, match.start())
    # Letters all over, and more digits than the number's own: words that happen to be made of a-f have neither.
    return len(digits) in _HASH_LENGTHS and len(re.findall(r"[a-fA-F]+", digits)) > 2 < len(re.findall(r"\d+", digits))  # noqa: PLR2004


def _is_amount(text: str, start: int, end: int) -> bool:
    """Whether decimals follow and it cannot be a list: after a currency, or as all of a value or of one in XML.

    ``8001011231,50`` may be two columns.
    """
    decimals = _DECIMALS.match(text, end)
    if decimals is None or not text[start:end].isdecimal():
        return False
    if _CURRENCY_BEFORE.search(text[max(0, start - 5) : start]):
        return True
    before, after = text[max(0, start - 2) : start], text[decimals.end() : decimals.end() + 1]
    alone = not (before or after) or (before[-1:] == ">" and after == "<") or (before == '="' and after == '"')
    return alone and decimals[0][0] == "."


def _plausible(digits: str) -> bool:
    return _is_date(digits) and luhn_valid(digits)


def _is_date(digits: str) -> bool:
    month, day = int(digits[2:4]), int(digits[4:6])
    if day > 60:  # noqa: PLR2004 - a co-ordination number: day + 60
        day -= 60
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)
