"""What a connector yields: raw records and statements about them from ``fetch``, drift from ``normalise``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One item as the publisher sent it: the bytes of a document, or a JSON-like mapping of a row.

    ``key`` is unique within stream and source and stays the same for the same item in the next run. ``scope`` names
    the unit of completeness that it belongs to (a snapshot, a ledger month); records without one are never retired.
    ``origin`` is where it stood (file and row, or address), for people. Natural persons' numbers have been passed
    through ``ctx.person`` and their names dropped before this is made.
    """

    stream: str
    key: str
    payload: bytes | Mapping[str, Any]
    scope: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything yielded before this is whole; a later run may go on from ``cursor``. The runner commits it together
    with the records before it.

    Alone it is the source's cursor (``ctx.cursor``), for sources that are asked for what is new. With a ``scope`` it is
    a position inside the reading of that scope, for when the run breaks off: ``ctx.position`` gives it back as long as
    the publisher still sends the same ``version`` (an ETag, a hash, a snapshot's date), and ``Complete`` ends it.
    """

    cursor: Mapping[str, Any]
    stream: str = ""
    scope: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """The scope was seen whole, with ``expected`` raw records. Only this allows records of the scope to be retired."""

    stream: str
    scope: str
    expected: int


@dataclass(frozen=True, slots=True)
class Erase:
    """The publisher demands that a raw record be forgotten: its values are removed everywhere, archived payloads and
    earlier change rows included. Not for records that merely ended: those are retired or say so themselves.
    """

    stream: str
    key: str


@dataclass(frozen=True, slots=True)
class Reject:
    """An item that cannot even become a raw record (a row with the wrong number of cells, a file that is no XML).

    Goes to quarantine. ``value`` is a short excerpt without personal data, for people. With ``whole`` it is not one
    item but a whole file or page that is missing now: the run ends as partial. No ``Complete`` may follow for a scope
    that it could belong to; other scopes stand on their own.
    """

    stream: str
    key: str
    reason: str
    origin: str = ""
    field: str = ""
    value: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """The source says something that the connector does not know: yielded by ``normalise`` beside the records.

    Reported once per (kind, field, value) and run. An unknown code keeps its published value; it never falls into a
    default.
    """

    kind: Literal["new_field", "missing_field", "changed_type", "unknown_code"]
    field: str
    value: str = ""
    stream: str = dataclasses.field(default="", kw_only=True)


FetchItem = RawRecord | Checkpoint | Complete | Erase | Reject | Drift
