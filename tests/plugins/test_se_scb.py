"""SCB's bulk file: what a row means, what is refused, and that it is asked for, compared and resumed week by week."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.sdk import (
    Checkpoint,
    Complete,
    ConfigError,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    Kind,
    Organisation,
    RawRecord,
    RecordRejected,
    Reject,
    SourceUnavailable,
    Status,
)
from hub.store.validator import Validators
from hub.testing import (
    Database,
    Fixture,
    TestServer,
    connector_suite,
    fake_context,
    open_test_client,
    ranged,
    reply,
    reverse_rows,
    serving,
    versioned,
)
from hub.testing.context import KEY, NOW
from hub_se_scb import hub_connectors, reference
from hub_se_scb import snapshot as module
from hub_se_scb.connector import Scb, ScbConfig
from hub_se_scb.person import is_person

FIXTURES = Path(__file__).parent / "fixtures" / "se_scb"
NAME = "scb_bulkfil_JE_20260518T055245_1.txt"
BULK = (FIXTURES / NAME).read_bytes()
HEADER, *ROWS = BULK.decode("cp1252").splitlines()
COLUMNS = HEADER.removesuffix("\t").split("\t")
WORKSHOP, WEAVERS, MEETING, LAXA, PERSON, BROKEN, ESTATE, BYGONE, NEW_FORM, ABROAD, UNSETTLED = range(11)
PLACE = "/scb/scb_bulkfil.zip"
REPOSITORY = Path(__file__).parents[2]


def zipped(text: bytes, *names: str) -> bytes:
    """As the publisher packs it, the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or (NAME,):
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, 18, 6, 0, 0)), text)
    return packed.getvalue()


def play(site: TestServer) -> None:
    site.on(PLACE, ranged(zipped(BULK), '"week-1"'))


PERSONAL = ("850709-9805", "198507099805", "8507099805", "VILMA", "PÅHITTAD", "161225201234", "VILMASTIGEN")

TestScb = connector_suite(
    Scb,
    fixtures=[
        Fixture(
            "bulk file",
            {"path": NAME},
            FIXTURES,
            reordered=lambda root: reverse_rows(root / NAME, encoding="cp1252"),
            personal=PERSONAL,
        ),
        Fixture("answers", {"path": "answers.json"}, FIXTURES, personal=PERSONAL),
        Fixture("downloaded", lambda site: {"url": site.url + PLACE}, site=play, personal=PERSONAL),
    ],
)


def fetch(path: Path, **config: Any) -> list[Any]:
    return list(Scb().fetch(fake_context(ScbConfig(path=path.name, **config), root=path.parent)))


def written(folder: Path, *lines: str, end: str = "\n") -> Path:
    path = folder / "bulk.txt"
    path.write_bytes(("\n".join((HEADER, *lines)) + end).encode("cp1252"))
    return path


def with_cells(row: int, **cells: str) -> str:
    """A row of the fixture with other values in some columns."""
    named = dict(zip(COLUMNS, ROWS[row].removesuffix("\t").split("\t"), strict=True))
    assert cells.keys() <= named.keys()
    return "\t".join((named | cells).values()) + "\t"


def mapped(folder: Path, row: int, **cells: str) -> tuple[Organisation, list[Any]]:
    raw = next(item for item in fetch(written(folder, with_cells(row, **cells))) if isinstance(item, RawRecord))
    organisation, *drift = Scb().normalise(raw)
    assert isinstance(organisation, Organisation)
    return organisation, drift


def test_the_plugin_offers_its_connector():
    assert list(hub_connectors()) == [Scb]


def test_a_snapshot_ends_with_the_number_of_its_organisations_and_persons_are_dropped():
    ctx = fake_context(ScbConfig(path=NAME), root=FIXTURES)
    *items, complete = Scb().fetch(ctx)
    assert [item.key for item in items] == [
        "5299007012",
        "7799007013",
        "8799007011",
        "2120001918",
        "line 7",
        "8499007014",
        "8699007012",
        "5299007020",
        "8799007029",
    ]
    assert complete == Complete("organisations", "bulk", 8)
    assert ctx.counts == {"persons_dropped": 2, "person_numbers_masked": 1}
    assert items[0].origin == f"{NAME}:2"


