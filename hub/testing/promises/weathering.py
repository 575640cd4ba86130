"""A publisher whose site fails: for a moment, or for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from hub.testing import sql
from hub.testing.actions import FAULTS, reply, reset
from hub.testing.difference import between
from hub.testing.promise import BrokenPromise, NotApplicable
from hub.testing.server import TestServer
from hub.testing.trial import Stage, Trial
from hub.testing.watch import sleepless

_REQUESTS: Final = 3
"""Requests that are spoilt, each in its turn: the first, one in the middle, the last."""
_ADVICE: Final = "ask through ctx.http and ctx.download, and let what they raise come through"


def faults(trial: Trial) -> None:
    """One request is answered badly, once: the run ends whole, with the same database."""
    with _on_the_web(trial) as (stage, server):
        with trial.database() as database:
            stage.run(database)
            expected, count = database.content(), len(server.asked)
        if count == 0:
            raise BrokenPromise("the site was never asked → let the fixture's config name its address: site.url")
        for number in sorted({1, 1 + count // 2, count})[:_REQUESTS]:
            for what, fault in FAULTS.items():
                stage.play()
                server.disturb(fault, number, number)
                with trial.database() as database:
                    result = stage.run(database, anew=False)
                    told = between(expected, database.content())
                if not result.whole or told:
                    raise BrokenPromise(
                        f"request {number} of {count} met {what}: the run ended as {result.outcome}"
                        f" ({result.reason or told}) → {_ADVICE}"
                    )


def outage(trial: Trial) -> None:
    """From some request on everything fails: no success is told, and what was stored stays."""
    with _on_the_web(trial) as (stage, server), trial.database() as database:
        stage.run(database)
        # With a cursor the next run asks for less.
        stage.run(database, now=trial.fixture.now + timedelta(days=1))
        expected, count = database.content(), len(server.asked)
        for number, fault in ((1, reply(503)), (count, reset), (1 + count // 2, reply(500))):
            stage.play()
            server.disturb(fault, number)
            with sleepless() as slept:
                result = stage.run(database, anew=False, now=trial.fixture.now + timedelta(days=1))
            _patient(stage, slept)
            if result.outcome not in ("failed", "partial"):
                raise BrokenPromise(
                    f"the site was down from request {number} of {count} on and the run says {result.outcome!r}"
                    f" → {_ADVICE}; for a page that is left out, yield Reject(…, whole=True)"
                )
            if server.host not in result.reason + str(database.rows("v1_quarantine")):
                raise BrokenPromise(
                    f"the site was down and the reason does not say which: {result.reason!r} → {_ADVICE}"
                )
            if result.retired:
                raise BrokenPromise(
                    f"the site was down and {result.retired} records were retired"
                    " → yield Complete only behind a scope that was read to its end"
                )
            if told := _lost(expected, database.content()):
                raise BrokenPromise(f"the site was down and the database lost something: {told} → {_ADVICE}")


def _patient(stage: Stage, slept: list[str]) -> None:
    again = [request for request, times in Counter(stage.sent).items() if times > 1]
    if slept or again:
        what = f"{again[0]} was sent {stage.sent.count(again[0])} times" if again else slept[0]
        raise BrokenPromise(
            f"the connector tries again by itself: {stage.redactor(what)}"
            " → send each request once: ctx.http repeats it as often as is polite"
        )


def _lost(expected: sql.Content, found: sql.Content) -> str:
    """What a run that broke off took away; quarantine may have grown."""
    return between(
        {table: rows for table, rows in expected.items() if table not in ("quarantine", "position")},
        {table: rows for table, rows in found.items() if table not in ("quarantine", "position")},
    )


@contextmanager
def _on_the_web(trial: Trial) -> Iterator[tuple[Stage, TestServer]]:
    with trial.stage() as stage:
        if stage.server is None:
            raise NotApplicable(
                f"fixture {trial.fixture.name!r} reads files alone; `site` plays a publisher on the web"
            )
        yield stage, stage.server
