"""TED notices: what each form says, who won and who lost, what is withheld, and that no natural person comes through.

The fixtures are invented; their numbers have valid check digits.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hub.sdk import (
    Context,
    Contract,
    Drift,
    Lot,
    Money,
    Notice,
    RawRecord,
    RecordRejected,
    Reject,
    SourceUnavailable,
    mask_person_numbers,
)
from hub_eu_ted import hub_connectors
from hub_eu_ted.clock import instant
from hub_eu_ted.connector import Ted, TedConfig
from hub_eu_ted.countries import iso2, zone
from hub_eu_ted.numbers import publication_number, reference
from hub_eu_ted.privacy import person_behind

FIXTURES = Path(__file__).parent / "fixtures" / "eu_ted"
KOMMUN, REGION, WINNER, LOSER = "2129990012", "2329990028", "5599990107", "5569990111"
PERSON = "800101-9994"


def context(path: str, root: Path = FIXTURES, **more: object) -> Context[TedConfig]:
    return Context(
        source_id="t",
        config=TedConfig(path=path),
        now=datetime(2026, 5, 18, tzinfo=UTC),
        root=root,
        pseudonym_key=b"k" * 32,
        **more,
    )


def raw(name: str) -> RawRecord:
    (item,) = Ted().fetch(context(name))
    assert isinstance(item, RawRecord)
    return item


def read(item: RawRecord) -> tuple[Notice, list[Contract], list[Drift]]:
    records = list(Ted().normalise(item))
    (notice,) = (record for record in records if isinstance(record, Notice))
    contracts = [record for record in records if isinstance(record, Contract)]
    return notice, contracts, [record for record in records if isinstance(record, Drift)]


def altered(name: str, *changes: tuple[str, str]) -> RawRecord:
    """The fixture's raw record with parts of its XML replaced."""
    item = raw(name)
    assert isinstance(item.payload, bytes)
    text = item.payload.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return RawRecord(item.stream, item.key, text.encode())


def lot(notice: Notice, number: str) -> Lot:
    return next(one for one in notice.lots if one.lot_number == number)


def names(notice: Notice, role: str, number: str | None = None) -> list[str | None]:
    return [
        party.organisation.name
        for party in notice.parties
        if party.role == role and (number is None or party.lot_number == number)
    ]


def sek(amount: str) -> Money:
    return Money.of(amount, "SEK")


# Calls


def test_call_identity_and_texts():
    notice, contracts, drift = read(raw("competition.xml"))
    assert notice.natural_key == ("aaaaaaaa-0001-4000-8000-000000000001", "01", "312345-2024")
    assert notice.url == "https://ted.europa.eu/en/notice/-/detail/312345-2024"
    assert (notice.notice_type, notice.form_type, notice.notice_subtype) == ("cn-social", "competition", "20")
    assert notice.procedure_id == "11111111-1111-4111-8111-111111111111"
    assert (notice.procedure_type, notice.legal_basis) == ("open", "32014L0024")
    # The official language, although English stands first; the line break inside the name is no part of it.
    assert notice.title == "Café och städning"
    assert notice.titles == {"ENG": "Café and cleaning", "SWE": "Café och städning"}
    assert notice.published_on == date(2024, 5, 2)
    assert notice.sent_at == datetime.fromisoformat("2024-05-01T10:30:00+02:00")
    assert (notice.value, notice.value_kind) == (sek("7000000.50"), "estimated")
    assert notice.previous == ("12345-2024",)
    assert not contracts
    assert not drift


def test_call_buyers_with_numbers_in_any_spelling():
    notice, _, _ = read(raw("competition.xml"))
    buyers = [party.organisation for party in notice.parties]
    # The first one is named by its contact point TPO-0001; the court that hears appeals is no party.
    assert [(b.name, b.identifier and b.identifier.value, b.country) for b in buyers] == [
        ("Exempelköpings kommun", KOMMUN, "SE"),
        ("Region Exempel", REGION, "SE"),
    ]
    assert buyers[0].identifier_as_written == "Org. nr. 212999-0012"
    assert notice.country == "SE"