def test_an_active_company_with_a_second_name_and_repeated_industries(tmp_path):
    organisation, drift = mapped(tmp_path, WORKSHOP)
    assert organisation.name == "BJÖRKBACKENS ARBETE AB (SVB)"
    assert organisation.other_names == ("ÅTERBRUKSVERKSTAN",)
    assert (organisation.legal_form, organisation.legal_form_scheme) == ("49", "SCB juridisk form")
    assert (organisation.kind, organisation.status, organisation.status_reason) == (
        Kind.COMPANY,
        Status.ACTIVE,
        None,
    )
    assert organisation.registered_on == date(2014, 3, 11)
    assert (organisation.street, organisation.postal_code, organisation.locality) == ("SKOLGATAN 7", "90326", "UMEÅ")
    assert (organisation.municipality_code, organisation.municipality_basis) == ("2480", "postal_code")
    found = [(activity.code.scheme, activity.code.code, activity.rank) for activity in organisation.activities]
    assert found == [("SNI 2025", "88993", 1), ("SNI 2025", "81210", 2)]
    assert drift == []


def test_older_files_have_codes_of_the_older_sni(tmp_path):
    raw, _ = fetch(written(tmp_path, ROWS[WEAVERS]), sni="SNI 2007")
    (organisation,) = Scb().normalise(raw)
    assert [activity.code.scheme for activity in organisation.activities] == ["SNI 2007"]


def test_a_body_without_business_is_active_and_says_why_it_has_none(tmp_path):
    organisation, drift = mapped(tmp_path, MEETING)
    assert (organisation.kind, organisation.status) == (Kind.ASSOCIATION, Status.ACTIVE)
    assert (organisation.status_reason, drift) == ("FtgStat 0", [])


def test_an_ended_body_and_a_number_in_a_text(tmp_path):
    organisation, drift = mapped(tmp_path, BYGONE)
    assert (organisation.kind, organisation.status) == (Kind.FOUNDATION, Status.DISSOLVED)
    assert organisation.other_names == ("FIRMA [personnummer]",)
    assert (organisation.municipality_code, organisation.municipality_basis) == (None, None)
    assert drift == []


def test_a_status_that_nobody_described_is_unknown_and_no_drift(tmp_path):
    organisation, drift = mapped(tmp_path, ABROAD)
    assert (organisation.status, organisation.postal_code, drift) == (None, "0153", [])


def test_a_form_that_is_not_settled_has_no_kind_and_empty_cells_are_nothing(tmp_path):
    organisation, drift = mapped(tmp_path, UNSETTLED)
    assert (organisation.legal_form, organisation.kind, drift) == ("99", None, [])
    assert organisation.postal_code is organisation.registered_on is None


def test_a_form_in_no_list_is_kept_and_reported_and_a_quote_is_text(tmp_path):
    organisation, drift = mapped(tmp_path, NEW_FORM)
    assert (organisation.legal_form, organisation.kind) == ("77", None)
    assert organisation.name == 'NYA FORMEN "TVÅ TUM"'
    assert drift == [Drift("unknown_code", "JurForm", "77")]


@pytest.mark.parametrize(("column", "code"), [("JEStat", "3"), ("FtgStat", "5")])
def test_a_status_in_no_list_is_reported_and_falls_into_none(tmp_path, column, code):
    organisation, drift = mapped(tmp_path, WORKSHOP, **{column: code})
    assert drift == [Drift("unknown_code", column, code)]
    assert (organisation.status is None) == (column == "JEStat")


def test_a_municipality_with_the_number_of_the_list(tmp_path):
    organisation, drift = mapped(tmp_path, LAXA)
    assert (organisation.identifier.value, organisation.kind) == ("2120001918", Kind.PUBLIC_BODY)
    assert (organisation.municipality_code, drift) == ("1860", [])


def test_a_municipality_with_another_number_than_the_list_is_drift(tmp_path):
    """The number of Laxå is one of those that follow from the rule alone: the file may know better."""
    organisation, drift = mapped(tmp_path, LAXA, PeOrgNr="162120009911")
    assert (organisation.identifier.value, organisation.name) == ("2120009911", "LAXÅ KOMMUN")
    assert drift == [Drift("unknown_code", "PeOrgNr of a municipality", "2120009911")]


