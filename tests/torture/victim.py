"""Runs the source once in a fresh process for each line on standard input; tells the process's number.

``python -m tests.torture.victim URL FOLDER SITE``: a fork for each run, because starting Python takes longer than most
of them live.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from hub.http import HostPolicies, RetryPolicy, download, open_client
from hub.observe import Redactor
from hub.runs import RunResult
from hub.sdk import HostPolicy
from hub.social import load_signals, refresh
from hub.store.validator import Validators
from tests.runs.harness import Bench
from tests.torture.connector import Config, Tortured

RETRY = RetryPolicy(attempts=4, first=0.01, longest=0.05)


def run_once(url: str, folder: Path, site: str) -> RunResult:
    """One run over a client that is as patient as a test can afford."""
    bench = Bench(url, folder)
    hosts = HostPolicies([HostPolicy(host=site.removeprefix("http://"), requests=10_000)])
    validators = Validators()
    assess = partial(refresh, signals=load_signals(()))
    with open_client(hosts, redactor=Redactor(), store=validators, timeout_seconds=0.15, retry=RETRY) as client:
        plan = bench.plan(
            [],
            connector=Tortured(),
            batch_size=15,
            client=client,
            spool=partial(download, client, folder / "spool", policy=RETRY),
            validators=validators,
            config=Config(url=site),
            assess=lambda connection, ids, now: assess(connection, ids, now=now),
            now=datetime.now(UTC),
        )
        from hub.runs import Run

        result = Run(plan).execute()
    bench.close()
    return result


def main() -> None:
    url, folder, site = sys.argv[1:]
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            run_once(url, Path(folder), site)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("over\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