def test_call_lots():
    notice, _, _ = read(raw("competition.xml"))
    assert [one.lot_number for one in notice.lots] == ["LOT-0001", "LOT-0002"]  # the group GLO-0001 is no lot
    first, second = notice.lots
    assert (first.reserved_participation, first.reserved_execution) == (("res-ws",), "yes")
    assert (second.reserved_participation, second.reserved_execution) == (("none",), "no")
    assert first.social_objectives == ("opp", "acc-all")
    assert first.strategic == ("soc-obj",)
    assert (first.duration, first.duration_unit, first.renewals_max) == (24, "MONTH", 2)
    assert (first.renewal_text, first.options_text) == ("Två gånger ett år.", "Mer kaffe.")
    assert (first.internal_id, first.cpv_main) == ("A1", "85311000")
    assert first.cpv_additional == ("55330000", "55320000")
    assert (first.nuts, first.countries) == (("SE110",), ("SE",))
    assert (first.value, first.framework) == (sek("2000000.50"), "fa-wo-rc")
    assert (second.starts_on, second.ends_on) == (date(2024, 9, 1), date(2026, 8, 31))
    assert second.framework_maximum == sek("8000000")


def test_deadline_is_the_buyers_clock_when_offsets_disagree():
    notice, _, _ = read(raw("competition.xml"))
    first, second = notice.lots
    assert first.deadline_at is not None
    assert first.deadline_at.isoformat() == "2024-06-15T23:59:00+02:00"  # not 00:59 on the next day
    assert second.deadline_at == datetime.fromisoformat("2024-06-15T12:00:00+02:00")
    assert first.deadline_kind == "tenders"


def test_change_repeats_the_notice_and_names_what_it_changes():
    notice, _, _ = read(raw("change.xml"))
    assert notice.version == "02"
    assert notice.changes == "aaaaaaaa-0001-4000-8000-000000000001-01"
    assert notice.change_reason == "update-add"
    (only,) = notice.lots
    assert only.reserved_participation == ("res-pub-ser",)
    assert only.deadline_kind == "requests"
    assert only.deadline_at == datetime.fromisoformat("2024-06-30T23:59:59+02:00")  # no time given


def test_planning_has_parts_and_no_publication_number():
    item = raw("planning.xml")
    assert item.key == "aaaaaaaa-0004-4000-8000-000000000004-01"
    notice, _, _ = read(item)
    assert [one.lot_number for one in notice.lots] == ["PAR-0001", "PAR-0002"]
    assert (notice.publication_number, notice.url, notice.procedure_id) == (None, None, None)
    assert (notice.title, notice.cpv_main) == ("Planerat café", "85311000")
    assert notice.lots[0].reserved_participation == ("res-ws",)


# Results


def test_result_winners_are_suppliers_and_losers_are_not():
    notice, _, _ = read(raw("result.xml"))
    assert names(notice, "supplier", "LOT-0001") == ["Vinnande Exempel AB", "Medvinnande Förening"]
    assert names(notice, "tenderer", "LOT-0001") == ["Förlorande Exempel AB", None]
    assert names(notice, "subcontractor", "LOT-0001") == ["Underleverantör AB"]
    assert names(notice, "buyer") == ["Exempelköpings kommun", "Region Exempel"]


def test_result_without_contract_falls_back_to_the_first_rank():
    notice, contracts, _ = read(raw("result.xml"))
    assert names(notice, "supplier", "LOT-0002") == ["Vinnande Exempel AB", "Medvinnande Förening"]
    assert names(notice, "tenderer", "LOT-0002") == ["Förlorande Exempel AB"]
    (contract,) = (one for one in contracts if one.lot_number == "LOT-0002")
    assert contract.reference == "Anbud 4"
    assert (contract.value, contract.amount_kind) == (sek("400000"), "awarded")


