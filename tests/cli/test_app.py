"""The command line as a whole: help, errors, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub import __version__
from hub.cli import session
from hub.cli.app import main


def test_help_names_the_commands(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in ("sync", "status", "sources", "connectors", "organisation", "social", "quarantine", "demo", "init"):
        assert command in shown


def test_help_does_not_wait_for_the_database_library_or_plugins():
    code = (
        "import sys; from hub.cli.app import main; main(['sync', '--help']); "
        "sys.exit(', '.join({'sqlalchemy', 'lxml', 'hub_eu_ted', 'hub.service'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"hub {__version__}\n"


def test_an_unknown_command_gets_the_one_that_was_meant(capsys):
    assert main(["sttus"]) == 2
    assert "Did you mean 'status'" in capsys.readouterr().err


def test_an_error_has_a_place_a_reason_and_an_instruction_but_no_traceback(tmp_path, capsys):
    assert main(["status", "--config-dir", str(tmp_path / "nowhere")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "nowhere: there is no config folder here" in told.err
    assert "→ make one with `hub init`" in told.err
    assert "Traceback" not in told.err


def test_debug_adds_the_traceback(tmp_path, capsys):
    assert main(["--debug", "status", "--config-dir", str(tmp_path / "nowhere")]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_what_nobody_foresaw_is_told_in_words(monkeypatch, folder, capsys):
    def fail(hub):
        raise ZeroDivisionError("for 800101-1231")

    monkeypatch.setattr(session, "start_logs", fail)
    assert main(["sources"]) == 70
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "--debug" in told
    assert "800101" not in told
    assert "Traceback" not in told


def test_interrupt(monkeypatch, folder):
    def stop(hub):
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "start_logs", stop)
    assert main(["sources"]) == 130


def test_a_reader_that_has_seen_enough_is_no_error(synced):
    command = f"{sys.executable} -m hub.cli.app changes | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.startswith('{"seq": 1,')
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[database\n", "is not valid TOML"),
        ("[log]\nlevel = 'ö'\n".encode("latin-1"), "is not written in UTF-8"),
        (b"[database]\nurll = 'x'\n", "did you mean url"),
    ],
)
def test_a_broken_config_says_file_and_reason(folder, capsys, content, reason):
    (folder / "config" / "hub.toml").write_bytes(content)
    assert main(["check"]) == 2
    told = capsys.readouterr().err
    assert "hub.toml" in told
    assert reason in told


def test_an_unreadable_file_is_told(folder, capsys):
    (folder / "config" / "hub.toml").unlink()
    (folder / "config" / "hub.toml").mkdir()  # also root cannot read a folder as a file
    assert main(["check"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_several_errors_are_told_at_once(folder, capsys):
    (folder / "config" / "sources" / "reskontra.toml").write_text("conector = 'eu_ted'\n")
    (folder / "config" / "sources" / "bolag.toml").write_text("connector = 'eu_ted'\nschedule = 'never'\n")
    assert main(["sync"]) == 2
    told = capsys.readouterr().err
    assert "did you mean connector" in told
    assert "bolag.toml" in told
