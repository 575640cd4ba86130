"""What the views say about money, time and things told twice; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.sdk import Contract, ContractSupplier, Membership, Mention, Money, Notice, Party, Payment, Record
from hub.store import schema
from hub.store.engine import Engine, open_engine, transaction
from hub.store.rows import flatten
from hub.store.writer import Writer

BUYER = Mention.of("Exempelköpings kommun", "5590000013", country="SE")
SUPPLIER = Mention.of("Alfa AB", "5590000021", country="SE")
RUN = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(database_url)
    schema.ensure(engine)
    yield engine
    engine.dispose()


def store(engine: Engine, *records: Record, at: str = "2026-01-01T00:00:00Z", key: int = 1) -> None:
    with transaction(engine) as connection:
        writer = Writer(connection, source_id="s", run_id=RUN, at=at, seen=bool)
        raw = f"00000000-0000-4000-8000-00000000000{key}"
        writer.write({raw: [flatten(record, "s") for record in records]}, stored_before=[raw])


def ask(engine: Engine, sql: str) -> list[tuple[str | None, ...]]:
    with engine.connect() as connection:
        return [tuple(None if value is None else str(value) for value in row) for row in connection.execute(text(sql))]


def judge(engine: Engine, status: str, first: str | None, last: str | None) -> None:
    with transaction(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO social_assessment (id, organisation_id, status, confidence, valid_from, valid_to,"
                " decided_by, rules_version, explanation_sv, explanation_en, marks, evidence_ids, content_hash,"
                " changed_at) VALUES"
                " (:id, :about, :status, 'high', :first,"
                " :last, 'rules', '1', '', '', '{}', '[]', '',"
                " '2026-01-01T00:00:00Z')"
            ),
            {"id": RUN, "about": SUPPLIER.organisation_id, "status": status, "first": first, "last": last},
        )


def paid(key: str, amount: str, **more: object) -> Payment:
    given = {"supplier": SUPPLIER, "kind": "purchase", "amount_basis": "net", **more}
    return Payment.model_validate({"line_key": key, "buyer": BUYER, "value": Money.of(amount, "SEK"), **given})


@pytest.mark.parametrize(
    ("social", "other", "share"),
    [
        ("100.00", "200.00", "0.3333"),
        ("200.00", "100.00", "0.6667"),
        ("-50.00", "350.00", "-0.1667"),
        ("0.00", "1.00", "0.0000"),
        ("300.00", "-100.00", "1.5000"),
        ("-10.00", "5.00", None),
    ],
)
def test_the_share_is_right_with_credit_notes_too(engine: Engine, social: str, other: str, share: str | None):
    judge(engine, "confirmed", "2020-01-01", None)
    day = {"dated_on": "2025-05-01", "date_kind": "booking"}
    store(engine, paid("1", social, **day), paid("2", other, supplier=Mention(name="x"), **day))
    assert ask(engine, "SELECT share FROM v1_spend_share") == [(share,)]


@pytest.mark.parametrize(
    ("when", "status"),
    [
        ({"dated_on": "2025-12-31"}, "unknown"),
        ({"dated_on": "2026-01-01"}, "confirmed"),
        ({"period": "2025-12"}, "unknown"),
        ({"period": "2026-01"}, "confirmed"),
        ({"period": "2026"}, "confirmed"),
        ({"period": "2015-02"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_payment_gets_the_verdict_of_its_day_or_of_its_periods_last(
    engine: Engine, when: dict[str, str], status: str
):
    judge(engine, "confirmed", "2026-01-01", None)
    store(engine, paid("1", "1.00", **when))
    assert ask(engine, "SELECT supplier_status FROM v1_payment") == [(status,)]


def member(first: str | None, last: str | None = None) -> Membership:
    return Membership.model_validate(
        {
            "register_id": "r",
            "register_name": "R",
            "member": SUPPLIER,
            "valid_from": first,
            "valid_to": last,
            "valid_from_basis": "published" if first else None,
        }
    )


PERIODS = "SELECT valid_from, valid_to, valid_from_basis FROM v1_registration"


def test_leaving_a_list_ends_the_period_whatever_end_was_published(engine: Engine):
    store(engine, member("2020-01-01", "2030-12-31"))
    store(engine, at="2026-03-10T12:00:00Z")
    assert ask(engine, PERIODS) == [("2020-01-01", "2026-03-09", "published")]


def test_an_end_before_leaving_stands(engine: Engine):
    store(engine, member("2020-01-01", "2021-12-31"))
    store(engine, at="2026-03-10T12:00:00Z")
    assert ask(engine, PERIODS) == [("2020-01-01", "2021-12-31", "published")]


def test_a_corrected_start_is_no_second_period(engine: Engine):
    store(engine, member("1980-01-01"))
    store(engine, member("2024-01-01"), at="2026-03-10T12:00:00Z")
    assert ask(engine, PERIODS) == [("2024-01-01", None, "published")]


def test_an_unpublished_start_is_the_day_it_was_first_seen(engine: Engine):
    store(engine, member(None), at="2026-03-10T23:30:00Z")
    assert ask(engine, PERIODS) == [("2026-03-10", None, "first_seen")]


def result(version: str, **more: object) -> tuple[Notice, Contract]:
    notice = Notice.model_validate(
        {
            "notice_identifier": "00000000-0000-4000-8000-0000000000aa",
            "version": version,
            "notice_type": "can-standard",
            "procedure_id": "p",
            "parties": (Party(role="buyer", organisation=BUYER),),
            "sent_at": datetime(2026, 1, int(version), tzinfo=UTC),
            **more,
        }
    )
    contract = Contract(
        kind="award",
        reference="C1",
        procedure_id="p",
        notice_key=notice.natural_key,
        lot_number="LOT-0001",
        value=Money.of("100.00", "SEK"),
        suppliers=(ContractSupplier(organisation=SUPPLIER),),
    )
    return notice, contract


@pytest.mark.parametrize("published", [True, False])
def test_a_contract_told_again_counts_once_even_when_no_publication_date_is_known(engine: Engine, published: bool):
    for version in ("01", "02"):
        more = {"published_on": f"2026-02-{version}", "publication_number": f"{version}-2026"} if published else {}
        store(engine, *result(version, **more), key=int(version))
    assert ask(engine, "SELECT count(*), count(superseded_by) FROM v1_notice") == [("2", "1")]
    assert ask(engine, "SELECT count(*), count(superseded_by) FROM v1_contract") == [("2", "1")]
    assert ask(engine, "SELECT sum(amount_minor) FROM v1_contract WHERE superseded_by IS NULL") == [("10000",)]


def test_a_republication_of_the_same_version_is_the_one_in_force(engine: Engine):
    for day, number in ((1, "1-2026"), (9, "2-2026")):
        told = result("01", published_on=f"2026-02-0{day}", publication_number=number)
        store(engine, *told, key=day)
    assert ask(engine, "SELECT publication_number FROM v1_notice WHERE superseded_by IS NULL") == [("2-2026",)]
    assert ask(engine, "SELECT count(superseded_by) FROM v1_contract") == [("1",)]