def test_result_ranked_second_alone_wins_nothing():
    item = altered("result.xml", ("<cbc:RankCode>1</cbc:RankCode>", "<cbc:RankCode>3</cbc:RankCode>"))
    notice, contracts, _ = read(item)
    assert names(notice, "supplier", "LOT-0002") == []
    assert not [one for one in contracts if one.lot_number == "LOT-0002"]
    assert names(notice, "supplier", "LOT-0001") == ["Vinnande Exempel AB", "Medvinnande Förening"]


def test_result_contract():
    notice, contracts, _ = read(raw("result.xml"))
    contract = contracts[0]
    assert contract.reference == "CON-0001"  # the publisher wrote "-"
    assert (contract.decided_on, contract.signed_on) == (date(2024, 8, 1), date(2024, 8, 20))
    assert (contract.starts_on, contract.ends_on) == (date(2024, 9, 1), date(2026, 8, 31))
    assert (contract.value, contract.amount_kind) == (sek("1000000"), "awarded")
    assert contract.notice_key == notice.natural_key
    assert contract.framework is True
    assert [buyer.name for buyer in contract.buyers] == ["Exempelköpings kommun"]  # the one that signed
    suppliers = [
        (s.organisation.identifier and s.organisation.identifier.value, s.rank, s.lead) for s in contract.suppliers
    ]
    assert suppliers == [(WINNER, 1, True), ("8029990127", 1, False)]  # the second CompanyID is the valid one
    assert len({one.natural_key for one in contracts}) == len(contracts) == 3


def test_result_outcomes_and_values():
    notice, _, _ = read(raw("result.xml"))
    assert (notice.value, notice.value_kind) == (sek("3000000"), "awarded")
    first, third = lot(notice, "LOT-0001"), lot(notice, "LOT-0003")
    assert (first.outcome, first.tenders_received, first.framework_maximum) == ("selec-w", 3, sek("6000000"))
    assert (third.outcome, third.outcome_reason, third.tenders_received) == ("clos-nw", "no-rece", 0)
    assert names(notice, "supplier", "LOT-0003") == []


def test_framework_maximum_is_never_taken_for_an_award():
    item = altered(
        "result.xml",
        ('<cbc:TotalAmount currencyID="SEK">3000000</cbc:TotalAmount>', ""),
        ('<cbc:PayableAmount currencyID="SEK">1000000.00</cbc:PayableAmount>', ""),
    )
    notice, contracts, _ = read(item)
    assert (notice.value, notice.value_kind) == (sek("9000000"), "framework_maximum")
    assert (contracts[0].value, contracts[0].amount_kind) == (sek("6000000"), "framework_maximum")


def test_a_tender_for_several_lots_is_paid_once():
    """Lot 4's result names lot 1's tender too, as for a group of lots."""
    link = '<cbc:ID schemeName="tender">TEN-0005</cbc:ID>\n              </efac:LotTender>'
    item = altered("result.xml", (link, link.replace("0005", "0001")))
    _, contracts, _ = read(item)
    values = {(one.lot_number, one.reference): one.value for one in contracts}
    assert values["LOT-0001", "CON-0001"] == sek("1000000")
    assert values["LOT-0004", "CON-0001"] is None


def test_a_group_of_lots_is_no_lot():
    payload = raw("modification.xml").payload
    assert isinstance(payload, bytes)
    # The second such link is the tender's own, the first its result's.
    head, mark, tail = payload.decode().rpartition(
        '<cbc:ID schemeName="Lot">LOT-0001</cbc:ID>\n              </efac:TenderLot>'
    )
    assert mark
    text = head + mark.replace('schemeName="Lot">LOT-0001', 'schemeName="LotsGroup">GLO-0001') + tail
    notice, (contract,), _ = read(RawRecord("notices", "x", text.encode()))
    assert {party.lot_number for party in notice.parties if party.role == "supplier"} == {"LOT-0001"}
    assert (contract.lot_number, contract.value) == ("LOT-0001", sek("1250000.25"))


