"""The file of a source under another name, or gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hub.sdk import ConfigError
from hub.settings.schema import check_source_id


def path_of(config_dir: Path, source_id: str) -> Path:
    """Where a source's file stands, or would."""
    return config_dir / "sources" / f"{source_id}.toml"


def check_move(config_dir: Path, old: str, new: str) -> None:
    """Raise ``ConfigError`` when ``new`` is no name for a source, or when it is not clear which file is its own."""
    before, after = path_of(config_dir, old), path_of(config_dir, new)
    try:
        check_source_id(new)
    except ValueError as error:
        raise ConfigError(str(error), where=str(after), instruction="choose another name") from None
    if before.exists() and after.exists() and before.read_bytes() != after.read_bytes():
        raise ConfigError(
            f"{before.name} and {after.name} both exist and differ",
            where=str(after.parent),
            instruction=f"delete the one that is not to be read as {new!r}, then run this again",
        )
    if not before.exists() and not after.exists():
        instruction = "restore the file; a source that is read no more is removed, with `hub sources remove`"
        raise ConfigError(f"there is neither {before.name} nor {after.name}", where=str(after.parent),
                          instruction=instruction)  # fmt: skip


def move(config_dir: Path, old: str, new: str) -> None:
    """Give a source's file its new name, unless the operator has done so."""
    before, after = path_of(config_dir, old), path_of(config_dir, new)
    if before.exists():
        # The two say the same when both exist: this one takes the other's place.
        _do(lambda: before.replace(after), before)


def delete(config_dir: Path, source_id: str) -> bool:
    """Delete a source's file; ``False`` when there was none."""
    path = path_of(config_dir, source_id)
    there = path.exists()
    _do(lambda: path.unlink(missing_ok=True), path)
    return there


def _do(act: Callable[[], object], path: Path) -> None:
    try:
        act()
    except OSError as error:
        raise ConfigError(
            f"the file cannot be changed ({error.strerror or type(error).__name__})",
            where=str(path),
            instruction="let the hub's user write to the folder, or change it yourself and run this again",
        ) from None
