"""The schema's life: upgrade by migrations, with the read contract's views rebuilt around them.

Views depend on tables, so they are dropped before table changes and created again after, in one transaction on both
databases: a reader sees the old contract or the new one, never none.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b, sha256
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from hub.model.ids import organisation_id
from hub.sdk.errors import ConfigError
from hub.store import bulk
from hub.store.engine import reading, transaction
from hub.store.tables.columns import metadata
from hub.store.tables.operation import meta
from hub.store.tables.organisation import municipality
from hub.store.views import V1

_UPGRADE_LOCK = 0x68756200  # any number that means the hub
_MUNICIPALITIES = files("hub.store") / "data" / "se_municipalities.csv"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``: tables, reference data and views."""
    with transaction(engine) as connection:
        _take_turn(connection)
        if revision == "head" and is_current(connection):
            return
        build(connection, revision)


def build(connection: Connection, revision: str = "head") -> None:
    """The same within the caller's transaction, whatever is there already."""
    with _dependants_named():
        _drop_views(connection)
    command.upgrade(_config(connection), revision)
    if revision == "head":
        _load_reference(connection)
        _create_views(connection)
        bulk.insert_missing(connection, meta, ("name", "value"), [("feed_epoch", str(uuid4()))])
        bulk.upsert(connection, meta, ("name", "value"), [("contract", _contract(connection))])


def clear(connection: Connection) -> None:
    """Drop all that the hub has made in the database, within the caller's transaction."""
    _take_turn(connection)
    there = set(inspect(connection).get_table_names())
    with _dependants_named():
        _drop_views(connection)
        for name in (*(table.name for table in reversed(metadata.sorted_tables)), "alembic_version"):
            if name in there:
                connection.execute(text(f'DROP TABLE "{name}"'))


def _take_turn(connection: Connection) -> None:
    # Several processes may find an old schema at once; the first upgrades, the others find it done.
    if bulk.is_postgresql(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})


def current_revision(connection: Connection) -> str | None:
    """The migration that the database is at; ``None`` for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The newest migration that this program knows."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert head is not None  # noqa: S101 - the package ships its migrations
    return head


def ensure(engine: Engine) -> None:
    """Upgrade a new or older database; refuse one that a newer program has upgraded.

    Views and reference data that differ from this program's are rebuilt even when no table changed.
    """
    with reading(engine) as connection:
        if is_current(connection):
            return
        current = current_revision(connection)
    if current is not None:
        refuse_newer(current)
    upgrade(engine)


def refuse_newer(revision: str, what: str = "database") -> None:
    """Raise ``ConfigError`` for a revision that this program does not know; ``what`` is at it."""
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if revision not in known:
        message = f"the {what} is at revision {revision}, which this version of the hub does not know"
        raise ConfigError(message, where=what, instruction="install the newer hub that upgraded it")


def keep_fingerprint(engine: Engine, pseudonym_key: bytes) -> None:
    """Note which key this database's pseudonyms are made with. Raises ``ConfigError`` when it was another one."""
    fingerprint = fingerprint_of(pseudonym_key)
    with reading(engine) as connection:
        statement = text("SELECT value FROM meta WHERE name = 'pseudonym_key'")
        known = connection.execute(statement).scalar_one_or_none()
    if known is None:
        with transaction(engine) as connection:
            bulk.insert_missing(connection, meta, ("name", "value"), [("pseudonym_key", fingerprint)])
    elif known != fingerprint:
        raise ConfigError(
            "the database's pseudonyms were made with another key, and every natural person would become a new one",
            where="privacy.pseudonym_key",
            instruction="restore the key from a backup (it was in the data folder's pseudonym.key)",
        )


def refuse_missing_key(engine: Engine, path: Path) -> None:
    """A key is made only while the database has none. Raises ``ConfigError`` when its file is not there any more."""
    if path.exists():
        return
    with reading(engine) as connection:
        known = connection.execute(text("SELECT 1 FROM meta WHERE name = 'pseudonym_key'")).scalar_one_or_none()
    if known is not None:
        raise ConfigError(
            "the key of this database's pseudonyms is not there",
            where=str(path),
            instruction="put it back from a backup; no other key can go on with these pseudonyms",
        )