def test_a_new_column_is_drift(tmp_path):
    path = tmp_path / "bulk.txt"
    path.write_bytes(f"{HEADER}NyKolumn\t\r\n{ROWS[WEAVERS]}x\t\r\n".encode("cp1252"))
    raw, complete = fetch(path)
    assert list(Scb().normalise(raw))[1:] == [Drift("new_field", "NyKolumn")]
    assert complete.expected == 1


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"PeOrgNr": "165299007013"}, "PeOrgNr", "check digit"),
        ({"Namn": ""}, "Namn", "the row has no name"),
        ({"Namn": "null"}, "Namn", "the word null"),
        ({"RegDatKtid": "20240230"}, "RegDatKtid", "day"),
        ({"RegDatKtid": "i våras"}, "RegDatKtid", "not a date"),
    ],
)
def test_a_row_that_cannot_be_understood_names_its_field_and_its_reason(tmp_path, cells, field, reason):
    with pytest.raises(RecordRejected) as error:
        mapped(tmp_path, WORKSHOP, **cells)
    assert error.value.field == field
    assert reason in error.value.reason


def test_a_name_of_which_null_is_a_part_is_a_name(tmp_path):
    assert mapped(tmp_path, WORKSHOP, Namn="NULL & NOLL AB")[0].name == "NULL & NOLL AB"
    assert mapped(tmp_path, WORKSHOP, Namn="NULL")[0].name == "NULL"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ROWS[BROKEN], "has 33 values instead of 34"),
        (ROWS[WORKSHOP] + "x\t", "has 35 values"),
        (with_cells(WORKSHOP, PeOrgNr="16529900701"), "not 16 and an organisation number"),
        (with_cells(WORKSHOP, PeOrgNr=""), "not 16 and an organisation number"),
        (with_cells(WORKSHOP, Namn="VERKSTAN\x81"), "0x81 at position"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_without_its_words(tmp_path, line, reason):
    path = tmp_path / "bulk.txt"
    broken = b"\x81".join(part.encode("cp1252") for part in line.split("\x81"))
    path.write_bytes(b"\n".join((HEADER.encode("cp1252"), ROWS[0].encode("cp1252"), broken, ROWS[1].encode("cp1252"))))
    _, reject, _, complete = fetch(path)
    assert isinstance(reject, Reject)
    assert (reject.key, reject.origin) == ("line 3", "bulk.txt:3")
    assert reason in reject.reason
    assert not [word for word in ("ARBETE", "VERKSTAN", "TRASIGA", "529900") if word in repr(reject)]
    assert complete == Complete("organisations", "bulk", 2)


@pytest.mark.parametrize(
    ("identity", "form"),
    [
        ("198507099805", "49"),
        ("168507099805", "49"),
        ("8507099805", ""),
        ("850709-9805", "49"),
        ("161225201234", "61"),
        ("165299007012", "10"),
        ("165299007012", "91"),
        ("", "10"),
    ],
)
def test_a_persons_form_or_a_persons_number_makes_a_person(identity, form):
    assert is_person(identity, form)


def test_an_organisation_is_no_person():
    assert not is_person("165299007012", "49")
    assert not is_person("162120001918", "82")


def test_a_header_without_a_required_column_breaks_the_contract(tmp_path):
    path = tmp_path / "bulk.txt"
    path.write_bytes(BULK.replace(b"JEStat\t", b"", 1))
    with pytest.raises(ContractBroken, match=r"bulk\.txt:1: the header lacks JEStat; it has ForAndrTyp"):
        fetch(path)


@pytest.mark.parametrize("cut", [4, 60])
def test_a_text_cut_off_is_never_complete(tmp_path, cut):
    path = written(tmp_path, *ROWS[:2], end="")
    path.write_bytes(path.read_bytes()[:-cut])
    seen: list[FetchItem] = []
    with pytest.raises(ContractBroken, match=r"bulk\.txt:3: the file ends in the middle of a row"):
        seen.extend(Scb().fetch(fake_context(ScbConfig(path=path.name), root=tmp_path)))
    assert not any(isinstance(item, Complete) for item in seen)


def test_a_file_with_natural_persons_alone_is_never_complete(tmp_path):
    with pytest.raises(ContractBroken, match="no row about an organisation"):
        fetch(written(tmp_path, ROWS[PERSON]))


def test_the_archive_gives_the_same_as_the_text(tmp_path):
    path = tmp_path / "bulk.zip"
    path.write_bytes(zipped(BULK, NAME, "LÄSMIG.md"))
    plain, packed = fetch(FIXTURES / NAME), fetch(path)
    assert [item.key for item in packed[:-1]] == [item.key for item in plain[:-1]]
    assert packed[-1] == plain[-1]


@pytest.mark.parametrize(("names", "reason"), [(("a.csv",), "no .txt"), (("a.txt", "b.txt"), "more than one")])
def test_an_archive_with_other_than_one_text(tmp_path, names, reason):
    path = tmp_path / "bulk.zip"
    path.write_bytes(zipped(BULK, *names))
    with pytest.raises(ContractBroken, match=reason):
        fetch(path)


def test_bulk_files_and_answers_are_two_sources(tmp_path):
    with pytest.raises(ConfigError, match="in one source"):
        list(Scb().fetch(fake_context(ScbConfig(path="*"), root=FIXTURES)))
    with pytest.raises(SourceUnavailable, match=r"no \.zip, \.txt or \.json file"):
        fetch(written(tmp_path).rename(tmp_path / "bulk.csv"))


def test_what_was_not_bought_is_unknown_and_an_end_dissolves():
    first, second = fetch(FIXTURES / "answers.json")
    (weavers,), (bygone,) = Scb().normalise(first), Scb().normalise(second)
    assert (weavers.status, weavers.municipality_code, weavers.municipality_basis) == (Status.ACTIVE, "2480", "seat")
    assert (bygone.status, bygone.dissolved_on) == (Status.DISSOLVED, date(2025, 12, 31))
    assert bygone.postal_code is bygone.locality is bygone.municipality_code is bygone.status_reason is None


def test_an_answer_without_a_bought_name_says_so():
    raw = RawRecord("answers", "8499007014", {"PeOrgNr": "168499007014", "Företagsnamn": "*"})
    with pytest.raises(RecordRejected, match="was not bought"):
        list(Scb().normalise(raw))


def test_only_https_or_this_machine_is_asked():
    with pytest.raises(ValueError, match="url"):
        ScbConfig(url="http://example.org/bulk.zip")


# Week by week


@pytest.fixture
def site() -> Iterator[TestServer]:
    with serving() as server:
        yield server


def run(database: Database, site: TestServer, validators: Validators, day: int = 0, connector: Any = None) -> Any:
    with open_test_client(store=validators) as client:
        return database.run(
            connector or Scb(),
            ScbConfig(url=site.url + PLACE),
            client=client,
            validators=validators,
            now=NOW + timedelta(days=day),
        )


def week(*lines: str) -> bytes:
    return zipped("\n".join((HEADER, *lines, "")).encode("cp1252"))


def standing(database: Database) -> list[Any]:
    return sorted(
        (row["identifier"], row["name"], row["status"], row["legal_form"], row["postal_code"])
        for row in database.rows("v1_organisation")
    )


def keys(database: Database) -> list[str]:
    return sorted(row["key"] for row in database.rows("raw_record") if row["retired_at"] is None)


def test_a_broken_row_is_quarantined_and_the_rest_is_stored(site, database_url, tmp_path):
    play(site)
    with Database(tmp_path, database_url) as database:
        result = run(database, site, Validators())
        assert (result.outcome, result.quarantined, len(standing(database))) == ("succeeded", 1, 8)
        (row,) = database.rows("quarantine")
    assert "has 33 values instead of 34" in str(row)
    assert "TRASIGA" not in str(row)


def test_an_unchanged_file_is_not_sent_again_and_the_run_is_unchanged(site, database_url, tmp_path):
    site.on(PLACE, versioned(week(ROWS[WORKSHOP]), '"1"'))
    validators = Validators()
    with Database(tmp_path, database_url) as database:
        first, second = (run(database, site, validators, day) for day in (0, 7))
        assert (first.outcome, second.outcome) == ("succeeded", "unchanged")
        assert (second.read, second.retired, len(standing(database))) == (0, 0, 1)
    assert site.asked[-1].headers["if-none-match"] == '"1"'


FILLING = [with_cells(WORKSHOP, PeOrgNr=f"1655900000{end}", Namn=f"FYLLNAD {end} AB") for end in ("13", "21", "39")]
THREE = [
    week(ROWS[WORKSHOP], ROWS[BYGONE], *FILLING),
    week(with_cells(WORKSHOP, JEStat="9", PostNr="69530"), ROWS[BYGONE], ROWS[WEAVERS], *FILLING),
    week(with_cells(WORKSHOP, JEStat="9", PostNr="69530"), ROWS[WEAVERS], *FILLING),
]


def test_a_row_that_disappears_from_the_weekly_snapshot_is_retired(site, database_url, tmp_path):
    validators = Validators()
    with Database(tmp_path, database_url) as database:
        for number in (1, 2):
            site.on(PLACE, versioned(THREE[number], f'"{number}"'))
            result = run(database, site, validators, 7 * number)
        assert (result.outcome, result.retired) == ("succeeded", 1)
        assert "8499007014" not in keys(database)


def test_three_days_with_changed_new_and_removed_rows_equal_a_fresh_reading(site, database_url, tmp_path):
    validators, results = Validators(), []
    with Database(tmp_path / "daily", database_url) as database:
        for number, content in enumerate(THREE):
            site.on(PLACE, versioned(content, f'"{number}"'))
            results.append(run(database, site, validators, number))
        found, raw = standing(database), keys(database)
    with Database(tmp_path / "fresh") as fresh:
        assert run(fresh, site, Validators(), 2).outcome == "succeeded"
        assert (found, raw) == (standing(fresh), keys(fresh))
    assert [(one.stored, one.changed, one.retired) for one in results] == [(5, 0, 0), (1, 1, 0), (0, 0, 1)]


def context(position: dict[str, int], version: str) -> Context[Any]:
    return Context(
        source_id="test",
        config=ScbConfig(path=NAME),
        now=NOW,
        root=FIXTURES,
        pseudonym_key=KEY,
        resume=lambda _stream, _scope, asked: position if asked == version else {},
    )


def test_a_reading_goes_on_behind_its_position_and_counts_what_came_before(monkeypatch):
    monkeypatch.setattr(module, "_CHECKPOINT_EVERY", 2)
    version = hashlib.sha256(BULK).hexdigest()
    whole = list(Scb().fetch(context({}, "")))
    marks = [item for item in whole if isinstance(item, Checkpoint)]
    assert len(marks) > 3
    assert {mark.version for mark in marks} == {version}
    for mark in marks:
        assert list(Scb().fetch(context(dict(mark.cursor), version))) == whole[whole.index(mark) + 1 :]
    assert list(Scb().fetch(context(dict(marks[-1].cursor), "another file"))) == whole


class Dying(Scb):
    """Breaks behind its third position."""

    def fetch(self, ctx: Context[ScbConfig]) -> Iterator[FetchItem]:
        marks = 0
        for item in super().fetch(ctx):
            yield item
            marks += isinstance(item, Checkpoint)
            if marks == 3:
                raise SourceUnavailable("killed")


def test_a_broken_reading_is_taken_up_and_nothing_is_retired_by_it(site, database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHECKPOINT_EVERY", 2)
    site.on(PLACE, versioned(zipped(BULK), '"1"'))
    validators = Validators()
    with Database(tmp_path / "broken", database_url) as database:
        first = run(database, site, validators, connector=Dying())
        second = run(database, site, validators, 1)
        found = keys(database)
    with Database(tmp_path / "whole") as fresh:
        total = run(fresh, site, Validators())
        assert found == keys(fresh)
    assert (first.outcome, first.retired, second.retired) == ("partial", 0, 0)
    assert 0 < second.read < total.read


@pytest.mark.parametrize("answer", [reply(404), reply(200, b"<html>Underhall</html>"), reply(200, zipped(BULK)[:-40])])
def test_something_else_than_the_file_retires_nothing(site, database_url, tmp_path, answer):
    site.on(PLACE, reply(200, week(ROWS[WORKSHOP])))
    with Database(tmp_path, database_url) as database:
        run(database, site, Validators())
        site.on(PLACE, answer)
        result = run(database, site, Validators(), 7)
        assert (result.outcome, result.retired, len(standing(database))) == ("failed", 0, 1)
        assert result.reason


# The lists


def test_both_swedish_registers_place_a_postal_code_alike():
    copies = [
        REPOSITORY / "plugins" / name / "data" / "postal_codes.txt" for name in ("hub_se_scb", "hub_se_bolagsverket")
    ]
    ours, theirs = (copy.read_bytes() for copy in copies)
    assert ours == theirs


def test_the_numbers_of_municipalities_are_those_of_the_store():
    with (REPOSITORY / "hub" / "store" / "data" / "se_municipalities.csv").open(encoding="utf-8") as file:
        stored = {row["identifier"]: row["identifier_status"] for row in csv.DictReader(file)}
    assert len(stored) == 290
    assert reference.municipality_numbers() == stored.keys()
    lines = (
        (REPOSITORY / "plugins" / "hub_se_scb" / "data" / "municipality_numbers.txt").read_text("ascii").splitlines()
    )
    marked = {line.split()[0] for line in lines if line.endswith(" derived")}
    assert marked == {number for number, status in stored.items() if status != "verified"}
