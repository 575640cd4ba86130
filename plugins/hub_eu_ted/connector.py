"""The connector: notices from files, cleaned of personal data, mapped by the format they are written in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from lxml import etree
from pydantic import Field, ValidationError

from hub.sdk import (
    Connector,
    ConnectorConfig,
    Context,
    Drift,
    FetchItem,
    Manifest,
    RawRecord,
    Record,
    RecordRejected,
    Reject,
    SourceUnavailable,
    Stream,
)
from hub.sdk.formats.xml import Element, parse_xml, read_xml
from hub_eu_ted import legacy
from hub_eu_ted.eforms import document as eforms
from hub_eu_ted.eforms.notice import notice_id, read_notice
from hub_eu_ted.privacy import remove_personal_data

NOTICES = "notices"


class TedConfig(ConnectorConfig):
    """Where the notices are."""

    path: str = Field(description="A notice, a folder of notices, or a glob: data/ted, data/ted/2024-*/*.xml")


class Ted(Connector[TedConfig]):
    """Procurement notices of the EU's Official Journal, in eForms and TED XML."""

    manifest: ClassVar[Manifest] = Manifest(
        id="eu_ted",
        title="TED, EU procurement notices",
        publisher="Publications Office of the European Union",
        homepage="https://ted.europa.eu",
        licence="Reuse with the source acknowledged, Commission Decision 2011/833/EU",
        attribution="© European Union, https://ted.europa.eu",
        streams=(Stream(name=NOTICES, title="Notices", public_keys=True),),
    )
    config_model: ClassVar[type[ConnectorConfig]] = TedConfig

    def fetch(self, ctx: Context[TedConfig]) -> Iterator[FetchItem]:
        """Each file in turn. What is no notice is rejected by its name, and the next file is read."""
        found = ctx.files(ctx.config.path)
        files = [file for file in found if file.suffix.lower() == ".xml"] if len(found) > 1 else found
        if not files:
            raise SourceUnavailable(
                f"none of the {len(found)} files at {ctx.config.path!r} is XML",
                where=ctx.source_id,
                instruction="unpack archives and name notices *.xml; a glob such as folder/**/*.xml reads subfolders",
            )
        ctx.count("files_not_xml", len(found) - len(files))
        for done, file in enumerate(files, start=1):
            yield _raw(file, ctx)
            ctx.progress(done, len(files), file.name)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The notice and its contracts."""
        if not isinstance(raw.payload, bytes):
            raise RecordRejected("a notice is stored as XML, this is something else", where=raw.key)
        root = parse_xml(raw.payload, where=raw.key)
        reader = legacy.read_notice if _format(root, raw.key) == legacy.ROOT else read_notice
        try:
            yield from reader(root)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise RecordRejected(
                f"does not fit the model: {first['msg']}",
                field=".".join(map(str, first["loc"])),
                where=raw.key,
                instruction="compare the notice with the connector's README",
            ) from None


def _raw(file: Path, ctx: Context[TedConfig]) -> FetchItem:
    try:
        root = read_xml(file)
        kind = _format(root, file.name)
    except RecordRejected as error:
        return Reject(NOTICES, file.stem, error.reason, origin=file.name, field=error.field, value=error.value)
    except OSError as error:
        return Reject(NOTICES, file.stem, f"the file cannot be read: {error.strerror}", origin=file.name)
    remove_personal_data(root, ctx.person)
    if kind == legacy.ROOT:
        key = legacy.publication(root) or file.stem
    else:
        identifier, version, number = notice_id(root)
        key = number or (f"{identifier}-{version}" if identifier else file.stem)
    payload = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return RawRecord(NOTICES, key, payload, origin=file.name)


def _format(root: Element, where: str) -> str:
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