def test_the_maximum_of_a_framework_with_several_contracts_stands_with_the_lot_alone():
    item = altered(
        "result.xml",
        ('<cbc:PayableAmount currencyID="SEK">1000000.00</cbc:PayableAmount>', ""),
        ('<cbc:PayableAmount currencyID="SEK">1200000</cbc:PayableAmount>', ""),
        ("<cbc:AwardDate>2024-08-01+02:00</cbc:AwardDate>", ""),
    )
    assert isinstance(item.payload, bytes)
    text = item.payload.decode()
    second = (
        '<efac:SettledContract><cbc:ID schemeName="contract">CON-0003</cbc:ID><efac:LotTender>'
        '<cbc:ID schemeName="tender">TEN-0002</cbc:ID></efac:LotTender></efac:SettledContract></efac:NoticeResult>'
    )
    notice, contracts, _ = read(RawRecord("notices", "x", text.replace("</efac:NoticeResult>", second).encode()))
    shared = [one for one in contracts if one.lot_number == "LOT-0001"]
    assert [one.value for one in shared] == [None, None]
    assert lot(notice, "LOT-0001").framework_maximum == sek("6000000")
    assert names(notice, "supplier", "LOT-0001")[-1] == "Förlorande Exempel AB"  # a second supplier now


def test_modification():
    notice, (contract,), _ = read(raw("modification.xml"))
    assert (notice.form_type, notice.change_reason) == ("cont-modif", "add-wss")
    # This publication number passes for a personal number, and must come through all the same.
    assert notice.changes == "340663-2020"
    assert notice.previous == ("312345-2024",)
    assert (contract.reference, contract.value, contract.amount_kind) == ("2024/77", sek("1250000.25"), "changed")
    assert names(notice, "supplier") == ["Vinnande Exempel AB"]


def test_withheld_value_and_its_republication():
    early, (hidden,), drift = read(raw("withheld.xml"))
    late, (shown,), _ = read(raw("republished.xml"))
    assert early.withheld == ("not-val", "rec-sub-cou", "win-cho", "win-ten-val")
    assert (early.value, hidden.value, hidden.amount_kind) == (None, None, None)
    assert (early.lots[0].outcome, early.lots[0].tenders_received) == (None, None)
    assert not drift
    assert late.withheld == ()
    assert (late.value, shown.value, late.lots[0].tenders_received) == (sek("750000"), sek("750000"), 4)
    # Same notice, same version, another edition.
    assert early.natural_key[:2] == late.natural_key[:2]
    assert early.natural_key != late.natural_key


# TED XML


def test_legacy_award():
    notice, (contract,), drift = read(raw("legacy_award.xml"))
    assert notice.natural_key == ("45678-2021", "01", "45678-2021")
    assert (notice.notice_type, notice.form_type, notice.notice_subtype) == ("can-social", "result", "F21")
    assert notice.language == "SWE"
    assert notice.title == "Dag- och nattverksamhet"  # from the original, which stands behind its translation
    assert notice.titles["ENG"] == "Day and night care"
    assert notice.description == "Del ett. Del två."
    assert (notice.value, notice.value_kind) == (sek("1234567890"), "awarded")
    assert notice.previous == ("340663-2020",)
    assert [one.lot_number for one in notice.lots] == ["1", "2"]
    for one in notice.lots:
        assert one.reserved_participation == ("res-ws", "res-pub-ser")
        assert one.reserved_execution == "yes"
    assert [one.outcome for one in notice.lots] == ["selec-w", "clos-nw"]
    assert notice.lots[1].outcome_reason == "PROCUREMENT_UNSUCCESSFUL"
    assert notice.lots[0].tenders_received == 3
    assert (contract.reference, contract.lot_number, contract.signed_on) == ("2021/5", "1", date(2021, 5, 3))
    assert (contract.value, contract.amount_kind) == (sek("850000.50"), "awarded")
    assert [s.organisation.name for s in contract.suppliers] == ["Medvinnande Förening", None]
    assert not drift


def test_legacy_deadline_without_zone_is_swedish_time():
    notice, _, _ = read(raw("legacy_call.xml"))
    (only,) = notice.lots
    assert only.deadline_at is not None
    assert only.deadline_at.isoformat() == "2021-07-01T23:59:00+02:00"
    assert (only.reserved_participation, only.reserved_execution) == (("res-ws",), None)
    assert (notice.value, notice.value_kind) == (sek("3000000"), "estimated")


