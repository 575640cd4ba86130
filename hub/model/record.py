"""What every record of the model is: an aggregate owned by the (source, stream, raw key) that it was read from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A part of a record, without an identity of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Record(Value, ABC):
    """The root of an aggregate. Storing it again replaces all that it owned (ADR 0001)."""

    entity: ClassVar[str]
    """The entity's name in ids, tables and the change feed."""

    @property
    @abstractmethod
    def natural_key(self) -> tuple[str, ...]:
        """What makes this record itself within its source; the id follows from it (ADR 0002)."""
