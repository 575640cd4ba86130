"""What kind of notice a TED XML form is, in the codes of eForms, so that both formats can be asked alike.

The form's own number (F03) stays in ``notice_subtype``. Pairs follow the Publications Office's converter.
"""

from __future__ import annotations

import re
from typing import Final

from hub_eu_ted.legacy.export import Export

_BY_FORM: Final[dict[str, tuple[str | None, str]]] = {
    "F01": ("pin-only", "planning"),
    "F02": ("cn-standard", "competition"),
    "F03": ("can-standard", "result"),
    "F04": ("pin-only", "planning"),
    "F05": ("cn-standard", "competition"),
    "F06": ("can-standard", "result"),
    "F07": ("qu-sy", "competition"),
    "F08": ("pin-buyer", "planning"),
    "F09": ("cn-standard", "competition"),
    "F10": ("cn-standard", "competition"),
    "F11": ("cn-standard", "competition"),
    "F12": ("cn-desg", "competition"),
    "F13": ("can-desg", "result"),
    "F14": (None, "change"),
    "F15": ("veat", "dir-awa-pre"),
    "F16": ("pin-only", "planning"),
    "F17": ("cn-standard", "competition"),
    "F18": ("can-standard", "result"),
    "F19": ("subco", "competition"),
    "F20": ("can-modif", "cont-modif"),
    "F21": ("cn-social", "competition"),
    "F22": ("cn-social", "competition"),
    "F23": ("cn-social", "competition"),
    "F24": ("cn-standard", "competition"),
    "F25": ("can-standard", "result"),
    "T01": ("pin-tran", "planning"),
    "T02": ("can-tran", "result"),
}
_SOCIAL: Final = frozenset({"F21", "F22", "F23"})
_TYPES: Final = frozenset(
    {
        "PRI", "PRI_ONLY", "PRI_REDUCING_TIME_LIMITS", "PRI_CALL_COMPETITION",
        "PER_ONLY", "PER_REDUCING_TIME_LIMITS", "PER_CALL_COMPETITION", "QSU_ONLY", "QSU_CALL_COMPETITION",
        "CONTRACT", "AWARD_CONTRACT", "CONCESSION_AWARD_CONTRACT",
    }
)  # fmt: skip
_PROCEDURES: Final[dict[str, str | None]] = {
    "1": "open",
    "2": "restricted",
    "3": "restricted",  # accelerated
    "4": "neg-w-call",
    "6": "neg-w-call",  # accelerated
    "A": "neg-wo-call",  # direct award of public passenger transport
    "B": "neg-w-call",  # competitive procedure with negotiation
    "C": "comp-dial",
    "G": "innovation",
    "T": "neg-wo-call",
    "V": "neg-wo-call",
    # Concession award procedure, not applicable, not specified: eForms has no such procedure.
    "E": None,
    "9": None,
    "N": None,
    "Z": None,
}
_DIRECTIVE: Final = re.compile(r"(\d{4})/(\d+)/E[CU]")


def form_number(export: Export) -> str:
    """``F03`` from @FORM, which R2.0.8 writes as 3."""
    written = export.form.get("FORM") or ""
    return f"F{written.zfill(2)}" if written.isdigit() else written


def kind_of(export: Export) -> tuple[str | None, str | None]:
    """Notice type (BT-02) and form type (BT-03). In F01, F04, F07 and F21-F23, NOTICE/@TYPE decides."""
    form = form_number(export)
    kind: tuple[str | None, str | None]
    if form not in _BY_FORM:
        export.findings.code("FORM", form, _BY_FORM)
        return None, None
    kind = _BY_FORM[form]
    written = export.findings.code("NOTICE/@TYPE", export.attribute(export.form, "NOTICE", "TYPE"), _TYPES)
    social = form in _SOCIAL
    if written is None:
        return kind
    if written.endswith("AWARD_CONTRACT"):
        return "can-social" if social else kind[0], "result"
    if written.endswith("_ONLY") and written != "QSU_ONLY":
        return "pin-only", "planning"
    if written.endswith("REDUCING_TIME_LIMITS"):
        return "pin-rtl", "planning"
    if written.startswith("QSU"):
        return "qu-sy", "competition"
    if written in {"PRI", "PRI_CALL_COMPETITION", "PER_CALL_COMPETITION"}:
        return "pin-cfc-social" if social else "pin-cfc-standard", "competition"
    return kind


def procedure_of(export: Export) -> str | None:
    """The procedure in eForms' codes (BT-105), from PR_PROC/@CODE."""
    code = procedure_code(export)
    return _PROCEDURES.get(code) if export.findings.code("PR_PROC", code, _PROCEDURES) and code else None


def procedure_code(export: Export) -> str | None:
    """PR_PROC/@CODE as published."""
    return export.attribute(export.root, "CODED_DATA_SECTION/CODIF_DATA/PR_PROC", "CODE")


def legal_basis_of(export: Export) -> str | None:
    """The legal act as CELEX number (BT-01): LEGAL_BASIS is one, ``2014/24/EU`` becomes 32014L0024."""
    written = export.attribute(export.form, "LEGAL_BASIS", "VALUE")
    if written:
        return written
    coded = export.attribute(export.root, "CODED_DATA_SECTION/CODIF_DATA/DIRECTIVE", "VALUE") or ""
    match = _DIRECTIVE.fullmatch(coded)
    return f"3{match[1]}L{int(match[2]):04}" if match else coded or None
