"""Progress where there is no terminal, and on one."""

from __future__ import annotations

from hub.cli.console import console
from hub.cli.progress import SILENCE, Bars, Lines, _bars


def test_a_line_comes_every_half_minute_and_not_more_often(capsys):
    now = 0.0
    lines = Lines(3, clock=lambda: now)
    lines("reskontra", 10, None, "")
    now = SILENCE + 1
    lines("reskontra", 12_000, 30_000, "fil.csv")
    lines("reskontra", 12_001, 30_000, "fil.csv")
    lines.finished("reskontra", "succeeded")
    now = 2 * SILENCE + 2
    lines("ted", 4, None, "")
    first, second = capsys.readouterr().err.splitlines()
    assert first == "reskontra: 12\u202f000 of 30\u202f000 read (fil.csv); source 1 of 3"
    assert second == "ted: 4 read; source 2 of 3"


def test_bars_follow_their_sources():
    bars = _bars()
    reporter = Bars(bars, 2)
    reporter("ted", 3, 10, "a.xml")
    reporter("ted", 40, None, "")  # stored records: more than the files, without a total
    everything, ted = bars.tasks
    assert (ted.completed, ted.total) == (10, 10)
    reporter.finished("ted", "succeeded")
    assert [task.description for task in bars.tasks] == ["all sources"]
    assert everything.completed == 1


def test_no_width_is_lost_to_a_pipe(capsys):
    assert console().width == 200
