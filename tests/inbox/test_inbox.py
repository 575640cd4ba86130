"""Files that are dropped, from the drop folder to their answer."""

from __future__ import annotations

import pytest

from hub.inbox import inbox as inbox_module
from hub.store.engine import reading
from hub.store.plain import select
from tests.inbox.dropping import ledger


def payments(box):
    with reading(box.hub().engine) as connection:
        return select(
            connection, "SELECT source_id, amount_minor FROM payment WHERE retired_at IS NULL ORDER BY amount_minor"
        )


def test_a_file_is_recognised_loaded_put_away_and_answered(box):
    box.drop("reskontra-2026-07.csv", ledger("100.50", "1200"))
    (handled,) = box.look()
    assert (handled.became, handled.source) == ("loaded", "karlstad-reskontra")
    assert box.files() == ["klart/reskontra/reskontra-2026-07.csv", "klart/reskontra/reskontra-2026-07.csv.svar.html"]
    told = box.answer("klart/reskontra/reskontra-2026-07.csv")
    assert "Inläst" in told
    assert told.count("1 300,50 kr") == 2, "in the file and in the hub"
    assert [row["amount_minor"] for row in payments(box)] == [10050, 120000]


def test_what_was_answered_is_not_touched_again(box):
    box.drop("reskontra-2026-07.csv", ledger("100"))
    box.look()
    before = box.files()
    assert box.look() == []
    assert box.files() == before


@pytest.mark.parametrize("after", ["put", "run"])
def test_a_kill_after_any_step_is_made_good_by_the_next_look(box, monkeypatch, after):
    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    hub = box.hub()
    box.drop("reskontra-2026-07.csv", ledger("100"))
    if after == "put":
        monkeypatch.setattr(hub, "run", die)
    else:
        monkeypatch.setattr(inbox_module, "write_answer", die)
    with pytest.raises(Killed):
        box.look(hub)
    assert box.files() == ["klart/reskontra/reskontra-2026-07.csv"]
    monkeypatch.undo()
    from hub_xx_supplier_ledger.connector import SupplierLedger
    from tests.inbox import dropping

    monkeypatch.setattr(SupplierLedger, "recognise", dropping.recognise, raising=False)
    assert [each.became for each in box.look()] == ["loaded"]
    assert "Inläst" in box.answer("klart/reskontra/reskontra-2026-07.csv")
    assert len(payments(box)) == 1


def test_the_same_file_again_is_told_as_loaded_before_and_counted_once(box):
    for name in ("reskontra-2026-07.csv", "kopia.csv"):
        box.drop(name, ledger("100"))
        box.look()
    assert "klart/dubbletter/kopia.csv" in box.files()
    assert "Redan inläst" in box.answer("klart/dubbletter/kopia.csv")
    assert len(payments(box)) == 1


def test_another_file_of_the_same_name_overwrites_nothing(box):
    box.drop("reskontra-2026-07.csv", ledger("100"))
    box.look()
    box.drop("reskontra-2026-07.csv", ledger("200", month="2026-07"))
    box.look()
    names = [name for name in box.files() if name.endswith(".csv")]
    assert names == ["klart/reskontra/reskontra-2026-07 (2).csv", "klart/reskontra/reskontra-2026-07.csv"]


def test_an_unknown_file_goes_to_fel_with_what_to_do(box):
    box.drop("semesterlista.csv", "namn,dagar\nA,3\n")
    (handled,) = box.look()
    assert handled.became == "failed"
    assert box.files() == ["fel/semesterlista.csv", "fel/semesterlista.csv.svar.html"]
    told = box.answer("fel/semesterlista.csv")
    assert "känns inte igen" in told
    assert "lägg den i mappen igen" in told


def test_a_file_of_which_no_row_can_be_read_goes_to_fel_and_the_others_stay(box):
    box.drop("reskontra-2026-06.csv", ledger("100", month="2026-06"))
    box.look()
    box.drop("reskontra-2026-07.csv", ledger("hundra", "tvåhundra"))
    (handled,) = box.look()
    assert handled.became == "failed"
    assert "fel/reskontra-2026-07.csv" in box.files()
    assert "klart/reskontra/reskontra-2026-07.csv" not in box.files()
    assert "rad " in box.answer("fel/reskontra-2026-07.csv")
    assert len(payments(box)) == 1


