from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest

from hub.observe import Receiver, dispatch


def test_each_receiver_is_told_whatever_the_others_do(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Mapping[str, Any]] = []

    def spoil(event: Mapping[str, Any]) -> None:
        event["action"] = "spoilt"  # type: ignore[index]

    event = {"action": "run_finished", "source": "ted"}
    with caplog.at_level(logging.ERROR):
        failed = dispatch(event, [Receiver("a", spoil), Receiver("b", seen.append)])
    assert failed == ("a",)
    assert seen == [event]
    (record,) = caplog.records
    assert (record.action, record.plugin, record.event) == ("event_failed", "a", "run_finished")  # type: ignore[attr-defined]
