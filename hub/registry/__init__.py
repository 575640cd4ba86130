"""Finding plugins, loading each apart from the others, and asking them for what they offer."""

from hub.registry.plugin import Candidate, ConnectorRow, PluginFailure
from hub.registry.registry import Registry

__all__ = ["Candidate", "ConnectorRow", "PluginFailure", "Registry"]