def test_a_corrected_file_of_the_same_name_replaces_the_money_of_the_first(box):
    box.drop("reskontra-2026-07.csv", ledger("100", "200"))
    box.look()
    box.drop("reskontra-2026-07.csv", ledger("100", "250"))
    (handled,) = box.look()
    assert handled.became == "loaded"
    assert "klart/reskontra/reskontra-2026-07 (2).csv" in box.files()
    assert sorted(int(row["amount_minor"]) for row in payments(box)) == [10000, 25000]


def test_a_file_of_which_half_the_rows_can_be_read_is_loaded(box):
    box.drop("reskontra-2026-06.csv", ledger("100", month="2026-06"))
    box.drop("reskontra-2026-07.csv", ledger("100", "hundra"))
    assert [handled.became for handled in box.look()] == ["loaded", "loaded"]
    assert len(payments(box)) == 2


def test_bad_rows_are_told_by_number_and_the_rest_is_loaded(box):
    box.drop("reskontra-2026-07.csv", ledger("100", "hundra", "300", "400", "500", "600", "700"))
    (handled,) = box.look()
    assert handled.became == "loaded"
    told = box.answer("klart/reskontra/reskontra-2026-07.csv")
    assert "rad 3" in told
    assert "Rätta raderna" in told
    assert len(payments(box)) == 6


def test_two_municipalities_are_kept_apart(box):
    box.drop("reskontra-2026-07.csv", ledger("100"))
    box.drop("reskontra-2026-07.csv", ledger("200", buyer="2120001124"), to="malmo")
    assert [each.source for each in box.look()] == ["karlstad-reskontra", "malmo-reskontra"]
    assert [row["source_id"] for row in payments(box)] == ["karlstad-reskontra", "malmo-reskontra"]
    assert box.files("malmo") == box.files("karlstad")


def test_two_sources_that_are_as_sure_of_a_file_leave_it_to_a_person(box):
    (toml,) = (box.root / "config" / "sources").glob("karlstad-*.toml")
    box.configure("karlstad-annan", toml.read_text(encoding="utf-8").replace("klart/reskontra", "klart/annan"))
    box.drop("reskontra-2026-07.csv", ledger("100"))
    (handled,) = box.look()
    assert handled.became == "failed"
    assert "hubben gissar inte" in box.answer("fel/reskontra-2026-07.csv")
    assert not payments(box)


@pytest.mark.parametrize("name", ["~$r.csv", ".r.csv", "r.csv.part", "r.csv.crdownload", "r.svar.html", "LÄS_MIG.txt"])
def test_what_is_not_meant_for_the_hub_is_left(box, name):
    box.drop(name, ledger("100"))
    assert box.look() == []
    assert box.files() == [name]


def test_a_link_is_never_followed(box, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(ledger("100"), encoding="utf-8")
    (box.root / "inbox/karlstad/reskontra.csv").symlink_to(secret)
    assert box.look() == []
    outside = tmp_path / "outside"
    outside.mkdir()
    (box.root / "inbox/karlstad/fel").symlink_to(outside)
    box.drop("semester.csv", "namn\nA\n")
    assert [each.became for each in box.look()] == ["refused"]
    assert not list(outside.iterdir())


def test_a_hub_that_is_stopping_begins_nothing(box):
    hub = box.hub()
    hub.stopping.set()
    box.drop("reskontra-2026-07.csv", ledger("100"))
    assert box.look(hub) == []
    assert box.files() == ["reskontra-2026-07.csv"]


def test_an_empty_drop_folder_is_no_failure_of_a_sync(box):
    assert list(box.hub().sync()) == []
    box.drop("reskontra-2026-07.csv", ledger("100"))
    box.look()
    assert [result.outcome for result in box.hub().sync()] == ["unchanged"], "the answer beside it is no ledger"


def test_no_personal_number_and_no_markup_reaches_the_answer(box):
    number = "19811228-9874"
    box.drop(f"<b>{number}.csv", f"namn {number}\n")
    box.look()
    (page,) = (box.root / "inbox/karlstad/fel").glob("*.svar.html")
    html = page.read_text(encoding="utf-8")
    assert "9874" not in html
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
