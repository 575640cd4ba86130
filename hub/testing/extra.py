"""pytest, which only those have who test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sdk import PluginError

if TYPE_CHECKING:
    from types import ModuleType


def pytest_of_the_extra() -> ModuleType:
    """The module pytest. Raises ``PluginError`` with what to install where there is none."""
    try:
        import pytest
    except ImportError:
        raise PluginError(
            "the connector suite needs pytest, which is not installed",
            instruction="python -m pip install 'integration-hub[testing]'",
        ) from None
    return pytest
