"""What health pages answer, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from starlette.requests import HTTPConnection

from hub.store.engine import transaction
from hub.web.caller import is_here, refusal
from tests.web.watched import TOKEN, Watched, get

ELSEWHERE = {"x-forwarded-for": "192.0.2.1"}


def asked(client: str | None, **headers: str) -> HTTPConnection:
    listed = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "headers": listed, "client": (client, 4711) if client else None})


# Who asks


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_here(client: str):
    assert is_here(asked(client))


@pytest.mark.parametrize("client", ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "testclient", None])
def test_any_other_is_elsewhere(client: str | None):
    assert not is_here(asked(client))


@pytest.mark.parametrize("header", ["forwarded", "x_forwarded_for", "x_real_ip", "via"])
def test_what_a_proxy_of_this_machine_passes_on_is_from_elsewhere(header: str):
    assert not is_here(asked("127.0.0.1", **{header: "127.0.0.1"}))


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (f"Bearer {TOKEN}", None),
        (f"bearer  {TOKEN}", None),
        (f"Bearer {TOKEN}t", 401),
        (f"Bearer {TOKEN[1:]}", 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer", 401),
        ("Bearer å", 401),
        ("", 401),
    ],
)
def test_the_token_opens_the_metrics(shown: str, status: int | None):
    assert refusal(asked("192.0.2.1", authorization=shown), SecretStr(TOKEN)) == status


def test_without_a_token_metrics_are_for_this_machine():
    assert refusal(asked("192.0.2.1", authorization="Bearer "), None) == 403


def test_elsewhere_metrics_need_the_token(bench: Watched):
    with bench.serving(TOKEN) as url:
        refused = get(f"{url}/metrics", **ELSEWHERE)
        given = get(f"{url}/metrics", authorization=f"Bearer {TOKEN}", **ELSEWHERE)
        here = get(f"{url}/metrics")
    assert (refused.status_code, given.status_code, here.status_code) == (401, 200, 200)
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "hub_" not in refused.text
    with bench.serving() as url:
        assert get(f"{url}/metrics", **ELSEWHERE).status_code == 403


# Whether it is well


def test_a_hub_that_is_well_says_so(bench: Watched):
    bench.state.ticked(datetime.now(UTC))
    with bench.serving() as url:
        for path in ("/healthz", "/readyz"):
            answer = get(url + path)
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
            assert "server" not in answer.headers
            assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/healthz/", "/metrics/x", "/docs", "/openapi.json"])
def test_nothing_else_is_there(bench: Watched, path: str):
    with bench.serving() as url:
        assert get(url + path).status_code == 404


def test_a_hub_that_does_not_tick_is_not_healthy(bench: Watched):
    bench.state.tick_seconds = 10
    now = datetime.now(UTC)
    with bench.serving() as url:
        bench.state.last_tick_at = now - timedelta(seconds=45)
        assert get(f"{url}/healthz").status_code == 200
        bench.state.last_tick_at = now - timedelta(seconds=60)
        here, elsewhere = get(f"{url}/healthz"), get(f"{url}/healthz", **ELSEWHERE)
    assert (here.status_code, elsewhere.status_code) == (503, 503)
    assert "hub serve" in here.json()["reasons"][0]["instruction"]
    assert elsewhere.json() == {"status": "not ticking"}


def test_a_hub_that_has_just_begun_is_healthy_for_a_while(bench: Watched):
    bench.state.tick_seconds = 0.1
    with bench.serving() as url:
        assert get(f"{url}/healthz").status_code == 200
        bench.state.started_at -= timedelta(seconds=31)
        assert get(f"{url}/healthz").status_code == 503


def reasons(bench: Watched) -> dict[str, str]:
    """What ``/readyz`` says is wrong, by place; elsewhere it says nothing of that."""
    with bench.serving() as url:
        here, elsewhere = get(f"{url}/readyz"), get(f"{url}/readyz", **ELSEWHERE)
    assert (here.status_code, elsewhere.status_code) == (503, 503)
    assert elsewhere.json() == {"status": "not ready"}
    assert all(told["instruction"] for told in here.json()["reasons"])
    return {told["where"]: told["reason"] for told in here.json()["reasons"]}


def test_a_wrong_configuration_is_not_ready(bench: Watched):
    bench.state.configured("sources/a.toml, schedule: is no schedule")
    assert reasons(bench) == {"configuration": "sources/a.toml, schedule: is no schedule"}


def test_another_schema_is_not_ready(bench: Watched):
    with transaction(bench.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    bench.state.configured("wrong")
    assert list(reasons(bench)) == ["database", "configuration"]


def test_a_database_without_tables_is_not_ready_and_has_no_metrics(bench: Watched):
    with transaction(bench.engine) as connection:
        connection.execute(text("ALTER TABLE change RENAME TO gone"))
        connection.execute(text("ALTER TABLE meta RENAME TO lost"))
    assert list(reasons(bench)) == ["database"]
    with bench.serving(TOKEN) as url:
        here, elsewhere = (
            get(f"{url}/metrics"),
            get(f"{url}/metrics", authorization=f"Bearer {TOKEN}", **ELSEWHERE),
        )
    assert (here.status_code, elsewhere.status_code) == (503, 503)
    assert here.text.startswith("database: ")
    assert "Traceback" not in here.text
    assert elsewhere.text == "not ready\n"
