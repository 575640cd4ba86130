"""Which social enterprises the sources show, and which of them are near."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from hub.demo import sql
from hub.store.engine import Connection
from hub.store.plain import Row

_QUOTE: Final = re.compile(r"”[^”]*”")
_SOURCE: Final = re.compile(r" ?\((källa: .+?\d{4}-\d{2}-\d{2})\)")


@dataclass(frozen=True)
class Part:
    """Sentences of an explanation that come from the same source."""

    sentences: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class Enterprise:
    """An organisation that the hub has a verdict about today."""

    id: str
    identifier: str
    name: str
    status: str
    place: str
    local: bool
    active: bool
    offer: str
    explanation: tuple[Part, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The explanation without its sources."""
        return tuple(sentence for part in self.explanation for sentence in part.sentences)


@dataclass(frozen=True)
class Enterprises:
    """All of them, and those that were social enterprises once. What is said of a whole verdict is left out."""

    found: tuple[Enterprise, ...]
    former: tuple[Row, ...]

    def uncounted(self) -> list[tuple[str, list[Enterprise]]]:
        """Those that do not count, by their reason: the commonest last, for its list is long."""
        reasons: dict[str, list[Enterprise]] = {}
        for enterprise in self.of("excluded"):
            reasons.setdefault(" ".join(enterprise.sentences), []).append(enterprise)
        return sorted(reasons.items(), key=lambda item: len(item[1]))

    def of(self, *statuses: str) -> list[Enterprise]:
        """Those with some verdicts: the buyer's own municipality first."""
        chosen = [enterprise for enterprise in self.found if enterprise.status in statuses]
        return sorted(chosen, key=lambda enterprise: (not enterprise.local, enterprise.name))


def gather(connection: Connection, buyer: Row) -> Enterprises:
    """Read today's verdicts; near is who has the buyer's municipality code, else its postal codes."""
    rows = sql.enterprises(connection)
    postal_codes = set(sql.home_postal_codes(connection, place_of(buyer)))
    common = {
        status: _said_of_all([row["explanation_sv"] for row in rows if row["status"] == status])
        for status in ("confirmed", "likely", "possible", "excluded")
    }
    found = tuple(
        Enterprise(
            id=row["id"],
            identifier=row["identifier"],
            name=row["name"] or row["identifier"],
            status=row["status"],
            place=(row["locality"] or "").title(),
            local=_is_local(row, buyer, postal_codes),
            active=row["standing"] in (None, "active"),
            offer=f"{row['name'] or ''}. {row['purpose'] or ''}",
            explanation=_parts(row["explanation_sv"], common[row["status"]]),
        )
        for row in rows
    )
    return Enterprises(found, tuple(sql.former(connection)))


def place_of(buyer: Row) -> str:
    """``Exempelköping`` for Exempelköpings kommun: the town that gives the municipality its name."""
    name = str(buyer["name"] or "").removesuffix(" kommun")
    return name.removesuffix("s") if name != buyer["name"] else name


def _is_local(row: Row, buyer: Row, postal_codes: set[str]) -> bool:
    if row["municipality_code"] and buyer["municipality_code"]:
        return bool(row["municipality_code"] == buyer["municipality_code"])
    return (row["postal_code"] or "").replace(" ", "")[:3] in postal_codes


def _said_of_all(explanations: list[str]) -> set[str]:
    """Sentences without a source that stand in every explanation."""
    counts = Counter(sentence for text in explanations for sentence in dict.fromkeys(_sentences(text)))
    return {s for s, count in counts.items() if count == len(explanations) > 1 and not _SOURCE.search(s)}


def _parts(explanation: str, common: set[str]) -> tuple[Part, ...]:
    told = [sentence for sentence in _sentences(explanation) if sentence not in common]
    return tuple(
        Part(tuple(_SOURCE.sub("", sentence).replace(".”.", ".”").replace("…”.", "…”") for sentence in same), source)
        for source, same in groupby(told, lambda sentence: "; ".join(dict.fromkeys(_SOURCE.findall(sentence))))
    )


def _sentences(text: str) -> list[str]:
    """The sentences of an explanation; what it quotes may hold several and stays whole."""
    bare = _QUOTE.sub(lambda quote: "x" * len(quote[0]), text)
    ends = [0, *(match.end() for match in re.finditer(r"\. (?=[A-ZÅÄÖ])", bare)), len(text)]
    return [text[start:end].strip() for start, end in pairwise(ends)]
