"""A backup restored: into either engine, after an accident, all of it or nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import pytest

from hub import backup
from hub.backup import manifest
from hub.backup.staging import Staging
from hub.runs.lease import this_process
from hub.sdk import ConfigError, HubError
from hub.store import dump, schema
from hub.store.engine import open_engine, reading, transaction
from tests.backup.vault import FIRST, KEY, NOW, SECOND, Vault, silent, tables, views
from tests.runs.folding import assert_feed_tells_the_tables
from tests.runs.harness import invented_rows


@pytest.fixture
def vault(database_url, tmp_path):
    vault = Vault(database_url, tmp_path / "hub")
    yield vault
    vault.close()


@pytest.fixture
def embedded(sqlite_url, tmp_path):
    """Where the engine makes no difference."""
    vault = Vault(sqlite_url, tmp_path / "hub")
    yield vault
    vault.close()


def other(tmp_path: Path, name: str = "other", **options) -> Vault:
    return Vault(f"sqlite:///{tmp_path / name}.sqlite", tmp_path / name, **options)


def ids(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012}"


@pytest.mark.parametrize("first", ["sqlite", "postgresql"])
def test_from_one_engine_to_the_other_and_back_nothing_differs(first, sqlite_url, postgres_url, tmp_path):
    urls = {"sqlite": sqlite_url, "postgresql": postgres_url}
    begun = Vault(urls.pop(first), tmp_path / "begun")
    begun.run(FIRST)
    begun.run(SECOND)
    there = Vault(urls.popitem()[1], tmp_path / "there", key=None)
    there.restore(begun.take())
    assert tables(there.engine) == tables(begun.engine)
    before = tables(begun.engine)
    again = there.take()
    begun.restore(again, replace=True)
    assert tables(begun.engine) == before
    assert all(before[name] for name in ("payment", "quarantine", "drift", "change", "archive_segment", "scope"))
    assert begun.archived() == there.archived() != []
    for each in (begun, there):
        assert_feed_tells_the_tables(each.engine)
        each.close()


def test_a_sync_after_a_restore_leads_where_it_had_led_without_the_accident(vault, tmp_path):
    vault.run(FIRST)
    saved = vault.take()
    vault.run(SECOND)
    expected, archived = views(vault.engine), vault.archived()
    vault.restore(saved, replace=True)
    assert views(vault.engine) != expected
    vault.run(SECOND)
    assert views(vault.engine) == expected
    assert vault.archived() == archived
    last = vault.one("SELECT last_seq FROM v1_feed")
    assert vault.run(SECOND).outcome == "unchanged"
    assert vault.one("SELECT last_seq FROM v1_feed") == last
    assert_feed_tells_the_tables(vault.engine)


def test_the_archive_comes_back_when_it_was_lost_too(embedded, tmp_path):
    embedded.run(FIRST)
    saved, archived = embedded.take(), embedded.archived()
    damaged, *_ = embedded.archive.rglob("*.gz")
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    embedded.restore(saved, replace=True)
    assert embedded.archived() == archived
    damaged.unlink()
    embedded.restore(saved, replace=True)
    assert embedded.archived() == archived
    assert [path.stat().st_mode & 0o777 for path in embedded.archive.rglob("*.gz")] == [0o600]
    assert not [path for path in embedded.folder.rglob("*") if "restoring" in path.name or "former" in path.name]


def test_a_backup_taken_while_a_run_commits_is_the_state_between_two_batches(vault):
    taken, committed = threading.Event(), threading.Event()

    def wait_for_more(name: str, done: int, total: int | None) -> None:
        taken.set()
        assert committed.wait(30)

    thread = threading.Thread(target=vault.take, kwargs={"progress": wait_for_more})

    def rows():
        for index, item in enumerate(invented_rows(40)):
            yield item
            if index == 19:
                thread.start()
                assert taken.wait(30)

    assert vault.run(rows(), batch_size=4).outcome == "succeeded"
    committed.set()
    thread.join(30)
    saved = vault.folder / "backup"
    found = backup.inspect_deeply(saved, silent)
    assert {each.name: each.rows for each in found.tables}["raw_record"] == 20
    assert vault.one("SELECT count(*) FROM raw_record") == 40
    restored = vault.restore(saved, replace=True)
    assert restored.lost_runs == 1
    assert vault.one("SELECT count(*) FROM raw_record") == vault.one("SELECT read_count FROM run") == 20
    assert vault.all("SELECT outcome, reason FROM run") == [("lost", "restored from a backup")]
    assert len(vault.archived()) == 20
    assert_feed_tells_the_tables(vault.engine)
    assert vault.run(list(invented_rows(40)), batch_size=4).unchanged == 20


def test_the_feed_has_another_epoch_and_its_numbers_go_on(vault):
    vault.run(FIRST)
    before = vault.all("SELECT epoch, last_seq FROM v1_feed")
    saved = vault.take()
    vault.run(SECOND)
    restored = vault.restore(saved, replace=True)
    assert vault.all("SELECT epoch, last_seq FROM v1_feed") == [(restored.epoch, before[0][1])]
    assert restored.epoch != before[0][0]
    assert restored.epoch != vault.restore(saved, replace=True).epoch
    vault.run(SECOND)
    assert [seq for seq, *_ in vault.changes()] == list(range(1, vault.one("SELECT last_seq FROM v1_feed") + 1))


def test_a_database_with_data_is_refused_and_told_what_it_holds(vault):
    vault.run(FIRST)
    saved = vault.take()
    before = tables(vault.engine)
    with pytest.raises(ConfigError, match="holds data already"):
        vault.restore(saved)
    assert tables(vault.engine) == before
    standing = backup.refuse_unfit(vault.engine, saved, NOW)
    assert standing is not None
    assert (standing.rows["raw_record"], standing.rows["payment"]) == (5, 2)


def note_erasure(vault: Vault, key: int, at: str, *, barred: int = 0) -> None:
    columns = ("raw_id", "source_id", "run_id", "erased_at", "demanded_by", "reason", "barred")
    with transaction(vault.engine) as connection:
        dump.load(connection, "erasure", columns, [[[ids(key), "fake", ids(9), at, "her", "", barred]]])


def test_erasures_that_the_backup_does_not_know_are_counted_whenever_they_were_made(vault):
    vault.run(FIRST)
    note_erasure(vault, 1, "2026-02-28T00:00:00Z")
    note_erasure(vault, 2, "2026-02-28T00:00:00Z")
    saved = vault.take()
    assert backup.refuse_unfit(vault.engine, saved, NOW).erased_since == 0
    note_erasure(vault, 3, "2026-02-28T00:00:00Z")  # its run had begun before the backup
    with transaction(vault.engine) as connection:
        connection.exec_driver_sql(f"UPDATE erasure SET erased_at = '2026-03-02T00:00:00Z' WHERE raw_id = '{ids(2)}'")
    assert backup.refuse_unfit(vault.engine, saved, NOW).erased_since == 2


def test_who_was_barred_after_the_backup_stays_barred(vault):
    vault.run(FIRST)
    note_erasure(vault, 1, "2026-02-28T00:00:00Z")
    note_erasure(vault, 2, "2026-02-28T00:00:00Z")
    saved = vault.take()
    with transaction(vault.engine) as connection:
        connection.exec_driver_sql(f"UPDATE erasure SET barred = '1' WHERE raw_id = '{ids(2)}'")
    note_erasure(vault, 3, "2026-03-02T00:00:00Z", barred=1)
    note_erasure(vault, 4, "2026-03-02T00:00:00Z")
    vault.restore(saved, replace=True)
    barred = vault.all("SELECT CAST(raw_id AS TEXT), barred FROM erasure ORDER BY 1")
    assert [(key, bool(is_barred)) for key, is_barred in barred] == [(ids(1), False), (ids(2), True), (ids(3), True)]


def test_what_was_archived_since_the_backup_goes_with_the_replaced_database(vault):
    vault.run(FIRST)
    saved = vault.take()
    (segment,) = vault.archive.rglob("*.gz")
    size = segment.stat().st_size
    with segment.open("ab") as file:
        file.write(b"written since")
    vault.run(SECOND)
    foreign = segment.with_name("foreign.jsonl.gz")
    foreign.write_bytes(b"x")
    assert len(list(vault.archive.rglob("*.gz"))) == 3
    vault.restore(saved, replace=True)
    assert {path for path in vault.archive.rglob("*") if path.is_file()} == {segment, foreign}
    assert segment.stat().st_size == size


def test_while_a_run_shows_life_nothing_is_restored(vault):
    vault.run(FIRST)
    saved = vault.take()
    with transaction(vault.engine) as connection:
        values = [ids(1), "fake", 9, this_process(), *["2026-03-01T12:00:00Z"] * 2]
        columns = ("id", "source_id", "number", "owner", "started_at", "heartbeat_at")
        dump.load(connection, "run", columns, [[values]])
    with pytest.raises(HubError, match="runs are at work in the database: fake by"):
        vault.restore(saved, replace=True)
    assert vault.one("SELECT count(*) FROM run") == 2


def test_after_a_failure_at_the_end_all_is_as_it_was(vault, monkeypatch):
    vault.run(FIRST)
    saved = vault.take()
    (segment,) = vault.archive.rglob("*.gz")
    vault.run(SECOND)
    segment.write_bytes(b"another")
    vault.key_file.unlink()
    before, files = tables(vault.engine), sorted(vault.folder.rglob("*"))

    def put_and_fail(staging) -> None:
        put(staging)
        assert vault.key_file.exists()
        raise OSError(28, "No space left on device", "x")

    put = Staging.put
    monkeypatch.setattr(Staging, "put", put_and_fail)
    with pytest.raises(HubError, match="nothing was restored"):
        vault.restore(saved, replace=True)
    assert tables(vault.engine) == before
    assert sorted(vault.folder.rglob("*")) == files
    assert segment.read_bytes() == b"another"


def test_a_backup_of_a_newer_revision_is_refused(embedded, tmp_path):
    embedded.run(FIRST)
    saved = embedded.take()
    made = manifest.read(saved)
    for name in (manifest.NAME, manifest.SEAL):
        (saved / name).unlink()
    manifest.write(msgspec.structs.replace(made, revision="9999"), saved)
    with pytest.raises(ConfigError, match="the backup is at revision 9999"):
        backup.inspect(saved, silent)
    target = other(tmp_path)
    with pytest.raises(ConfigError, match="revision 9999"):
        target.restore(saved)
    target.close()


def test_a_backup_of_an_older_revision_is_upgraded(database_url, tmp_path):
    old = open_engine(database_url)
    schema.upgrade(old, "0001")
    with transaction(old) as connection:
        columns = ("id", "source_id", "owner", "started_at", "heartbeat_at", "finished_at", "outcome")
        at = "2026-01-01T00:00:00Z"
        pages = [[[ids(n), "fake", "h:1:x", at, at, at, "failed"] for n in (1, 2)]]
        dump.load(connection, "run", columns, pages)
    backup.take(old, tmp_path / "old", archive=tmp_path, key_file=None, now=NOW, progress=silent)
    old.dispose()
    target = other(tmp_path, key=None)
    restored = target.restore(tmp_path / "old")
    assert restored.manifest.revision == "0001"
    with reading(target.engine) as connection:
        assert schema.current_revision(connection) == schema.head_revision()
    assert target.all("SELECT number FROM run ORDER BY id") == [(1,), (2,)], "the migrations ran over the rows"
    assert target.run(FIRST).whole
    target.close()


def test_the_key_comes_back_and_is_the_same(embedded, tmp_path):
    embedded.run(FIRST)
    saved = embedded.take()
    target = other(tmp_path, key=None)
    assert not target.restore(saved).lacks_key
    assert target.key_file.read_bytes() == KEY
    assert target.key_file.stat().st_mode & 0o777 == 0o600
    schema.keep_fingerprint(target.engine, KEY)
    assert not target.restore(saved, replace=True).lacks_key, "the same key is there already"
    target.key_file.write_bytes(b"another key" * 4)
    before = tables(target.engine)
    with pytest.raises(ConfigError, match="another key than the one that is here"):
        target.restore(saved, replace=True)
    with pytest.raises(ConfigError, match="another key than the one that is here"):
        target.restore(saved, replace=True, configured_key=b"configured" * 4)
    assert tables(target.engine) == before
    assert target.key_file.read_bytes() == b"another key" * 4
    target.close()


def test_without_the_key_a_restore_says_that_it_is_needed(embedded, tmp_path):
    embedded.run(FIRST)
    saved = embedded.take(key_file=None)
    assert not (saved / "pseudonym.key").exists()
    target = other(tmp_path, key=None)
    assert target.restore(saved).lacks_key
    assert not target.restore(saved, replace=True, configured_key=KEY).lacks_key
    assert not target.key_file.exists()
    target.close()


def test_without_the_archive_a_restore_says_what_is_missing(embedded, tmp_path):
    embedded.run(FIRST)
    saved = embedded.take(archive=None)
    assert not (saved / "archive").exists()
    target = other(tmp_path)
    assert target.restore(saved).missing_segments == 1
    target.close()
    assert embedded.restore(saved, replace=True).missing_segments == 0, "it was never gone"
