"""A dispatcher with a clock that the test moves, over sources whose publishers it plays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hub.runs import Run, RunResult
from hub.schedule.dispatcher import Dispatcher, Operation
from hub.schedule.state import ServeState
from hub.schedule.timetable import Timetable
from hub.settings import Source
from hub.settings.schedule import check_schedule
from tests.runs.harness import Bench, row, snapshot

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
ROWS = snapshot(row("a", number="5590000013", name="Alfa"))


def source(name: str, schedule: str = "hourly", **other: Any) -> Source:
    return Source(id=name, path=Path(f"{name}.toml"), connector="xx_fake", schedule=check_schedule(schedule), **other)


class Office(Bench):
    """``publishers`` holds what each source yields; what is missing there yields one row."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        self.now = NOON
        self.state = ServeState()
        self.publishers: dict[str, Any] = {}
        self.hosts: dict[str, frozenset[str]] = {}
        self.began: list[str] = []
        self.stop: Any = None
        self.dispatcher = Dispatcher(self.engine, self.state, clock=lambda: self.now)

    def operation(self, *sources: Source, parallel: int = 4, per_host: int = 1) -> Operation:
        return Operation(
            sources=sources,
            timetable=Timetable(chance=lambda: 0.0),
            parallel=parallel,
            per_host=per_host,
            run=self._run,
            hosts=lambda source: self.hosts.get(source.id, frozenset()),
        )

    def tick(self, *sources: Source, wait: bool = True, **limits: int) -> int:
        """A tick of these sources; gives how many runs it began."""
        began = self.dispatcher.tick(self.operation(*sources, **limits))
        if wait:
            assert self.dispatcher.wait(20)
        return began

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def due(self, name: str) -> datetime | None:
        found = self.all(f"SELECT next_due_at FROM source WHERE id = '{name}'")[0][0]
        return datetime.fromisoformat(found) if isinstance(found, str) else found

    def outcomes(self, name: str) -> list[str]:
        return [o for (o,) in self.all(f"SELECT outcome FROM run WHERE source_id = '{name}' ORDER BY number")]

    def _run(self, source: Source, claim: Any) -> RunResult:
        self.began.append(source.id)
        stopping = {"stop": self.stop} if self.stop else {}
        self.day = 0  # the days of a bench are those of one month
        items = self.publishers.get(source.id, ROWS)
        plan = self.plan(
            items() if callable(items) else items,
            source=source.id,
            claim=claim,
            schedule=source.schedule,
            enabled=source.enabled,
            now=self.now,
            **stopping,
        )
        return Run(plan).execute()
