"""What the invented municipality buys: from whom, on which account, how often and for how much a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ACCOUNTS: Final = {
    "4010": "Anläggningsarbeten",
    "4410": "Livsmedel",
    "4510": "Bidrag till föreningar",
    "4515": "Verksamhetsbidrag till ideella föreningar",
    "4520": "Bidrag till enskilda",
    "4631": "Köp av huvudverksamhet, förening och stiftelse",
    "4635": "Köp av huvudverksamhet, enskilt företag",
    "6010": "Lokalhyror",
    "6110": "Fjärrvärme och el",
    "6420": "IT-tjänster; drift, underhåll",
    "6450": "Förbrukningsmaterial",
    "6510": "Snöröjning och halkbekämpning",
    "6930": "Tvätteritjänster",
    "7050": "Möbler och inventarier",
    "7130": "Catering och måltidstjänster",
    "7150": "Representation och konferens",
    "7210": "Transporter och bud",
    "7215": "Flyttjänster",
    "7220": "Skolskjuts och färdtjänst",
    "7310": "Återvinning och avfallshämtning",
    "7420": "Tolk- och översättningstjänster",
    "7430": "Konsulttjänster",
    "7440": "Arbetsmarknadsinsatser",
    "7451": "Städ- och renhållningstjänster",
    "7453": "Grönyteskötsel",
    "7470": "Tryckeritjänster",
    "7499": "Övriga främmande tjänster",
}

KS, TEKNIK, SKOLA, SOCIAL, KULTUR, ARBETE = (
    "Kommunstyrelsen",
    "Tekniska nämnden",
    "För- och grundskolenämnden",
    "Socialnämnden",
    "Kultur- och fritidsnämnden",
    "Arbetsmarknads- och vuxenutbildningsnämnden",
)


@dataclass(frozen=True)
class Purchase:
    """Invoices of one supplier: ``invoices`` a year, of ``low`` to ``high`` kronor each."""

    supplier: str
    account: str
    unit: str
    invoices: int
    low: int
    high: int
    agreement: str = ""


# From enterprises that are confirmed or likely social enterprises: small next to what the ordinary firms get.
SOCIAL_PURCHASES: Final = (
    Purchase("renhand", "7451", KULTUR, 24, 4_000, 11_000),
    Purchase("vagenvidare", "7453", TEKNIK, 18, 28_000, 52_000, "EXK 2025/031"),
    Purchase("overskottskoket", "7130", KS, 14, 2_500, 9_500),
    Purchase("aterbruksvarvet", "7215", KS, 20, 6_000, 24_000),
    Purchase("hornstenen", "7150", KS, 26, 900, 7_500),
    Purchase("mojligheten", "7470", KS, 16, 1_500, 9_000),
    Purchase("tvattkorgen", "6930", SOCIAL, 12, 6_000, 14_000),
    Purchase("kretsa", "6420", SKOLA, 6, 12_000, 30_000),
    Purchase("traffpunkt", "4631", SOCIAL, 12, 98_000, 112_000, "EXK 2024/012"),
    Purchase("solglantan", "4631", SOCIAL, 12, 225_000, 248_000, "EXK 2023/150"),
    Purchase("handihand", "4631", SOCIAL, 24, 60_000, 140_000),
    Purchase("sprakvannerna", "7420", SOCIAL, 10, 3_000, 8_000),
    Purchase("byskolan", "4631", SKOLA, 12, 310_000, 360_000),
    Purchase("andrachansen", "7440", ARBETE, 8, 10_000, 22_000),
)
# From enterprises that may be social, or only look so.
UNSURE_PURCHASES: Final = (
    Purchase("jobbsteget", "7440", ARBETE, 24, 40_000, 110_000),
    Purchase("lanthandeln", "4410", SOCIAL, 20, 1_000, 6_000),
    Purchase("bevakning", "7499", TEKNIK, 18, 9_000, 38_000, "EXK 2025/044"),
    Purchase("spiken", "6450", TEKNIK, 5, 800, 4_000),
    Purchase("systemintegration", "7430", KS, 10, 30_000, 90_000),
    Purchase("post", "7210", KS, 12, 2_000, 7_000),
    Purchase("asfalt", "4010", TEKNIK, 14, 60_000, 260_000),
    Purchase("assistans", "4635", SOCIAL, 24, 90_000, 190_000),
)
# From bodies that do not count.
EXCLUDED_PURCHASES: Final = (
    Purchase("bostadsbolaget", "6010", SOCIAL, 48, 40_000, 130_000),
    Purchase("energibolaget", "6110", TEKNIK, 48, 30_000, 180_000),
    Purchase("arbetsbolaget", "7440", ARBETE, 12, 120_000, 180_000),
    Purchase("kommunen", "7499", KS, 6, 1_000, 9_000),
    Purchase("regionen", "7499", SOCIAL, 10, 20_000, 90_000),
    Purchase("brfeken", "6010", SOCIAL, 12, 14_000, 16_000),
)
# From ordinary firms: cleaning, catering, moving, deliveries, interpreters for millions …
ORDINARY_PURCHASES: Final = (
    Purchase("blankrent", "7451", TEKNIK, 96, 40_000, 105_000, "EXK 2023/114"),
    Purchase("skinande", "7451", SKOLA, 20, 8_000, 40_000),
    Purchase("storkok", "7130", SKOLA, 72, 25_000, 85_000, "EXK 2024/203-2"),
    Purchase("dukat", "7130", KS, 14, 4_000, 26_000),
    Purchase("tungalyftet", "7215", TEKNIK, 40, 20_000, 90_000),
    Purchase("snabbfrakt", "7210", KS, 60, 9_000, 30_000),
    Purchase("tolkpoolen", "7420", SOCIAL, 60, 22_000, 62_000),
    Purchase("sprakbron", "7420", SOCIAL, 18, 6_000, 20_000),
    Purchase("hemomsorg", "4635", SOCIAL, 36, 110_000, 260_000),
    Purchase("park", "7453", TEKNIK, 24, 30_000, 95_000),
    Purchase("kretslopp", "7310", TEKNIK, 36, 20_000, 75_000),
    Purchase("tvatteri", "6930", SOCIAL, 24, 18_000, 48_000),
    Purchase("tryck", "7470", KS, 24, 3_000, 21_000),
    # … and what no social enterprise here offers
    Purchase("nystart", "7430", KS, 12, 35_000, 80_000),
    Purchase("asfalt1", "6510", TEKNIK, 20, 70_000, 420_000),
    Purchase("buss", "7220", SKOLA, 22, 280_000, 420_000),
    Purchase("taxi", "7220", SOCIAL, 30, 14_000, 60_000),
    Purchase("itdrift", "6420", KS, 24, 90_000, 160_000, "EXK 2025/098"),
    Purchase("licens", "6420", KS, 12, 40_000, 210_000),
    Purchase("livs1", "4410", SKOLA, 84, 40_000, 110_000, "EXK 2025/090-1"),
    Purchase("livs2", "4410", SKOLA, 36, 18_000, 52_000, "EXK 2025/090-2"),
    Purchase("bygg", "4010", TEKNIK, 20, 120_000, 640_000),
    Purchase("el", "7499", TEKNIK, 30, 4_000, 70_000),
    Purchase("ror", "7499", TEKNIK, 26, 4_000, 60_000),
    Purchase("bemanning", "4635", SOCIAL, 30, 50_000, 170_000),
    Purchase("hvb", "4635", SOCIAL, 24, 90_000, 240_000),
    Purchase("friskola", "4635", SKOLA, 12, 900_000, 1_150_000),
    Purchase("lokaler", "6010", KS, 24, 45_000, 95_000),
    Purchase("kontor", "6450", KS, 50, 300, 9_000),
    Purchase("mobel", "7050", SKOLA, 14, 15_000, 120_000),
    Purchase("hjalpmedel", "6450", SOCIAL, 20, 2_000, 24_000),
    Purchase("arkitekt", "7430", TEKNIK, 10, 25_000, 120_000),
    Purchase("revision", "7430", KS, 6, 40_000, 95_000),
    Purchase("sfi", "4635", ARBETE, 12, 300_000, 380_000, "EXK 2025/120"),
)
# Grants: no purchases, whoever gets them.
GRANTS: Final = (
    Purchase("laxlyftet", "4515", SKOLA, 4, 30_000, 60_000),
    Purchase("sprakvannerna", "4510", SOCIAL, 2, 40_000, 75_000),
    Purchase("skyddsjouren", "4515", SOCIAL, 4, 180_000, 220_000),
    Purchase("matbanken", "4510", SOCIAL, 2, 15_000, 40_000),
    Purchase("loppis", "4510", KULTUR, 2, 5_000, 12_000),
    Purchase("provingeif", "4515", KULTUR, 4, 20_000, 45_000),
    Purchase("idrottsklubben", "4510", KULTUR, 8, 25_000, 90_000),
    Purchase("ridklubben", "4510", KULTUR, 2, 10_000, 25_000),
    Purchase("familjestod", "4515", SOCIAL, 2, 60_000, 90_000),
    Purchase("fyll204", "4510", KULTUR, 2, 4_000, 20_000),
    Purchase("fyll217", "4510", KULTUR, 2, 4_000, 20_000),
)
PURCHASES: Final = SOCIAL_PURCHASES + UNSURE_PURCHASES + EXCLUDED_PURCHASES + ORDINARY_PURCHASES
