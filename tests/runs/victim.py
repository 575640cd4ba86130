"""A process that runs a source until it is killed: ``python -m tests.runs.victim URL FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.runs.harness import Bench, invented_rows, snapshot

if __name__ == "__main__":
    bench = Bench(sys.argv[1], Path(sys.argv[2]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    bench.run(snapshot(*invented_rows(400)), batch_size=10)
