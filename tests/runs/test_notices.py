"""People are told of each condition once when it is raised and once when it is over, whatever breaks in between."""

from __future__ import annotations

import json
import logging
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.http import HostPolicies, open_client
from hub.observe import Receiver, Redactor
from hub.runs.condition import acknowledge
from hub.runs.mail import Mailbox
from hub.runs.notice import CLAIM, PAUSE, Channel, Events, Log, Notice, deliver
from hub.runs.webhook import Webhook
from hub.sdk import Drift, HubError, SourceUnavailable
from hub.settings.notices import Mail, Notices, WebhookUrl
from hub.store.engine import transaction
from hub.testing import TestServer, reply, reset, serving
from tests.runs.harness import ALFA, Bench, row, snapshot
from tests.runs.mailserver import Mailserver, receiving_mail

DOWN = [SourceUnavailable("the publisher does not answer")]
GOOD = snapshot(row("a", number=ALFA, name="Alfa"))
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
RAISED, CLEARED = ("condition_raised", "fake"), ("condition_cleared", "fake")


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(database_url, tmp_path)
    yield bench
    bench.close()


class Heard:
    """A channel that remembers, and fails while it has something to raise."""

    def __init__(self, name: str = "heard", *, fails: BaseException | None = None, after: int = 0) -> None:
        self.name = name
        self.fails = fails
        self.after = after
        self.notices: list[Notice] = []

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(notice.action, notice.source) for notice in self.notices]

    def tell(self, notices: Sequence[Notice]) -> Iterator[Notice]:
        for number, notice in enumerate(notices):
            if self.fails and number >= self.after:
                raise self.fails
            self.notices.append(notice)
            yield notice


def tell(bench: Bench, *channels: Channel, now: datetime = NOW) -> None:
    deliver(bench.engine, channels, hub="north", redact=Redactor(), now=now)


def test_each_is_told_once(bench: Bench):
    heard = Heard()
    for items in (DOWN, DOWN, GOOD, GOOD, DOWN):
        bench.run(items)
        tell(bench, heard)
    assert heard.told == [RAISED, CLEARED, RAISED]
    raised, cleared, again = heard.notices
    assert raised.condition == cleared.condition != again.condition
    assert (raised.hub, raised.kind, raised.cleared_at) == ("north", "failing", None)
    assert "hub sync fake" in raised.advice
    assert (cleared.clear_reason, cleared.cleared_at is not None) == ("it was read whole", True)


def test_why_it_is_over_is_told_redacted(bench: Bench):
    bench.run([Drift("new_field", "colour", stream="rows"), *GOOD])
    with transaction(bench.engine) as connection:
        found = {"id": "any", "source": "fake", "kind": "drifting"}
        acknowledge(connection, found, "the token s3cret-token-1 was old", now=NOW)
    heard = Heard()
    deliver(bench.engine, [heard], hub="north", redact=Redactor(["s3cret-token-1"]), now=NOW)
    assert [notice.clear_reason for notice in heard.notices] == [None, "acknowledged: the token *** was old"]


def test_what_was_over_before_anybody_was_told_is_told_in_order(bench: Bench):
    heard = Heard()
    bench.run(DOWN)
    bench.run(GOOD)  # the process that ran it died before it told anything
    tell(bench, heard)
    tell(bench, heard)
    assert heard.told == [RAISED, CLEARED]


