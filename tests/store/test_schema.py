"""The schema on both databases: migrations with data in place, and the read contract."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from hub.sdk import ConfigError
from hub.store import schema
from hub.store.condition import raise_drift
from hub.store.engine import open_engine
from hub.store.tables import metadata
from hub.store.views import V1


def test_migrations_go_forward_with_data_in_place(database_url: str):
    engine = open_engine(database_url)
    schema.upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO mention (organisation_id, source_id, name, scheme, identifier)"
                " VALUES (:id, 's', 'Alfa', 'SE-ON', '1')"
            ),
            {"id": "00000000-0000-5000-8000-000000000001"},
        )
        connection.execute(
            text(
                "INSERT INTO drift (id, source_id, run_id, stream, kind, field, value, first_seen_at)"
                " VALUES (:id, 's', :id, 'rows', 'new_field', 'colour', '', '2026-01-01T00:00:00Z')"
            ),
            {"id": "00000000-0000-5000-8000-000000000001"},
        )
    schema.ensure(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM mention")).scalar_one() == "Alfa"
        assert raise_drift(connection, "s") == []  # nobody is told what was listed long ago
        assert schema.current_revision(connection) == schema.head_revision()
    engine.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str):
    engine = open_engine(database_url)
    schema.ensure(engine)
    inspector = inspect(engine)
    assert set(inspector.get_table_names()) - {"alembic_version"} == set(metadata.tables)
    for table in metadata.tables.values():
        stored = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert stored == {column.name: column.nullable for column in table.columns}, table.name
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes, table.name
    engine.dispose()


def test_every_view_has_the_columns_it_describes(database_url: str):
    engine = open_engine(database_url)
    schema.ensure(engine)
    with engine.connect() as connection:
        for view in V1:
            assert list(connection.execute(text(f"SELECT * FROM {view.name}")).keys()) == list(view.columns)
            assert all(view.columns.values()), view.name
    engine.dispose()


def test_postgresql_readers_have_a_schema_of_their_own_with_comments(postgres_url: str):
    engine = open_engine(postgres_url)
    schema.ensure(engine)
    assert set(inspect(engine).get_view_names("hub_v1")) == {view.name for view in V1}
    with engine.connect() as connection:
        comment = connection.execute(text("SELECT obj_description('v1_payment'::regclass)")).scalar_one()
    assert comment == "One row: a ledger line or invoice; credit notes are negative."
    engine.dispose()


def test_views_of_an_older_program_are_rebuilt(database_url: str):
    engine = open_engine(database_url)
    schema.ensure(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = 'older'"))
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP VIEW hub_v1.v1_need"))
        connection.execute(text("DROP VIEW v1_need"))
    schema.ensure(engine)
    assert {view.name for view in V1} <= set(inspect(engine).get_view_names())
    engine.dispose()


def test_the_operators_own_views_are_never_dropped(postgres_url: str):
    engine = open_engine(postgres_url)
    schema.ensure(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW mine AS SELECT name FROM hub_v1.v1_organisation"))
        connection.execute(text("UPDATE meta SET value = 'older'"))
    with pytest.raises(ConfigError, match=r"view mine depends on .*hub db upgrade"):
        schema.ensure(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM mine")).scalar_one() == 0
    engine.dispose()


def test_a_database_of_a_newer_hub_is_left_alone(database_url: str):
    engine = open_engine(database_url)
    schema.ensure(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match=r"9999.*newer hub"):
        schema.ensure(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(12345, "SEK", "123.45"), (-5, "SEK", "-0.05"), (-100, "SEK", "-1.00"), (7, "ISK", "7"), (1234, "KWD", "1.234")],
)
def test_amounts_are_exact_and_look_the_same_on_both(database_url: str, minor: int, currency: str, shown: str):
    engine = open_engine(database_url)
    schema.ensure(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO payment (id, link_method, kind, amount_minor, currency, amount_basis, source_id, raw_id,"
                " run_id, content_hash, first_seen_at, changed_at) VALUES (:id, 'none', 'unknown', :minor, :currency,"
                " 'net', 's', :id, :id, '', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"
            ),
            {"id": "00000000-0000-5000-8000-000000000001", "minor": minor, "currency": currency},
        )
        assert str(connection.execute(text("SELECT amount FROM v1_payment")).scalar_one()) == shown
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://host/db", "no address"])
def test_other_databases_are_refused(url: str):
    with pytest.raises(ConfigError, match=r"sqlite:///file or postgresql://"):
        open_engine(url)
