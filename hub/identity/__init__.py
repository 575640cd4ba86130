"""Which organisation is meant: the canonical organisation from what sources claim and mention."""

from hub.identity.canonical import canonicalise

__all__ = ["canonicalise"]