def test_a_process_that_dies_while_it_tells_is_followed_by_another(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    bench.run(DOWN)
    with monkeypatch.context() as dying:
        dying.setattr("hub.runs.notice._keep", lambda *_: None)  # killed: not even what was told is noted
        with pytest.raises(SystemExit):
            tell(bench, Heard(fails=SystemExit()))
    heard = Heard()
    tell(bench, heard, now=NOW + CLAIM - timedelta(seconds=1))
    assert heard.told == []
    tell(bench, heard, now=NOW + CLAIM)
    tell(bench, heard, now=NOW + CLAIM)
    assert heard.told == [RAISED]


def test_a_channel_that_fails_does_not_hold_up_the_others(bench: Bench, caplog: pytest.LogCaptureFixture):
    for source in ("fake", "next"):
        bench.run(DOWN, source=source)
    bad, good = Heard("bad", fails=HubError("no route"), after=1), Heard("good")
    tell(bench, bad, good)
    assert (bad.told, len(good.told)) == ([RAISED], 2)
    assert "notices by bad failed: no route" in caplog.text
    bad.fails = None
    tell(bench, bad, good, now=NOW + PAUSE - timedelta(seconds=1))
    assert bad.told == [RAISED]
    bench.run(GOOD)
    tell(bench, bad, good, now=NOW + PAUSE)
    assert sorted(bad.told) == sorted(good.told) == sorted([RAISED, CLEARED, ("condition_raised", "next")])


def test_an_error_of_the_channel_itself_ends_there(bench: Bench):
    bench.run(DOWN)
    good = Heard("good")
    tell(bench, Heard("bad", fails=ZeroDivisionError()), good)
    assert good.told == [RAISED]


def test_two_processes_never_tell_the_same(bench: Bench):
    sources = [f"s{number}" for number in range(6)]
    for source in sources:
        bench.run(DOWN, source=source)
    heard, gate = Heard(), threading.Barrier(4)

    def process(_: int) -> None:
        gate.wait()
        tell(bench, heard)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(process, range(4)))
    assert sorted(source for _, source in heard.told) == sources


def test_logs_and_plugins_get_the_same_fields(bench: Bench, caplog: pytest.LogCaptureFixture):
    seen: list[dict[str, object]] = []
    caplog.set_level(logging.INFO)
    receivers = [Receiver("broken", lambda _: 1 / 0), Receiver("listens", lambda event: seen.append(dict(event)))]
    for items in (DOWN, GOOD):
        bench.run(items)
        tell(bench, Log(), Events(lambda: receivers))
    lines = [record for record in caplog.records if getattr(record, "action", "").startswith("condition_")]
    assert [(line.levelname, line.action, line.source) for line in lines] == [
        ("WARNING", *RAISED),
        ("INFO", *CLEARED),
    ]
    assert [event["action"] for event in seen] == ["condition_raised", "condition_cleared"]
    assert [{name: getattr(line, name) for name in event} for line, event in zip(lines, seen, strict=True)] == seen


@pytest.fixture
def server() -> Iterator[TestServer]:
    with serving() as web:
        yield web


def webhook(url: str, redactor: Redactor | None = None) -> Webhook:
    hosts = HostPolicies()
    return Webhook(url, lambda: open_client(hosts, redactor=redactor or Redactor(), timeout_seconds=5))


def test_a_webhook_gets_what_it_missed(bench: Bench, server: TestServer):
    url = server.on("/hook", reset, reply(503), reply(302, location="/elsewhere"), reply(204))
    bench.run(DOWN)
    channel = webhook(url)
    for number in range(5):
        tell(bench, channel, now=NOW + number * PAUSE)
    assert [asked.method for asked in server.asked] == ["POST"] * 4
    bodies = [json.loads(asked.body) for asked in server.asked]
    assert bodies[0] == bodies[3]
    assert bodies[3].keys() == {
        "action", "hub", "condition", "source", "kind", "detail", "run_id", "raised_at", "cleared_at",
        "clear_reason", "advice",
    }  # fmt: skip
    assert (bodies[3]["action"], bodies[3]["hub"], bodies[3]["kind"]) == ("condition_raised", "north", "failing")