def test_legacy_deadline_in_a_country_without_known_clock_is_utc_and_said_so():
    notice, _, drift = read(altered("legacy_call.xml", ('VALUE="SE"', 'VALUE="KE"')))
    assert notice.lots[0].deadline_at == datetime(2021, 7, 1, 23, 59, tzinfo=UTC)
    assert [(one.kind, one.field) for one in drift] == [("missing_field", "time zone")]


def test_legacy_r208_award():
    notice, (north, south), drift = read(raw("legacy_r208.xml"))
    assert (notice.publication_number, notice.form_type, notice.title) == ("2673-2015", "result", "Snöröjning")
    assert (notice.value, notice.value_kind) == (sek("1420000.50"), "awarded")
    assert (notice.cpv_main, notice.cpv_additional) == ("90620000", ("90630000",))
    assert notice.previous == ("299275-2014",)
    assert [one.lot_number for one in notice.lots] == ["1", "2"]
    assert (north.decided_on, north.value) == (date(2014, 12, 17), sek("700000"))  # not the first estimate
    winner = north.suppliers[0].organisation
    assert winner.identifier is not None
    assert winner.identifier.value == WINNER
    assert south.suppliers[0].organisation.name == "Förlorande Exempel AB"  # no OFFICIALNAME around it in R2.0.7
    assert names(notice, "buyer") == ["Exempelköpings kommun"]
    assert not drift


# Privacy


@pytest.mark.parametrize("name", sorted(file.name for file in FIXTURES.glob("*.xml")))
def test_nothing_about_people_is_kept(name):
    item = raw(name)
    assert isinstance(item.payload, bytes)
    text = item.payload.decode()
    for trace in ("Andersson", "anna", "@", "+46", "Ägarsson", "Persson", "Nordmann", "8001019994", PERSON):
        assert trace not in text


def test_sole_trader_and_natural_person_keep_a_pseudonym_alone():
    ctx = context("result.xml")
    (item,) = Ted().fetch(ctx)
    assert ctx.counts["persons"] == 2
    assert isinstance(item, RawRecord)
    notice, contracts, _ = read(item)
    (trader,) = (p.organisation for p in notice.parties if p.lot_number == "LOT-0004")
    assert trader.pseudonym == ctx.person(PERSON)
    assert (trader.name, trader.identifier, trader.identifier_as_written) == (None, None, None)
    (contract,) = (one for one in contracts if one.lot_number == "LOT-0004")
    assert contract.value == sek("1500000000")  # the money stays
    assert contract.title == "Avtal [name]"
    # The same person under the same key in another format.
    legacy, _, _ = read(raw("legacy_award.xml"))
    assert trader.pseudonym in {party.organisation.pseudonym for party in legacy.parties}


@pytest.mark.parametrize(
    ("written", "country", "person"),
    [
        (PERSON, "SE", True),
        ("8001019994", "SE", True),
        ("19800101-9994", "SE", True),
        ("SE800101999401", "SE", True),
        ("Org. nr. 800101-9994", "SE", True),
        ("800101-9995", "SE", True),  # mistyped: still no organisation's number
        ("8001019994", None, True),
        ("8001019995", None, False),
        ("212999-0012", "SE", False),
        ("SE212999001201", "SE", False),
        ("8001019994", "PL", False),  # masked in place, with the company's name kept
        ("n/a", "SE", False),
    ],
)
def test_who_is_a_person(written, country, person):
    assert person_behind(written, country) is person


def test_swedish_company_marked_as_a_person_by_mistake_is_kept():
    flag = "<efbc:NaturalPersonIndicator>true</efbc:NaturalPersonIndicator>"
    text = (FIXTURES / "modification.xml").read_text("utf-8")
    text = text.replace("<efac:Company>", flag + "<efac:Company>")
    assert flag in text
    notice, _, _ = read(fetched(text, "flagged.xml"))
    assert names(notice, "supplier") == ["Vinnande Exempel AB"]


