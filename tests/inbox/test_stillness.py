"""Files that are being written."""

from __future__ import annotations

import os
import time

from hub.inbox.stillness import Stillness


def test_a_file_that_was_written_to_a_moment_ago_waits(tmp_path):
    file = tmp_path / "half.csv"
    file.write_text("a")
    assert not Stillness().is_still(file)
    assert Stillness(clock=lambda: time.time() + 11).is_still(file)


def test_a_copy_that_keeps_the_old_time_waits_all_the_same(tmp_path):
    file = tmp_path / "half.csv"
    file.write_text("a")
    os.utime(file, (0, 0))
    assert not Stillness().is_still(file)


def test_a_folder_with_another_clock_is_judged_by_two_looks(tmp_path):
    file, ticks = tmp_path / "half.csv", [0.0]
    file.write_text("a")
    still = Stillness(clock=lambda: 0.0, ticks=lambda: ticks[0])
    assert not still.is_still(file)
    ticks[0] = 11
    file.write_text("ab")
    assert not still.is_still(file), "it grew"
    ticks[0] = 22
    assert still.is_still(file)
