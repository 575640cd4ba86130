"""Upphandlingsmyndigheten's statistics of 2021 against the corpus, checked with Python's own CSV reader.

``HUB_CORPUS`` names the folder; without it, ``shared/corpus`` beside the repository is tried.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections import Counter
from pathlib import Path

import pytest

from hub.sdk import Complete, Contract, Identifier, Notice, looks_like_person_number
from hub.testing import Collected, collect, fake_context
from hub_se_uhm.config import UhmConfig
from hub_se_uhm.connector import Uhm

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
UHM = CORPUS / "national" / "se-uhm"

pytestmark = pytest.mark.skipif(
    not UHM.is_dir(), reason="no corpus here: set HUB_CORPUS to the folder that holds national/se-uhm"
)

PROCUREMENTS = "number_of_procurements_2021"
AWARDS = "number_of_contracted_tenders_with_suppliers_2021"
VALUES = "contracted_value_2021"
TENDERS = "number_of_tenders_2021"


def read(name: str) -> Collected:
    return collect(Uhm(), fake_context(UhmConfig(path=name), root=UHM))


def rows(name: str) -> list[dict[str, str]]:
    data = (UHM / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def notices(found: Collected) -> list[Notice]:
    return [record for record in found.records if isinstance(record, Notice)]


def nothing_is_wrong(found: Collected) -> None:
    assert (found.rejects, found.rejected, found.drift) == ([], [], [])


@pytest.mark.parametrize(
    "name", [f"{PROCUREMENTS}.csv.gz", f"{PROCUREMENTS}_sample.csv", "reserved_procurements_2021.csv"]
)
def test_every_procurement_becomes_a_notice(name):
    found, published = read(name), rows(name)
    nothing_is_wrong(found)
    assert len(notices(found)) == len(published)
    distinct = len({row["Upphandlings-ID"] for row in published})
    assert found.items[-1] == Complete("procurements", "2021", distinct)
    reserved = sum("reserverad" in notice.lots[0].reserved_participation for notice in notices(found))
    assert reserved == sum(row["Reserverad upphandling"] == "True" for row in published)
    execution = sum(notice.lots[0].reserved_execution == "yes" for notice in notices(found))
    assert execution == sum(row["Reserverat genomförande"] == "True" for row in published)
    social = sum("soc-obj" in notice.lots[0].strategic for notice in notices(found))
    assert social == sum(row["Socialt hållbar upphandling"] == "True" for row in published)


def test_buyers_without_a_valid_number_stay_mentions():
    found, published = read(f"{PROCUREMENTS}.csv.gz"), rows(f"{PROCUREMENTS}.csv.gz")
    numbers = {row["Organisationsnummer för köpare"] for row in published}
    persons = {number for number in numbers if looks_like_person_number(number)}
    wrong = {number for number in numbers - persons if Identifier.parse(number, country="SE") is None}
    assert (len(persons), len(wrong)) == (2, 10)
    buyers = [notice.parties[0].organisation for notice in notices(found)]
    unlinked = [buyer for buyer in buyers if buyer.identifier is None and buyer.pseudonym is None]
    assert len(unlinked) == sum(row["Organisationsnummer för köpare"] in wrong for row in published)
    assert all(buyer.name for buyer in unlinked)
    hidden = [buyer for buyer in buyers if buyer.pseudonym]
    assert len(hidden) == sum(row["Organisationsnummer för köpare"] in persons for row in published)


@pytest.mark.parametrize("name", [f"{VALUES}.csv.gz", f"{VALUES}_sample.csv"])
def test_amounts_add_up_to_the_last_krona(name):
    found, published = read(name), rows(name)
    nothing_is_wrong(found)
    sums: Counter[str] = Counter()
    for row in published:
        kind = "framework_maximum" if row["Typ av avtal"] == "Ramavtal" else "awarded"
        sums[kind] += int(row["Kontrakterat värde, Summa"]) * 100
    told: Counter[str] = Counter()
    for notice in notices(found):
        assert notice.value is not None
        told[notice.value_kind or ""] += notice.value.amount_minor
    assert told == sums
    assert len({notice.natural_key for notice in notices(found)}) == len(published)


@pytest.mark.parametrize("name", [f"{AWARDS}.csv.gz", f"{AWARDS}_sample.csv"])
def test_every_lot_becomes_a_contract_and_no_name_of_a_person_stays(name):
    found, published = read(name), rows(name)
    nothing_is_wrong(found)
    contracts = [record for record in found.records if isinstance(record, Contract)]
    lots = {(row["Upphandlings-ID"], row["Anbudsområdes-ID"]) for row in published}
    assert {(contract.reference, contract.lot_number) for contract in contracts} == lots
    assert len(contracts) == len(lots)
    assert all(contract.value is None for contract in contracts)
    suppliers = [supplier.organisation for contract in contracts for supplier in contract.suppliers]
    assert not [mention for mention in suppliers if (mention.name or "").startswith("Enskild näringsidkare")]
    assert not [mention for mention in suppliers if mention.identifier]  # this vintage has no numbers
    distinct = {
        (row["Upphandlings-ID"], row["Anbudsområdes-ID"], " ".join(row["Namn för leverantör"].split()))
        for row in published
    }
    assert len(suppliers) == len(distinct)


@pytest.mark.parametrize("name", [f"{TENDERS}.csv.gz", f"{TENDERS}_sample.csv"])
def test_tenders_are_counted_for_each_lot(name):
    found, published = read(name), rows(name)
    nothing_is_wrong(found)
    lots = [lot for notice in notices(found) for lot in notice.lots]
    assert len(lots) == len(published)
    assert sum(lot.tenders_received or 0 for lot in lots) == sum(int(row["Antal anbud, Summa"]) for row in published)


def test_tables_without_procurements_are_rejected_by_what_they_are():
    found = read("*[!d]*")  # everything; the note about the folder is no table
    reasons = {reject.key: reject.reason for reject in found.rejects}
    assert {
        key: reason.removeprefix("no rows of procurements: the file holds ") for key, reason in reasons.items()
    } == {
        "SOURCE.md": "no data set that is known",
        "all_parameters.json": "the parameter tree of the statistics service",
        "number_of_environmental_procurements_2021.csv": "counts of procurements by environmental aim",
        "number_of_innovation_procurements_2021.csv": "counts of procurements by kind of innovation",
        "number_of_social_procurements_2021.csv": "counts of procurements by social aim",
        "number_of_valfrihetsystem_2021.csv": "systems of choice (valfrihetssystem), which are no procurements",
    }
    assert not [item for item in found.items if isinstance(item, Complete)]
