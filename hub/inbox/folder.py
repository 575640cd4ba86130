"""A drop folder, and where the files in it are put. What has become of a file is told by where it lies.

::

    inbox/karlstad/              files are left here
    inbox/karlstad/klart/<kind>  loaded, each with its answer; one without is work that was left
    inbox/karlstad/klart/dubbletter   the same content came before
    inbox/karlstad/fel           could not be loaded; the answer says why
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import file_digest
from itertools import chain, count
from pathlib import Path
from typing import Final

ANSWER: Final = ".svar.html"
"""What an answer's name adds to its file's."""
NOTICE: Final = "LÄS_MIG.txt"
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ANSWER)


def answer_of(file: Path) -> Path:
    """Where the answer to a file stands."""
    return file.with_name(file.name + ANSWER)


def is_drop(name: str) -> bool:
    """Whether a file of that name is meant for the hub: not hidden, not unfinished, not one of the hub's own."""
    return not name.startswith((".", "~$")) and not name.lower().endswith(_UNFINISHED) and name != NOTICE


class DropFolder:
    """One folder ``inbox/<municipality>``; ``root`` is the hub's."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.path = root / name
        self.failed = self.path / "fel"
        self.repeated = self.path / "klart" / "dubbletter"

    def is_safe(self, *kept: Path) -> bool:
        """Whether it and its folders are real folders: a link in a shared folder may lead anywhere."""
        used = (self.path, self.path / "klart", self.failed, self.repeated, *kept)
        return self.path.is_dir() and not any(path.is_symlink() for path in used)

    def dropped(self) -> Iterator[Path]:
        """What lies in it and is meant for the hub, by name. Links are left where they are."""
        return _files(self.path)

    @staticmethod
    def unanswered(kept: Path) -> Iterator[Path]:
        """Files in a source's folder that were not answered."""
        if kept.is_dir():
            answers = {path.name for path in kept.iterdir()}
            yield from (file for file in _files(kept) if file.name + ANSWER not in answers)


def same_content(file: Path, kept: Path) -> Path | None:
    """The file in ``kept`` that holds just what ``file`` does."""
    size, digest = file.stat().st_size, None
    for other in _files(kept) if kept.is_dir() else ():
        if other.stat().st_size != size:
            continue
        digest = digest or _digest(file)
        if _digest(other) == digest:
            return other
    return None


def free_name(name: str, folder: Path) -> Path:
    """A path in ``folder`` that is not taken: ``reskontra (2).csv`` when there is a ``reskontra.csv``; connectors read
    that as a later edition of the same.
    """
    stem, dot, suffix = name.rpartition(".")
    numbered = (f"{stem} ({n}){dot}{suffix}" if stem else f"{name} ({n})" for n in count(2))
    return next(path for each in chain((name,), numbered) if not os.path.lexists(path := folder / each))


def put(file: Path, target: Path) -> None:
    """Move a file. Raises ``FileExistsError`` rather than overwrite another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, target, follow_symlinks=False)  # never overwrites, as a rename would
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # file systems without hard links
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        file.rename(target)
    else:
        file.unlink()


def write_answer(file: Path, html: str, *, like: Path) -> Path:
    """Write the answer to ``file``, whole or not at all, for those who may read ``like``."""
    answer = answer_of(file)
    answer.parent.mkdir(parents=True, exist_ok=True)
    draft = answer.with_name(f".{answer.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with draft.open("x", encoding="utf-8") as stream:
        stream.write(html)
    draft.chmod(like.stat().st_mode & 0o666 | 0o400)
    draft.replace(answer)
    return answer


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if is_drop(path.name) and not path.is_symlink() and path.is_file():
            yield path


def _digest(file: Path) -> bytes:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").digest()
