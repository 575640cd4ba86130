"""Watched drop folders: a file left in one is recognised, loaded, put away and answered."""

from hub.inbox.inbox import Handled, Inbox

__all__ = ["Handled", "Inbox"]
