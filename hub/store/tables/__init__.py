"""The schema, one module per noun; the same on SQLite and PostgreSQL."""

from hub.store.tables import operation, organisation, procurement, social
from hub.store.tables.columns import metadata

__all__ = ["metadata", "operation", "organisation", "procurement", "social"]
