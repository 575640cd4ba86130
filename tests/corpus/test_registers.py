"""Company registers against the corpus: a folder with sample files of public sources, kept outside the repository.

``HUB_CORPUS`` names the folder; without it, ``shared/corpus`` beside the repository is tried.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hub.sdk import Complete, Context, Drift, Organisation, RawRecord, RecordRejected, Reject, Status
from hub_se_bolagsverket.connector import Bolagsverket, BolagsverketConfig

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
BOLAGSVERKET = CORPUS / "registers" / "se-bolagsverket"

pytestmark = pytest.mark.skipif(
    not (BOLAGSVERKET / "synthetic-bulk").is_dir(),
    reason="no corpus here: set HUB_CORPUS to the folder that holds registers/se-bolagsverket",
)


def read(name: str) -> tuple[Counter[str], dict[str, Organisation], list[Drift]]:
    """What became of the file's rows, its organisations by number, and the drift."""
    ctx = Context(
        source_id="corpus",
        config=BolagsverketConfig(path=name),
        now=datetime(2026, 11, 16, tzinfo=UTC),
        root=BOLAGSVERKET / "synthetic-bulk",
        pseudonym_key=b"k" * 32,
    )
    connector = Bolagsverket()
    outcome: Counter[str] = Counter()
    organisations: dict[str, Organisation] = {}
    drift: list[Drift] = []
    reasons: list[str] = []
    for item in connector.fetch(ctx):
        if isinstance(item, Complete):
            outcome["complete"] = item.expected
        elif isinstance(item, Reject):
            reasons.append(item.reason)
        elif isinstance(item, RawRecord):
            try:
                organisation, *more = connector.normalise(item)
            except RecordRejected as error:
                reasons.append(error.reason)
                continue
            assert isinstance(organisation, Organisation)
            outcome["normalised"] += 1
            organisations[organisation.identifier.value] = organisation
            drift.extend(part for part in more if isinstance(part, Drift))
    assert all(reasons)
    outcome["rejected"] = len(reasons)
    outcome["persons"] = ctx.counts["persons_dropped"]
    return outcome, organisations, drift


@pytest.fixture(scope="module", params=["bolagsverket_bulkfil.txt", "bolagsverket_bulkfil.zip"])
def reading(request):
    return read(request.param)


def published() -> list[str]:
    """The file's rows, told apart in another way than the connector's: by what every row ends with."""
    text = (BOLAGSVERKET / "synthetic-bulk" / "bolagsverket_bulkfil.txt").read_text("utf-8")
    return text.partition("\n")[2].split('-LAND"\n')[:-1]


def expected() -> list[dict[str, str]]:
    """What the corpus says of each organisation in the file; those of other registers have no form."""
    entries = json.loads((BOLAGSVERKET / "synthetic-bulk" / "expected.json").read_text("utf-8"))
    return [entry for entry in entries if "form" in entry]


def test_every_row_is_normalised_dropped_or_rejected(reading):
    outcome, _, _ = reading
    rows = published()
    persons = sum("$PERSON-IDORG" in row for row in rows)
    assert len(rows) == 17
    kept = len(rows) - persons
    assert outcome == Counter(normalised=kept, complete=kept, persons=persons, rejected=0)


def test_each_organisation_is_what_the_corpus_says(reading):
    _, organisations, drift = reading
    assert organisations.keys() == {entry["num"] for entry in expected()}
    for entry in expected():
        organisation = organisations[entry["num"]]
        assert organisation.name == entry["name"]
        assert organisation.legal_form == entry["form"]
        assert organisation.registered_on == date.fromisoformat(entry["reg"])
        assert organisation.postal_code == entry["zip"]
        assert (organisation.locality or "").casefold() == entry["city"].casefold()
        dissolved = entry.get("dereg", "null") != "null"
        assert (organisation.status is Status.DISSOLVED) == dissolved
    assert drift == []


def test_nothing_of_the_sole_trader_is_left(reading):
    assert not [word for word in ("19400927", "4009272719", "TESTFIRMA", "Vesums") if word in repr(reading)]


def test_every_published_code_is_known():
    """The official code list, and what the connector's own table makes of it."""
    from hub_se_bolagsverket import codes

    lists = json.loads((BOLAGSVERKET / "kodlista_nedladdningsbara_filer.json").read_text("utf-8"))
    ours = [codes.FORMS, codes.DISSOLUTIONS, codes.PROCEDURES, codes.NAMES]
    for name, theirs in zip(ours, list(lists.values())[:4], strict=True):
        assert not theirs.keys() - codes.meanings(name).keys(), name
