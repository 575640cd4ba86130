"""Needs: what a purchase is for, and who offers that, told by words and CPV codes in ``needs.csv``."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Need:
    """One need, with the words that show it in what is bought and in what an enterprise offers."""

    id: str
    label_sv: str
    label_en: str
    cpv: tuple[str, ...]
    bought: re.Pattern[str]
    offered: re.Pattern[str]

    def is_met_by(self, offer: str) -> bool:
        """Whether an enterprise's name and registered purpose speak of it."""
        return self.offered.search(offer) is not None

    def is_in(self, text: str | None, cpv: str | None = None) -> bool:
        """Whether a purchase is for it: by its CPV code, or where there is none by its words."""
        if cpv:
            return cpv.startswith(self.cpv)
        return bool(text) and self.bought.search(text or "") is not None


def all_needs() -> tuple[Need, ...]:
    """The needs of the demonstration."""
    with (files("hub.demo") / "needs.csv").open(encoding="utf-8") as file:
        return tuple(
            Need(
                row["need"],
                row["label_sv"],
                row["label_en"],
                tuple(row["cpv"].split()),
                re.compile(row["bought"], re.IGNORECASE),
                re.compile(row["offered"], re.IGNORECASE),
            )
            for row in csv.DictReader(file)
        )
