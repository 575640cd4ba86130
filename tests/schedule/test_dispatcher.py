"""What a tick starts, when, and what becomes of due times."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest

from hub.runs import Run
from hub.runs.lease import NotDue, this_process
from hub.schedule import sql
from hub.sdk import SourceUnavailable
from hub.store.engine import transaction
from tests.runs.harness import row
from tests.schedule.office import NOON, ROWS, Office, source

DOWN = [SourceUnavailable("no answer")]


def noted(caplog, action):
    return [record for record in caplog.records if getattr(record, "action", "") == action]


class Gate:
    """Items of a source that wait until the test opens the gate."""

    def __init__(self):
        self.entered, self.opened = threading.Event(), threading.Event()

    def __call__(self):
        yield ROWS[0]
        self.entered.set()
        assert self.opened.wait(20)
        yield ROWS[1]


def test_a_new_source_is_read_at_once_and_then_when_its_schedule_says(office: Office):
    assert office.tick(source("a")) == 1
    assert office.due("a") == NOON + timedelta(hours=1)
    office.later(minutes=59)
    assert office.tick(source("a")) == 0
    office.later(minutes=1)
    assert office.tick(source("a")) == 1
    assert office.outcomes("a") == ["succeeded", "unchanged"]


def test_a_source_that_was_read_by_hand_within_its_interval_waits(office: Office):
    office.run(ROWS, source="a", now=NOON)
    # Its end is written by the real clock.
    with transaction(office.engine) as connection:
        connection.exec_driver_sql(f"UPDATE source SET last_success_at = '{NOON.isoformat()}', schedule = 'hourly'")
    office.later(minutes=10)
    assert office.tick(source("a")) == 0
    assert office.due("a") == NOON + timedelta(hours=1)


def test_after_downtime_there_is_one_run_not_one_for_each_missed_time(office: Office, caplog):
    office.tick(source("a"))
    office.later(hours=30, minutes=20)
    with caplog.at_level(logging.INFO):
        assert office.tick(source("a")) == 1
    assert office.tick(source("a")) == 0
    assert office.due("a") == NOON + timedelta(hours=31)
    assert [record.seconds_late for record in noted(caplog, "source_late")] == [29 * 3600 + 20 * 60]
    assert office.state.late_starts == 1


def test_a_start_in_time_is_not_late(office: Office, caplog):
    office.tick(source("a"))
    office.later(hours=1, seconds=5)
    office.tick(source("a"))
    assert not noted(caplog, "source_late")
    assert office.state.late_starts == 0


def test_a_changed_schedule_gives_a_new_due_time(office: Office):
    office.tick(source("a", "weekly"))
    assert office.tick(source("a", "every 15m")) == 0
    assert office.due("a") == NOON + timedelta(minutes=15)
    office.tick(source("a", "cron 30 13 * * *"))
    assert office.due("a") == NOON + timedelta(hours=1, minutes=30)


def test_what_is_due_stays_due_when_its_schedule_changes(office: Office):
    office.tick(source("a"))
    office.later(hours=2)
    assert office.tick(source("a", "weekly")) == 1


@pytest.mark.parametrize("others", [(), ("off",)])
def test_a_source_that_is_switched_off_or_configured_no_more_is_never_due(office: Office, others):
    office.tick(source("a"))
    left = [source("a", enabled=False)] if others else []
    office.later(hours=5)
    assert office.tick(*left) == 0
    assert office.due("a") is None


def test_a_source_that_is_switched_on_again_is_due_when_its_interval_is_over(office: Office):
    office.tick(source("a"))
    office.tick(source("a", enabled=False))
    with transaction(office.engine) as connection:
        connection.exec_driver_sql(f"UPDATE source SET last_success_at = '{NOON.isoformat()}'")
    office.later(hours=5)
    assert office.tick(source("a")) == 1


def test_a_paused_source_is_left_alone(office: Office):
    office.tick(source("a"))
    with transaction(office.engine) as connection:
        connection.exec_driver_sql(f"UPDATE source SET paused_at = '{NOON.isoformat()}'")
    office.later(hours=5)
    assert office.tick(source("a")) == 0
    with transaction(office.engine) as connection:
        connection.exec_driver_sql("UPDATE source SET paused_at = NULL")
    assert office.tick(source("a")) == 1


def test_a_source_that_is_down_is_tried_again_after_longer_and_longer_waits(office: Office):
    office.publishers["a"] = DOWN
    waits = []
    for _ in range(5):
        assert office.tick(source("a", "daily")) == 1
        waits.append(office.due("a") - office.now)
        office.now = office.due("a")
    assert waits == [timedelta(minutes=5 * 2**n) for n in range(5)]
    office.publishers["a"] = ROWS
    office.tick(source("a", "daily"))
    assert office.outcomes("a")[-1] == "succeeded"
    assert office.due("a") == NOON.replace(hour=0) + timedelta(days=1)


def test_a_retry_never_comes_later_than_the_schedule(office: Office):
    office.publishers["a"] = DOWN
    office.now = NOON + timedelta(minutes=58)
    office.tick(source("a"))
    assert office.due("a") == NOON + timedelta(hours=1)


def test_a_suspect_source_is_asked_no_sooner(office: Office):
    office.publishers["a"] = [row(str(n), number="5590000013", name="x") for n in range(20)] + [ROWS[1]]
    office.publishers["a"][-1] = type(ROWS[1])("rows", "all", 20)
    office.tick(source("a"))
    office.publishers["a"] = ROWS
    office.later(hours=1)
    office.tick(source("a"))
    assert office.outcomes("a") == ["succeeded", "suspect"]
    assert office.due("a") == NOON + timedelta(hours=2)


def test_sources_begin_in_the_order_in_which_they_were_due(office: Office):
    office.tick(source("b", "cron 0 13 * * *"), source("a", "cron 0 14 * * *"), source("c", "cron 30 13 * * *"))
    office.began.clear()
    office.later(hours=3)
    names = [source("b", "cron 0 13 * * *"), source("a", "cron 0 14 * * *"), source("c", "cron 30 13 * * *")]
    while office.tick(*names, parallel=1):
        pass
    assert office.began == ["b", "c", "a"]


def test_no_more_run_at_once_than_may(office: Office):
    gates = {name: Gate() for name in "abc"}
    office.publishers |= gates
    sources = [source(name) for name in "abc"]
    assert office.tick(*sources, wait=False, parallel=2) == 2
    assert office.tick(*sources, wait=False, parallel=2) == 0
    gates["a"].opened.set()
    assert office.dispatcher.wait(20, below=2)
    assert office.tick(*sources, wait=False, parallel=2) == 1
    for gate in gates.values():
        gate.opened.set()
    assert office.dispatcher.wait(20)
    assert {name: office.outcomes(name) for name in "abc"} == {name: ["succeeded"] for name in "abc"}


def test_a_host_is_asked_by_no_more_than_may_and_files_by_all(office: Office):
    gates = {name: Gate() for name in "abcd"}
    office.publishers |= gates
    office.hosts = {"a": frozenset({"api.example"}), "b": frozenset({"api.example", "other.example"})}
    sources = [source(name) for name in "abcd"]
    assert office.tick(*sources, wait=False, parallel=8) == 3
    assert sorted(office.began) == ["a", "c", "d"]
    for gate in gates.values():
        gate.opened.set()
    assert office.dispatcher.wait(20)
    assert office.tick(*sources, parallel=8) == 1
    assert office.outcomes("b") == ["succeeded"]


def test_a_run_that_somebody_else_has_taken_is_passed_by_without_a_word(office: Office, caplog):
    office.tick(source("a"))
    office.later(hours=1)

    def taken(claimed, claim):
        with transaction(office.engine) as connection:
            assert sql.claim(connection, "a", following=office.now + timedelta(hours=1), now=office.now)
        return Run(office.plan(ROWS, source="a", claim=claim, schedule="hourly", now=office.now)).execute()

    operation = office.operation(source("a"))
    caplog.clear()  # the first run may tell
    with caplog.at_level(logging.INFO):
        office.dispatcher.tick(type(operation)(**(vars(operation) | {"run": taken})))
        assert office.dispatcher.wait(20)
    assert office.outcomes("a") == ["succeeded"]
    assert office.dispatcher.not_whole == 0
    assert not caplog.records


def test_a_claim_that_is_not_due_leaves_no_run(office: Office):
    def claim(connection):
        raise NotDue("not due")

    with pytest.raises(NotDue):
        office.run(ROWS, source="a", claim=claim)
    assert office.one("SELECT count(*) FROM run") == 0
    assert office.one("SELECT count(*) FROM source") == 0


def test_a_process_that_dies_before_its_run_is_open_leaves_the_source_due(office: Office):
    office.tick(source("a"))
    office.later(hours=1)

    class Dies(BaseException):
        pass

    def claim(connection):
        assert sql.claim(connection, "a", following=office.now + timedelta(hours=1), now=office.now)
        raise Dies

    with pytest.raises(Dies):
        office.run(ROWS, source="a", claim=claim)
    assert office.tick(source("a")) == 1


def silent(office: Office, *, owner: str = "elsewhere:1:x") -> None:
    """Let the run of a process that is gone stand open."""
    with transaction(office.engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO run (id, source_id, number, kind, owner, started_at, heartbeat_at) VALUES"
            f" ('{'1' * 8}-1111-4111-8111-111111111111', 'a', 99, 'sync', '{owner}', '{NOON.isoformat()}',"
            f" '{NOON.isoformat()}')"
        )


def test_a_silent_run_is_lost_and_its_source_read_at_once(office: Office, caplog):
    office.tick(source("a"))
    silent(office)
    office.later(minutes=10)
    assert office.tick(source("a")) == 0
    office.later(minutes=6)
    assert office.tick(source("a")) == 1
    assert office.outcomes("a") == ["succeeded", "lost", "unchanged"]
    assert [record.source for record in noted(caplog, "run_lost")] == ["a"]


def test_a_run_that_is_lost_again_and_again_is_not_tried_at_once(office: Office):
    office.tick(source("a"))
    with transaction(office.engine) as connection:
        connection.exec_driver_sql("UPDATE source SET failures = 2")
    silent(office)
    office.later(minutes=16)
    assert office.tick(source("a")) == 0
    assert office.due("a") == office.now + timedelta(minutes=10)


def test_a_stopped_run_keeps_its_batches_and_its_source_is_due_at_once(office: Office):
    gate, office.stop = Gate(), threading.Event()
    office.publishers["a"] = gate
    office.tick(source("a"), wait=False)
    assert gate.entered.wait(20)
    threading.Timer(0.1, gate.opened.set).start()
    office.dispatcher.close(office.stop)
    assert office.outcomes("a") == ["cancelled"]
    assert office.due("a") == office.now
    assert office.one("SELECT count(*) FROM raw_record") == 1
    assert office.tick(source("a")) == 0, "a closed dispatcher starts nothing"


def test_a_run_that_cannot_end_in_time_is_ended_as_cancelled(office: Office):
    gate, office.stop = Gate(), threading.Event()
    office.publishers["a"] = gate
    office.tick(source("a"), wait=False)
    assert gate.entered.wait(20)
    office.dispatcher.close(office.stop, grace=0.1)
    assert office.outcomes("a") == ["cancelled"]
    assert office.due("a") == office.now
    assert office.one("SELECT owner FROM run") == this_process()
    gate.opened.set()
    assert office.dispatcher.wait(20)
    assert office.outcomes("a") == ["cancelled"]


def test_run_due_reads_everything_once_also_when_it_has_to_queue(office: Office):
    office.publishers["d"] = DOWN
    operation = office.operation(*[source(name) for name in "abcde"], parallel=2)
    office.dispatcher.run_due(operation, threading.Event())
    assert sorted(office.began) == list("abcde")
    assert office.dispatcher.not_whole == 1


def test_a_run_that_raises_is_told_and_its_source_left_alone_for_a_while(office: Office, caplog):
    operation = office.operation(source("a"))

    def broken(claimed, claim):
        raise ZeroDivisionError

    for _ in range(3):
        office.dispatcher.tick(type(operation)(**(vars(operation) | {"run": broken})))
        assert office.dispatcher.wait(20)
    assert len(noted(caplog, "run_failed")) == 1
    office.later(minutes=6)
    assert office.tick(source("a")) == 1
    assert office.outcomes("a") == ["succeeded"]
