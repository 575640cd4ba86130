"""A backup: whole or not there, for its owner alone, and known to be broken before it is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub import backup
from hub.archive import write_without
from hub.sdk import ConfigError, HubError
from hub.store.engine import open_engine, transaction
from tests.backup.vault import FIRST, SECOND, Vault, silent, tables


def filled(url: str, folder: Path) -> Vault:
    vault = Vault(url, folder)
    vault.run(FIRST)
    vault.run(SECOND)
    return vault


@pytest.fixture
def vault(sqlite_url, tmp_path):
    """Where the engine makes no difference."""
    vault = filled(sqlite_url, tmp_path / "hub")
    yield vault
    vault.close()


@pytest.fixture
def either(database_url, tmp_path):
    vault = filled(database_url, tmp_path / "hub")
    yield vault
    vault.close()


@pytest.fixture
def saved(sqlite_url, tmp_path) -> Path:
    vault = Vault(sqlite_url, tmp_path / "hub")
    vault.run(FIRST)
    saved = vault.take()
    vault.close()
    return saved


def flip(path: Path, at: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def test_a_backup_is_whole_and_agrees_with_itself(either):
    saved = either.take()
    found = backup.inspect_deeply(saved, silent)
    assert found == backup.inspect(saved, silent)
    assert found.feed.last_seq == either.one("SELECT value FROM change_counter") > 0
    assert found.has_archive
    assert len(found.segments) == 2


def test_nobody_else_can_read_it(vault):
    saved = vault.take("deep/down/backup")
    paths = [saved, *saved.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}


@pytest.mark.parametrize(
    ("file", "damage", "told"),
    [
        ("tables/payment.jsonl.gz", flip, "tables/payment.jsonl.gz: it is not as it was written"),
        ("tables/payment.jsonl.gz", cut, "tables/payment.jsonl.gz: it has"),
        ("tables/payment.jsonl.gz", Path.unlink, "tables/payment.jsonl.gz: it is missing"),
        ("archive/*/*/*.gz", flip, "it is not as it was written"),
        ("archive/*/*/*.gz", cut, "it has"),
        ("archive/*/*/*.gz", Path.unlink, "it is missing"),
        ("pseudonym.key", flip, "pseudonym.key: it is not as it was written"),
        ("pseudonym.key", Path.unlink, "pseudonym.key: it is missing"),
        ("manifest.json", flip, "manifest.json: it is not as it was written"),
        ("manifest.json", cut, "manifest.json: it is not as it was written"),
        ("manifest.json", Path.unlink, "no whole backup"),
        ("manifest.sha256", Path.unlink, "no whole backup"),
    ],
)
def test_a_broken_backup_is_found_and_not_restored(saved, tmp_path, file, damage, told):
    (path,) = saved.glob(file)
    damage(path)
    with pytest.raises(HubError) as found:
        backup.inspect(saved, silent)
    assert told in " ".join(map(str, getattr(found.value, "errors", [found.value])))
    target = Vault(f"sqlite:///{tmp_path / 'target.sqlite'}", tmp_path / "target", key=None)
    before = tables(target.engine)
    with pytest.raises(HubError):
        target.restore(saved)
    assert tables(target.engine) == before
    assert not list((tmp_path / "target").iterdir())
    target.close()


def test_all_that_is_broken_is_told_at_once(saved):
    flip(saved / "tables" / "payment.jsonl.gz")
    (saved / "tables" / "run.jsonl.gz").unlink()
    with pytest.raises(backup.BackupBroken) as found:
        backup.inspect(saved, silent)
    assert len(found.value.errors) == 3, "both, and what to do"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM change WHERE seq = 2", "change 2 is missing: 3 follows 1"),
        ("UPDATE change_counter SET value = value + 1", "the last change is"),
    ],
)
def test_changes_that_are_missing_from_the_database_itself_are_found(either, statement, told):
    with transaction(either.engine) as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(backup.BackupBroken) as found:
        backup.inspect(either.take(), silent)
    assert told in str(found.value.errors[0])


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM organisation", "2 organisations stand by the change feed and not in their table"),
        ("UPDATE change SET operation = 'retire' WHERE entity = 'organisation'", "gone by the change feed"),
        ("UPDATE raw_record SET position = 99", "name a place in the archive that no segment has"),
    ],
)
def test_a_database_that_disagrees_with_itself_is_found_by_looking_deeply(vault, statement, told):
    with transaction(vault.engine) as connection:
        connection.exec_driver_sql(statement)
    saved = vault.take()
    backup.inspect(saved, silent)
    with pytest.raises(backup.BackupBroken) as found:
        backup.inspect_deeply(saved, silent)
    assert told in str(found.value.errors[0])


def test_a_folder_that_is_there_is_left_alone(vault):
    (vault.folder / "backup").mkdir()
    with pytest.raises(ConfigError, match="there is something already"):
        vault.take()
    assert not list((vault.folder / "backup").iterdir())


def test_a_backup_that_fails_leaves_nothing(vault):
    segment = next(vault.archive.rglob("*.gz"))
    whole = segment.read_bytes()
    before = sorted(vault.folder.iterdir())
    for damage, told in (
        (flip, "cannot be unpacked|records are there"),
        (cut, "bytes are there"),
        (Path.unlink, "not there"),
    ):
        damage(segment)
        with pytest.raises(HubError, match=f"archive is damaged: .*({told})"):
            vault.take()
        segment.write_bytes(whole)
    assert sorted(vault.folder.iterdir()) == before


def test_an_erased_record_leaves_a_whole_backup(vault):
    path, size = vault.all("SELECT path, byte_count FROM archive_segment ORDER BY created_at")[0]
    size = write_without(vault.archive / path, size, {0}, vault.archive / f"{path}.1")
    (vault.archive / path).unlink()
    with transaction(vault.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE archive_segment SET path = ?, byte_count = ? WHERE path = ?", (f"{path}.1", size, path)
        )
    found = backup.inspect(vault.take(), silent)
    assert f"{path}.1" in [segment.path for segment in found.segments]


def test_a_segment_that_was_rewritten_meanwhile_is_told(vault):
    segment = next(vault.archive.rglob("*.gz"))

    def rewrite(name: str, done: int, total: int | None) -> None:
        if name == "run" and segment.exists():
            segment.unlink()
            with transaction(vault.engine) as connection:
                connection.exec_driver_sql("UPDATE archive_segment SET byte_count = 1")

    with pytest.raises(HubError, match="rewritten or removed while the backup was taken"):
        vault.take(progress=rewrite)


def test_the_wrong_key_is_not_taken_for_the_right_one(vault):
    vault.key_file.write_bytes(b"another key" * 4)
    with pytest.raises(ConfigError, match="made with another key"):
        vault.take()
    vault.key_file.unlink()
    with pytest.raises(ConfigError, match="is not there"):
        vault.take()


def test_an_empty_database_is_told(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(ConfigError, match="the database is empty"):
        backup.take(engine, tmp_path / "b", archive=None, key_file=None, now=None, progress=silent)
    engine.dispose()
