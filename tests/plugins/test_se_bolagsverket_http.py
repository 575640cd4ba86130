"""Bolagsverket's bulk file over HTTP: asked for only when it changed, compared week by week, resumed where it broke."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.sdk import Checkpoint, Context, FetchItem, SourceUnavailable
from hub.store.validator import Validators
from hub.testing import (
    Database,
    Fixture,
    TestServer,
    connector_suite,
    fake_context,
    open_test_client,
    ranged,
    reply,
    serving,
    versioned,
)
from hub.testing.context import NOW
from hub_se_bolagsverket import connector as module
from hub_se_bolagsverket.connector import Bolagsverket, BolagsverketConfig

BULK = (Path(__file__).parent / "fixtures" / "se_bolagsverket" / "bulk.txt").read_bytes()
HEADER = BULK.split(b"\n", 1)[0].decode()
PLACE = "/bolagsverket/bolagsverket_bulkfil.zip"
ALFA, BETA, GAMMA, DELTA = "5299002013", "5299002021", "7799002014", "5299001007"


def zipped(text: bytes) -> bytes:
    """As the publisher packs it, the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("bolagsverket_bulkfil.txt", (2026, 5, 11, 6, 0, 0)), text)
    return packed.getvalue()


def week(**names: str) -> bytes:
    """A bulk file with these organisations, by number."""
    rows = [
        f'"{number[1:]}$ORGNR-IDORG";"1";"SE-LAND";"{name}$FORETAGSNAMN-ORGNAM$2001-02-03";"AB-ORGFO";"";"";"";'
        f'"2001-02-03";"Handel";"Box 7$$UMEÅ$90326$SE-LAND"'
        for number, name in names.items()
    ]
    return zipped("\n".join([HEADER, *rows, ""]).encode())


def play(site: TestServer) -> None:
    site.on(PLACE, ranged(zipped(BULK), '"week-1"'))


TestBolagsverketOnTheWeb = connector_suite(
    Bolagsverket,
    fixtures=[
        Fixture(
            "downloaded", lambda site: {"url": site.url + PLACE}, site=play, personal=("850709-9805", "Vilma Påhittad")
        )
    ],
)


@pytest.fixture
def site() -> Iterator[TestServer]:
    with serving() as server:
        yield server


def run(database: Database, site: TestServer, validators: Validators, day: int = 0, batch_size: int = 5000) -> Any:
    config = BolagsverketConfig(url=site.url + PLACE)
    with open_test_client(store=validators) as client:
        return database.run(
            Bolagsverket(),
            config,
            client=client,
            validators=validators,
            now=NOW + timedelta(days=day),
            batch_size=batch_size,
        )


def standing(database: Database) -> list[Any]:
    return sorted((row["identifier"], row["name"]) for row in database.rows("v1_organisation"))


def test_an_unchanged_file_is_not_sent_again_and_the_run_is_unchanged(site, database_url, tmp_path):
    site.on(PLACE, versioned(week(_5299002013="Alfa AB"), '"1"'))
    validators = Validators()
    with Database(tmp_path, database_url) as database:
        first, second = (run(database, site, validators, day) for day in (0, 7))
        assert (first.outcome, second.outcome) == ("succeeded", "unchanged")
        assert (second.read, second.retired, len(standing(database))) == (0, 0, 1)
    assert site.asked[-1].headers["if-none-match"] == '"1"'


