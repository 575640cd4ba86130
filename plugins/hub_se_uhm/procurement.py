"""What every data set says about the procurement itself: who buys, what, how, with which aims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hub.sdk import Drift, Mention, RecordRejected, clean
from hub_se_uhm import columns

UNKNOWN: Final = "uppgift saknas"
PROCEDURES: Final = frozenset(
    (
        "Öppet förfarande",
        "Selektivt förfarande",
        "Förhandlat förfarande med föregående annonsering",
        "Konkurrenspräglad dialog",
        "Förenklat förfarande",
        "Urvalsförfarande",
        "Annat förfarande",
    )
)
"""The words met in 2021; they are stored as published, and a new one is reported."""
NATURES: Final = {"Tjänster": "services", "Varor": "supplies", "Byggentreprenader": "works"}
AGREEMENTS: Final = {"Ramavtal": True, "Kontrakt": False}
AIMS: Final = {
    "miljömässigt hållbar upphandling": "env-imp",
    "socialt hållbar upphandling": "soc-obj",
    "innovationsupphandling": "inn-pur",
}
"""Heading → eForms BT-06."""
SOCIAL: Final = {
    "Tillgänglighet för alla": "acc-all",
    "Tillbörlig aktsamhet i fråga om mänskliga rättigheter i globala leveranskedjor": "hum-right",
    "Jämlikhet mellan folkgrupper": "et-eq",
    "Sysselsättningsmöjligheter för långtidsarbetslösa, missgynnade personer och/eller personer med"
    " funktionsnedsättning": "opp",
    "Jämställdhet mellan kvinnor och män": "gen-eq",
    "Rättvisa arbetsvillkor": "work-cond",
    "Annat": "other",
}
"""Type of social aim → eForms BT-775."""
SOCIAL_TYPE: Final = "typ av socialt hållbar upphandling"
RESERVED: Final = "reserverad upphandling"
EXECUTION: Final = "reserverat genomförande"
IGNORED: Final = (
    columns.YEAR,  # the scope
    columns.BUYER_FORM,
    "sektor för köpare",
    "delsektor för köpare",
    "sni-avdelning för köpare",
    "cpv-huvudgrupp",
    "cpv-grupp",
    "cpv-undergrupp",
    "cpv-kategori",
    "cpv-underkategori",
    "direktivstyrd",
    "elektronisk auktion",
    "anbudsområden",
    "samordnad upphandling",
    "annonsdatabas",
    "överprövad",
    "typ av miljömässigt hållbar upphandling",
    "typ av innovationsupphandling",
)
_TRUTH: Final = {"true": True, "ja": True, "false": False, "nej": False}
_CPV: Final = re.compile(r"(\d{8})(?:-\d)?(?:\s+(.*))?$")


@dataclass
class Row:
    """A row whose fields are taken one by one, with the drift that comes up on the way."""

    cells: Mapping[str, Any]
    drift: list[Drift] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fields = clean.Fields(self.cells)

    def has(self, name: str) -> bool:
        """Whether the row has this column at all."""
        return name in self.cells

    def take(self, name: str) -> str | None:
        """The field as text; ``None`` for nothing and for "Uppgift saknas"."""
        found = self.fields.take(name)
        return None if found is None or found.casefold() == UNKNOWN else found

    def truth(self, name: str) -> bool | None:
        """Yes, no, or ``None`` when it is not known; another word is drift."""
        found = self.take(name)
        if found is not None and found.casefold() not in _TRUTH:
            self.drift.append(Drift("unknown_code", name, found))
        return _TRUTH.get((found or "").casefold())

    def code(self, name: str, known: dict[str, str]) -> str | None:
        """The word as the list has it, else as published with drift."""
        found = self.take(name)
        if found is not None and found not in known:
            self.drift.append(Drift("unknown_code", name, found))
        return known.get(found, found) if found else None

    def left_over(self) -> Iterator[Drift]:
        """What came up, and the fields that nobody took or named."""
        yield from self.drift
        yield from self.fields.left_over()


@dataclass(frozen=True)
class Procurement:
    """The columns that all data sets share."""

    number: str
    title: str | None
    buyer: Mention
    published_on: str | None
    cpv: str | None
    nature: str | None
    procedure: str | None
    legal_basis: str | None
    framework: bool | None
    dynamic: bool | None
    aims: tuple[str, ...]


def procurement(row: Row) -> Procurement:
    """Takes the shared columns. Raises ``RecordRejected`` for a CPV code or a buyer that cannot be read."""
    row.fields.ignore(*IGNORED)
    buyer = Mention.of(row.take(columns.BUYER), row.take(columns.BUYER_NUMBER), country="SE")
    if not (buyer.name or buyer.identifier or buyer.pseudonym):
        raise RecordRejected("the row does not say who buys", field=columns.BUYER)
    agreement = row.take("typ av avtal")
    if agreement is not None and agreement not in AGREEMENTS:
        row.drift.append(Drift("unknown_code", "typ av avtal", agreement))
    procedure = row.take("förfarande")
    if procedure is not None and procedure not in PROCEDURES:
        row.drift.append(Drift("unknown_code", "förfarande", procedure))
    return Procurement(
        number=row.take(columns.ID) or "",
        title=row.take("upphandlingens titel"),
        buyer=buyer,
        published_on=row.take("publiceringsdatum"),
        cpv=_cpv(row.take("huvudsaklig cpv-kod")),
        nature=row.code("upphandlingsslag", NATURES),
        procedure=procedure,
        legal_basis=row.take("rättslig grund"),
        framework=AGREEMENTS.get(agreement or ""),
        dynamic=row.truth("dynamiskt inköpssystem"),
        aims=tuple(code for heading, code in AIMS.items() if row.truth(heading)),
    )


def _cpv(text: str | None) -> str | None:
    if text is None:
        return None
    match = _CPV.match(text)
    if match is None:
        raise RecordRejected("not a CPV code", field="huvudsaklig cpv-kod", value=text)
    return None if (match[2] or "").casefold() == UNKNOWN else match[1]
