"""Every sample of SCB in the corpus: what its rows become, and what is refused and why.

``HUB_CORPUS`` names the folder; without it, ``shared/corpus`` beside the repository is tried.
"""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hub.sdk import Complete, Organisation, RawRecord, SourceUnavailable, Status
from hub.testing import Collected, collect, fake_context
from hub_se_scb.connector import Scb, ScbConfig

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
FOLDER = CORPUS / "registers" / "se-scb"

pytestmark = pytest.mark.skipif(
    not (FOLDER / "synthetic-bulk").is_dir(),
    reason="no corpus here: set HUB_CORPUS to the folder that holds registers/se-scb",
)

TEXT = "synthetic-bulk/scb_bulkfil_JE_20261116T055245_99.txt"
BULK = (TEXT, "synthetic-bulk/scb_bulkfil.zip")
ANSWER = "synthetic-api/je_hamtaforetag_response.json"
REFUSED = {
    "synthetic-api/je_hamtaforetag_request.json": "a request, not its answer",
    "synthetic-api/je_hamtaforetag_request_by_orgnr.json": "a request, not its answer",
    "synthetic-api/je_raknaforetag_response.json": "an answer of RaknaForetag: it counts 2 enterprises",
}
PERSON_FORMS = {"10", "91"}


def read(name: str) -> tuple[Collected, dict[str, int]]:
    """What became of the file, and what was counted on the way."""
    ctx = fake_context(ScbConfig(path=name), root=FOLDER)
    return collect(Scb(), ctx), dict(ctx.counts)


def published(name: str) -> list[dict[str, str]]:
    """The file's rows, read in another way than the connector's: by the csv module."""
    content = (FOLDER / name).read_bytes()
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    lines = io.StringIO(content.decode("iso-8859-1"), newline="")
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def organisations(found: Collected) -> dict[str, Organisation]:
    return {record.identifier.value: record for record in found.records if isinstance(record, Organisation)}


def test_every_file_of_the_corpus_is_spoken_of():
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert files == {*BULK, ANSWER, *REFUSED, "SOURCE.md"}


@pytest.mark.parametrize("name", BULK)
def test_every_row_is_normalised_or_dropped(name: str):
    found, counts = read(name)
    rows = published(name)
    persons = [row for row in rows if row["JurForm"] in PERSON_FORMS]
    assert (len(rows), len(persons)) == (17, 1)
    assert len(found.raw) == len(organisations(found)) == len(rows) - len(persons)
    assert counts["persons_dropped"] == len(persons)
    assert found.items[-1] == Complete("organisations", "bulk", len(rows) - len(persons))
    assert (found.drift, found.rejects, found.rejected) == ([], [], [])


@pytest.mark.parametrize("name", BULK)
def test_each_organisation_is_what_its_row_says(name: str):
    stored = organisations(read(name)[0])
    status = {"1": Status.ACTIVE, "9": Status.DISSOLVED}
    rows = [row for row in published(name) if row["JurForm"] not in PERSON_FORMS]
    assert stored.keys() == {row["PeOrgNr"][2:] for row in rows}
    for row in rows:
        organisation = stored[row["PeOrgNr"][2:]]
        assert organisation.name == row["Namn"]
        assert organisation.legal_form == row["JurForm"]
        assert organisation.kind is not None
        assert organisation.status is status[row["JEStat"]]
        assert organisation.registered_on == datetime.strptime(row["RegDatKtid"], "%Y%m%d").date()  # noqa: DTZ007
        assert (organisation.street, organisation.postal_code) == (row["Gatuadress"], row["PostNr"])
        assert organisation.locality == row["PostOrt"]
        codes = [row[f"Ng{rank}"] for rank in range(1, 6) if row[f"Ng{rank}"]]
        assert [activity.code.code for activity in organisation.activities] == codes


@pytest.mark.parametrize("name", BULK)
def test_nothing_of_the_sole_trader_is_left(name: str):
    text = repr(read(name))
    assert not [word for word in ("19400927", "4009272719", "TESTFIRMA", "TESTPERSON", "VESUM") if word in text]


def test_the_enterprises_of_an_answer_have_their_seat():
    found, _ = read(ANSWER)
    rows: list[dict[str, Any]] = json.loads((FOLDER / ANSWER).read_bytes())
    assert [item.key for item in found.items if isinstance(item, RawRecord)] == [row["OrgNr"] for row in rows]
    for row in rows:
        organisation = organisations(found)[row["OrgNr"]]
        assert (organisation.name, organisation.legal_form) == (row["Företagsnamn"], row["Juridisk form, kod"])
        assert (organisation.municipality_code, organisation.municipality_basis) == (row["Säteskommun, kod"], "seat")
    assert (found.drift, found.rejects, found.rejected) == ([], [], [])


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_list_of_enterprises_says_so(name: str):
    found, _ = read(name)
    (reject,) = found.items
    assert found.rejects == [reject]
    assert REFUSED[name] in found.rejects[0].reason


def test_a_description_is_no_source():
    with pytest.raises(SourceUnavailable, match=r"no \.zip, \.txt or \.json file"):
        read("SOURCE.md")
