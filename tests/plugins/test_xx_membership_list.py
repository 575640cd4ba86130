"""Lists of members: headers, keys, dates, numbers that are not valid, and natural persons."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from pydantic import ValidationError

from hub.sdk import (
    Complete,
    Context,
    ContractBroken,
    Drift,
    Membership,
    RawRecord,
    RecordRejected,
    Reject,
)
from hub_xx_membership_list import hub_connectors
from hub_xx_membership_list.config import MembershipListConfig
from hub_xx_membership_list.connector import MembershipList, date_in_name

LIST = Path(__file__).parent / "fixtures" / "xx_membership_list" / "naringsliv_2026-03-01.csv"
COLUMNS = {
    "name": "Medlem",
    "identifier": "Org.nr",
    "number": "Medlemsnr",
    "valid_from": "Medlem sedan",
    "valid_to": "Till och med",
}


def context(path: Path, columns=COLUMNS, **settings: object) -> Context[MembershipListConfig]:
    values = {"path": path.name, "register": "network", "register_name": "Nätverket", "columns": columns}
    config = MembershipListConfig.model_validate(values | settings)
    return Context(
        source_id="t", config=config, now=datetime(2026, 5, 18, tzinfo=UTC), root=path.parent, pseudonym_key=b"k" * 32
    )


def written(folder: Path, *lines: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def memberships(ctx: Context[MembershipListConfig]) -> list[Membership]:
    connector = MembershipList()
    raws = [item for item in connector.fetch(ctx) if isinstance(item, RawRecord)]
    return [record for raw in raws for record in connector.normalise(raw) if isinstance(record, Membership)]


def test_the_plugin_offers_its_connector():
    assert list(hub_connectors()) == [MembershipList]


def test_a_list_becomes_one_scope_of_memberships():
    ctx = context(LIST, ignore=["kontaktperson"])
    *items, complete = MembershipList().fetch(ctx)
    assert complete == Complete("members", "network", 7)
    keys = [item.key for item in items if isinstance(item, RawRecord)]
    assert keys[:4] == [
        "7799002014/2019-02-01",
        "8499002015/2021-01-01",
        "kulturföreningen eta/2020-01-01",
        "föreningen theta",
    ]
    assert [item.origin for item in items if isinstance(item, Reject)] == ["naringsliv_2026-03-01.csv:13"]
    assert not [item for item in items if isinstance(item, Drift)]
    assert {item.scope for item in items if isinstance(item, RawRecord)} == {"network"}
    assert ctx.counts == {"duplicates": 2, "linked": 2, "not_linked": 5, "persons": 3}


def test_memberships_say_who_and_since_when():
    first, second, third, fourth, *_ = memberships(context(LIST))
    assert (first.register_id, first.register_name, first.number) == ("network", "Nätverket", "17")
    assert first.member.identifier.value == "7799002014"
    assert (first.valid_from, first.valid_to, first.valid_from_basis) == (date(2019, 2, 1), None, "published")
    assert second.member.identifier.value == "8499002015"
    assert (second.valid_from, second.valid_from_basis) == (date(2021, 1, 1), "assumed")
    assert third.valid_to == date(2024, 12, 31)
    assert (fourth.valid_from, fourth.valid_from_basis) == (None, None)


def test_a_wrong_check_digit_is_kept_as_written_and_links_to_nobody():
    member = memberships(context(LIST))[2].member
    assert (member.name, member.identifier_as_written, member.identifier) == (
        "Kulturföreningen Eta",
        "879900-2013",
        None,
    )


def test_natural_persons_have_a_pseudonym_and_nothing_else():
    ctx = context(LIST)
    connector = MembershipList()
    items = list(connector.fetch(ctx))
    records = [record for item in items if isinstance(item, RawRecord) for record in connector.normalise(item)]
    seen = repr(items) + repr(records)
    for planted in ("1212121212", "850709", "9805", "800101", "1236", "Tolvan", "Hattar", "Vilma", "Påhittad Person"):
        assert planted not in seen
    persons = [record for record in records if isinstance(record, Membership) and record.member.pseudonym]
    assert len({record.natural_key for record in persons}) == 3
    assert persons[0].valid_from == date(2022, 5, 1)
    assert persons[0].number is None


def test_headers_that_nobody_asked_for_are_reported_by_name():
    drift = [item for item in MembershipList().fetch(context(LIST)) if isinstance(item, Drift)]
    assert drift == [Drift("new_field", "Kontaktperson", stream="members")]


def test_a_workbook_gives_the_same_as_the_text(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Nätverkets medlemmar"])
    sheet.append(["medlem ", "Org.nr", "Medlem  sedan"])
    sheet.append(["Vävstugan", 7799002014, date(2019, 2, 1)])
    sheet.append(["Stiftelsen Zeta", "849900-2015", None])
    book.save(tmp_path / "list.xlsx")
    columns = {"name": "Medlem", "identifier": "Org.nr", "valid_from": "Medlem sedan"}
    first, second = memberships(context(tmp_path / "list.xlsx", columns))
    assert (first.member.identifier.value, first.valid_from) == ("7799002014", date(2019, 2, 1))
    assert second.member.identifier.value == "8499002015"


def test_a_missing_header_lists_those_that_are_there_and_the_likeliest():
    with pytest.raises(ContractBroken) as error:
        list(MembershipList().fetch(context(LIST, COLUMNS | {"identifier": "Orgnr"})))
    assert str(error.value) == (
        "naringsliv_2026-03-01.csv: no row holds the header 'Orgnr' for identifier (did you mean 'Org.nr'?); the file "
        "has 'Medlem', 'Org.nr', 'Medlemsnr', 'Medlem sedan', 'Till och med', 'Kontaktperson' "
        "→ correct `columns` in the source's [config]"
    )


def test_of_several_editions_the_newest_is_read(tmp_path):
    written(tmp_path, "Namn", "Alfa", name="z_2025-12-31.csv")
    written(tmp_path, "Namn", "Beta", name="a_2026-01-31.csv")
    written(tmp_path, "Namn", "Gamma", name="undated.csv")
    ctx = context(tmp_path, {"name": "Namn"})
    assert [record.member.name for record in memberships(ctx)] == ["Beta"]


def test_a_list_without_members_is_broken(tmp_path):
    with pytest.raises(ContractBroken, match="no members"):
        list(MembershipList().fetch(context(written(tmp_path, "Namn;Ort"), {"name": "Namn"})))


@pytest.mark.parametrize(
    ("row", "field"),
    [("Alfa;2024-13-45;", "valid_from"), ("Alfa;2024-02-01;2023-01-01", "valid_to"), ("Alfa;;snart", "valid_to")],
)
def test_dates_that_cannot_be_are_rejected_with_their_field(tmp_path, row, field):
    path = written(tmp_path, "Namn;Från;Till", row)
    with pytest.raises(RecordRejected) as error:
        memberships(context(path, {"name": "Namn", "valid_from": "Från", "valid_to": "Till"}))
    assert error.value.field == field


def test_a_number_that_is_not_valid_and_no_name_is_nobody(tmp_path):
    path = written(tmp_path, "Org.nr;Ort", "779900-2015;Norrby")
    with pytest.raises(RecordRejected, match="nobody can tell who is meant"):
        memberships(context(path, {"identifier": "Org.nr"}))


def test_another_country_or_scheme(tmp_path):
    path = written(tmp_path, "Name;No", "Alpha;01234567")
    columns = {"name": "Name", "identifier": "No"}
    (member,) = memberships(context(path, columns, country="GB"))
    assert (member.member.identifier.scheme, member.member.country) == ("GB-COH", "GB")
    path = written(tmp_path, "Name;No", "Alpha;1012345")
    (member,) = memberships(context(path, columns, country="GB", identifier_scheme="GB-CHC"))
    assert member.member.identifier.scheme == "GB-CHC"


def test_a_member_who_came_back_has_two_rows(tmp_path):
    path = written(tmp_path, "Namn;Från;Till", "Alfa;2019-01-01;2020-12-31", "Alfa;2023-01-01;")
    found = memberships(context(path, {"name": "Namn", "valid_from": "Från", "valid_to": "Till"}))
    assert len({record.natural_key for record in found}) == 2


NAMED = {"name": "Namn", "identifier": "Org.nr", "valid_from": "Från", "valid_to": "Till"}


def fetched(folder: Path, *rows: str) -> tuple[list[RawRecord], list[Reject], Context[MembershipListConfig]]:
    ctx = context(written(folder, "Namn;Org.nr;Från;Till", *rows), NAMED)
    items = list(MembershipList().fetch(ctx))
    return [i for i in items if isinstance(i, RawRecord)], [i for i in items if isinstance(i, Reject)], ctx


@pytest.mark.parametrize("start", ["20200101", "2020", "2020-01-01 00:00:00", "1/1/2020"])
def test_a_start_written_in_another_way_is_the_same_row(tmp_path, start):
    (before,), _, _ = fetched(tmp_path, "Alfa;779900-2014;2020-01-01;")
    (after,), _, _ = fetched(tmp_path, f"Alfa;779900-2014;{start};")
    assert before.key == after.key == "7799002014/2020-01-01"


@pytest.mark.parametrize("number", ["800101-1231", "SE800101123101", "pnr.8001011231", "800101\u20131231"])
def test_an_organisation_with_a_personal_number_in_its_name_stays_one(tmp_path, number):
    (raw,), _, ctx = fetched(tmp_path, f"Alfa ({number});779900-2014;2020-01-01;")
    (record,) = MembershipList().normalise(raw)
    assert isinstance(record, Membership)
    assert record.member.identifier.value == "7799002014"
    assert record.member.name.startswith("Alfa (")
    assert "1231" not in repr(raw)
    assert ctx.counts["persons"] == 0


def test_a_person_has_one_pseudonym_and_no_name_in_every_spelling_and_column(tmp_path):
    rows = [
        "Erik Exempel;SE800101123101;2020-01-01;",
        "Erik Exempel;800101-1231 (privat);2021-01-01;",
        "Erik Exempel pnr.800101-1231;;2022-01-01;",
        "Erik Exempel;19 800101-1231;2023-01-01;",
    ]
    raws, _, _ = fetched(tmp_path, *rows)
    assert len(raws) == 4
    assert len({raw.payload["identifier"] for raw in raws}) == 1
    assert "Erik" not in repr(raws)
    assert "1231" not in repr(raws)


def test_a_later_row_with_another_end_is_rejected(tmp_path):
    raws, rejects, ctx = fetched(
        tmp_path,
        "Alfa;779900-2014;2020-01-01;2024-12-31",
        "Alfa;779900-2014;20200101;2024",
        "Alfa;779900-2014;2020-01-01;2023-06-30",
        "Alfa;779900-2014;2020-01-01;",
    )
    assert [raw.payload["valid_to"] for raw in raws] == ["2024-12-31"]
    assert ctx.counts["duplicates"] == 1
    assert [(item.origin, item.field, item.value) for item in rejects] == [
        ("list.csv:4", "valid_to", "2023-06-30"),
        ("list.csv:5", "valid_to", ""),
    ]
    assert "ends at another time" in rejects[0].reason


def test_columns_must_say_who_the_members_are():
    with pytest.raises(ValidationError, match="needs at least `name` or `identifier`"):
        context(LIST, {"number": "Medlemsnr"})


@pytest.mark.parametrize(
    ("name", "expected"),
    [("asf_2026-03-01.xlsx", date(2026, 3, 1)), ("asf_2026-13-01.xlsx", None), ("asf.xlsx", None)],
)
def test_the_date_in_a_name(name, expected):
    assert date_in_name(name) == expected
