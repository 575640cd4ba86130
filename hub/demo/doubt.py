"""What is uncertain: who could not be identified, what could not be read, what a source says that is new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hub.demo import sql
from hub.demo.enterprises import Enterprise, Enterprises
from hub.store.engine import Connection
from hub.store.plain import Row

_FORM_WORDS: Final = frozenset({"ab", "aktiebolag", "ek", "för", "ekonomisk", "förening", "stiftelsen", "i", "svb"})


@dataclass(frozen=True)
class Unlinked:
    """A payee without a valid number. ``alike`` is a social enterprise with that name: for a person to decide."""

    name: str
    lines: int
    amount: int
    alike: Enterprise | None


@dataclass(frozen=True)
class Doubt:
    """Everything that the figures do not settle."""

    unlinked: tuple[Unlinked, ...]
    masked: Row | None
    quarantine: tuple[Row, ...]
    drift: tuple[Row, ...]


def gather(connection: Connection, buyer: Row, enterprises: Enterprises) -> Doubt:
    """Read what is uncertain in a buyer's figures."""
    rows = sql.unlinked(connection, buyer["id"])
    social = enterprises.of("confirmed", "likely", "possible")
    return Doubt(
        unlinked=tuple(
            Unlinked(row["name"] or "(utan namn)", row["lines"], row["amount"], _alike(row["name"], social))
            for row in rows
            if row["link_method"] == "none"
        ),
        masked=next((row for row in rows if row["link_method"] == "masked"), None),
        quarantine=tuple(sql.quarantine(connection)),
        drift=tuple(sql.drift(connection)),
    )


def _alike(name: str | None, enterprises: list[Enterprise]) -> Enterprise | None:
    """The enterprise whose name begins with all the words of this one, forms apart."""
    words = _words(name or "")
    return next((e for e in enterprises if words and _words(e.name)[: len(words)] == words), None)


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", name.casefold()) if word not in _FORM_WORDS]