def fingerprint_of(pseudonym_key: bytes) -> str:
    """What tells one key from another and tells nothing else about it."""
    return blake2b(pseudonym_key, digest_size=8, person=b"hub-pseudonym").hexdigest()


def is_current(connection: Connection) -> bool:
    """Whether tables and views are those that this program works with."""
    return current_revision(connection) == head_revision() and _built_contract(connection) == _contract(connection)


def _contract(connection: Connection) -> str:
    """A digest of the views and reference data that this program would build."""
    parts = [f"{view.name}{view.row}{view.columns}{view.sql(connection.dialect.name)}" for view in V1]
    parts.append(_MUNICIPALITIES.read_text("utf-8"))
    return sha256("".join(parts).encode()).hexdigest()


def _built_contract(connection: Connection) -> str | None:
    found = connection.execute(text("SELECT value FROM meta WHERE name = 'contract'")).scalar_one_or_none()
    return None if found is None else str(found)


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("hub.store") / "migrations"))
    config.attributes["connection"] = connection
    return config


def _drop_views(connection: Connection) -> None:
    # Never with CASCADE: it would take the operator's own views along without a word.
    if bulk.is_postgresql(connection):
        for name in inspect(connection).get_view_names("hub_v1"):
            connection.execute(text(f"DROP VIEW hub_v1.{name}"))
        connection.execute(text("DROP SCHEMA IF EXISTS hub_v1"))
    ours = {name for name in inspect(connection).get_view_names() if name.startswith("v1_")}
    known = [view.name for view in reversed(V1)]  # those that build on others come last in V1
    for name in sorted(ours, key=lambda name: known.index(name) if name in known else -1):
        connection.execute(text(f"DROP VIEW {name}"))


@contextmanager
def _dependants_named() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        detail = getattr(getattr(error.orig, "diag", None), "message_detail", None) or str(error.orig)
        raise ConfigError(
            f"the views must be rebuilt, and views of yours depend on them: {detail}",
            where="database",
            instruction="drop your views, run `hub db upgrade`, and create them again",
        ) from error


def _create_views(connection: Connection) -> None:
    postgresql = bulk.is_postgresql(connection)
    if postgresql:
        connection.execute(text("CREATE SCHEMA hub_v1"))
    for view in V1:
        _execute(connection, f"CREATE VIEW {view.name} AS {view.sql(connection.dialect.name)}")
        if postgresql:
            connection.execute(text(f"CREATE VIEW hub_v1.{view.name} AS SELECT * FROM {view.name}"))
            for name in (view.name, f"hub_v1.{view.name}"):
                _comment(connection, "VIEW", name, f"One row: {view.row}.")
                for column, meaning in view.columns.items():
                    _comment(connection, "COLUMN", f'{name}."{column}"', meaning)


def _comment(connection: Connection, kind: str, name: str, comment: str) -> None:
    quoted = comment.replace("'", "''")
    _execute(connection, f"COMMENT ON {kind} {name} IS '{quoted}'")


def _execute(connection: Connection, statement: str) -> None:
    # As it stands: a colon is no parameter here, and only psycopg reads a percent sign as one.
    if bulk.is_postgresql(connection):
        statement = statement.replace("%", "%%")
    connection.exec_driver_sql(statement)


def _load_reference(connection: Connection) -> None:
    """Sweden's 290 municipalities with their organisation numbers (the source is told in data/README.md)."""
    with _MUNICIPALITIES.open(encoding="utf-8") as file:
        rows = [
            (
                row["code"],
                row["name"],
                row["county"],
                "SE",
                row["identifier"],
                organisation_id("SE-ON", row["identifier"]),
            )
            for row in csv.DictReader(file)
        ]
    columns = ("code", "name", "county", "country", "identifier", "organisation_id")
    bulk.upsert(connection, municipality, columns, rows)
