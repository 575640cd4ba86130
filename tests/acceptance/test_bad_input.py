"""Bad input: each fault has a clear error, and nothing that was good is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.folder import SAMPLE, Folder

BULK = SAMPLE / "sources" / "bolagsverket" / "bolagsverket_bulkfil.zip"
NOTICE = next((SAMPLE / "sources" / "ted").glob("*-2025.xml"))
LEDGER = "kopare_id;leverantor;leverantor_id;belopp;datum\n2120002627;Alfa AB;5590000013;1 000,50;2026-01-02\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.empty(tmp_path, f"sqlite:///{tmp_path / 'hub.sqlite'}")


def quarantine(folder: Folder) -> list[tuple[str, str]]:
    return folder.all("SELECT coalesce(origin, key), reason FROM v1_quarantine WHERE resolved_at IS NULL ORDER BY 1")


def test_a_truncated_zip_stops_the_run_and_retires_nothing(folder: Folder):
    folder.add_source("register", 'connector = "se_bolagsverket"\n[config]\npath = "bulk.zip"\n')
    path = folder.root / "bulk.zip"
    shutil.copy(BULK, path)
    folder.sync()
    before = folder.all("SELECT count(*) FROM v1_organisation")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    result = folder.sync()["register"]
    assert result["outcome"] == "failed"
    assert "bulk.zip" in result["reason"]
    assert "zip" in result["reason"].lower()
    assert folder.all("SELECT count(*) FROM v1_organisation") == before
    shutil.copy(BULK, path)
    assert folder.sync()["register"]["outcome"] == "unchanged"


def test_a_register_in_another_encoding_rejects_the_rows_it_spoils(folder: Folder):
    folder.add_source("register", 'connector = "se_bolagsverket"\n[config]\npath = "bulk.txt"\n')
    header = (
        "organisationsidentitet;namnskyddslopnummer;registreringsland;organisationsnamn;organisationsform;"
        "avregistreringsdatum;avregistreringsorsak;pagandeAvvecklingsEllerOmstruktureringsforfarande;"
        "registreringsdatum;verksamhetsbeskrivning;postadress"
    )
    rows = [
        f'"{number}$ORGNR-IDORG";"";"SE-LAND";"{name}$FORETAGSNAMN-ORGNAM$2001-01-01";"AB-ORGFO";"";"";"";"2001-01-01";'
        f'"handel";"Gatan 1$$ORTEN$99001$SE-LAND"'
        for number, name in (("5590000013", "Alfa AB"), ("5590000021", "Åkeriet AB"))
    ]
    (folder.root / "bulk.txt").write_text("\n".join([header, *rows]) + "\n", "cp1252")
    result = folder.sync()["register"]
    assert (result["stored"], result["quarantined"]) == (1, 1)
    ((origin, reason),) = quarantine(folder)
    assert origin == "bulk.txt:3"
    assert "UTF-8" in reason


def test_notices_that_are_no_good_xml_are_told_apart_and_the_others_stored(folder: Folder):
    folder.add_source("ted", 'connector = "eu_ted"\n[config]\npath = "notices"\n')
    notices = folder.root / "notices"
    notices.mkdir()
    good = NOTICE.read_text("utf-8")
    (notices / "a-good.xml").write_text(good, "utf-8")
    (notices / "b-cut.xml").write_text(good[: len(good) // 2], "utf-8")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    (notices / "c-bomb.xml").write_text(bomb + "<ContractNotice>&b;&b;</ContractNotice>", "utf-8")
    (notices / "d-other.xml").write_text("<Invoice/>", "utf-8")
    result = folder.sync()["ted"]
    assert (result["outcome"], result["stored"], result["quarantined"]) == ("succeeded", 1, 3)
    reasons = dict(quarantine(folder))
    assert "line" in reasons["b-cut.xml"]
    assert "DTD" in reasons["c-bomb.xml"] or "DOCTYPE" in reasons["c-bomb.xml"]
    assert "Invoice" in reasons["d-other.xml"]


def test_an_unknown_notice_type_is_kept_as_published_and_reported(folder: Folder):
    folder.add_source("ted", 'connector = "eu_ted"\n[config]\npath = "notice.xml"\n')
    text = NOTICE.read_text("utf-8")
    start = text.index("<cbc:NoticeTypeCode")
    end = text.index("</cbc:NoticeTypeCode>")
    opening = text[start : text.index(">", start) + 1]
    (folder.root / "notice.xml").write_text(f"{text[:start]}{opening}cn-future{text[end:]}", "utf-8")
    assert folder.sync()["ted"]["stored"] == 1
    assert folder.all("SELECT notice_type FROM v1_notice") == [("cn-future",)]
    assert ("unknown_code", "cn-future") in folder.all("SELECT kind, value FROM drift")


def test_a_ledger_without_amounts_is_named_and_the_others_are_loaded(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "ledgers"\n')
    ledgers = folder.root / "ledgers"
    ledgers.mkdir()
    (ledgers / "a.csv").write_text(LEDGER, "utf-8")
    (ledgers / "b.csv").write_text(LEDGER.replace("belopp", "antal"), "utf-8")
    result = folder.sync()["ledger"]
    assert (result["outcome"], result["stored"]) == ("partial", 1)
    ((origin, reason),) = quarantine(folder)
    assert "b.csv" in origin
    assert "amount" in reason
    assert folder.all("SELECT amount FROM v1_payment") == [("1000.50",)]


def test_a_wrong_check_digit_is_kept_as_written_and_not_linked(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "a.csv"\n')
    (folder.root / "a.csv").write_text(LEDGER.replace("5590000013", "559000-0014"), "utf-8")
    folder.sync()
    assert folder.all("SELECT supplier_id, supplier_identifier_as_written, link_method FROM v1_payment") == [
        (None, "559000-0014", "none")
    ]


def test_a_source_without_its_plugin_fails_alone(folder: Folder):
    folder.add_source("other", 'connector = "xx_suplier_ledger"\n')
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "a.csv"\n')
    (folder.root / "a.csv").write_text(LEDGER, "utf-8")
    results = folder.sync()
    assert results["ledger"]["outcome"] == "succeeded"
    assert results["other"]["outcome"] == "failed"
    assert "did you mean xx_supplier_ledger?" in results["other"]["reason"]


def test_a_config_that_cannot_be_read_is_named_with_its_line(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config\n')
    done = folder.hub("sync")
    assert done.returncode == 2
    assert "ledger.toml" in done.stderr
    assert "line 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_locked_database_is_told_and_loses_nothing(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "a.csv"\n')
    (folder.root / "a.csv").write_text(LEDGER, "utf-8")
    folder.sync()
    holder = sqlite3.connect(folder.root / "hub.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = folder.hub("sync", HUB_DATABASE_URL=f"{folder.database}?timeout=0.2")
    assert done.returncode != 0
    assert "lock" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    holder.close()
    assert folder.sync()["ledger"]["outcome"] == "unchanged"


def test_a_database_in_a_place_that_cannot_be_written(folder: Folder, tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.touch()
    done = folder.hub("sync", HUB_DATABASE_URL=f"sqlite:///{blocked}/hub.sqlite")
    assert done.returncode not in (0, 1 if os.name == "nt" else -1)
    assert "Traceback" not in done.stderr
    assert "database" in done.stderr


def test_a_mistyped_buyer_is_refused_before_anything_is_read(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "a.csv"\nbuyer = "212000-2628"\n')
    (folder.root / "a.csv").write_text(LEDGER, "utf-8")
    done = folder.hub("check")
    assert done.returncode == 2
    assert "check digit" in done.stdout + done.stderr
    assert folder.sync()["ledger"]["outcome"] == "failed"


def test_a_municipality_that_is_only_a_number_is_known_as_public(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "a.csv"\nbuyer = "212000-2627"\n')
    (folder.root / "a.csv").write_text(
        "leverantor;leverantor_id;belopp;datum\nAlfa;5590000013;1,00;2026-01-02\n", "utf-8"
    )
    folder.sync()
    assert folder.all("SELECT name, kind, social_status FROM v1_organisation WHERE identifier = '2120002627'") == [
        ("Umeå kommun", "public_body", "excluded")
    ]


def test_a_source_of_which_nothing_could_be_read_is_not_read_whole(folder: Folder):
    folder.add_source("ted", 'connector = "eu_ted"\n[config]\npath = "notices"\n')
    notices = folder.root / "notices"
    notices.mkdir()
    for name in ("a.xml", "b.xml"):
        (notices / name).write_text(NOTICE.read_text("utf-8")[:500], "utf-8")
    assert folder.sync()["ted"]["outcome"] == "partial"
    for name in ("a.xml", "b.xml"):
        (notices / name).rename(notices / f"{name}.gz")
    result = folder.sync()["ted"]
    assert (result["outcome"], "is XML" in result["reason"]) == ("failed", True)


def test_a_notice_with_two_lots_of_one_number_is_quarantined_alone(folder: Folder):
    folder.add_source("ted", 'connector = "eu_ted"\n[config]\npath = "notices"\n')
    notices = folder.root / "notices"
    notices.mkdir()
    good = next(p for p in sorted((SAMPLE / "sources" / "ted").glob("*.xml")) if "LOT-0002<" in p.read_text("utf-8"))
    (notices / "good.xml").write_text(NOTICE.read_text("utf-8"), "utf-8")
    (notices / "twice.xml").write_text(good.read_text("utf-8").replace("LOT-0002<", "LOT-0001<"), "utf-8")
    result = folder.sync()["ted"]
    assert (result["stored"], result["quarantined"]) == (1, 1)
    ((_, reason),) = quarantine(folder)
    assert "LOT-0001" in reason


def test_another_key_stops_before_persons_become_others(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "a.csv"\n')
    (folder.root / "a.csv").write_text(LEDGER, "utf-8")
    folder.sync()
    (folder.root / "data" / "pseudonym.key").unlink()
    result = folder.sync()["ledger"]
    assert (result["outcome"], "backup" in result["reason"]) == ("failed", True)


def test_a_file_whose_name_is_no_text_is_read_all_the_same(folder: Folder):
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "ledgers"\n')
    (folder.root / "ledgers").mkdir()
    Path(os.fsdecode(os.fsencode(folder.root / "ledgers") + b"/ink\xf6p.csv")).write_text(LEDGER, "utf-8")
    assert folder.sync()["ledger"]["stored"] == 1
