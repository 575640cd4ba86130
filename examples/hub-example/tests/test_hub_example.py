"""The connector keeps its promises, and reads its sample: what it yields, what it rejects, and what it keeps out."""

from pathlib import Path

import hub_example
import pytest

from hub import sdk
from hub.testing import Fixture, connector_suite, fake_context, reverse_rows

FOLDER = Path(__file__).parents[1]

TestExample = connector_suite(
    hub_example.Example,
    fixtures=[
        Fixture(
            "sample",
            config={"path": "sample/organisations.csv"},
            root=FOLDER,
            reordered=lambda root: reverse_rows(root / "sample" / "organisations.csv"),
            personal=("19121212-1212",),
        )
    ],
)


@pytest.fixture
def context() -> sdk.Context[hub_example.ExampleConfig]:
    """A run of a source that reads the sample."""
    return fake_context(hub_example.ExampleConfig(path="sample/organisations.csv"), root=FOLDER)


@pytest.fixture
def fetched(context: sdk.Context[hub_example.ExampleConfig]) -> list[sdk.FetchItem]:
    """What the connector reads there."""
    return list(hub_example.Example().fetch(context))


def test_every_row_of_an_organisation_and_none_of_a_person(
    context: sdk.Context[hub_example.ExampleConfig], fetched: list[sdk.FetchItem]
) -> None:
    *rows, last = fetched
    assert [row.origin for row in rows] == [f"organisations.csv:{number}" for number in range(2, 7)]
    assert last == sdk.Complete("organisations", "list", 5)
    assert context.counts["persons_dropped"] == 1


def test_what_a_row_means(fetched: list[sdk.FetchItem]) -> None:
    organisation, *drift = hub_example.Example().normalise(fetched[0])
    assert (organisation.identifier.value, organisation.kind) == ("7699301003", sdk.Kind.COOPERATIVE)
    assert drift == [sdk.Drift("new_field", "phone")]


def test_what_it_does_not_know_is_told(fetched: list[sdk.FetchItem]) -> None:
    unknown_form, wrong_number = fetched[3:5]
    assert sdk.Drift("unknown_code", "form", "growers' ring") in list(hub_example.Example().normalise(unknown_form))
    with pytest.raises(sdk.RecordRejected, match="not a Swedish organisation number"):
        list(hub_example.Example().normalise(wrong_number))
