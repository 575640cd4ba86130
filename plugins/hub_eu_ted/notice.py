"""A notice's XML as a raw record: told by its format, cleaned of personal data, keyed by its publication number."""

from __future__ import annotations

from lxml import etree

from hub.sdk import Context, RawRecord, RecordRejected
from hub.sdk.formats.xml import Element
from hub_eu_ted import legacy
from hub_eu_ted.config import TedConfig
from hub_eu_ted.eforms import document as eforms
from hub_eu_ted.eforms.notice import notice_id
from hub_eu_ted.privacy import remove_personal_data

NOTICES = "notices"


def raw_record(
    root: Element, ctx: Context[TedConfig], origin: str, *, number: str = "", file: str = "", scope: str = ""
) -> RawRecord:
    """The raw record. What tells no publication number has the ``number`` it was found by, else its own identifier,
    else the name of its ``file``. Raises ``RecordRejected`` for no notice.
    """
    kind = format_of(root, origin)
    remove_personal_data(root, ctx.person)
    if kind == legacy.ROOT:
        key = legacy.publication(root) or number or file
    else:
        identifier, version, told = notice_id(root)
        key = told or number or (f"{identifier}-{version}" if identifier else file)
    payload = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return RawRecord(NOTICES, key, payload, scope, origin)


def format_of(root: Element, where: str) -> str:
    """The name of the root element, when it is one of a notice."""
    name = etree.QName(root).localname
    if name != legacy.ROOT and name not in eforms.ROOTS:
        raise RecordRejected(
            f"the root element is <{name}>, which is no notice in eForms or TED XML",
            field="/",
            value=name,
            where=where,
            instruction="keep only notices in the source's path",
        )
    return name
