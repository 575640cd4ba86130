"""A hub hands its runs what they need: they keep secrets to themselves, and publishers are left alone long enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from hub.cli.serving import operation_of
from hub.registry import Registry
from hub.sdk import ConnectorConfig, Context, FetchItem, SourceUnavailable
from hub.service import Hub
from hub.store.engine import reading
from tests.runs.harness import Fake

TOKEN = "s3cret-token-1"


class Config(ConnectorConfig):
    token: SecretStr


class Talkative(Fake):
    """Its publisher repeats what it was asked with."""

    manifest = Fake.manifest.model_copy(update={"id": "xx_talkative", "shortest_interval": timedelta(minutes=15)})
    config_model = Config  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__([])

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:  # type: ignore[override]
        raise SourceUnavailable(f"no access for 19121212-1212 with {ctx.config.token.get_secret_value()}")
        yield


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "hub.toml").write_text("")
    (folder / "sources" / "a.toml").write_text(
        'connector = "xx_talkative"\nschedule = "hourly"\n[config]\ntoken = { env = "TOKEN" }\n'
    )
    (folder / "sources" / "b.toml").write_text('connector = "xx_gone"\n')
    hub = Hub.open(folder, database=database_url, environ={"TOKEN": TOKEN}, registry=Registry.of(Talkative))
    yield hub
    hub.close()


def test_neither_a_runs_reason_nor_its_condition_shows_what_the_source_was_asked_with(hub: Hub):
    (result,) = hub.sync(["a"])
    with reading(hub.engine) as connection:
        stored = [
            *connection.execute(text("SELECT reason FROM v1_run")).scalars(),
            *connection.execute(text("SELECT detail FROM v1_condition")).scalars(),
        ]
    assert len(stored) == 2
    for said in (*stored, result.reason):
        assert "no access for [personnummer] with ***" in said


def test_a_retry_waits_as_long_as_the_manifest_asks_for(hub: Hub):
    floor = operation_of(hub).timetable.floor
    assert floor(hub.settings.source("a")) == timedelta(minutes=15)
    assert floor(hub.settings.source("b")) == timedelta(0)
