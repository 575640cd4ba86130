"""What the database's own errors say to an operator."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, text

from hub.store.engine import DatabaseUnavailable, open_engine, transaction


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    with transaction(engine) as connection:
        connection.execute(text("CREATE TABLE seat AS SELECT 1 AS id UNION ALL SELECT 2"))
    yield engine
    engine.dispose()


def test_a_deadlock_says_to_run_it_again_and_not_to_check_the_address(engine: Engine):
    both, failed = Barrier(2), []

    def sit(first: int, second: int) -> None:
        try:
            with transaction(engine) as connection:
                connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
                connection.execute(text("SELECT id FROM seat WHERE id = :id FOR UPDATE"), {"id": first})
                both.wait(10)
                connection.execute(text("SELECT id FROM seat WHERE id = :id FOR UPDATE"), {"id": second})
        except DatabaseUnavailable as error:
            failed.append(error)

    threads = [Thread(target=sit, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    (error,) = failed
    assert error.reason == "another transaction was in the way, and the database ended this one"
    assert error.instruction == "run it again"


def test_what_could_not_be_put_in_order_says_to_run_it_again(engine: Engine):
    def stand_up_late() -> None:
        with transaction(engine) as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            connection.execute(text("SELECT id FROM seat"))
            with transaction(engine) as other:
                other.execute(text("UPDATE seat SET id = 3 WHERE id = 1"))
            connection.execute(text("UPDATE seat SET id = 4 WHERE id = 1"))

    with pytest.raises(DatabaseUnavailable, match="in the way"):
        stand_up_late()
