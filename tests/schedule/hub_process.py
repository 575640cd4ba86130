"""The command line as a process of its own, with a connector whose pace the test sets: ``python -m … serve …``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from hub.registry import Registry
from hub.sdk import Checkpoint, Complete, ConnectorConfig, Context, FetchItem, RawRecord
from tests.runs.harness import Fake, invented_rows


class Config(ConnectorConfig):
    rows: int = 4
    seconds: float = 0.0


class Paced(Fake):
    """Takes ``seconds`` for each row, and goes on where it was."""

    manifest = Fake.manifest.model_copy(update={"id": "xx_paced"})
    config_model = Config  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__([])

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:  # type: ignore[override]
        rows = invented_rows(ctx.config.rows)
        begin = int(ctx.cursor.get("at", 0))
        ctx.log.info("from row %s", begin, extra={"action": "began", "at": begin, "rows": len(rows)})
        for number, row in enumerate(rows[begin:], begin + 1):
            time.sleep(ctx.config.seconds)
            yield RawRecord("rows", row.key, row.payload, "all")
            yield Checkpoint({"at": number})
        yield Checkpoint({"at": 0})
        if not begin:
            yield Complete("rows", "all", len(rows))


if __name__ == "__main__":
    Registry.discover = classmethod(lambda cls, _environ=None: cls.of(Paced))  # type: ignore[method-assign, assignment]
    from hub.cli.app import main

    sys.exit(main(sys.argv[1:]))
