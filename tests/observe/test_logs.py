"""Every line carries its action, and no secret and no person gets into it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from hub.observe import Redactor, configure
from hub.observe.logs import HubHandler

SECRET = "CANARY/7f&3a"
PERSON = "800101-1231"  # an invented number with a valid check digit


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root, hub = logging.getLogger(), logging.getLogger("hub")
    levels = root.level, hub.level
    yield
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, HubHandler)]
    root.setLevel(levels[0])
    hub.setLevel(levels[1])


log = logging.getLogger("hub.test")


def start(level: str = "info", form: str = "text", redactor: Redactor | None = None) -> io.StringIO:
    """Logs configured, and where they go. Pytest's own handlers are sent away: they show what is to be redacted."""
    out = io.StringIO()
    configure(level, form, redactor=redactor, stream=out)  # type: ignore[arg-type]
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if isinstance(handler, HubHandler)]
    return out


def test_text() -> None:
    out = start()
    log.info("read %d notices", 12, extra={"action": "batch_stored", "source": "ted", "read": 12})
    log.debug("not shown")
    line = out.getvalue()
    assert line[8:] == " INFO    batch_stored: read 12 notices  source=ted read=12\n"


def test_json() -> None:
    out = start("debug", "json")
    log.debug("blåbär", extra={"action": "a", "n": 1, "list": [1, "x"], "map": {"k": None}, "level": "mine"})
    logging.getLogger("library").warning("plain")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "debug", "logger": "hub.test", "action": "a", "message": "blåbär", "n": 1, "list": [1, "x"],
        "map": {"k": None},
    }  # fmt: skip
    assert second["action"] == "library"


def test_libraries_are_quiet() -> None:
    out = start()
    logging.getLogger("httpx").info("GET https://host/?token=x")
    assert out.getvalue() == ""


def test_configuring_again_replaces() -> None:
    first = start("info")
    second = start("warning")
    log.info("no")
    log.warning("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_canary_and_person_are_seen_nowhere(form: str) -> None:
    redactor = Redactor([SECRET])
    out = start("debug", form, redactor)

    class Odd:
        def __str__(self) -> str:
            return f"odd {SECRET} {PERSON}"

    log.info("key %s of %s", SECRET, PERSON, extra={"action": "x"})
    log.info("in an address https://h/?q=CANARY%%2F7f%%263a and %r", SECRET, extra={"action": SECRET})
    fields = {
        "a": {SECRET: [SECRET, (PERSON,)]},
        "b": Odd(),
        "c": 8001011231,
        "d": {"e": {SECRET}},
        "f": None,
        "g": 1.5,
    }
    log.warning("fields", extra=fields)
    try:
        raise ValueError(f"{SECRET} {PERSON}")  # noqa: TRY301
    except ValueError:
        log.exception("failed with %s", Odd(), stack_info=True)
    log.error("too few %s %s", SECRET)  # noqa: PLE1206
    logging.getLogger("library").error("postgresql://u:other@h/d %s", SECRET)
    text = out.getvalue()
    assert "ValueError" in text
    assert "***" in text
    assert "[personnummer]" in text
    for hidden in (SECRET, "CANARY%2F", "CANARY", PERSON, "8001011231", ":other@"):
        assert hidden not in text
    assert redactor(f"x{SECRET}") == "x***"


def test_a_message_whose_arguments_do_not_fit_neither_fails_nor_leaks(capsys: pytest.CaptureFixture[str]) -> None:
    out = start(redactor=Redactor([SECRET]))

    class Bad:
        def __str__(self) -> str:
            raise RuntimeError(SECRET)

    log.info("%s", Bad())
    log.info("%d", SECRET)
    log.info("extra", extra={"action": "x", "bad": Bad()})
    assert out.getvalue().count("do not fit") == 2
    assert "bad=(cannot be shown)" in out.getvalue()
    assert SECRET not in capsys.readouterr().err


def test_sources_cannot_forge_lines_or_command_the_terminal() -> None:
    out = start()
    log.info("name\n12:00:00 ERROR forged\x1b[2J", extra={"action": "x", "field": "a\r\nb"})
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b" not in out.getvalue()


def test_secrets_of_a_run_are_redacted_while_it_lasts() -> None:
    redactor = Redactor(["always-secret"])
    with redactor.secrets(["run-secret", "run-secret-longer", "abc"]):
        with redactor.secrets(["run-secret"]):
            pass
        assert redactor("run-secret run-secret-longer always-secret abc") == "*** *** *** abc"
    assert redactor("run-secret always-secret") == "run-secret ***"
