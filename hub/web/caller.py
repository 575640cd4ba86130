"""Who asks: somebody on this machine, or one from elsewhere who has to show that he may."""

from __future__ import annotations

import hmac
from ipaddress import IPv6Address, ip_address
from typing import Final

from pydantic import SecretStr
from starlette.requests import HTTPConnection

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def is_here(asked: HTTPConnection) -> bool:
    """Whether the caller is on this machine. What a proxy of this machine passes on is from elsewhere."""
    if asked.client is None or any(name in asked.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(asked.client.host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback


def refusal(asked: HTTPConnection, token: SecretStr | None) -> int | None:
    """The status that a caller from elsewhere is refused with; ``None`` when its token is the right one."""
    if token is None:
        return 403
    scheme, _, shown = asked.headers.get("authorization", "").partition(" ")
    right = hmac.compare_digest(shown.strip().encode(), token.get_secret_value().encode())
    return None if right and scheme.lower() == "bearer" else 401