def test_three_weeks_with_changed_new_and_removed_rows_equal_a_fresh_reading(site, database_url, tmp_path):
    others = {f"_55900000{number}": "Fyllnad AB" for number in ("13", "21", "39")}
    weeks = [
        week(_5299002013="Alfa AB", _7799002014="Gamma ek. för.", **others),
        week(_5299002013="Alfa Bygg AB", _7799002014="Gamma ek. för.", _5299001007="Delta AB", **others),
        week(_5299002013="Alfa Bygg AB", _5299001007="Delta AB", **others),
    ]
    validators = Validators()
    with Database(tmp_path / "weekly", database_url) as database:
        results = []
        for number, content in enumerate(weeks):
            site.on(PLACE, versioned(content, f'"{number}"'))
            results.append(run(database, site, validators, 7 * number))
        found, raw = standing(database), keys(database)
    with Database(tmp_path / "fresh") as fresh:
        run(fresh, site, Validators(), 14)
        assert (found, raw) == (standing(fresh), keys(fresh))
    assert [(one.stored, one.changed, one.retired) for one in results] == [(5, 0, 0), (1, 1, 0), (0, 0, 1)]


def keys(database: Database) -> list[str]:
    return sorted(row["key"] for row in database.rows("raw_record") if row["retired_at"] is None)


def context(path: str, root: Path, position: dict[str, int], version: str) -> Context[Any]:
    plain = fake_context(BolagsverketConfig(path=path), root=root)
    return Context(
        source_id=plain.source_id,
        config=plain.config,
        now=plain.now,
        root=root,
        pseudonym_key=b"k" * 32,
        resume=lambda _stream, _scope, asked: position if asked == version else {},
    )


def test_a_reading_goes_on_behind_its_position_and_counts_what_came_before(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHECKPOINT_EVERY", 2)
    (tmp_path / "bulk.txt").write_bytes(BULK)
    version = hashlib.sha256(BULK).hexdigest()
    whole: list[FetchItem] = list(Bolagsverket().fetch(context("bulk.txt", tmp_path, {}, "")))
    marks = [item for item in whole if isinstance(item, Checkpoint)]
    assert len(marks) > 2
    assert {mark.version for mark in marks} == {version}
    for mark in marks:
        rest = list(Bolagsverket().fetch(context("bulk.txt", tmp_path, dict(mark.cursor), version)))
        assert rest == whole[whole.index(mark) + 1 :]
    other = list(Bolagsverket().fetch(context("bulk.txt", tmp_path, dict(marks[-1].cursor), "another file")))
    assert other == whole


class Dying(Bolagsverket):
    """Breaks behind its third position."""

    def fetch(self, ctx: Context[BolagsverketConfig]) -> Iterator[FetchItem]:
        marks = 0
        for item in super().fetch(ctx):
            yield item
            marks += isinstance(item, Checkpoint)
            if marks == 3:
                raise SourceUnavailable("killed")


def test_a_broken_reading_is_taken_up_and_nothing_is_retired_by_it(site, database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHECKPOINT_EVERY", 2)
    site.on(PLACE, versioned(zipped(BULK), '"1"'))
    validators, config = Validators(), BolagsverketConfig(url=site.url + PLACE)
    with Database(tmp_path / "broken", database_url) as database:
        with open_test_client(store=validators) as client:
            first = database.run(Dying(), config, client=client, validators=validators, now=NOW)
        second = run(database, site, validators, 1)
        found = keys(database)
    with Database(tmp_path / "whole") as fresh:
        total = run(fresh, site, Validators())
        assert found == keys(fresh)
    assert first.outcome == "partial"
    assert (second.outcome, second.retired) == ("succeeded", 0)
    assert 0 < second.read < total.read


@pytest.mark.parametrize("answer", [reply(404), reply(200, b"<html>Underhall</html>"), reply(200, zipped(BULK)[:-40])])
def test_something_else_than_the_file_retires_nothing(site, database_url, tmp_path, answer):
    site.on(PLACE, reply(200, week(_5299002013="Alfa AB")))
    with Database(tmp_path, database_url) as database:
        run(database, site, Validators())
        site.on(PLACE, answer)
        result = run(database, site, Validators(), 7)
        assert (result.outcome, result.retired, len(standing(database))) == ("failed", 0, 1)
        assert result.reason


def test_only_https_or_this_machine_is_asked():
    with pytest.raises(ValueError, match="url"):
        BolagsverketConfig(url="http://example.org/bulk.zip")