def fetched(text: str, name: str) -> RawRecord:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(text, "utf-8")
        (item,) = Ted().fetch(context(name, Path(folder)))
    assert isinstance(item, RawRecord)
    return item


def test_publication_numbers_and_amounts_that_look_like_personal_numbers_come_through():
    """The gate before the archive masks every personal number that a raw record still seems to hold."""
    changes = (">850000.50<", ">8001019994<"), ('DOC_ID="045678-2021"', 'DOC_ID="340663-2020"')
    text = (FIXTURES / "legacy_award.xml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    item = fetched(text, "award.xml")
    assert item.key == "340663-2020"
    assert isinstance(item.payload, bytes)
    assert mask_person_numbers(item.payload.decode())[1] == 0
    notice, (contract,), _ = read(item)
    assert notice.publication_number == "340663-2020"
    assert contract.value == sek("8001019994")


# Strictness


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "value"),
    [
        ("competition.xml", ">cn-social<", ">cn-new<", "BT-02", "cn-new"),
        ("competition.xml", 'listName="competition"', 'listName="contest"', "BT-03", "contest"),
        ("competition.xml", ">20</cbc:SubTypeCode>", ">99</cbc:SubTypeCode>", "OPP-070", "99"),
        ("competition.xml", ">res-ws<", ">res-new<", "BT-71", "res-new"),
        ("competition.xml", ">opp<", ">new<", "BT-775", "new"),
        ("result.xml", ">clos-nw<", ">lost<", "BT-142", "lost"),
        ("change.xml", ">update-add<", ">why<", "BT-140", "why"),
        ("legacy_award.xml", 'TYPE="AWARD_CONTRACT"', 'TYPE="GIFT"', "NOTICE/@TYPE", "GIFT"),
        ("legacy_award.xml", 'FORM="F21"', 'FORM="F99"', "FORM", "F99"),
        ("competition.xml", ">SWE</cbc:IdentificationCode>", ">QQQ</cbc:IdentificationCode>", "BT-514", "QQQ"),
    ],
)
def test_unknown_code_is_reported(name, old, new, field, value):
    _, _, drift = read(altered(name, (old, new)))
    assert Drift("unknown_code", field, value) in drift


def test_unknown_code_is_kept_as_published():
    notice, _, _ = read(altered("competition.xml", (">res-ws<", ">res-new<"), (">cn-social<", ">cn-new<")))
    assert notice.lots[0].reserved_participation == ("res-new",)
    assert notice.notice_type == "cn-new"


def test_national_subtype_is_no_drift():
    notice, _, drift = read(altered("competition.xml", (">20</cbc:SubTypeCode>", ">N16</cbc:SubTypeCode>")))
    assert notice.notice_subtype == "N16"
    assert not drift


def test_new_section_is_reported():
    new = "<cac:TenderingGarden/>"
    item = altered("change.xml", ("<cac:ProcurementProjectLot>", new + "<cac:ProcurementProjectLot>"))
    assert Drift("new_field", "ContractNotice/TenderingGarden") in read(item)[2]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (">7000000.5<", ">seven<", "BT-27"),
        (">24</cbc:DurationMeasure>", ">two</cbc:DurationMeasure>", "BT-36"),
        ("2024-06-15+02:00", "mid June", "deadline for tenders"),
        ("2024-09-01+02:00", "autumn", "BT-536"),
    ],
)
def test_unreadable_value_is_reported_and_left_out(old, new, field):
    _, _, drift = read(altered("competition.xml", (old, new)))
    assert {(one.kind, one.field) for one in drift} == {("changed_type", field)}


