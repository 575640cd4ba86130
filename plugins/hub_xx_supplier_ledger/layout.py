"""Where the header stands and what each column means."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Final

from hub.sdk import ContractBroken
from hub.sdk.formats import Row
from hub_xx_supplier_ledger.headings import AMOUNTS, FIELDS, IGNORED, NUMBER_OF, SUPPLIERS

HEAD: Final = 300
"""Rows that are looked at to find the header and to see what columns hold."""
_HEADER_WITHIN: Final = 60
_FUZZY_FROM: Final = 12
"""Short words are too alike to forgive a typing error (contact, contract)."""
_MOJIBAKE_MARK: Final = "\u00ef\u00bb\u00bf"
_CURRENCY: Final = re.compile(r"\b(?:sek|kr|kronor|gbp|eur|euro|nok|dkk)\b|[£€$]")
_CODE: Final = re.compile(r"[A-Z]{0,3}[\d.\-]+")
_UNNAMED: Final = re.compile(r"column \d+")
_NEVER_WORDS: Final = frozenset({"eur"})
"""Currency words that are a header by themselves."""


@lru_cache(maxsize=10_000)
def fold(header: str) -> str:
    """A header reduced to what identifies it: ``"Belopp exkl. moms (SEK)"`` → ``"beloppexklmoms"``."""
    text = header.replace(_MOJIBAKE_MARK, "").replace("\ufeff", "").strip().lower()
    # Norwegian and Danish letters are not accents, but are written both ways.
    text = text.replace("ø", "o").replace("æ", "ae")
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    if text not in _NEVER_WORDS:
        text = _CURRENCY.sub(" ", text) if _CURRENCY.sub("", text).strip(" ()[]") else text
    return re.sub(r"[^a-z0-9]", "", text)


@cache
def _words() -> dict[str, tuple[str, int]]:
    words: dict[str, tuple[str, int]] = {}
    for field, listed in FIELDS.items():
        for rank, word in enumerate(listed.split(";")):
            words.setdefault(fold(word), (field, rank))
    return words


@cache
def _ignored() -> frozenset[str]:
    return frozenset(map(fold, IGNORED.split(";")))


@cache
def meaning(header: str) -> tuple[str, int] | None:
    """The field that a header names and how strongly (0 is strongest), or ``None``."""
    folded = fold(header)
    if not folded or folded in _ignored():
        return None
    if found := _words().get(folded):
        return found
    if len(folded) >= _FUZZY_FROM and (close := get_close_matches(folded, _words(), n=1, cutoff=0.94)):
        return _words()[close[0]]
    return None


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's header: unique labels by column, and the column of each field."""

    header_row: int
    """Number of the last row of the header."""
    labels: tuple[str, ...]
    fields: Mapping[str, str]
    """Field → label."""
    unknown: tuple[str, ...]
    """Labels that are neither mapped nor known to be of no use."""

    def line(self, row: Row, decimal_mark: str = ".") -> dict[str, str]:
        """The row's non-empty cells by label. Numbers stored as numbers are written with the file's decimal mark.

        Cells beyond the header are kept as ``column N``.
        """
        line: dict[str, str] = {}
        for index, cell in enumerate(row.cells):
            if text := cell.replace("\0", "").strip():
                if decimal_mark != "." and index in row.exact:
                    text = text.replace(".", decimal_mark)
                line[self.labels[index] if index < len(self.labels) else f"column {index + 1}"] = text
        return line

    def take(self, line: Mapping[str, str], field: str) -> str:
        """The field's text in a line, empty when the file or the line has none."""
        return line.get(self.fields.get(field, ""), "")

    def repeats_header(self, line: Mapping[str, str]) -> bool:
        """Whether the line is the header again, as page breaks of a report leave it."""
        return bool(line) and all(fold(_plain(label)) == fold(text) for label, text in line.items())


def find_layout(rows: Sequence[Row], told: Mapping[str, str], *, where: str, header_row: int | None = None) -> Layout:
    """The layout, from the first rows of a file. ``told`` maps headers to fields where that is not plain,
    ``header_row`` is the header's number where that is known.

    Raises ``ContractBroken`` when no row names an amount and a supplier.
    """
    best: tuple[int, int, list[str]] = (0, 0, [])
    for index, row in enumerate(rows[:_HEADER_WITHIN] if header_row is None else rows):
        if header_row not in (None, row.number):
            continue
        labels = [_clean(cell) for cell in row.cells]
        score = _score(labels, told)
        if score > best[0]:
            best = (score, index, labels)
        if (
            header_row is None
            and index + 1 < len(rows)
            and (joined := _joined(labels, [_clean(cell) for cell in rows[index + 1].cells]))
        ):
            score = _score(joined, told)
            if score > best[0]:
                best = (score, index + 1, joined)
    score, index, labels = best
    if score < 2:  # noqa: PLR2004 - one word may be chance
        raise ContractBroken(
            f"none of the first {_HEADER_WITHIN} rows is a header of a supplier ledger",
            where=where,
            instruction="add a header row, or name the columns in the source's [config.columns]",
        )
    labels = _unique(labels, rows[index + 1 :])
    layout = _resolve(labels, rows[index + 1 :], told, rows[index].number)
    for what, needed in (("amount", AMOUNTS), ("supplier", SUPPLIERS)):
        if not any(field in layout.fields for field in needed):
            raise ContractBroken(
                f"no column is recognised as the {what}; the header is: {', '.join(labels)}"[:500],
                where=f"{where}:{rows[index].number}",
                instruction=f'say which it is in the source\'s [config.columns], as "<header>" = "{needed[0]}"',
            )
    return layout


