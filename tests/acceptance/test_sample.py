"""The bundled sample through every connector, on both databases."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.store.views import V1
from tests.acceptance.folder import Folder

EXPECTED = tomllib.loads((Path(__file__).parents[1] / "sample" / "expected.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    root = tmp_path_factory.mktemp("sample")
    folder = Folder.of_sample(root, f"sqlite:///{root / 'hub.sqlite'}")
    assert {line["outcome"] for line in folder.sync().values()} == {"succeeded"}
    return folder


def test_each_highlighted_organisation_has_its_verdict(synced: Folder):
    verdicts = dict(synced.all("SELECT identifier, social_status FROM v1_organisation"))
    # Those that wait for a signal that is not there yet (winners of reserved lots) are told by `needs`.
    wanted = {o["identifier"]: o["verdict"] for o in EXPECTED["organisation"] if not o.get("needs")}
    assert {number: verdicts[number] for number in wanted} == wanted
    assert set(wanted.values()) == {"confirmed", "likely", "possible", "excluded", "unknown"}


@pytest.mark.parametrize("ledger", sorted(EXPECTED["ledger"]))
def test_ledgers_add_up_to_the_ore(synced: Folder, ledger: str):
    expected = EXPECTED["ledger"][ledger]
    ((count, total, masked, persons),) = synced.all(
        "SELECT count(*), sum(amount_minor), sum(link_method = 'masked'), sum(link_method = 'pseudonym')"
        f" FROM v1_payment WHERE source = '{ledger}'"
    )
    assert (count, total) == (expected["payments"], expected["sum_ore"])
    assert (masked, persons) == (expected["masked"], expected["pseudonymised"])


def test_every_krona_of_the_ledgers_is_somewhere_in_the_shares(synced: Folder):
    rows = synced.all("SELECT total_amount, grant_amount FROM v1_spend_share")
    ((ledgers,),) = synced.all("SELECT sum(amount_minor) FROM v1_payment")
    assert sum(Decimal(total) + Decimal(grant) for total, grant in rows) == Decimal(ledgers).scaleb(-2)


def test_notices_join_up(synced: Folder):
    ((reserved,),) = synced.all(
        "SELECT count(*) FROM v1_contract c JOIN v1_lot l ON l.id = c.call_lot_id"
        " WHERE l.reserved_participation LIKE '%res-ws%'"
    )
    assert reserved == 2
    ((changed, superseded),) = synced.all("SELECT count(changes_notice_id), count(superseded_by) FROM v1_notice")
    assert (changed >= 1, superseded >= 2) == (True, True)


def test_a_contract_told_again_is_counted_once(synced: Folder):
    ((told, counted),) = synced.all("SELECT count(*), sum(superseded_by IS NULL) FROM v1_contract")
    assert (told, counted) == (24, 22)


def test_a_second_sync_changes_nothing(synced: Folder):
    ((before,),) = synced.all("SELECT max(seq) FROM v1_change")
    again = synced.sync()
    assert {line["outcome"] for line in again.values()} == {"unchanged"}
    assert {(line["stored"], line["changed"], line["retired"]) for line in again.values()} == {(0, 0, 0)}
    assert synced.all("SELECT max(seq) FROM v1_change") == [(before,)]


def test_the_change_log_folds_to_the_stored_organisations(synced: Folder):
    folded: dict[str, dict[str, Any]] = {}
    for entity_id, operation, fields in synced.all(
        "SELECT entity_id, operation, fields FROM v1_change WHERE entity = 'organisation' ORDER BY seq"
    ):
        assert operation in ("insert", "update", "revive")
        folded[entity_id] = json.loads(fields)
    stored = synced.all("SELECT id, name, status, purpose, municipality_code FROM v1_organisation")
    for organisation_id, *values in stored:
        found = folded.pop(organisation_id)
        assert [found[name] for name in ("name", "status", "purpose", "municipality_code")] == values
    assert not folded


def test_both_databases_give_the_same_rows_in_every_view(synced: Folder, postgres_url: str):
    other = Folder(synced.root, postgres_url)
    other.sync()
    # Run ids and the moments of runs differ by nature.
    moments = {"changed_at", "run_id", "first_seen_at", "started_at", "finished_at", "last_success_at", "resolved_at"}
    moments |= {"last_outcome", "change_seq", "supplier_pseudonym", "last_run_id", "epoch", "raised_at", "cleared_at"}
    for view in V1:
        if view.name in ("v1_change", "v1_run"):
            continue
        columns = [name for name in view.columns if name not in moments]
        sql = f"SELECT {', '.join(columns)} FROM {view.name}"
        assert sorted(map(_plain, synced.all(sql))) == sorted(map(_plain, other.all(sql))), view.name


def _plain(row: tuple[Any, ...]) -> list[str]:
    """A row in the text forms that the dictionary gives for both databases."""
    return [_text(value) for value in row]


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, str) and value[:2] in ("[]", '["', "{}", '{"'):
        return json.dumps(json.loads(value), ensure_ascii=False, sort_keys=True)
    return str(value)
