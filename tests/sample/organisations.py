"""What the tables of organisations have in common, and the addresses in the invented municipalities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tests.sample.numbers import Dice, hyphen, orgnr

# No Swedish postal code begins with 99. Exempelköping (2499) has 990xx, its neighbour Påhittestad (2498) 991xx.
TOWNS: Final = {
    "Exempelköping": ("99010", "99011", "99020", "99022", "99030", "99031"),
    "Låtsasby": ("99050", "99051"),
    "Provinge": ("99060",),
    "Påhittestad": ("99110", "99111", "99120"),
    "Fabelvik": ("99150",),
}
STREETS: Final = (
    "Storgatan", "Verkstadsgatan", "Kvarngatan", "Järnvägsgatan", "Ringvägen", "Smedjegatan", "Hantverkargatan",
    "Industrivägen", "Björkallén", "Skolgatan", "Hamngatan", "Lagervägen", "Torggatan", "Kyrkogatan", "Mejerivägen",
)  # fmt: skip


@dataclass(frozen=True)
class Org:
    """One invented organisation. ``form`` is Bolagsverket's code; KOMMUN, REGION and STAT are not in its register."""

    key: str
    form: str
    serial: int
    name: str
    registered: str
    purpose: str
    town: str = "Exempelköping"
    verdict: str = "unknown"
    why: str = ""
    needs: str = ""  # what the verdict rests on beyond company register and membership lists
    verdict_before: str = ""
    until: str = ""
    ended: str = ""
    ended_why: str = ""
    procedures: str = ""
    care_of: str = ""
    more_names: str = ""
    in_register: bool = True
    number: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", self.number or orgnr(self.form, self.serial))

    @property
    def written(self) -> str:
        return hyphen(self.number)

    @property
    def street(self) -> str:
        dice = Dice("street " + self.number)
        return f"{dice.pick(STREETS)} {dice.between(1, 68)}"

    @property
    def postal(self) -> str:
        return Dice("postal " + self.number).pick(TOWNS[self.town])
