"""What the hub tells while it works: logs without secrets or persons, and events for plugins."""

from hub.observe.events import Receiver, dispatch
from hub.observe.logs import configure
from hub.observe.redaction import Redactor

__all__ = ["Receiver", "Redactor", "configure", "dispatch"]
