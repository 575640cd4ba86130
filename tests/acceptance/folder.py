"""An operator's folder, and the hub run over it as its user runs it: by the command line, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from hub.store.engine import open_engine

SAMPLE = Path(__file__).parents[2] / "hub" / "demo" / "sample"


@dataclass
class Folder:
    """A config folder beside its sources, with a database."""

    root: Path
    database: str

    @classmethod
    def of_sample(cls, root: Path, database: str) -> Folder:
        """A copy of the bundled sample."""
        shutil.copytree(SAMPLE, root, dirs_exist_ok=True)
        return cls(root, database)

    @classmethod
    def empty(cls, root: Path, database: str) -> Folder:
        """A folder without sources."""
        (root / "config" / "sources").mkdir(parents=True)
        (root / "config" / "hub.toml").touch()
        return cls(root, database)

    def add_source(self, source_id: str, toml: str) -> None:
        """Configure a source."""
        (self.root / "config" / "sources" / f"{source_id}.toml").write_text(toml, "utf-8")

    def hub(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``hub`` with these arguments."""
        return subprocess.run(
            [sys.executable, "-m", "hub.cli.app", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root,
            env={
                **os.environ,
                "HUB_CONFIG_DIR": str(self.root / "config"),
                "HUB_DATABASE_URL": self.database,
                "COLUMNS": "200",
                **environment,
            },
        )

    def sync(self, *sources: str, **environment: str) -> dict[str, dict[str, Any]]:
        """``hub sync --json``, by source."""
        done = self.hub("sync", "--json", *sources, **environment)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert lines, done.stderr
        assert (done.returncode == 0) == all(line["outcome"] in ("succeeded", "unchanged") for line in lines), done
        return {line["source"]: line for line in lines}

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        engine = open_engine(self.database)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(sql))]
        engine.dispose()
        return found
