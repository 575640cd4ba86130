"""Every sample of Bolagsverket's API in the corpus: what it becomes, and what is no answer and why.

``HUB_CORPUS`` names the folder; without it, ``shared/corpus`` beside the repository is tried.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hub.sdk import Kind, Organisation, Status
from hub.testing import Collected, collect, fake_context
from hub_se_bolagsverket_api.connector import BolagsverketApi, BolagsverketApiConfig

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
FOLDER = CORPUS / "registers" / "se-bolagsverket"

pytestmark = pytest.mark.skipif(
    not (FOLDER / "synthetic-api").is_dir(),
    reason="no corpus here: set HUB_CORPUS to the folder that holds registers/se-bolagsverket",
)

FOUND = {
    "recorded/organisationer_5560125790_truncated.json": ("Aktiebolaget Volvo", Kind.COMPANY, Status.ACTIVE),
    "official-examples/organisationer-aktiebolag-svar.json": ("Cykelbolaget AB", Kind.COMPANY, Status.DISSOLVED),
    "synthetic-api/organisationer_5299001007.json": ("Björkens Arbetskraft AB (svb)", Kind.COMPANY, Status.ACTIVE),
    "synthetic-api/organisationer_5299001064.json": ("Avslutade Konsulter AB", Kind.COMPANY, Status.DISSOLVED),
    "synthetic-api/organisationer_5299001072.json": ("Pågående Bygg AB", Kind.COMPANY, Status.WINDING_UP),
    "synthetic-api/organisationer_7799001016.json": (
        "Återbruket i Hälsingland ekonomisk förening",
        Kind.COOPERATIVE,
        Status.ACTIVE,
    ),
    "synthetic-api/organisationer_8799001022.json": ("Föreningen Dagöppet Söderhamn", Kind.ASSOCIATION, None),
    "synthetic-api/organisationer_8799001121.json": ("Kulturföreningen Navet", Kind.ASSOCIATION, Status.ACTIVE),
}

REFUSED = {
    "recorded/organisationer_not_found_truncated.json": "which organisation was asked for",
    "official-examples/organisationer-fel-fran-en-uppgiftskalla-svar.json": "not known at present",
    "official-examples/organisationer-aktiebolag-begaran.json": "a request, no answer",
    "official-examples/organisationer-enskild-begaran.json": "a request, no answer",
    "official-examples/ApiError-ejbehorig.json": "an error of the API (401)",
    "official-examples/ApiError-ejhittad.json": "an error of the API (404)",
    "official-examples/ApiError-felbegaran.json": "an error of the API (400)",
    "official-examples/ApiError-forbjuden.json": "an error of the API (403)",
    "official-examples/ApiError-servicefel.json": "an error of the API (500)",
    "synthetic-api/dokumentlista_5299001007.json": "a list of documents",
    "synthetic-api/dokumentlista_empty.json": "a list of documents",
    "synthetic-api/token.json": "an access token",
    # These are no answers of this API at all: listings, code lists, specifications, and the other connector's files.
    "arsredovisningar/listing_page1_first300.xml": "not JSON",
    "arsredovisningar/listing_page2.xml": "not JSON",
    "kodlista_nedladdningsbara_filer.json": "no answer of this API",
    "openapi-vardefulla-datamangder-v1.json": "no answer of this API",
    "openapi-vardefulla-datamangder-v1.yaml": "not JSON",
    "synthetic-bulk/bolagsverket_bulkfil.txt": "not JSON",
    "synthetic-bulk/bolagsverket_bulkfil.zip": "not JSON",
    "synthetic-bulk/expected.json": "no object",
    "SOURCE.md": "not JSON",
}

PERSONS = ("official-examples/organisationer-enskild-svar.json",)


def read(name: str) -> Collected:
    return collect(BolagsverketApi(), fake_context(BolagsverketApiConfig(path=name), root=FOLDER))


def test_every_file_of_the_corpus_is_spoken_of():
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert files == {*FOUND, *REFUSED, *PERSONS}


@pytest.mark.parametrize("name", sorted(FOUND))
def test_an_answer_is_mapped_without_drift(name: str):
    found = read(name)
    (organisation,) = found.records
    assert isinstance(organisation, Organisation)
    assert (organisation.name, organisation.kind, organisation.status) == FOUND[name]
    # The official example has codes of SNI 2007, and that is said.
    expected = ["sni"] if name.startswith("official") else []
    assert [drift.field for drift in found.drift] == expected
    assert all(activity.code.code.isdecimal() for activity in organisation.activities)
    assert (found.rejects, found.rejected) == ([], [])


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_answer_says_so(name: str):
    found = read(name)
    (reject,) = found.items
    assert found.rejects == [reject]
    assert REFUSED[name] in found.rejects[0].reason


@pytest.mark.parametrize("name", PERSONS)
def test_a_sole_trader_leaves_nothing(name: str):
    assert read(name).items == []
