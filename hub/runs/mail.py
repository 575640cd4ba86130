"""Notices by mail: one mail for all that is to be told at once."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final

from hub.runs.notice import Notice
from hub.sdk import HubError
from hub.settings.notices import Mail

TIMEOUT: Final = 15.0
"""Seconds to connect, and of silence after that."""

_NAMED: Final = 3
_log = logging.getLogger(__name__)


class Mailbox:
    """The operator's mail server. ``ca_file`` holds certificates that are trusted beside the public ones."""

    name = "mail"

    def __init__(self, mail: Mail, *, ca_file: Path | None = None) -> None:
        self._mail = mail
        self._ca_file = ca_file

    def tell(self, notices: Sequence[Notice]) -> Iterator[Notice]:
        if not notices:
            return
        try:
            self._send(compose(notices, self._mail))
        except (OSError, smtplib.SMTPException) as error:  # ssl's errors are among the first
            # The server's own words may quote addresses.
            code = f" ({error.smtp_code})" if isinstance(error, smtplib.SMTPResponseException) else ""
            raise HubError(
                f"the mail server did not take it: {type(error).__name__}{code}",
                where=f"{self._mail.host}:{self._mail.actual_port}",
                instruction="check notices.mail in hub.toml",
            ) from None
        yield from notices

    def _send(self, message: EmailMessage) -> None:
        mail = self._mail
        name = mail.sender.rpartition("@")[2]
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.actual_port, local_hostname=name, timeout=TIMEOUT, context=self._trust()
            )
        else:
            server = smtplib.SMTP(mail.host, mail.actual_port, local_hostname=name, timeout=TIMEOUT)
        with server:
            if mail.security == "starttls":
                server.starttls(context=self._trust())
            if mail.user and mail.password:
                server.login(mail.user, mail.password.get_secret_value())
            refused = server.send_message(message)
        if refused:  # the others have it
            count = f"{len(refused)} of {len(mail.recipients)}"
            _log.warning("the mail server refused %s recipients", count, extra={"action": "recipients_refused"})

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._ca_file is not None:
            context.load_verify_locations(self._ca_file)
        return context


def compose(notices: Sequence[Notice], mail: Mail) -> EmailMessage:
    """One plain mail about all of them, what is wrong before what is over."""
    ordered = sorted(notices, key=lambda notice: not notice.raised)
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Subject"] = _subject(ordered)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(map(_paragraph, ordered)) + "\n")
    return message


def _subject(notices: Sequence[Notice]) -> str:
    said = [f"{notice.source} {'is' if notice.raised else 'no longer'} {notice.kind}" for notice in notices[:_NAMED]]
    more = len(notices) - len(said)
    return f"[{notices[0].hub}] {', '.join(said)}{f' and {more} more' if more else ''}"


def _paragraph(notice: Notice) -> str:
    if not notice.raised:
        return f"{notice.line}\n  from {notice.raised_at} to {notice.cleared_at}"
    return f"{notice.line}\n  since {notice.raised_at}\n  what to do: {notice.advice}"
