"""Kolada's saved answers: every value as it stands there, and what else is in the folder is named.

``HUB_CORPUS`` names the folder; without it, ``shared/corpus`` beside the repository is tried.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from hub.sdk import Indicator, Reject
from hub.testing import collect, fake_context
from hub_se_kolada.connector import Kolada, KoladaConfig

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
FOLDER = CORPUS / "municipal" / "kolada"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no corpus here: set HUB_CORPUS to the folder that holds municipal/kolada"
)
FILES = sorted(path.name for path in FOLDER.iterdir()) if FOLDER.is_dir() else []


@pytest.mark.parametrize("name", FILES)
def test_every_value_is_read_and_every_other_file_is_named(name: str) -> None:
    told = json.loads((FOLDER / name).read_text("utf-8"), parse_float=Decimal) if name.startswith("data_") else None
    places = {member["municipality"] for member in told["values"]} if told else {"1780"}
    config = KoladaConfig(path=name, municipalities=tuple(places))
    found = collect(Kolada(), fake_context(config, root=FOLDER))
    if told is None:
        (reject,) = found.items
        assert isinstance(reject, Reject)
        assert "no values of municipalities" in reject.reason or reject.reason == "not JSON"
        return
    expected = {
        (member["municipality"], member["kpi"], member["period"], value["gender"]): value["value"]
        for member in told["values"]
        for value in member["values"]
    }
    read = {
        (item.municipality_code, item.indicator, item.year, item.group): item.value and Decimal(item.value)
        for item in found.records
        if isinstance(item, Indicator)
    }
    assert len(expected) > 20
    assert read == expected
    assert not found.rejected
