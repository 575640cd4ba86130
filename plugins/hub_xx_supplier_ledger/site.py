"""Where the files of a run come from: folders, addresses and row services, all as files on disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from hub.sdk import Context
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.payload import spool
from hub_xx_supplier_ledger.service import datastore_rows, rowstore_rows

_BESIDE_DATA: Final = re.compile(r"~\$.*|.*\.md", re.IGNORECASE)
"""Excel's lock files, and notes about the files. Whatever else cannot be read is told."""
_NAMELESS: Final = re.compile(r"\d*|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")
"""Numbers and UUIDs, in which a year would be read that means nothing."""
_UNSAFE: Final = re.compile(r"[^\w.,()+-]")


@contextmanager
def files_of(ctx: Context[LedgerConfig]) -> Iterator[tuple[list[Path], Path]]:
    """The files of this run and the folder that their names start from, for as long as the block lasts.

    Addresses are kept in folders of their own names, so that a file is known again by its address. No file when
    nothing at any address has changed since the last complete run, and there is nothing else to read.
    """
    config = ctx.config
    found = [path for path in ctx.files(config.path) if not _BESIDE_DATA.fullmatch(path.name)] if config.path else []
    if not (config.url or config.rowstore or config.datastore):
        target = ctx.root / (config.path or "")
        yield found, next(path for path in (target, *target.parents) if path.is_dir())
        return
    with TemporaryDirectory(prefix="ledgers-") as folder, ExitStack() as open_files:
        root = Path(folder)
        asked = config.url
        # Files can only be judged side by side: when one has changed, or there is anything else, all are read.
        alone = not (found or config.rowstore or config.datastore)
        got = {url: open_files.enter_context(ctx.download(url, conditional=True)) for url in asked} if alone else {}
        if not alone or any(got.values()):
            for url in asked:
                path = got.get(url) or open_files.enter_context(ctx.download(url))
                found += [_link(path, _place(root, url))] if path else []
        services: tuple[tuple[tuple[str, ...], _Rows], ...] = (
            (config.rowstore, rowstore_rows), (config.datastore, datastore_rows)
        )  # fmt: skip
        for addresses, rows in services:
            for address in addresses:
                path = _place(root, address.replace("?", "/") + "/ledger.rows")
                spool(rows(ctx, address), path)
                found.append(path)
        yield found, root


_Rows = Callable[[Context[LedgerConfig], str], Iterator[Mapping[str, Any]]]


def _place(root: Path, address: str) -> Path:
    """A file name that follows from the address, in a folder that is there."""
    parts = urlsplit(address)
    *folders, name = (_UNSAFE.sub("_", unquote(part)) for part in f"{parts.netloc}{parts.path}".split("/"))
    if parts.query:
        name = f"{name}_{_UNSAFE.sub('_', unquote(parts.query))}"
    if parts.query or _NAMELESS.fullmatch(name):
        folders, name = [*folders, name], "ledger"
    folder = root.joinpath(*(part.lstrip(".") or "_" for part in folders))
    folder.mkdir(parents=True, exist_ok=True)
    return folder / (name.lstrip(".")[-150:] or "ledger")


def _link(path: Path, name: Path) -> Path:
    name.symlink_to(path.absolute())
    return name
