"""The suite as a class of pytest tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hub.sdk import ConnectorClass
from hub.testing.extra import pytest_of_the_extra
from hub.testing.fixture import Fixture
from hub.testing.promise import Promise
from hub.testing.promises import BY_NAME, PROMISES
from hub.testing.trial import Trial


def connector_suite(connector: ConnectorClass, *, fixtures: Sequence[Fixture]) -> type:
    """A class of tests, one for each promise of a connector and each fixture; bind it to a name that begins with Test.

    ::

        TestMyConnector = connector_suite(
            MyConnector,
            fixtures=[Fixture("sample", config={"path": "sample/organisations.csv"}, root=Path(__file__).parents[1])],
        )

    A promise that does not hold fails with what is wrong and what to do; the promises that need it are skipped. Raises
    ``PluginError`` without pytest, and ``ValueError`` for a fixture that leaves out a promise that there is none of.
    """
    pytest = pytest_of_the_extra()
    for fixture in fixtures:
        if unknown := sorted(set(fixture.without) - set(BY_NAME)):
            raise ValueError(
                f"fixture {fixture.name!r}: no promise is called {unknown[0]!r} → choose from {', '.join(BY_NAME)}"
            )
    trials: dict[str, Trial] = {}

    def trial_of(fixture: Fixture, folders: Any) -> Trial:
        if fixture.name not in trials:
            trials[fixture.name] = Trial(connector, fixture, folders.mktemp("connector"))
        return trials[fixture.name]

    def test_of(promise: Promise) -> Callable[..., None]:
        def test(_self: object, fixture: Fixture, tmp_path_factory: Any) -> None:
            __tracebackhide__ = True
            verdict = trial_of(fixture, tmp_path_factory).check(promise, BY_NAME)
            if verdict.outcome == "skipped":
                pytest.skip(verdict.why)
            if verdict.outcome == "broken":
                pytest.fail(verdict.why, pytrace=False)

        test.__doc__ = promise.sentence[0].upper() + promise.sentence[1:] + "."
        test.__name__ = "test_" + "".join(c if c.isalnum() else "_" for c in promise.sentence)
        return test

    tests = {test.__name__: test for test in map(test_of, PROMISES)}
    made = type(f"Test{connector.__name__}", (), {"__doc__": f"What {connector.__name__} promises.", **tests})
    return pytest.mark.parametrize("fixture", fixtures, ids=[fixture.name for fixture in fixtures])(made)  # type: ignore[no-any-return]
