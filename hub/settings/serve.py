"""Where ``hub serve`` answers, and who may ask it from elsewhere."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from hub.settings.section import Section

_ADDRESS: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
_TOKEN: Final = re.compile(r"[!-~]{32,}")


class Serve(Section):
    """Where health and metrics are shown, ``host:port`` (empty: nowhere), and the token that opens them to others."""

    listen: str = "127.0.0.1:8460"
    token: SecretStr | None = None

    @field_validator("listen")
    @classmethod
    def _is_address(cls, listen: str) -> str:
        if listen:
            listen_address(listen)
        return listen

    @field_validator("token")
    @classmethod
    def _hard_to_guess(cls, token: SecretStr | None) -> SecretStr | None:
        # It travels in a header: nothing but visible ASCII arrives there as it was sent.
        if token and not _TOKEN.fullmatch(token.get_secret_value()):
            message = "is shorter than 32 characters, or has others than letters, digits and signs"
            raise ValueError(f"{message}; make one with `openssl rand -hex 32`")
        return token


def listen_address(listen: str) -> tuple[str, int]:
    """Host and port of ``host:port``; an IPv6 host stands in brackets. Raises ``ValueError`` for anything else."""
    try:
        parts = urlsplit(f"//{listen}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port is None or not _ADDRESS.fullmatch(listen):
        raise ValueError("is no address to listen at; write host:port, as in 127.0.0.1:8460, or nothing for no pages")
    return host, port
