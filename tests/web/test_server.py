"""Where pages are served, and how that ends."""

from __future__ import annotations

import logging
import socket
import threading
import time

import httpx
import pytest

from hub.schedule.state import ServeState
from hub.sdk import ConfigError
from hub.store.engine import open_engine
from hub.web import pages, serve_pages
from tests.web.watched import Watched, get


@pytest.fixture
def engine(sqlite_url):
    made = open_engine(sqlite_url)
    yield made
    made.dispose()


def test_stopping_frees_the_port(engine):
    with serve_pages("127.0.0.1:0", engine, ServeState(), None) as first, httpx.Client(trust_env=False) as client:
        assert client.get(f"http://{first}/healthz").status_code == 200  # and stays connected
        threads = threading.active_count()
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert threading.active_count() < threads
    with serve_pages(first, engine, ServeState(), None) as second:
        assert second == first
        assert get(f"http://{second}/healthz").status_code == 200
    with pytest.raises(httpx.ConnectError):
        get(f"http://{first}/healthz")


def test_a_port_in_use_is_told_with_what_to_do(engine):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with (
            pytest.raises(ConfigError, match="another process listens there") as error,
            serve_pages(listen, engine, ServeState(), None),
        ):
            pass
    assert "another port" in error.value.instruction
    assert error.value.where == "serve.listen"


def test_an_address_of_another_machine_is_told_with_what_to_do(engine):
    with pytest.raises(ConfigError, match=r"cannot listen at 192\.0\.2\.1:8460") as error:
        serve_pages("192.0.2.1:8460", engine, ServeState(), None).__enter__()
    assert "this machine" in error.value.instruction


def test_no_address_is_no_pages(engine):
    before = threading.active_count()
    with serve_pages("", engine, ServeState(), None) as address:
        assert (address, threading.active_count()) == ("", before)


def test_a_database_that_is_gone_gives_503(sqlite_url, tmp_path):
    bench = Watched(sqlite_url, tmp_path)
    with bench.serving() as url:
        assert get(f"{url}/readyz").status_code == 200
        bench.close()
        for file in tmp_path.glob("hub.sqlite*"):
            file.unlink()
        (tmp_path / "hub.sqlite").mkdir()
        answers = {path: get(url + path).status_code for path in ("/healthz", "/readyz", "/metrics")}
        bench.close()
    assert answers == {"/healthz": 200, "/readyz": 503, "/metrics": 503}


def test_a_database_that_does_not_answer_keeps_nobody_waiting(engine, monkeypatch):
    asked, over = threading.Event(), threading.Event()

    def hang(*_):
        asked.set()
        over.wait(10)
        return True

    monkeypatch.setattr("hub.web.sql.schema_is_current", hang)
    monkeypatch.setattr(pages, "_TURN", 0.05)
    with serve_pages("127.0.0.1:0", engine, ServeState(), None) as address:
        first = threading.Thread(target=get, args=(f"http://{address}/readyz",))
        first.start()
        assert asked.wait(5)
        assert get(f"http://{address}/healthz").status_code == 200
        assert get(f"http://{address}/metrics").status_code == 503
        second = get(f"http://{address}/readyz")
        over.set()
        first.join()
    assert second.status_code == 503
    assert "kept another page waiting" in second.json()["reasons"][0]["reason"]


def test_requests_leave_no_lines_in_the_log(engine, caplog):
    caplog.set_level(logging.WARNING)
    with serve_pages("127.0.0.1:0", engine, ServeState(), None) as address:
        get(f"http://{address}/healthz")
        get(f"http://{address}/nothing")
    assert caplog.records == []