def test_bad_files_are_rejected_by_name_and_the_run_goes_on(tmp_path: Path):
    shutil.copy(FIXTURES / "change.xml", tmp_path / "b.xml")
    (tmp_path / "a.xml").write_text("<ContractNotice>\n<half>")
    (tmp_path / "c.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (tmp_path / "d.xml").write_text("<Invoice/>")
    (tmp_path / "SOURCE.md").write_text("where these are from")
    seen: list[tuple[int, int | None, str]] = []
    ctx = context(".", tmp_path, on_progress=lambda *how: seen.append(how))
    items = list(Ted().fetch(ctx))
    assert [type(item) for item in items] == [Reject, RawRecord, Reject, Reject]
    reasons = {item.origin: item.reason for item in items if isinstance(item, Reject)}
    assert "line 2" in reasons["a.xml"]
    assert "document type" in reasons["c.xml"]
    assert "<Invoice>" in reasons["d.xml"]
    assert seen[-1] == (4, 4, "d.xml")
    assert ctx.counts["files_not_xml"] == 1


def test_files_are_read_one_at_a_time(tmp_path: Path):
    shutil.copy(FIXTURES / "change.xml", tmp_path / "a.xml")
    shutil.copy(FIXTURES / "change.xml", tmp_path / "b.xml")
    items = iter(Ted().fetch(context("*.xml", tmp_path)))
    next(items)
    (tmp_path / "b.xml").write_text("<late/>")
    assert isinstance(next(items), Reject)


def test_no_file():
    with pytest.raises(SourceUnavailable, match="nothing"):
        list(Ted().fetch(context("nothing/*.xml")))


def test_notice_without_identifier_is_rejected():
    item = altered("planning.xml", ("aaaaaaaa-0004-4000-8000-000000000004", ""))
    with pytest.raises(RecordRejected, match="BT-701"):
        read(item)


def test_a_personal_number_in_an_old_raw_record_is_rejected_without_telling_it():
    item = altered("competition.xml", ("Org. nr. 212999-0012", PERSON))
    with pytest.raises(RecordRejected) as caught:
        read(item)
    assert PERSON not in str(caught.value)


def test_normalise_is_pure():
    item = raw("result.xml")
    assert list(Ted().normalise(item)) == list(Ted().normalise(item))


# Small parts


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("00421816-2024", "421816-2024"),
        ("005302-2011", "5302-2011"),
        ("2011/S 4-005302", "5302-2011"),
        ("2021/S 220-580891", "580891-2021"),
        ("n.a.", None),
        ("00000000-2024", None),
        (None, None),
    ],
)
def test_publication_numbers(written, number):
    assert publication_number(written) == number


def test_references_to_notices():
    assert reference("00123456-2024") == "123456-2024"
    assert reference("aaaaaaaa-0001-4000-8000-000000000001-01") == "aaaaaaaa-0001-4000-8000-000000000001-01"


@pytest.mark.parametrize(
    ("day", "hour", "country", "expected"),
    [
        ("2024-01-15+01:00", "12:00:00+01:00", "SE", "2024-01-15T12:00:00+01:00"),
        ("2024-06-15Z", "10:00:00Z", "SE", "2024-06-15T10:00:00+00:00"),
        ("2024-06-15+02:00", "23:59:00+01:00", None, "2024-06-15T23:59:00+01:00"),
        ("2024-06-15", "24:00", "FI", "2024-06-16T00:00:00+03:00"),
        ("20240615", None, "IS", "2024-06-15T23:59:59+00:00"),
        ("2024-06-15", "12.30", None, "2024-06-15T12:30:00+00:00"),
    ],
)
def test_instants(day, hour, country, expected):
    found = instant(day, hour, zone(country))
    assert found.isoformat() == expected
    assert found.utcoffset() in {timedelta(hours=hours) for hours in range(4)}


def test_countries():
    assert [iso2(code) for code in ("SWE", "se", "UK", "EL", "XKX", "1A0", "QQQ", "", None)] == [
        "SE", "SE", "GB", "GR", "XK", "XK", None, None, None,
    ]  # fmt: skip


def test_the_plugin_is_listed_without_loading_its_readers():
    code = "import sys, hub_eu_ted; sys.exit('lxml' in sys.modules or 'hub_eu_ted.connector' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert list(hub_connectors()) == [Ted]
