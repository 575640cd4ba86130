"""A mail server on this machine that keeps what it gets, or refuses to."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage


class Mailserver:
    """``mails`` are those that were taken, ``logins`` what was said to get in. ``refusing`` makes it answer 451."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.logins: list[str] = []
        self.refusing = False


class Session(socketserver.StreamRequestHandler):
    told: Mailserver
    secure: ssl.SSLContext | None

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._say("220 test")
            while line := self.rfile.readline():
                if self._answer(line.decode().strip()):
                    break
        self.rfile.close()
        self.connection.close()  # after STARTTLS another one than the server knows of

    def _answer(self, line: str) -> bool:
        verb = line.partition(" ")[0].upper()
        match verb:
            case "EHLO":
                offers = ["AUTH PLAIN", *(["STARTTLS"] if self.secure else [])]
                self._say("\r\n".join(["250-test", *(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"]))
            case "STARTTLS" if self.secure:
                self._say("220 go on")
                self.connection = self.secure.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
            case "AUTH":
                self.told.logins.append(line)
                self._say("235 in")
            case "MAIL" if self.told.refusing:
                self._say("451 not now")
            case "DATA":
                self._say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.told.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self._say("250 taken")
            case "QUIT":
                self._say("221 bye")
                return True
            case _:
                self._say("250 fine")
        return False

    def _say(self, text: str) -> None:
        self.connection.sendall(f"{text}\r\n".encode())


@contextlib.contextmanager
def receiving_mail(secure: ssl.SSLContext | None = None) -> Iterator[Mailserver]:
    """A server in a thread, for as long as the block lasts; ``secure`` lets it speak TLS after STARTTLS."""
    session = type("TestSession", (Session,), {"secure": secure})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), session)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # broken handshakes are meant
    session.told = told = Mailserver(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
