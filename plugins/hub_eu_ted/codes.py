"""The eForms code lists that the connector maps, to notice codes it does not know.

Codes are stored as published.

From OP-TED/eForms-SDK, release 1.16, with the codes that real notices use although the lists dropped them.
"""

from __future__ import annotations

from typing import Final


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOTICE_TYPE: Final = _codes(
    """
    brin-ecs brin-eeig can-desg can-modif can-social can-standard can-tran cn-desg cn-social
    cn-standard compl corr pin-buyer pin-cfc-social pin-cfc-standard pin-only pin-rtl pin-tran pmc qu-sy
    subco veat
    """
)
"""BT-02"""
FORM_TYPE: Final = _codes(
    """
    bri change competition completion consultation cont-modif dir-awa-pre planning result
    """
)
"""BT-03"""
NOTICE_SUBTYPE: Final = _codes(
    """
    1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35
    36 37 38 39 40 CEI E1 E2 E3 E4 E5 E6 T01 T02 X01 X02
    """
)
"""OPP-070"""
PROCEDURE: Final = _codes(
    """
    comp-dial comp-tend exp-int-rail innovation neg-w-call neg-wo-call open oth-mult oth-single
    restricted
    """
)
"""BT-105"""
NATURE: Final = _codes("services supplies works")
"""BT-23"""
RESERVED: Final = _codes("none res-pub-ser res-ws")
"""BT-71"""
APPLICABILITY: Final = _codes("no not-known yes")
"""BT-736"""
STRATEGIC: Final = _codes("env-imp inn-pur none soc-obj")
"""BT-06"""
SOCIAL: Final = _codes("acc-all et-eq gen-eq hum-right opp other work-cond")
"""BT-775"""
FRAMEWORK: Final = _codes("fa-mix fa-w-rc fa-wo-rc none")
"""BT-765"""
DPS: Final = _codes("dps-list dps-nlist none")
"""BT-766"""
PERIOD: Final = _codes("DAY MONTH UNKNOWN UNLIMITED WEEK YEAR")
"""BT-36 and BT-538"""
OUTCOME: Final = _codes("clos-nw open-nw selec-w")
"""BT-142"""
NO_AWARD: Final = _codes(
    """
    all-rej chan-need ins-fund no-rece no-signed one-admis other rev-body rev-buyer tch-pr-error
    """
)
"""BT-144"""
CHANGE: Final = _codes(
    """
    cancel cancel-intent cor-buy cor-esen cor-pub info-release susp-review update-add
    """
)
"""BT-140"""
MODIFICATION: Final = _codes("add-wss mod-cir mod-minv mod-nons mod-repl mod-rev")
"""BT-200"""
WITHHELD: Final = _codes(
    """
    awa-cri-com awa-cri-des awa-cri-fix awa-cri-nam awa-cri-num awa-cri-ord awa-cri-thr awa-cri-typ
    awa-cri-wei buy-rev-cou buy-rev-typ con-rev-buy con-rev-use cou-ori cro-bor-law dir-awa-jus
    dir-awa-pre dir-awa-tex gro-max-ide gro-max-val gro-ree-val max-val no-awa-rea not-app-val
    not-max-val not-val pro-acc pro-acc-jus pro-fea pro-typ rec-sub-cou rec-sub-typ ree-val rev-req
    sub-con sub-des sub-per sub-per-kno sub-val sub-val-kno ten-ran ten-val-hig ten-val-low
    val-con-des win-cho win-ten-val win-ten-var
    """
)
"""BT-195"""
LEGAL_BASIS: Final = _codes(
    """
    31985R2137 32001R2157 32003R1435 32007R1370 32009L0081 32014L0023 32014L0024 32014L0025
    32018R1046 32024R2509 other
    """
)
"""BT-01"""

PRIVACY: Final = {
    "BT-105": "pro-typ",
    "BT-118": "not-max-val",
    "BT-1118": "not-app-val",
    "BT-142": "win-cho",
    "BT-144": "no-awa-rea",
    "BT-161": "not-val",
    "BT-171": "ten-ran",
    "BT-660": "ree-val",
    "BT-709": "max-val",
    "BT-720": "win-ten-val",
    "BT-759": "rec-sub-cou",
}
"""Fields that may be withheld, with their codes in BT-195; others are named by their BT number."""
UNPUBLISHED: Final = "unpublished"
"""Stands in the place of a withheld code or currency."""
