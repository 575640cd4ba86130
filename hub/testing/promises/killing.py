"""A process that dies at any commit loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, Literal

from hub.sdk import Checkpoint, Complete, Connector, FetchItem, RawRecord
from hub.testing import sql
from hub.testing.difference import between
from hub.testing.promise import BrokenPromise
from hub.testing.promises.storing import read_whole
from hub.testing.trial import Stage, Trial

_PLACES: Final = 8
"""Commits at which a run is killed, before and after each. Of more they are chosen evenly."""
_BATCHES: Final = 4


def kills(trial: Trial) -> None:
    """Killed at every checkpoint, every ``Complete`` and between batches, then run until it is whole."""
    batch_size = max(1, len(trial.raw) // _BATCHES)
    with trial.stage() as stage:
        with trial.database() as database, sql.counting(database.engine) as commits:
            marks = _Marks(commits)
            read_whole(stage.run(database, fetch=marks.fetch, batch_size=batch_size), "the undisturbed run")
            expected, places = database.content(), marks.places(commits())
        for place in places:
            for when in ("before", "after"):
                _kill(trial, stage, expected, (place, when, marks.told.get(place, "")), batch_size)


class _Marks:
    """Notes which commits belong to which item, and asks nothing else of the connector."""

    def __init__(self, commits: Callable[[], int]) -> None:
        self._commits = commits
        self.told: dict[int, str] = {}

    def fetch(self, connector: Connector[Any], ctx: Any) -> Iterator[FetchItem]:
        seen = 0
        for item in connector.fetch(ctx):
            seen += isinstance(item, RawRecord)
            before = self._commits()
            yield item
            for commit in range(before + 1, self._commits() + 1):
                what = f" ({type(item).__name__})" if isinstance(item, Checkpoint | Complete) else ""
                self.told[commit] = f" behind raw record {seen}{what}"

    def places(self, last: int) -> list[int]:
        """The commits to be killed at: those of checkpoints and ends of scopes first, as many as there is time for."""
        important = [commit for commit, told in self.told.items() if told.endswith(")")]
        chosen = _evenly(important, _PLACES)
        others = [commit for commit in range(1, last + 1) if commit not in important]
        return sorted(chosen + _evenly(others, _PLACES - len(chosen)))


def _evenly(commits: Sequence[int], most: int) -> list[int]:
    """At most so many of them, the last one among them."""
    if len(commits) <= most:
        return list(commits)
    return [commits[-1 - index * len(commits) // most] for index in range(most)]


def _kill(
    trial: Trial,
    stage: Stage,
    expected: sql.Content,
    death: tuple[int, Literal["before", "after"], str],
    batch_size: int,
) -> None:
    place, when, behind = death
    said = f"killed right {when} commit {place}{behind}"
    with trial.database() as database:
        with suppress(sql.Killed), sql.dying(database.engine, place, when):
            stage.run(database, batch_size=batch_size)
        database.engine.dispose()
        sql.bury(database.engine)
        result = stage.run(database, batch_size=batch_size)
        if not result.whole:
            result = stage.run(database, batch_size=batch_size)
        read_whole(result, f"{said}, the second run after it")
        if told := between(expected, database.content()):
            raise BrokenPromise(
                f"{said} and run again, the database differs: {told}"
                " → yield a Checkpoint only behind all records that it covers, and keep no state outside the cursor"
            )
