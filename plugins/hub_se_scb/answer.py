"""Saved answers of SCB's Företagsregistret API (``Je/HamtaForetag``): a JSON list of enterprises, all values text."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from hub.sdk import ContractBroken


def read(path: Path) -> list[dict[str, str]]:
    """The enterprises in an answer, at most 2 000.

    Raises ``ContractBroken`` for a request, for an answer of ``RaknaForetag``, and for what is no such JSON.
    """
    try:
        answer: Any = json.loads(path.read_bytes(), parse_float=Decimal)
    except ValueError as error:
        raise ContractBroken("no JSON", where=path.name) from error
    if isinstance(answer, int):
        raise ContractBroken(
            f"an answer of RaknaForetag: it counts {answer} enterprises and tells of none",
            where=path.name,
            instruction="save the answer of HamtaForetag",
        )
    if isinstance(answer, dict) and "Kategorier" in answer:
        raise ContractBroken("a request, not its answer", where=path.name, instruction="save the answer")
    if not isinstance(answer, list) or not all(_is_enterprise(row) for row in answer):
        raise ContractBroken("not a list of enterprises whose values are text", where=path.name)
    return answer


def _is_enterprise(row: object) -> bool:
    return isinstance(row, dict) and all(isinstance(value, str) for value in row.values())
