"""Ticks once for each line on standard input and tells how many runs it began: ``python -m … URL FOLDER SOURCE…``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.schedule.office import Office, source

if __name__ == "__main__":
    office = Office(sys.argv[1], Path(sys.argv[2]))
    sources = [source(name, "daily") for name in sys.argv[3:]]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        office.now = datetime.now(UTC)
        office.tick(*sources)
        sys.stdout.write(f"{office.dispatcher.not_whole}\n")
        sys.stdout.flush()
