"""When something counts as wrong with a source, and how people are told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, Secret, SecretStr, field_validator, model_validator

from hub.settings.masking import MASK
from hub.settings.section import Section

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS: Final = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
_TOKEN: Final = 16
"""Characters. A shorter part of a path is a word, and masking that would make logs unreadable."""
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}


class Conditions(Section):
    """When something counts as wrong. ``failing_after`` counts syncs in a row that did not read a source whole."""

    failing_after: int = Field(default=1, ge=1, le=1000)


class WebhookUrl(Secret[str]):
    """A webhook's address. Whoever knows it may post, so that only its host is ever shown."""

    def _display(self) -> str:
        parts = urlsplit(self.get_secret_value())
        return f"{parts.scheme}://{parts.hostname or ''}/{MASK}"

    @property
    def is_local(self) -> bool:
        """Whether its receiver is on this machine, where no proxy leads."""
        return urlsplit(self.get_secret_value()).hostname in _LOOPBACK

    @property
    def secrets(self) -> Iterator[str]:
        """The parts of it that may stand in a log or an error by themselves."""
        parts = urlsplit(self.get_secret_value())
        yield from (self.get_secret_value(), parts.path, parts.query)
        yield from (part for part in parts.path.split("/") if len(part) >= _TOKEN)


class Mail(Section):
    """The mail server that takes notices; without a ``host`` none are mailed. Its certificate is checked."""

    host: str = ""
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr | None = None
    sender: str = ""
    recipients: tuple[str, ...] = ()

    @field_validator("sender", "recipients")
    @classmethod
    def _are_addresses(cls, given: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (given,) if isinstance(given, str) else given:
            if address and not _ADDRESS.fullmatch(address):
                raise ValueError("is not a mail address; write name@example.se, without a name beside it")
        return given

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.host and not (self.sender and self.recipients):
            raise ValueError("a mail server needs a sender and recipients")
        if self.host and self.security == "none" and self.host not in _LOOPBACK:
            raise ValueError('mail leaves this machine encrypted; write security = "starttls" or "tls"')
        return self

    @property
    def actual_port(self) -> int:
        """The port, else the usual one."""
        return self.port or _PORTS[self.security]


class Notices(Section):
    """Who is told when something is wrong, beside the log. ``name`` is the hub's, for those who read of several."""

    name: str = Field(default="hub", min_length=1, max_length=100, pattern=r"^[^\r\n]+$")
    webhook: WebhookUrl | None = None
    mail: Mail = Mail()

    @field_validator("webhook")
    @classmethod
    def _is_safe(cls, webhook: WebhookUrl | None) -> WebhookUrl | None:
        if webhook is not None:
            # What is no address at all makes `urlsplit` raise a ValueError of its own.
            parts = urlsplit(webhook.get_secret_value())
            allowed = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
            if not (parts.hostname and allowed):
                raise ValueError("is not a webhook's address; write https://host/path (http only to this machine)")
        return webhook

    @property
    def secrets(self) -> Iterator[str]:
        """What no output may show."""
        if self.webhook is not None:
            yield from self.webhook.secrets
        if self.mail.password is not None:
            yield self.mail.password.get_secret_value()
