"""The rest of the register: organisations that say nothing about themselves but form and trade."""

from __future__ import annotations

from typing import Final

from tests.sample.numbers import Dice
from tests.sample.organisations import Org

_PLACES: Final = (
    "Exempelbygdens", "Låtsasby", "Provinge", "Påhittestads", "Fabelviks", "Mönstertorps", "Dikthults", "Sagoby",
    "Tänkeviks", "Skenholmens", "Kulissens", "Attrappens",
)  # fmt: skip
# form, share, name (with the place), purpose
_TRADES: Final = (
    ("AB", "{} Bygg och Mark AB", "Bolaget ska bedriva byggnadsverksamhet och därmed förenlig verksamhet."),
    ("AB", "{} Måleri AB", "Måleriarbeten samt därmed förenlig verksamhet."),
    ("AB", "{} Redovisning AB", "Redovisning, bokslut och deklarationer."),
    ("AB", "{} Skogstjänst AB", "Skogsvård, avverkning och virkeshandel."),
    ("AB", "{} Åkeri AB", "Godstransporter på väg."),
    ("AB", "{} Plåtslageri AB", "Plåtslageri och takarbeten."),
    ("AB", "{} Tandvård AB", "Tandläkarpraktik."),
    ("AB", "{} Fastigheter AB", "Bolaget ska äga och förvalta fast och lös egendom."),
    ("AB", "{} Webb AB", "Webbutveckling, grafisk form och reklam."),
    ("AB", "{} Bageri AB", "Bageri och konditori."),
    ("AB", "{} Lantbruk AB", "Jordbruk och djurhållning."),
    ("AB", "{} Mekaniska AB", "Legotillverkning av mekaniska detaljer."),
    ("HB", "{} Blomsterhandel Handelsbolag", "Handel med blommor och trädgårdsväxter."),
    ("HB", "Handelsbolaget {} Frisörsalong", "Frisörverksamhet."),
    ("KB", "{} Bilverkstad Kommanditbolag", "Reparation av bilar."),
    ("EK", "{} Vattenförening ekonomisk förening", "Föreningen ska förse medlemmarna med vatten."),
    ("EK", "{} Maskinring ekonomisk förening", "Föreningen förmedlar maskintjänster mellan medlemmarna."),
    ("I", "{} Hembygdsförening", "Föreningen vårdar bygdens minnen och driver sommarkafé."),
    ("I", "{} Teaterförening", "Föreningen sätter upp teater och visar film."),
    ("I", "{} Folkets Husförening", "Föreningen hyr ut samlingslokaler."),
    ("S", "Stiftelsen {} Museum", "Stiftelsen driver museum med butik."),
    ("TSF", "{} Frikyrkoförsamling", "Församlingen hyr ut lokaler och driver bokhandel."),
    ("BRF", "Bostadsrättsföreningen {} Utsikt", "Föreningen upplåter bostäder åt medlemmarna utan tidsbegränsning."),
    ("BF", "Bostadsföreningen {} Hörna", "Föreningen förvaltar huset åt medlemmarna."),
)  # fmt: skip
_TOWNS: Final = ("Exempelköping", "Exempelköping", "Låtsasby", "Provinge", "Påhittestad", "Fabelvik")
_ENDINGS: Final = ("KKAV", "LIAV", "FUAV", "VERKUPP", "OVERK", "ARSEED", "AVREG")
_PROCEDURES: Final = (
    "|KK-AVOMFO$2026-03-02", "|LI-AVOMFO$2026-06-15", "|FR-AVOMFO$2025-09-01",
    "|FR-AVOMFO$2024-03-04|FRUHOR-AVSLAVOMFO$2024-12-19", "|LIUHOR-AVSLAVOMFO$2023-05-08",
    "|KKAVOV-AVSLAVOMFO$2022-10-10",
)  # fmt: skip


def filler() -> tuple[Org, ...]:
    dice = Dice("filler")
    found = []
    pairs = [(place, trade) for trade in _TRADES for place in _PLACES]
    for index, (place, (form, name, purpose)) in enumerate(pairs):
        ended = dice.chance(8)
        housing = form in {"BRF", "BF"}
        found.append(
            Org(
                f"fyll{index:03d}", form, 70003 + index * 97, name.format(place),
                _date(dice, 1965, 2023), purpose, town=dice.pick(_TOWNS),
                ended=_date(dice, 2024, 2025) if ended else "",
                ended_why=dice.pick(_ENDINGS) + "-AVORG" if ended else "",
                procedures=dice.pick(_PROCEDURES) if not ended and dice.chance(4) else "",
                care_of="c/o Redovisningsbyrån Siffran" if dice.chance(10) else "",
                verdict="excluded" if housing else "unknown",
                why="housing co-operative" if housing else "form and trade only",
            )
        )  # fmt: skip
    return tuple(found)


def _date(dice: Dice, first: int, last: int) -> str:
    return f"{dice.between(first, last)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
