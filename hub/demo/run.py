"""The demonstration's own hub: the bundled sample in a working folder, apart from any real hub."""

from __future__ import annotations

import os
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from hub.demo import sql
from hub.sdk.errors import ConfigError, HubError
from hub.service import Hub
from hub.store.engine import reading

_MARK: Final = ".hub-demo"


def open_demo(folder: Path, database: str | None = None) -> Hub:
    """A hub on the sample in ``folder``, which is made or brought up to date.

    Raises ``HubError`` rather than mix invented data into a folder or a database with other contents.
    """
    _copy_sample(folder)
    # Settings in the environment are a real hub's: the demonstration listens to its command line alone.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    hub = Hub.open(folder / "config", database=database, environ=environ)
    with reading(hub.engine) as connection:
        strangers = {row["id"] for row in sql.sources(connection)} - {source.id for source in hub.settings.sources}
    if strangers:
        hub.close()
        raise HubError(
            f"the database holds other sources already ({', '.join(sorted(strangers))})",
            where=str(hub.settings.database.url),
            instruction="name an empty database for the invented data",
        )
    return hub


def _copy_sample(folder: Path) -> None:
    if folder.exists() and not (folder / _MARK).exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(
            "is there already and is not a demonstration",
            where=str(folder),
            instruction="name a new folder with --dir",
        )
    try:
        with as_file(files("hub.demo") / "sample") as sample:
            shutil.copytree(sample, folder, dirs_exist_ok=True)
        (folder / _MARK).touch()
    except OSError as error:
        raise ConfigError(
            f"cannot be written ({error.strerror or type(error).__name__})",
            where=str(folder),
            instruction="name a folder that you may write to with --dir",
        ) from None
