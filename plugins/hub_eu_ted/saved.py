"""Notices from saved files: single ones, and those in daily packages that concern the configured countries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hub.sdk import Context, FetchItem, RecordRejected, Reject, SourceUnavailable
from hub.sdk.formats.xml import parse_xml, read_xml
from hub_eu_ted.config import TedConfig
from hub_eu_ted.notice import NOTICES, format_of, raw_record
from hub_eu_ted.package import members
from hub_eu_ted.territory import concerns

_PACKAGES: Final = (".tar.gz", ".tgz")


def read(ctx: Context[TedConfig], path: str) -> Iterator[FetchItem]:
    """Each file in turn. What is no notice is rejected by its name, and the next file is read."""
    found = ctx.files(path)
    files = [file for file in found if file.suffix.lower() == ".xml" or _is_package(file)] if len(found) > 1 else found
    if not files:
        raise SourceUnavailable(
            f"none of the {len(found)} files at {path!r} is XML or a package",
            where=ctx.source_id,
            instruction="name notices *.xml and packages *.tar.gz; a glob such as folder/**/* reads subfolders",
        )
    ctx.count("files_not_xml", len(found) - len(files))
    for done, file in enumerate(files, start=1):
        if _is_package(file):
            yield from _package(file, ctx)
        else:
            yield _file(file, ctx)
        ctx.progress(done, len(files), file.name)


def _is_package(file: Path) -> bool:
    return file.name.lower().endswith(_PACKAGES)


def _file(file: Path, ctx: Context[TedConfig]) -> FetchItem:
    try:
        return raw_record(read_xml(file), ctx, file.name, file=file.stem)
    except RecordRejected as error:
        return Reject(NOTICES, file.stem, error.reason, origin=file.name, field=error.field, value=error.value)
    except OSError as error:
        return Reject(NOTICES, file.stem, f"the file cannot be read: {error.strerror}", origin=file.name)


def _package(file: Path, ctx: Context[TedConfig]) -> Iterator[FetchItem]:
    elsewhere = 0
    for member in members(file):
        name = Path(member.name)
        origin = f"{file.name}, {name.name}"
        try:
            root = parse_xml(member.data, where=origin)
            format_of(root, origin)
            if concerns(root, ctx.config.countries):
                yield raw_record(root, ctx, origin, file=name.stem)
            else:
                elsewhere += 1
        except RecordRejected as error:
            yield Reject(NOTICES, name.stem, error.reason, origin=origin, field=error.field, value=error.value)
    ctx.count("notices_elsewhere", elsewhere)
