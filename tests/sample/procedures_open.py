"""Planned purchases and calls whose deadline lies after November 2026. Every word is invented."""

from __future__ import annotations

from typing import Final

from tests.sample.procedures import Lot, Procedure, Publication

OPEN: Final = (
    Procedure(
        "forskolestad", "kommunen", "Städning av förskolor och fritidsgårdar",
        "Daglig städning av nio förskolor och tre fritidsgårdar. Område 2 är reserverat enligt 4 kap. 18 § LOU.",
        "services",
        (Lot("Förskolor", "90911200", 5_400_000, months=36, renewals=1),
         Lot("Fritidsgårdar och servicepunkter", "90919200", 1_350_000, reserved="res-ws", social=("opp",),
             strategic=("soc-obj",), months=36, renewals=1)),
        (Publication("call", "990641-2026", "2026-10-20", "2026-12-15T23:59"),
         Publication("change", "990702-2026", "2026-11-09", "2027-01-08T23:59",
                     "Sista dag att lämna anbud flyttas från 2026-12-15 till 2027-01-08.")),
    ),
    Procedure(
        "sprakstod", "kommunen", "Språkstöd och samhällsvägledning",
        "Språkvänner, språkcafé och stöd i vårdkontakter för nyanlända. Reserverad enligt 19 kap. 6 a § LOU.",
        "services",
        (Lot("Språkstöd och patientlotsar", "85312300", 2_400_000, reserved="res-pub-ser", social=("acc-all", "opp"),
             strategic=("soc-obj",), months=24, renewals=2),),
        (Publication("call", "990688-2026", "2026-11-02", "2027-01-11T23:59"),),
        light=True,
    ),
    Procedure(
        "cykelbud", "kommunen", "Cykelbud och samlastad varudistribution",
        "Bud mellan kommunens enheter med cykel och lastcykel samt samlastning av skolmateriel.", "services",
        (Lot("Cykelbud i centralorten", "64122000", 1_200_000, social=("opp",), strategic=("soc-obj", "env-imp"),
             months=24, renewals=1),
         Lot("Samlastad varudistribution", "60161000", 2_900_000, strategic=("env-imp",), months=24, renewals=1)),
        (Publication("call", "990695-2026", "2026-11-05", "2026-12-21T12:00"),),
    ),
    Procedure(
        "mobelflytt", "kommunen", "Flytt, renovering och återbruk av möbler",
        "Flytt av kontor och skolor, internt återbruk och reparation av möbler.", "services",
        (Lot("Flytt och återbruk", "98392000", 4_200_000, execution="yes", social=("opp",),
             strategic=("soc-obj", "env-imp"), framework="fa-wo-rc", months=36, renewals=1),),
        (Publication("call", "990709-2026", "2026-11-10", "2027-01-20T23:59"),),
    ),
    Procedure(
        "grannstad", "grannkommunen", "Lokalvård i Påhittestad",
        "Lokalvård i kommunhus, skolor och äldreboenden.", "services",
        (Lot("Skolor", "90919300", 7_800_000, months=48),
         Lot("Kommunhus och bibliotek", "90911200", 1_900_000, reserved="res-ws", social=("opp",),
             strategic=("soc-obj",), months=48)),
        (Publication("call", "990714-2026", "2026-11-12", "2026-12-28T23:59"),),
    ),
    Procedure(
        "tvatt", "regionen", "Tvätt och textilservice",
        "Tvätt av arbetskläder och linne för vårdcentraler.", "services",
        (Lot("Tvätt", "98310000", 6_300_000, social=("opp",), framework="fa-wo-rc", months=36, renewals=1),),
        (Publication("call", "990720-2026", "2026-11-16", "2027-01-25T23:59"),),
        english="Laundry and textile services",
    ),
    Procedure(
        "fonsterbyte", "bostadsbolaget", "Fönsterrenovering kvarteret Kulissen",
        "Renovering av 340 fönster med kulturhistoriskt värde.", "works",
        (Lot("Fönsterrenovering", "45421132", 8_800_000, months=14),),
        (Publication("call", "990588-2026", "2026-09-14", "2026-10-30T23:59"),),
    ),
    Procedure(
        "framtidaaterbruk", "kommunen", "Planerade inköp 2027: återbruk och matsvinn",
        "Kommunen söker dialog med sociala företag inför kommande inköp.", "services",
        (Lot("Återbruk i bostadsområden", "90500000", 3_000_000),
         Lot("Minskat matsvinn i skolkök", "55520000", 1_500_000)),
        (Publication("planning", "990655-2026", "2026-10-26"),),
    ),
    Procedure(
        "framtidalivs", "kommunen", "Planerade inköp 2027: livsmedel",
        "Förhandsinformation om livsmedel till skolor och äldreboenden.", "supplies",
        (Lot("Livsmedel", "15000000", 21_000_000),),
        (Publication("planning", "990611-2026", "2026-10-05"),),
    ),
    Procedure(
        "framtidaensamhet", "regionen", "Planerade inköp 2027: mötesplatser och väntjänst för äldre",
        "Förhandsinformation om stöd mot ofrivillig ensamhet.", "services",
        (Lot("Mötesplatser och väntjänst", "85312100", 2_200_000),),
        (Publication("planning", "990667-2026", "2026-10-29"),),
        light=True,
    ),
)  # fmt: skip
