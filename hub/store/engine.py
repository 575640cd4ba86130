"""Engines for the two databases, with the settings that each needs to be safe under load."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from hub.sdk.errors import ConfigError, HubError

__all__ = [
    "Connection",
    "DatabaseUnavailable",
    "Engine",
    "empty_log",
    "open_engine",
    "prepare_for_much",
    "reading",
    "transaction",
]

_turns: WeakKeyDictionary[Engine, AbstractContextManager[Any]] = WeakKeyDictionary()
_PATIENCE = 15.0
_PATIENCE_WITH_READERS = 1000
"""Milliseconds."""
_IN_THE_WAY = {"40P01", "40001"}  # SQLSTATE of a deadlock and of a serialisation failure
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    # What is erased is overwritten in the file (ADR 0012); many builds do so by themselves.
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -64000",
    "PRAGMA temp_store = MEMORY",
)


class DatabaseUnavailable(HubError):
    """The database cannot be opened, is locked by someone else, or went away."""

    exit_code = 4


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that commits at its end; the driver's errors become :class:`DatabaseUnavailable`.

    SQLite has one writer: this process's threads queue for it here, rather than time out on the file's lock.
    """
    turn = _turns.setdefault(engine, RLock()) if engine.dialect.name == "sqlite" else nullcontext()
    try:
        with turn, engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _explained(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading alone: it never waits for a writer."""
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            yield connection
    except DBAPIError as error:
        raise _explained(error) from error


def _explained(error: DBAPIError) -> Exception:
    what = (str(error.orig).strip().splitlines() or [""])[0]
    if not isinstance(error, OperationalError) and "not a database" not in what:
        return error
    if getattr(error.orig, "sqlstate", None) in _IN_THE_WAY:
        return DatabaseUnavailable(
            "another transaction was in the way, and the database ended this one",
            where="database",
            instruction="run it again",
        )
    if "locked" in what:
        return DatabaseUnavailable(
            "another process holds the database's write lock",
            where="database",
            instruction="wait for it (see `hub status`), or use PostgreSQL for parallel writers",
        )
    return DatabaseUnavailable(what, where="database", instruction="check database.url and that the server runs")


def open_engine(url: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://…``; raises ``ConfigError`` for any other address."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        message = "the database address is not a URL"
        raise ConfigError(message, where="database.url", instruction="write sqlite:///file or postgresql://…") from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and not parsed.database.startswith((":", "file:")):
            _make_file(Path(parsed.database))
        # A writer waits this long for another one; `?timeout=60` in the address says otherwise.
        patience = {} if "timeout" in parsed.query else {"timeout": _PATIENCE}
        engine = create_engine(parsed, connect_args=patience, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername == "postgresql+psycopg":
        # Parameters are data: they have no place in an error's text.
        return create_engine(
            parsed, pool_pre_ping=True, hide_parameters=True, connect_args={"options": "-c timezone=UTC"}
        )
    message = f"the hub stores in SQLite or PostgreSQL, not in {parsed.drivername!r}"
    raise ConfigError(message, where="database.url", instruction="write sqlite:///file or postgresql://…")


def prepare_for_much(engine: Engine) -> None:
    """Make ready for one transaction that replaces everything: SQLite remembers on the disk what it may have to undo.

    In memory it would be the whole database, for what is dropped is overwritten with zeros.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA temp_store = FILE"))
        engine.dispose()


def empty_log(engine: Engine) -> bool:
    """Move all that is committed out of SQLite's write-ahead log, and empty it; gives whether nothing is left in it.

    Somebody who reads what was there before keeps it from that.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_WITH_READERS}")
        try:
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
    except sqlite3.OperationalError:
        return False
    else:
        return not busy
    finally:
        connection.close()


def _make_file(path: Path) -> None:
    """Make the database's file for its owner alone; what it holds is nobody else's until the operator says so."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseUnavailable(
            f"the database's file cannot be made ({error.strerror or type(error).__name__})",
            where=str(path),
            instruction="name a folder that the hub's user may write to in database.url",
        ) from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late (only before a write); we begin transactions ourselves.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Any) -> None:
    # IMMEDIATE: a transaction that will write waits for the lock at its start, not half-way.
    mode = "DEFERRED" if connection.get_execution_options().get("read_only") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")
