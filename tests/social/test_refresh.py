"""Refreshing the verdicts in a database, on both engines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from hub.model import make_id, organisation_id
from hub.social import refresh
from hub.social.sql import load_evidence, load_facts
from hub.store.engine import open_engine
from hub.store.tables import metadata
from hub.store.tables.organisation import membership, organisation, organisation_activity, organisation_claim
from hub.store.tables.social import social_assessment, social_evidence
from tests.social.make import SIGNALS

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NEXT = NOW + timedelta(days=7)
RUN = make_id("run", "1")
ALFA = organisation_id("SE-ON", "5590001232")
BETA = organisation_id("SE-ON", "7696001235")
PURPOSE = "Arbetsintegrerande socialt företag. Vinsten ska återinvesteras i verksamheten."


class World:
    """A database with organisations in it, changed as connectors and the canonical computation would."""

    def __init__(self, connection) -> None:
        self.connection = connection

    def owned(self, key, now):
        written = self.stamp(now)
        seen = {"first_seen_at": written, "changed_at": written, "retired_at": None}
        return {"raw_id": make_id("raw", key), "run_id": RUN, "content_hash": "h", **seen}

    def stamp(self, now):
        return now if self.connection.dialect.name == "postgresql" else now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def day(self, value):
        return value if value is None or self.connection.dialect.name == "postgresql" else value.isoformat()

    def organisation(self, identifier, source="bolagsverket", now=NOW, **fields):
        id_ = organisation_id("SE-ON", identifier)
        values = {"name": "Alfa", "country": "SE", "kind": "cooperative", **fields}
        values |= {key: self.day(value) for key, value in values.items() if key.endswith("_on")}
        owned = self.owned(identifier, now)
        base = {"scheme": "SE-ON", "identifier": identifier, **values}
        claim = {"id": make_id("claim", identifier), "organisation_id": id_, "row_key": "", "source_id": source}
        other_names = [] if self.connection.dialect.name == "postgresql" else "[]"
        self.connection.execute(insert(organisation_claim).values(**claim, **base, **owned, other_names=other_names))
        del owned["raw_id"], owned["run_id"]
        self.connection.execute(insert(organisation).values(id=id_, **base, **owned))
        return id_

    def change(self, id_, now, **fields):
        for table, key in ((organisation, "id"), (organisation_claim, "organisation_id")):
            values = {**fields, "changed_at": self.stamp(now)}
            self.connection.execute(update(table).where(table.c[key] == id_).values(**values))

    def activity(self, identifier, scheme, code):
        values = {"claim_id": make_id("claim", identifier), "organisation_id": organisation_id("SE-ON", identifier)}
        self.connection.execute(insert(organisation_activity).values(**values, scheme=scheme, code=code, rank=1))

    def join(self, id_, register="se_idebura", now=NOW, **fields):
        values = {"id": make_id("membership", register, id_), "register_id": register, "organisation_id": id_}
        values |= {"register_name": f"registret {register}", "source_id": "listan", "name_as_written": "Alfa"}
        values |= {key: self.day(value) if isinstance(value, date) else value for key, value in fields.items()}
        self.connection.execute(insert(membership).values(**values, **self.owned(register + id_, now)))

    def leave(self, id_, now):
        values = {"retired_at": self.stamp(now)}
        self.connection.execute(update(membership).where(membership.c.organisation_id == id_).values(**values))

    def refresh(self, *ids, now=NOW):
        return refresh(self.connection, ids, signals=SIGNALS, now=now)

    def assessments(self, id_):
        table = social_assessment
        query = select(table.c.status, table.c.valid_from, table.c.valid_to, table.c.valid_from_basis)
        rows = self.connection.execute(query.where(table.c.organisation_id == id_).order_by(table.c.valid_from))
        return [(row[0], str(row[1]) if row[1] else None, str(row[2]) if row[2] else None, row[3]) for row in rows]

    def rows(self):
        return [
            sorted(tuple(str(value) for value in row) for row in self.connection.execute(select(table)))
            for table in (social_evidence, social_assessment)
        ]


@pytest.fixture
def world(database_url):
    engine = open_engine(database_url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        yield World(connection)
    engine.dispose()


def test_facts_are_loaded_with_their_sources(world):
    world.organisation("7696001235", purpose=PURPOSE, legal_form="EK-ORGFO", registered_on=date(2012, 3, 1))
    world.activity("7696001235", "SNI 2025", "88993")
    world.join(BETA, valid_from=date(2023, 5, 1), valid_from_basis="published")
    facts = load_facts(world.connection, [BETA, ALFA])
    assert list(facts) == [BETA]
    assert (facts[BETA].form, facts[BETA].registered_on) == ("EK", date(2012, 3, 1))
    assert facts[BETA].origins["purpose"].source_id == "bolagsverket"
    assert facts[BETA].origins["purpose"].settled
    assert facts[BETA].activities[0].code == "88993"
    assert (facts[BETA].memberships[0].valid_from, facts[BETA].memberships[0].valid_from_basis) == (
        date(2023, 5, 1),
        "published",
    )
    assert load_facts(world.connection, []) == {}


def test_verdicts_are_written_and_reported(world):
    world.organisation("7696001235", purpose=PURPOSE, legal_form="EK-ORGFO", registered_on=date(2012, 3, 1))
    (change,) = world.refresh(BETA)
    assert (change.entity, change.operation) == ("social_assessment", "insert")
    assert change.fields["organisation_id"] == BETA
    assert change.fields["status"] == "likely"
    assert change.fields["rules_version"] == SIGNALS.version
    json.dumps(change.fields)
    assert world.assessments(BETA) == [("likely", "2012-03-01", None, "assumed")]
    stored = load_evidence(world.connection, [BETA])[BETA]
    assert {item.signal for item in stored} == {"SE_FORM_EK", "SE_PURPOSE_WISE", "SE_PURPOSE_NONPROFIT"}
    assert {item.id for item in stored} == set(change.fields["evidence_ids"])
    assert {item.first_seen_at for item in stored} == {NOW}


def test_a_second_look_writes_nothing(world):
    world.organisation("7696001235", purpose=PURPOSE, legal_form="EK-ORGFO", registered_on=date(2012, 3, 1))
    world.organisation("5590001232", name="Alfa AB (svb)", kind="company", legal_form="AB-ORGFO")
    world.join(ALFA, "some_list")
    world.join(BETA, "se_asf", valid_from=date(2015, 1, 1), valid_from_basis="published")
    assert len(world.refresh(ALFA, BETA)) >= 3
    before = world.rows()
    for now in (NOW, NOW + timedelta(hours=5), NEXT):
        assert world.refresh(BETA, ALFA, BETA, now=now) == []
    assert world.rows() == before


def test_only_the_organisations_named_are_touched(world):
    world.organisation("7696001235", purpose=PURPOSE)
    world.organisation("5590001232", purpose=PURPOSE)
    assert {change.fields["organisation_id"] for change in world.refresh(ALFA)} == {ALFA}
    assert world.assessments(BETA) == []


def test_no_evidence_no_row(world):
    world.organisation("5590001232", kind="company", legal_form="AB-ORGFO", purpose="Konsultverksamhet.")
    assert world.refresh(ALFA) == []
    assert world.rows() == [[], []]


def test_form_alone_is_unknown(world):
    world.organisation("7696001235", legal_form="EK-ORGFO", registered_on=date(2012, 3, 1))
    world.refresh(BETA)
    assert world.assessments(BETA) == [("unknown", "2012-03-01", None, "assumed")]


def test_leaving_the_list_ends_the_verdict(world):
    world.organisation("5590001232", kind="company", legal_form="AB-ORGFO")
    world.join(ALFA, valid_from=date(2023, 5, 1), valid_from_basis="published")
    world.refresh(ALFA)
    assert world.assessments(ALFA) == [("confirmed", "2023-05-01", None, "published")]
    world.leave(ALFA, NEXT)
    (change,) = world.refresh(ALFA, now=NEXT)
    assert (change.operation, change.fields["valid_to"]) == ("update", "2026-11-30")
    assert world.assessments(ALFA) == [("confirmed", "2023-05-01", "2026-11-30", "published")]
    assert world.refresh(ALFA, now=NEXT + timedelta(days=1)) == []


def test_joined_and_left_with_published_days(world):
    world.organisation("7696001235", legal_form="EK-ORGFO", registered_on=date(2012, 3, 1))
    days = {"valid_from": date(2023, 5, 1), "valid_to": date(2025, 3, 31), "valid_from_basis": "published"}
    world.join(BETA, **days)
    world.refresh(BETA)
    assert world.assessments(BETA) == [
        ("unknown", "2012-03-01", "2023-04-30", "assumed"),
        ("confirmed", "2023-05-01", "2025-03-31", "published"),
        ("unknown", "2025-04-01", None, "published"),
    ]


def test_a_list_without_days_counts_from_when_it_was_first_seen(world):
    world.organisation("5590001232", kind="company", legal_form="AB-ORGFO")
    world.join(ALFA, "se_asf", now=NOW - timedelta(days=30))
    world.refresh(ALFA)
    assert world.assessments(ALFA) == [("likely", "2026-10-25", None, "first_seen")]


def test_known_from_a_list_alone(world):
    world.join(ALFA, valid_from=date(2023, 5, 1), valid_from_basis="published")
    world.refresh(ALFA)
    assert world.assessments(ALFA) == [("confirmed", "2023-05-01", None, "published")]


def test_becoming_municipal_changes_the_verdict_from_today(world):
    world.organisation("5590001232", purpose=PURPOSE, legal_form="AB-ORGFO", registered_on=date(2012, 3, 1))
    world.refresh(ALFA)
    world.change(ALFA, NEXT, purpose=f"{PURPOSE} Aktierna ägs av Exempelköpings kommun.")
    changes = world.refresh(ALFA, now=NEXT)
    assert [change.operation for change in changes] == ["update", "insert"]
    assert [row[:3] for row in world.assessments(ALFA)] == [
        ("likely", "2012-03-01", "2026-11-30"),
        ("excluded", "2026-12-01", None),
    ]


def test_struck_off(world):
    world.organisation("7696001235", purpose=PURPOSE, registered_on=date(2012, 3, 1))
    world.refresh(BETA)
    world.change(BETA, NEXT, status="dissolved", dissolved_on=world.day(date(2026, 11, 20)))
    (change,) = world.refresh(BETA, now=NEXT)
    assert change.fields["valid_to"] == "2026-11-20"
    assert world.assessments(BETA) == [("likely", "2012-03-01", "2026-11-20", "assumed")]


def test_an_organisation_that_is_gone_takes_its_verdicts_with_it(world):
    world.organisation("7696001235", purpose=PURPOSE)
    world.refresh(BETA)
    world.connection.execute(delete(organisation).where(organisation.c.id == BETA))
    (change,) = world.refresh(BETA, now=NEXT)
    assert change.operation == "retire"
    assert change.fields == {"organisation_id": BETA, "retired_at": "2026-12-01T09:30:00Z"}
    assert world.rows() == [[], []]


def test_a_reviewers_decision_is_left_alone(world):
    world.organisation("7696001235", purpose=PURPOSE)
    world.refresh(BETA)
    table = social_assessment
    world.connection.execute(update(table).values(decided_by="Maria", id=make_id("x", "1")))
    (change,) = world.refresh(BETA)
    assert change.operation == "insert"
    assert sorted(world.connection.execute(select(table.c.decided_by)).scalars()) == ["Maria", "rules"]


def test_no_personal_number_is_stored(world):
    world.organisation("7696001235", purpose=f"Kontakt 19640823-3234. {PURPOSE}", name="Alfa 640823-3234 (svb)")
    changes = world.refresh(BETA)
    assert "640823" not in str(world.rows()) + str(changes)
