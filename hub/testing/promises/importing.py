"""What importing a connector costs, and what it drags in."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from hub.sdk.hookspecs import PROJECT
from hub.testing import elsewhere
from hub.testing.promise import BrokenPromise, NotApplicable
from hub.testing.trial import Trial

_TRIES: Final = 3
"""The machine may be busy with something else: the best one counts."""
_PUBLIC: Final = ("hub.sdk", "hub.model")


def imports(trial: Trial) -> None:
    """A new process imports the connector within its budget, and nothing of the hub but the SDK."""
    module = trial.connector.__module__
    package = module.partition(".")[0]
    plugin = next(
        (
            point.module
            for point in entry_points(group=PROJECT)
            if point.name == trial.connector.manifest.id and point.module.partition(".")[0] == package
        ),
        module,
    )
    best = float("inf")
    for _ in range(_TRIES):
        found = elsewhere.imported(plugin, module)
        if found is None:
            raise NotApplicable(f"{module} cannot be imported by its name → put the connector into a package")
        for name in found.modules:
            if name.startswith("hub.") and not name.startswith(_PUBLIC):
                raise BrokenPromise(
                    f"importing {module} imports {name} → import hub.sdk alone: the rest may change from one release to"
                    " the next"
                )
        best = min(best, found.seconds)
        if best <= trial.fixture.import_seconds:
            return
    raise BrokenPromise(
        f"importing {module} takes {best:.2f} s, its budget is {trial.fixture.import_seconds} s"
        " → import what is heavy in the functions that need it; `python -X importtime` shows what that is"
    )
