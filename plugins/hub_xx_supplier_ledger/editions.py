"""Files that replace one another: a corrected month beside the one that it corrects would be counted twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

_WORDS: Final = re.compile(
    r"[-_. ]*(?:\b|_)(?:v|ver|version|rev|utgåva)[-_. ]?(\d+)(?![a-z\d])"
    r"|[-_. ]*(?:rättad|rättat|rattad|korrigerad|korrigerat|korr|uppdaterad|corrected|revised|amended|updated|korjattu)"
    r"|[-_ ]*\((\d+)\)|[-_ ]+(?:kopia|copy)\b",
    re.IGNORECASE,
)


def plain_name(name: str) -> str:
    """What all editions of a file have in common: its name without such words and without the suffix."""
    path = PurePosixPath(name)
    return (path.parent / _WORDS.sub("", path.stem).casefold()).as_posix()


def latest_editions(paths: Iterable[Path]) -> tuple[list[Path], list[tuple[Path, Path]]]:
    """The files to read, and pairs of a file left out and the one that replaces it.

    Two files are editions of one when their names differ only in words such as ``rättad``, ``v2`` or ``(1)`` and in
    the suffix after the last point. The higher number wins, any such word wins over none.
    """
    editions: dict[tuple[Path, str], list[tuple[int, str, Path]]] = {}
    for path in paths:
        rank = 0
        for match in _WORDS.finditer(path.stem):
            rank = max(rank, 1 + int(match[1] or match[2] or 0))
        plain = _WORDS.sub("", path.stem).casefold()
        editions.setdefault((path.parent, plain), []).append((rank, path.name, path))
    read: list[Path] = []
    replaced: list[tuple[Path, Path]] = []
    for listed in editions.values():
        *older, (_, _, newest) = sorted(listed)
        read.append(newest)
        replaced.extend((path, newest) for _, _, path in older)
    return sorted(read), replaced