def _clean(cell: str) -> str:
    return " ".join(cell.replace("\0", "").replace("\ufeff", "").replace(_MOJIBAKE_MARK, "").split())


def _field_of(label: str, told: Mapping[str, str]) -> tuple[str, int] | None:
    for header, field in told.items():
        if fold(header) == fold(label):
            return field, -1
    return meaning(label)


def _score(labels: Sequence[str], told: Mapping[str, str]) -> int:
    return len({found[0] for label in labels if label and (found := _field_of(label, told))})


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Two header rows as one: ``Amount, , `` over ``Gross, VAT, Net``. A group's name reaches over the empty cells
    to its right, and the lower row says what is meant.
    """
    known = [label for label in lower if label and meaning(label)]
    if not known or any(re.search(r"\d", label) for label in lower):
        return None
    width = max(len(upper), len(lower))
    upper, lower = [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]
    return [below or above for above, below in zip(upper, lower, strict=True)]


def _unique(labels: Sequence[str], samples: Sequence[Row]) -> list[str]:
    """Labels that can be keys: empty ones by position, repeated ones numbered. Columns without a header at the right
    end count when most rows use them; in a single row they mean that its cells have slipped.
    """
    end = max(index for index, label in enumerate(labels) if label) + 1
    used = Counter(index for row in samples for index, cell in enumerate(row.cells) if index >= end and cell.strip())
    end = max((index + 1 for index, count in used.items() if count * 2 > len(samples)), default=end)
    seen: Counter[str] = Counter()
    unique = []
    for position in range(1, end + 1):
        name = (labels[position - 1] if position <= len(labels) else "") or f"column {position}"
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _plain(label: str) -> str:
    return re.sub(r" \(\d+\)$", "", label)


def _resolve(labels: Sequence[str], samples: Sequence[Row], told: Mapping[str, str], header_row: int) -> Layout:
    contents = [[row.cells[i].strip() for row in samples if i < len(row.cells)] for i in range(len(labels))]
    claims: dict[str, list[tuple[int, int]]] = {}
    unknown = []
    for index, label in enumerate(labels):
        plain = _plain(label)
        if found := _field_of(plain, told):
            claims.setdefault(found[0], []).append((found[1], index))
        elif fold(plain) not in _ignored() and (any(contents[index]) or not _UNNAMED.fullmatch(label)):
            unknown.append(label)
    chosen: dict[str, int] = {}
    for field, listed in claims.items():
        # An empty column is of no use while another one has the same meaning.
        order = sorted(listed, key=lambda claim: (claim[0] >= 0 and not any(contents[claim[1]]), claim))
        chosen.setdefault(field, order[0][1])
    for text in NUMBER_OF:
        _part(text, claims, contents, labels, chosen)
    return Layout(header_row, tuple(labels), {f: labels[i] for f, i in sorted(chosen.items())}, tuple(unknown))


def _part(
    text: str, claims: Mapping[str, list[tuple[int, int]]], contents: Sequence[Sequence[str]], labels: Sequence[str],
    chosen: dict[str, int],
) -> None:  # fmt: skip
    """Tell a number column from its text column by what they hold, since headers do not always say."""
    number = NUMBER_OF[text]
    columns = sorted(claim for field in (text, number) for claim in claims.get(field, ()))
    numbers = [index for _, index in columns if _holds_codes(contents[index])]
    texts = [index for _, index in columns if any(contents[index]) and index not in numbers]
    if text in chosen and chosen[text] in numbers and texts:
        chosen[text] = texts[0]
    if number in chosen and chosen[number] in texts:
        # The most detailed account level is sometimes given in words under the header of its code.
        named = chosen.pop(number)
        chosen[text] = named if text == "account_text" else chosen.get(text, named)
    if number not in chosen and (free := [index for index in numbers if index not in chosen.values()]):
        chosen[number] = free[0]
    if number in chosen:
        twins = [index for index in texts if _plain(labels[index]) == _plain(labels[chosen[number]])]
        if twins:
            chosen[text] = twins[0]
    if text == "account_text" and (rest := [index for index in texts if index != chosen.get(text)]):
        chosen.setdefault("account_group", rest[0])


def _holds_codes(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(bool(_CODE.fullmatch(cell)) for cell in filled) >= 0.9 * len(filled)
