"""The client as the operator sets it up, and as a run gets it."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hub import sdk
from hub.http.client import _trust
from hub.registry import Registry
from hub.service import Hub
from hub.testing import ranged, reply, serving
from tests.runs.harness import ALFA, row, snapshot
from tests.runs.harness import Fake as FakeRows


def test_who_asks(server, connect):
    connect(user_agent="integration-hub (it@example.se)").get(server.on("/", reply()))
    assert server.asked[0].headers["user-agent"] == "integration-hub (it@example.se)"


def test_the_environment_and_netrc_have_no_say(server, connect, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    connect().get(server.on("/", reply()))
    assert "authorization" not in server.asked[0].headers


def test_through_the_proxy(server, connect, redactor):
    proxy = server.url.replace("://", "://user:proxy-password@")
    server.on("http://register.example/list", reply(200, b"by proxy"))
    client = connect(proxy=proxy)
    assert client.get("http://register.example/list").text == "by proxy"
    assert server.asked[0].headers["proxy-authorization"].startswith("Basic ")
    assert redactor("proxy-password") == "***"


def test_a_proxy_that_refuses(server, connect):
    server.on("register.example:443", reply(407))
    with pytest.raises(sdk.SourceUnavailable, match=r"the proxy refused .* → check http.proxy"):
        connect(proxy=server.url).get("https://register.example/list")


@pytest.mark.parametrize("proxy", ["nonsense", "ftp://proxy.example:80", "http://proxy.example:port"])
def test_what_is_no_proxy(proxy, connect):
    with pytest.raises(sdk.ConfigError, match=r"hub.toml, http.proxy: is no proxy's address"):
        connect(proxy=proxy)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_what_are_no_certificates(content, connect, tmp_path):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(sdk.ConfigError, match=r"hub.toml, http.ca_file: certificates cannot be read"):
        connect(ca_file=path)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_a_private_authority(connect, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "ca.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    more = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate, key)
    with serving(secure) as web:
        url = web.on("/", reply(200, b"trusted")).replace("http:", "https:")
        assert connect(ca_file=certificate, timeout_seconds=5).get(url).text == "trusted"
        with pytest.raises(sdk.SourceUnavailable, match=r"certificate is not trusted .* → .*http.ca_file"):
            connect(timeout_seconds=5).get(url)


def test_public_authorities_stay_trusted():
    assert len(_trust(None).get_ca_certs()) > 50


class Config(sdk.ConnectorConfig):
    url: str


class Web(FakeRows):
    """Reads one organisation from the web, and a file."""

    config_model = Config
    manifest = FakeRows.manifest.model_copy(update={"hosts": (sdk.HostPolicy(host="127.0.0.1", requests=7),)})

    def __init__(self) -> None:
        super().__init__([])

    def fetch(self, ctx: sdk.Context[Config]) -> Iterator[sdk.FetchItem]:  # type: ignore[override]
        name = ctx.http.get(f"{ctx.config.url}/name").raise_for_status().text
        with ctx.download(f"{ctx.config.url}/file.zip") as path:
            assert path
            assert path.stat().st_size == 5000
        yield from snapshot(row("1", number=ALFA, name=name))


@pytest.fixture
def hub(tmp_path: Path, server, monkeypatch) -> Iterator[Hub]:
    (tmp_path / "config" / "sources").mkdir(parents=True)
    (tmp_path / "config" / "hub.toml").write_text("[http]\nuser_agent = 'our-hub'\n")
    source = f"connector = 'xx_fake'\n[config]\nurl = '{server.url}'\n"
    (tmp_path / "config" / "sources" / "web.toml").write_text(source)
    registry = Registry(())
    monkeypatch.setattr(registry, "connector", lambda _: Web)
    opened = Hub.open(tmp_path / "config", environ={}, registry=registry)
    yield opened
    opened.close()


def test_a_run_gets_a_client_and_a_place_for_downloads(hub, server):
    server.on("/name", reply(200, b"Alfa"))
    server.on("/file.zip", ranged(b"x" * 5000, '"v1"'))
    (result,) = hub.sync()
    assert (result.outcome, result.reason) == ("succeeded", "")
    assert {asked.headers["user-agent"] for asked in server.asked} == {"our-hub"}
    assert hub.clients.hosts.bucket(httpx.URL("http://127.0.0.1/")).requests == 7
    assert list((hub.settings.data_dir / "spool").iterdir()) == []


def test_a_run_whose_source_is_gone_fails_with_what_to_do(hub, server):
    (result,) = hub.sync()
    assert result.outcome == "failed"
    assert result.reason.startswith(f"GET {server.host}/name: there is nothing at this address (404) → ")


def test_a_source_without_a_client_says_what_to_set(tmp_path):
    context = sdk.Context(source_id="a", config=None, now=None, root=tmp_path, pseudonym_key=b"")  # type: ignore[arg-type]
    for ask in (lambda: context.http, lambda: context.download("https://x.example/")):
        with pytest.raises(sdk.ConfigError, match="read from files only"):
            ask()