def test_a_webhooks_address_is_never_logged(sqlite_url: str, tmp_path, server: TestServer, caplog):
    canary = "canary-4711-canary-4711"
    server.on(f"/services/{canary}", reply(500), reply(401), reply(204))
    address = WebhookUrl(f"{server.url}/services/{canary}?token={canary}")
    notices = Notices.model_validate({"webhook": address.get_secret_value()})
    redactor = Redactor(notices.secrets)
    caplog.set_level(logging.DEBUG)
    bench = Bench(sqlite_url, tmp_path)
    bench.run(DOWN)
    for number in range(3):
        tell(bench, webhook(address.get_secret_value(), redactor), now=NOW + number * PAUSE)
    bench.close()
    assert len(server.asked) == 3
    assert "notices by webhook failed" in caplog.text
    assert canary not in caplog.text + repr(notices) + str(address)


@pytest.mark.parametrize(
    "url",
    ["http://example.org/hook", "ftp://example.org/hook", "hook", "https:///hook", "http://localhost.example.org"],
)
def test_a_webhook_is_asked_safely_or_not_at_all(url: str):
    with pytest.raises(ValueError, match="write https://host/path"):
        Notices.model_validate({"webhook": url})


def mail(port: int, **more: object) -> Mail:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "hub@example.org"}
    return Mail.model_validate({**given, "recipients": ["drift@example.org", "jour@example.org"], **more})


@pytest.fixture
def mailserver() -> Iterator[Mailserver]:
    with receiving_mail() as server:
        yield server


def test_one_mail_says_all_and_what_to_do(bench: Bench, mailserver: Mailserver):
    bench.run(DOWN)
    bench.run(GOOD)
    bench.run(DOWN, source="next")
    tell(bench, Mailbox(mail(mailserver.port)))
    tell(bench, Mailbox(mail(mailserver.port)))
    (got,) = mailserver.mails
    assert got["To"] == "drift@example.org, jour@example.org"
    assert got["Subject"] == "[north] fake is failing, next is failing, fake no longer failing"
    text = " ".join(got.get_content().split())
    assert "the publisher does not answer" in text
    assert "what to do: see `hub runs --source next`" in text
    assert "source fake is no longer failing: it was read whole" in text


def test_a_mail_server_that_refuses_is_asked_again(bench: Bench, mailserver: Mailserver, caplog):
    bench.run(DOWN)
    mailserver.refusing = True
    tell(bench, Mailbox(mail(mailserver.port)))
    assert "notices by mail failed: 127.0.0.1" in caplog.text
    assert "(451)" in caplog.text
    mailserver.refusing = False
    tell(bench, Mailbox(mail(mailserver.port)), now=NOW + PAUSE)
    assert len(mailserver.mails) == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_mail_is_encrypted_for_a_server_that_can_be_trusted(sqlite_url: str, tmp_path: Path, caplog):
    key, certificate = tmp_path / "key.pem", tmp_path / "ca.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    more = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate, key)
    bench = Bench(sqlite_url, tmp_path)
    bench.run(DOWN)
    with receiving_mail(secure) as server:
        settings = mail(server.port, security="starttls", user="hub", password="hemligt-ord")
        tell(bench, Mailbox(settings))
        assert (server.mails, server.logins) == ([], [])
        assert "SSLCertVerificationError" in caplog.text
        tell(bench, Mailbox(settings, ca_file=certificate), now=NOW + PAUSE)
        assert (len(server.mails), len(server.logins)) == (1, 1)
    bench.close()
    assert "hemligt-ord" not in caplog.text + repr(settings)


@pytest.mark.parametrize(
    "given",
    [
        {"host": "mail.example.org"},
        {"host": "mail.example.org", "sender": "a@b.se", "recipients": ["a@b.se"], "security": "none"},
        {"sender": "A <a@b.se>"},
        {"recipients": ["a@b.se\nBcc: c@d.se"]},
    ],
)
def test_mail_that_could_not_be_sent_or_trusted_is_refused_at_the_start(given: dict[str, object]):
    with pytest.raises(ValueError, match=r"needs a sender|encrypted|not a mail address"):
        Mail.model_validate(given)
