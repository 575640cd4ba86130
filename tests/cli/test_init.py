"""``hub init``."""

from __future__ import annotations

from hub.cli.app import main


def test_it_makes_a_folder_that_passes_the_check(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert main(["check"]) == 0
    assert "1 sources, 0 enabled" in capsys.readouterr().out
    assert main(["sync"]) == 0
    assert "no source is enabled" in capsys.readouterr().err


def test_it_overwrites_nothing(tmp_path, capsys):
    assert main(["init", str(tmp_path / "new")]) == 0
    mine = tmp_path / "new" / "config" / "hub.toml"
    mine.write_text("# mine\n")
    assert main(["init", str(tmp_path / "new")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert mine.read_text() == "# mine\n"
