"""The key of natural persons' pseudonyms when the operator gives none: made once, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from hub.sdk import ConfigError

SHORTEST: Final = 32
"""Characters. A shorter key could be found by trying, and with it every person's number."""


def pseudonym_key(path: Path) -> bytes:
    """The key in ``path``, made at first use. Raises ``ConfigError`` for a file that holds no whole key."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise ConfigError(
            f"the key of pseudonyms cannot be kept ({error.strerror})",
            where=str(path),
            instruction="let the hub's user write there, or set privacy.pseudonym_key",
        ) from None
    if len(key) < SHORTEST:
        raise ConfigError(
            "the file holds no whole key",
            where=str(path),
            instruction="restore it from a backup; with another key, persons get other pseudonyms",
        )
    return key


def _make(path: Path) -> None:
    # Written elsewhere and linked into place: whoever reads it, reads it whole, and the first of two makers wins.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
