"""Figures as Prometheus metrics. Rows are counted under the same names as in ``hub runs``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub import __version__
from hub.schedule.state import ServeState
from hub.store.plain import Row
from hub.web.figures import Figures

OPERATIONS: Final = ("read", "stored", "changed", "unchanged", "retired", "quarantined")

_Value = Callable[[Row], float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Metrics(Collector):
    """What a scrape gets: the figures of one moment, and how this process is doing."""

    figures: Figures
    state: ServeState
    now: datetime

    def collect(self) -> Iterator[Metric]:
        """All metrics, each once."""
        yield from self._of_runs()
        yield from self._of_sources()
        yield from self._of_the_hub()

    def _of_runs(self) -> Iterator[Metric]:
        runs = CounterMetricFamily("hub_runs", "Finished runs.", labels=("source", "kind", "outcome"))
        rows = CounterMetricFamily(
            "hub_run_rows", "What runs counted, those at work included.", labels=("source", "operation")
        )
        counted: dict[str, Counter[str]] = {}
        for row in self.figures.runs:
            if row["outcome"] is not None:
                runs.add_metric([row["source"], row["kind"], row["outcome"]], row["runs"])
            counted.setdefault(row["source"], Counter()).update({name: row[name] for name in OPERATIONS})
        for source, numbers in counted.items():
            for name in OPERATIONS:
                rows.add_metric([source, name], numbers[name])
        yield from (runs, rows)

    def _of_sources(self) -> Iterator[Metric]:
        for name, meaning, value in self._gauges():
            gauge = GaugeMetricFamily(name, meaning, labels=("source",))
            for row in self.figures.sources:
                # What is not known has no sample: a zero would be a claim.
                if (number := value(row)) is not None:
                    gauge.add_metric([row["id"]], number)
            yield gauge
        condition = GaugeMetricFamily("hub_condition", "1 while the condition stands.", labels=("source", "kind"))
        for row in self.figures.conditions:
            condition.add_metric([row["source"], row["kind"]], 1)
        yield condition

    def _gauges(self) -> Iterable[tuple[str, str, _Value]]:
        now = self.now.timestamp()
        quarantined = self.figures.quarantined
        return (
            ("hub_run_seconds", "How long the last finished run took.", _run_seconds),
            (
                "hub_source_last_success_timestamp_seconds",
                "When the source was last read whole.",
                lambda row: _timestamp(row["last_success_at"]),
            ),
            (
                "hub_source_freshness_seconds",
                "How long ago the source was last read whole; absent until it was.",
                lambda row: _difference(now, _timestamp(row["last_success_at"])),
            ),
            (
                "hub_source_due_timestamp_seconds",
                "When the source runs next; absent while nothing schedules it.",
                lambda row: _timestamp(row["next_due_at"]),
            ),
            (
                "hub_source_running",
                "1 while a run of the source is at work.",
                lambda row: row["latest"] is not None and row["latest_outcome"] is None,
            ),
            ("hub_source_enabled", "0 when its file switches the source off.", lambda row: bool(row["enabled"])),
            ("hub_source_paused", "1 while the source is paused.", lambda row: row["paused_at"] is not None),
            (
                "hub_source_failures",
                "Syncs in a row that did not read the source whole.",
                lambda row: row["failures"],
            ),
            (
                "hub_quarantined",
                "What could not be read and waits in quarantine.",
                lambda row: quarantined.get(row["id"], 0),
            ),
        )

    def _of_the_hub(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("hub_change_last_seq", "Highest number in v1_change.", self.figures.last_seq)
        yield GaugeMetricFamily(
            "hub_config_valid", "0 while an earlier configuration is in force.", float(self.state.config_valid)
        )
        yield CounterMetricFamily("hub_late_starts", "Runs that this process began late.", self.state.late_starts)
        yield CounterMetricFamily("hub_ticks", "Times that this process looked what is due.", self.state.ticks)
        build = GaugeMetricFamily("hub_build_info", "1, with the version.", labels=("version",))
        build.add_metric([__version__], 1)
        yield build


def _run_seconds(row: Row) -> float | None:
    finished, started = _timestamp(row["finished_at"]), _timestamp(row["started_at"])
    return None if finished is None or started is None else max(0.0, finished - started)


def _difference(now: float, then: float | None) -> float | None:
    return None if then is None else max(0.0, now - then)


def _timestamp(instant: Any) -> float | None:
    return None if instant is None else datetime.fromisoformat(instant).astimezone(UTC).timestamp()
