"""The newest edition of a list, from files or from the web, and its date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from hub.sdk import Context
from hub_xx_membership_list.config import MembershipListConfig

_DATE_IN_NAME: Final = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


@contextmanager
def edition(ctx: Context[MembershipListConfig]) -> Iterator[tuple[Path, str] | None]:
    """The file to read and its name; ``None`` when nothing changed on the web.

    Of several files it is the newest: each is the whole list, so older ones would bring back who has left.
    """
    url = ctx.config.url
    if url:
        with ctx.download(url, conditional=True) as file:
            yield (file, unquote(PurePosixPath(urlsplit(url).path).name) or "list") if file else None
        return
    path = max(ctx.files(ctx.config.path), key=lambda file: (date_in_name(file.name) or date.min, file.name))
    yield path, path.name


def date_in_name(name: str) -> date | None:
    """The date (YYYY-MM-DD) in a file's name, when there is one."""
    for found in _DATE_IN_NAME.findall(name):
        try:
            return date.fromisoformat(found)
        except ValueError:
            continue
    return None
