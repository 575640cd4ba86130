"""The bulk file as a snapshot: every legal entity in it but natural persons, then that it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from hub.sdk import Checkpoint, Complete, Context, ContractBroken, FetchItem, RawRecord, Reject
from hub_se_scb import bulk
from hub_se_scb.person import is_person, masked, organisation_number

STREAM: Final = "organisations"
SCOPE: Final = "bulk"
_CHECKPOINT_EVERY: Final = 20_000
"""Lines; the whole file has about 1.8 million."""


def snapshot(ctx: Context[Any], path: Path) -> Iterator[FetchItem]:
    """The file's rows. A reading that broke off goes on behind its last position, if the file is the same one."""
    with path.open("rb") as file:
        version = file_digest(file, "sha256").hexdigest()
    broken_off = ctx.position(STREAM, SCOPE, version)
    start, sent = int(broken_off.get("row", 0)), int(broken_off.get("sent", 0))
    since = 0
    for row in bulk.read(path):
        if row.number <= start:
            continue
        if since >= _CHECKPOINT_EVERY:
            yield Checkpoint({"row": row.number - 1, "sent": sent}, STREAM, SCOPE, version)
            ctx.progress(row.number, None, path.name)
            since = 0
        since += 1
        item = _item(ctx, row, f"{path.name}:{row.number}")
        sent += isinstance(item, RawRecord)
        if item is not None:
            yield item
    if not sent:
        raise ContractBroken("the file has no row about an organisation", where=path.name)
    yield Complete(STREAM, SCOPE, sent)


def _item(ctx: Context[Any], row: bulk.Row | bulk.BrokenRow, origin: str) -> RawRecord | Reject | None:
    if isinstance(row, bulk.BrokenRow):
        return Reject(STREAM, f"line {row.number}", row.reason, origin)
    if is_person(row.cells[bulk.IDENTITY], row.cells[bulk.FORM].strip()):
        ctx.count("persons_dropped")
        return None
    number = organisation_number(row.cells[bulk.IDENTITY])
    if number is None:  # not kept, not even the number: nobody knows whether it is a person's
        reason = "the identity is not 16 and an organisation number of ten digits"
        return Reject(STREAM, f"line {row.number}", reason, origin, field=bulk.IDENTITY)
    payload, found = masked(row.cells)
    ctx.count("person_numbers_masked", found)
    return RawRecord(STREAM, number, payload, SCOPE, origin)
