"""Reading one of the operator's TOML files, with errors that say where to look."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from hub.sdk import ConfigError


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says. Raises :class:`ConfigError` with the line when it cannot be read as TOML."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror or type(error).__name__})",
            where=str(path),
            instruction="check that it is a file and that the hub's user may read it",
        ) from None
    try:
        # Windows editors put a byte order mark first, which TOML does not allow.
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            "is not written in UTF-8", where=f"{path}, line {line}", instruction="save the file as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        reason, line_at = _parts(str(error))
        raise ConfigError(
            f"is not valid TOML: {reason}",
            where=f"{path}{line_at}",
            instruction="correct the line; text stands in double quotes",
        ) from None


def _parts(message: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", message, re.DOTALL)
    if match is None:
        return message, ""
    return match[1], f", line {match[2]}" if match[2] else ", last line"
