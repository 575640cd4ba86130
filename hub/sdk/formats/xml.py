"""Safe XML on lxml: no document type, no entities, no network, bounded in size and depth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, TypeAlias

from lxml import etree

from hub.sdk.errors import RecordRejected

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's element type has no public name

XML_LIMIT: Final = 64 * 1024 * 1024
"""Largest document in bytes. The largest notice known is below 2 MB."""

_PROLOG: Final = 64 * 1024
# Possessive (*+, atomic group), so that a prolog made of a thousand comments cannot make the search explode.
_DOCTYPE: Final = re.compile(
    rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE\s+(?P<name>[\w:.\-]+)", re.DOTALL | re.IGNORECASE
)
_PLACE: Final = re.compile(r", line \d+, column \d+.*", re.DOTALL)
_HTML: Final = re.compile(rb"\s*<html[\s>]", re.IGNORECASE)


def parse_xml(data: bytes, *, where: str = "", limit: int = XML_LIMIT) -> Element:
    """The root element of a document, without its comments and processing instructions.

    Raises :class:`RecordRejected`, naming the line, for anything that is no plain XML: malformed or empty
    text, a web page in its place, a document type (the carrier of entity bombs and of references to other
    files), more than ``limit`` bytes. ``where`` is the file or address for the message.
    """
    if len(data) > limit:
        raise _rejected(f"the document has more than the {limit:,} bytes allowed", where)
    if not data.strip():
        raise _rejected("the document is empty", where)
    _refuse_document_type(data, where)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,  # libxml2's own limits on depth, text length and amplification stay on
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # libxml2 ends its message with the place, which is told here already.
        said = _PLACE.sub("", error.msg or "") or "unreadable"
        raise _rejected(f"not well-formed XML, line {error.lineno or 1}: {said}", where) from None
    # A second look, for a document type that hides from the first one in a rare encoding.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _rejected("the document carries a document type, which is not accepted", where)
    return root


def read_xml(path: Path, *, limit: int = XML_LIMIT) -> Element:
    """The root element of the document in a file, as :func:`parse_xml`; too large a file is not read."""
    with path.open("rb") as file:
        return parse_xml(file.read(limit + 1), where=path.name, limit=limit)


def _refuse_document_type(data: bytes, where: str) -> None:
    """Look before parsing: entities in attribute values are expanded by the parser whatever it is told."""
    # Without NULs, UTF-16 reads like ASCII here; the byte order mark is not part of the text.
    prolog = data[:_PROLOG].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    match = _DOCTYPE.match(prolog)
    if (match and match["name"].lower() == b"html") or _HTML.match(prolog):
        raise _rejected("this is a web page, not XML: perhaps the server's error or log-in page", where)
    if match:
        line = prolog[: match.end()].count(b"\n") + 1
        raise _rejected(
            f"line {line}: the document carries a document type (<!DOCTYPE {match['name'].decode()}>), which "
            "can hold entity bombs or pull in other files and is not accepted",
            where,
        )


def _rejected(reason: str, where: str) -> RecordRejected:
    return RecordRejected(reason, where=where, instruction="fetch it again, or report it to its publisher")
