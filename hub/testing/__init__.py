"""PUBLIC: what a connector is tested with.

``connector_suite`` gives a class with a test for each promise that a connector makes; ``TestServer`` plays a publisher
on the web; ``fake_context`` and ``collect`` are for tests of your own; ``Database`` is a throw-away hub. With the
extra ``integration-hub[testing]`` the fixtures ``test_server`` and ``hub_database`` are there too.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hub.testing.actions import FAULTS, cut, pages, ranged, reply, reset, stall, truncate, versioned
    from hub.testing.clock import Ticking
    from hub.testing.context import Collected, collect, fake_context, open_test_client
    from hub.testing.database import Database, Stored, run_once
    from hub.testing.fixture import Fixture
    from hub.testing.promise import BrokenPromise, NotApplicable, Promise, Verdict
    from hub.testing.promises import PROMISES
    from hub.testing.server import Action, Asked, Handler, TestServer, serving
    from hub.testing.suite import connector_suite
    from hub.testing.tables import add_column, reverse_rows
    from hub.testing.trial import Trial

# Where each name lives. pytest loads the plugin in every run of every project that has the extra, so nothing heavy is
# imported before it is asked for.
_PLACES: Final = {
    "FAULTS": "actions",
    "PROMISES": "promises",
    "Action": "server",
    "Asked": "server",
    "BrokenPromise": "promise",
    "Collected": "context",
    "Database": "database",
    "Fixture": "fixture",
    "Handler": "server",
    "NotApplicable": "promise",
    "Promise": "promise",
    "Stored": "database",
    "TestServer": "server",
    "Ticking": "clock",
    "Trial": "trial",
    "Verdict": "promise",
    "add_column": "tables",
    "collect": "context",
    "connector_suite": "suite",
    "cut": "actions",
    "fake_context": "context",
    "open_test_client": "context",
    "pages": "actions",
    "ranged": "actions",
    "reply": "actions",
    "reset": "actions",
    "reverse_rows": "tables",
    "run_once": "database",
    "serving": "server",
    "stall": "actions",
    "truncate": "actions",
    "versioned": "actions",
}

__all__ = [
    "FAULTS",
    "PROMISES",
    "Action",
    "Asked",
    "BrokenPromise",
    "Collected",
    "Database",
    "Fixture",
    "Handler",
    "NotApplicable",
    "Promise",
    "Stored",
    "TestServer",
    "Ticking",
    "Trial",
    "Verdict",
    "add_column",
    "collect",
    "connector_suite",
    "cut",
    "fake_context",
    "open_test_client",
    "pages",
    "ranged",
    "reply",
    "reset",
    "reverse_rows",
    "run_once",
    "serving",
    "stall",
    "truncate",
    "versioned",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
