"""The files of the newest edition, from a folder or the web, and their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from hub.sdk import Context
from hub_xx_agreements.config import AgreementsConfig

_DATE: Final = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")


def date_in_name(name: str) -> date | None:
    """The date in a file's name: ``2026-03-01``, ``20260301`` or ``2026-03``, which means the first of the month."""
    for year, month, day in _DATE.findall(name):
        try:
            return date(int(year), int(month), int(day or 1))
        except ValueError:
            continue
    return None


@contextmanager
def edition(ctx: Context[AgreementsConfig]) -> Iterator[list[tuple[str, Path]] | None]:
    """The files to read with the names to call them; ``None`` when nothing changed on the web.

    Of several files the one with the latest date is read: each is the whole catalogue. Several addresses are its
    parts: when one changed, all are read.
    """
    urls = ctx.config.url
    if not urls:
        path = max(ctx.files(ctx.config.path), key=lambda file: (date_in_name(file.name) or date.min, file.name))
        ctx.log.info("reading %s", path.name)
        yield [(path.name, path)]
        return
    with ExitStack() as stack:
        files = [stack.enter_context(ctx.download(url, conditional=True)) for url in urls]
        if not any(files):
            yield None
            return
        whole = [file or stack.enter_context(ctx.download(url)) for file, url in zip(files, urls, strict=True)]
        yield [
            (PurePosixPath(urlsplit(url).path).name or "download", file)
            for file, url in zip(whole, urls, strict=True)
            if file
        ]
