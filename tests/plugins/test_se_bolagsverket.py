"""Bolagsverket's bulk file: what a row means, what is refused, and that no natural person comes through."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sdk import (
    Complete,
    Context,
    ContractBroken,
    Drift,
    Kind,
    Organisation,
    RawRecord,
    RecordRejected,
    Reject,
    SourceUnavailable,
    Status,
)
from hub_se_bolagsverket import hub_connectors
from hub_se_bolagsverket.connector import Bolagsverket, BolagsverketConfig
from hub_se_bolagsverket.person import is_person
from hub_se_bolagsverket.places import municipality_of
from hub_se_bolagsverket.standing import procedures
from hub_se_bolagsverket.subfields import split_address, split_coded, without_care_of

BULK = Path(__file__).parent / "fixtures" / "se_bolagsverket" / "bulk.txt"
HEADER, *ROWS = BULK.read_text("utf-8").splitlines()
GOOD = ROWS[3]


def context(path: Path) -> Context[BolagsverketConfig]:
    config = BolagsverketConfig(path=path.name)
    return Context(
        source_id="t", config=config, now=datetime(2026, 5, 18, tzinfo=UTC), root=path.parent, pseudonym_key=b"k" * 32
    )


def fetch(path: Path) -> list[object]:
    return list(Bolagsverket().fetch(context(path)))


def written(folder: Path, *lines: str, end: str = "\n") -> Path:
    path = folder / "bulk.txt"
    path.write_bytes(("\n".join((HEADER, *lines)) + end).encode("utf-8"))
    return path


def mapped(line: str, folder: Path) -> tuple[Organisation, list[Drift]]:
    raw = next(item for item in fetch(written(folder, line)) if isinstance(item, RawRecord))
    organisation, *drift = Bolagsverket().normalise(raw)
    assert isinstance(organisation, Organisation)
    return organisation, drift  # type: ignore[return-value]


def test_the_plugin_offers_its_connector():
    assert list(hub_connectors()) == [Bolagsverket]


def test_a_snapshot_ends_with_the_number_of_its_records():
    *records, complete = fetch(BULK)
    assert [record.key for record in records] == [
        "7799002014/1",
        "5299002013/1",
        "5299002013/2",
        "5299002021/1",
        "5299002039/1",
        "5299002047/1",
        "8499002015/1",
    ]
    assert complete == Complete("organisations", "bulk", 7)
    assert records[1].payload["verksamhetsbeskrivning"] == 'Skärmar på 24" och ""större"".'
    assert records[1].origin == "bulk.txt:3"


def test_names_numbers_and_addresses_of_persons_come_through_nowhere():
    ctx = context(BULK)
    connector = Bolagsverket()
    seen = ""
    for item in connector.fetch(ctx):
        seen += repr(item)
        if isinstance(item, RawRecord):
            seen += repr(list(connector.normalise(item)))
    for planted in ("1212121212", "850709", "9805", "TOLVAN", "Tolvstigen", "9699002011", "1225201234", "Vilma"):
        assert planted not in seen
    assert "Ordförande [personnummer] svarar" in seen
    assert ctx.counts == {"persons_dropped": 4, "person_numbers_masked": 1}


@pytest.mark.parametrize("number", ["800101-1231", "8001011236", "198001611238", "18120520-1237", "122520-1234"])
def test_the_number_outweighs_the_type_that_the_row_states(number):
    assert is_person(f"{number}$ORGNR-IDORG", "AB-ORGFO")


def test_all_names_and_the_purpose_are_read(tmp_path):
    organisation, drift = mapped(ROWS[0], tmp_path)
    assert organisation.name == "Vävstugan i Norrby ekonomisk förening"
    assert organisation.other_names == ("Loom House Coop", "Garnbutiken")
    assert (organisation.legal_form, organisation.kind) == ("EK", Kind.COOPERATIVE)
    assert (organisation.status, organisation.country) == (Status.ACTIVE, "SE")
    assert organisation.registered_on == date(2011, 5, 2)
    assert (organisation.street, organisation.postal_code, organisation.locality) == ("Storgatan 1", "90326", "UMEÅ")
    assert (organisation.municipality_code, organisation.municipality_basis) == ("2480", "postal_code")
    assert drift == []


def test_quotes_bars_and_the_documented_address_order(tmp_path):
    organisation, _ = mapped(ROWS[1], tmp_path)
    assert organisation.name == "Alfa|Beta Bygg AB"
    assert organisation.purpose == 'Skärmar på 24" och "större".'
    assert (organisation.postal_code, organisation.locality) == ("90326", "UMEÅ")
    assert (organisation.status, organisation.status_reason) == (Status.WINDING_UP, "KK")


def test_null_is_nothing(tmp_path):
    organisation, drift = mapped(ROWS[2], tmp_path)
    assert organisation.purpose is organisation.street is organisation.postal_code is None
    assert organisation.row_key == "2"
    assert drift == []


def test_dissolved_and_abroad(tmp_path):
    organisation, _ = mapped(ROWS[3], tmp_path)
    assert (organisation.status, organisation.status_reason) == (Status.DISSOLVED, "KKAV")
    assert organisation.dissolved_on == date(2024, 5, 17)
    assert organisation.postal_code == "0153"
    assert organisation.municipality_code is None


def test_a_procedure_that_has_ended_leaves_the_organisation_active(tmp_path):
    organisation, drift = mapped(ROWS[4], tmp_path)
    assert (organisation.status, organisation.status_reason) == (Status.ACTIVE, None)
    assert organisation.purpose == "Restaurang | catering $ event."
    assert drift == []


def test_a_procedure_opened_again_after_it_ended_is_open(tmp_path):
    again = ROWS[4].replace(
        "|FR-AVOMFO$2024-03-04", "|KK-AVOMFO$2023-01-01|KKUHAVD-AVSLAVOMFO$2023-02-01|KK-AVOMFO$2025-01-01"
    )
    organisation, _ = mapped(again, tmp_path)
    assert organisation.status is Status.WINDING_UP


def test_the_documented_form_of_a_procedure_and_a_short_address(tmp_path):
    organisation, drift = mapped(ROWS[5], tmp_path)
    assert (organisation.status, organisation.status_reason) == (Status.WINDING_UP, "LI")
    assert organisation.postal_code is None
    assert drift == [Drift("changed_type", "postadress", "4 parts")]


def test_codes_in_no_list_are_kept_and_reported(tmp_path):
    organisation, drift = mapped(ROWS[6], tmp_path)
    assert (organisation.legal_form, organisation.kind) == ("NYF", None)
    assert (organisation.status, organisation.status_reason) == (None, "XX")
    assert organisation.name == "Stiftelsen Zeta"
    assert {(item.kind, item.value) for item in drift} == {
        ("unknown_code", "NYF-ORGFO"),
        ("unknown_code", "XX-AVOMFO"),
    }


def test_nul_characters_go_before_numbers_are_looked_for(tmp_path):
    organisation, _ = mapped(GOOD.replace("Konsultverksamhet.", "Lokal\0vård av 850709\0-9805."), tmp_path)
    assert organisation.purpose == "Lokalvård av [personnummer]."


def test_the_documented_spelling_of_a_header_and_a_new_column(tmp_path):
    path = tmp_path / "bulk.txt"
    header = "\ufeff" + HEADER.replace("pagande", "pagaende") + ";nyKolumn"
    path.write_text(f'{header}\r\n{ROWS[1]};"x"\r\n', "utf-8", newline="")
    raw, complete = fetch(path)
    organisation, *drift = Bolagsverket().normalise(raw)
    assert organisation.status is Status.WINDING_UP
    assert drift == [Drift("new_field", "nyKolumn")]
    assert complete.expected == 1


@pytest.mark.parametrize(
    ("line", "key", "reason"),
    [
        (GOOD.replace(';"KKAV-AVORG"', ""), "5299002021/1", "has 10 values instead of 11"),
        (GOOD + ';"x"', "5299002021/1", "has 12 values"),
        ('verksamhet.";"Gatan 4$$OSLO$0153$NO-LAND"', "line 3", "does not begin with a quote"),
        (GOOD.replace("ORGNR-IDORG", "GDNR-IDORG"), "line 3", "of unknown type 'GDNR-IDORG'"),
        (GOOD.replace("5299002021$", "52990020$"), "line 3", "not ten digits"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_without_its_words(tmp_path, line, key, reason):
    items = fetch(written(tmp_path, ROWS[0], line, ROWS[1]))
    (reject,) = [item for item in items if isinstance(item, Reject)]
    assert (reject.key, reject.origin) == (key, "bulk.txt:3")
    assert reason in reject.reason
    assert "Gamma" not in repr(reject)
    assert items[-1] == Complete("organisations", "bulk", 2)


def test_a_line_break_inside_a_text_makes_two_rejects(tmp_path):
    items = fetch(written(tmp_path, GOOD.replace("Konsultverk", "Konsult\nverk"), ROWS[0]))
    assert [type(item) for item in items] == [Reject, Reject, RawRecord, Complete]
    assert "line break" in items[0].reason


def test_a_broken_row_of_a_person_is_dropped_not_quarantined(tmp_path):
    ctx = context(written(tmp_path, ROWS[7] + ';"x"', GOOD))
    assert [type(item) for item in Bolagsverket().fetch(ctx)] == [RawRecord, Complete]
    assert ctx.counts["persons_dropped"] == 1


def test_bytes_that_are_not_utf_8(tmp_path):
    path = tmp_path / "bulk.txt"
    path.write_bytes(f"{HEADER}\n{ROWS[0]}\n".encode() + f"{GOOD} å\n".encode("latin-1"))
    _, reject, _ = fetch(path)
    assert reject.reason.startswith("byte 0xe5 at position")
    assert reject.key == "5299002021/1"


def test_a_header_without_a_required_column_breaks_the_contract(tmp_path):
    path = tmp_path / "bulk.txt"
    path.write_text(HEADER.replace("avregistreringsdatum;", "") + "\n", "utf-8")
    with pytest.raises(ContractBroken, match=r"bulk\.txt:1: the header lacks avregistreringsdatum; it has org"):
        fetch(path)


@pytest.mark.parametrize("cut", [10, 100])
def test_a_text_cut_off_is_never_complete(tmp_path, cut):
    path = written(tmp_path, *ROWS[:2], end="")
    path.write_bytes(path.read_bytes()[:-cut])
    seen = []
    with pytest.raises(ContractBroken, match=r"bulk\.txt:3: the file ends in the middle of a row"):
        seen.extend(Bolagsverket().fetch(context(path)))
    assert not any(isinstance(item, Complete) for item in seen)


def test_a_last_row_without_line_end_is_whole(tmp_path):
    assert len(fetch(written(tmp_path, *ROWS[:2], end=""))) == 3


def zipped(folder: Path, *names: str) -> Path:
    path = folder / "bulk.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(BULK, name)
    return path


def test_the_archive_gives_the_same_as_the_text(tmp_path):
    path = zipped(tmp_path, "bolagsverket_bulkfil.txt", "LÄSMIG.md")
    plain, packed = fetch(BULK), fetch(path)
    assert [item.payload for item in packed[:-1]] == [item.payload for item in plain[:-1]]
    assert packed[-1] == plain[-1]


def test_an_archive_cut_off_or_damaged_is_never_complete(tmp_path):
    path = zipped(tmp_path, "bolagsverket_bulkfil.txt")
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[900] ^= 0xFF
    for content in (whole[:-200], bytes(damaged)):
        path.write_bytes(content)
        with pytest.raises(ContractBroken):
            fetch(path)


@pytest.mark.parametrize(("names", "reason"), [((), "no .txt"), (("a.txt", "b.txt"), "more than one")])
def test_an_archive_with_other_than_one_text(tmp_path, names, reason):
    with pytest.raises(ContractBroken, match=reason):
        fetch(zipped(tmp_path, *names))


def test_of_several_snapshots_the_last_by_name_is_read(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    shutil.copy(BULK, folder / "bulk_2026-05-18.txt")
    written(folder, GOOD).rename(folder / "bulk_2026-05-11.txt")
    (folder / "expected.json").write_text("{}")
    assert len(fetch(folder)) == 8


def test_no_file(tmp_path):
    (tmp_path / "expected.json").write_text("{}")
    with pytest.raises(SourceUnavailable, match=r"no \.zip or \.txt file"):
        fetch(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("5299002021", "5299002022", "organisationsidentitet"),
        ("Gamma Konsult AB$FORETAGSNAMN-ORGNAM$2010-06-01", "", "organisationsnamn"),
        ('"2010-06-01"', '"i våras"', "registreringsdatum"),
        ("2024-05-17", "2024-02-30", "avregistreringsdatum"),
    ],
)
def test_a_record_that_cannot_be_understood_names_its_field(tmp_path, old, new, field):
    with pytest.raises(RecordRejected) as error:
        mapped(GOOD.replace(old, new), tmp_path)
    assert error.value.field == field


def test_postal_codes():
    assert municipality_of("903 26") == "2480"
    assert municipality_of("00000") is None


plain_text = st.text(st.characters(exclude_characters="|$", exclude_categories=["Cs"]), max_size=12)
free_text = st.text(st.sampled_from("ab |$-"), min_size=1, max_size=12)


@given(st.lists(st.tuples(plain_text, st.sampled_from(["NAMN", "SARS_FORNAMN"]), free_text), min_size=1, max_size=4))
def test_names_with_bars_and_dollars_in_their_descriptions_are_told_apart(values):
    joined = "|".join(f"{name}${code}-ORGNAM$2014-03-11${rest}" for name, code, rest in values)
    found = split_coded(joined, "-ORGNAM")
    assert [(value.before, value.code, value.after, value.rest) for value in found] == [
        (name, f"{code}-ORGNAM", "2014-03-11", rest) for name, code, rest in values
    ]


@given(st.text(st.sampled_from("aN-ORGM|$ 1"), max_size=40))
def test_no_text_is_lost_in_splitting(text):
    found = split_coded(text, "-ORGNAM")
    rejoined = "".join(f"{value.before}{value.code}{value.after}{value.rest}" for value in found)
    assert rejoined.replace("|", "").replace("$", "") == text.replace("|", "").replace("$", "")


@given(st.text(st.sampled_from("aå1 $/c"), max_size=40))
def test_an_address_keeps_its_parts(text):
    kept = without_care_of(text)
    assert kept.count("$") == text.count("$")
    address = split_address(kept)
    assert (address is None) == (text.count("$") < 4)


def test_foreign_postcodes_with_letters():
    for order in ("LONDON$SW1A 1AA", "SW1A 1AA$LONDON"):
        address = split_address(f"1 High Street$${order}$GB-LAND")
        assert (address.postal_code, address.locality) == ("SW1A 1AA", "LONDON")


def test_a_procedure_without_date():
    (step,) = procedures("|KK-AVOMFO")
    assert (step.code, step.on) == ("KK-AVOMFO", "")
