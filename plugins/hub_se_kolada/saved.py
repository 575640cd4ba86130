"""Saved answers of the API, as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hub.sdk import Context, ContractBroken, FetchItem, Reject
from hub_se_kolada import answer
from hub_se_kolada.value import STREAM, raw_records

_LIMIT: Final = 64 << 20
"""Bytes; an answer of 5,000 values has one million."""
_TABLE: Final = b"id,title,municipality_type"


def saved(ctx: Context[Any]) -> Iterator[FetchItem]:
    """The values of the municipalities that are asked for. A file that holds something else says what."""
    wanted = set(ctx.config.municipalities)
    for path in ctx.files(ctx.config.path):
        try:
            found = _read(path)
        except ContractBroken as error:
            yield Reject(STREAM, path.name, error.reason, path.name, whole=True)
            continue
        if isinstance(found, str):
            yield Reject(STREAM, path.name, f"no values of municipalities: the file is {found}", path.name)
            continue
        yield from found.drift
        for number, member in enumerate(found.members, start=1):
            if str(member.get("municipality")) not in wanted and "municipality" in member:
                ctx.count("other_municipalities")
            else:
                yield from raw_records(member, None, f"{path.name}:{number}")


def _read(path: Path) -> answer.Answer | str:
    """The answer in a file, or what it holds instead."""
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
    except OSError as error:
        raise ContractBroken(f"the file cannot be read: {error.strerror}", where=path.name) from None
    if len(data) > _LIMIT:
        raise ContractBroken("larger than any answer of Kolada", where=path.name)
    if data.removeprefix(b"\xef\xbb\xbf").startswith(_TABLE):
        return "a list of indicators"
    found = answer.read(data, path.name)
    return (answer.kind_of(found.members[0]) if found.members else "") or found
