"""The documents in the files of a source, one at a time: XML files, and zip archives of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from hub.sdk import ContractBroken, RecordRejected
from hub.sdk.formats.xml import XML_LIMIT, Element, parse_xml
from hub.sdk.formats.zip import zip_members
from hub_xx_peppol.dialect import unwrapped

_BESIDE: Final = re.compile(r"~\$.*|.*\.md", re.IGNORECASE)
"""Lock files, and notes about the files."""
_ZIP: Final = b"PK\x03\x04"
_PDF: Final = b"%PDF"


class Found(NamedTuple):
    """A document where it stood; or why there is none, and whether a whole file with any number of them is missing."""

    origin: str
    root: Element | None = None
    reason: str = ""
    whole: bool = False


def is_beside(path: Path) -> bool:
    """Whether a file is known to be no data."""
    return _BESIDE.fullmatch(path.name) is not None


def documents(path: Path) -> Iterator[Found]:
    """Every document of one file. What cannot be read is said with its reason, and the rest is read."""
    try:
        with path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                file.seek(0)
                yield from _parsed(file.read(XML_LIMIT + 1), path.name)
                return
        # Members that are no XML are said as well: nothing is left out in silence.
        for member in zip_members(path):
            yield from _parsed(member.stream.read(XML_LIMIT + 1), f"{path.name}/{member.name}")
    except ContractBroken as error:
        yield Found(path.name, reason=error.reason, whole=True)
    except OSError as error:
        yield Found(path.name, reason=f"the file cannot be read: {error.strerror}", whole=True)


def _parsed(data: bytes, origin: str) -> Iterator[Found]:
    if data.startswith(_PDF):
        yield Found(origin, reason="a PDF is the picture of an invoice; the XML beside it is what is read")
        return
    try:
        inner = unwrapped(parse_xml(data, where=origin))
    except RecordRejected as error:
        yield Found(origin, reason=error.reason)
        return
    if not inner:
        yield Found(origin, reason="the envelope (StandardBusinessDocument) is empty")
    for number, root in enumerate(inner, start=1):
        if (parent := root.getparent()) is not None:
            parent.remove(root)
        yield Found(origin if len(inner) == 1 else f"{origin}#{number}", root)
