"""What a serving hub shows over HTTP: whether it is well, and figures for those who watch it."""

from hub.web.server import serve_pages

__all__ = ["serve_pages"]
