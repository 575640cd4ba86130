"""Awarded procedures of the neighbours: municipality, region and municipal company. Every word is invented."""

from __future__ import annotations

from typing import Final

from tests.sample.procedures import Award, Lot, Procedure, Publication

OTHERS: Final = (
    Procedure(
        "arbetstraning", "grannkommunen", "Arbetsträning och jobbcoachning",
        "Arbetsträning för personer med försörjningsstöd.", "services",
        (Lot("Arbetsträning", "79634000", 5_200_000, social=("opp",), strategic=("soc-obj",), framework="fa-wo-rc",
             starts="2026-01-01", ends="2027-12-31", renewals=2),),
        (Publication("call", "990430-2025", "2025-09-08", "2025-10-20T23:59"),
         Publication("result", "990577-2025", "2025-12-08")),
        (Award(1, (("jobbsteget", 4_880_000),), (("pahittkoop", 5_050_000),), "PÅH 2025-0061", "2025-11-17",
               "2025-12-01"),),
    ),
    Procedure(
        "utemiljo", "bostadsbolaget", "Skötsel av gårdar och återvinningsrum",
        "Skötsel av grönytor och tömning av återvinningsrum.", "services",
        (Lot("Gårdar", "77310000", 5_600_000, starts="2025-10-01", ends="2027-09-30", renewals=1),
         Lot("Återvinningsrum", "90510000", 2_700_000, social=("opp",), starts="2025-10-01", ends="2027-09-30",
             renewals=1)),
        (Publication("call", "990211-2025", "2025-04-14", "2025-05-26T23:59"),
         Publication("result", "990402-2025", "2025-08-25")),
        (Award(1, (("park", 5_330_000),), (("vagenvidare", 5_480_000),), "BO 25-07A", "2025-07-07", "2025-08-11"),
         Award(2, (("kretslopp", 2_490_000),), (("aterbruksvarvet", 2_610_000),), "BO 25-07B", "2025-07-07",
               "2025-08-11")),
    ),
    Procedure(
        "hissar", "bostadsbolaget", "Service av hissar", "Service och jour för 46 hissar.", "services",
        (Lot("Hisservice", "50750000", 3_100_000, starts="2026-07-01", ends="2029-06-30"),),
        (Publication("call", "990190-2026", "2026-03-02", "2026-04-13T23:59"),
         Publication("result", "990399-2026", "2026-06-15")),
        (Award(1, (("hiss", 2_960_000),), (), "BO 26-02", "2026-05-18", "2026-06-08"),),
    ),
    Procedure(
        "tolk", "regionen", "Tolktjänster", "Tolkförmedling på plats, på telefon och på skärm. Rangordnat ramavtal.",
        "services",
        (Lot("Tolktjänster", "79540000", 24_000_000, framework="fa-wo-rc", starts="2024-12-01", ends="2027-09-30",
             renewals=1),),
        (Publication("call", "990266-2024", "2024-05-27", "2024-08-12T23:59"),
         Publication("result", "990488-2024", "2024-10-21")),
        (Award(1, (("tolkpoolen", 23_100_000), ("sprakbron", 23_700_000)), (), "RE-2024-331", "2024-09-23",
               "2024-10-14"),),
    ),
)  # fmt: skip
