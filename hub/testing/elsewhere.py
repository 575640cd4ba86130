"""A connector in a process of its own: with another hash seed, or seen while it is imported."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.sdk import ConnectorClass, RawRecord, RecordRejected

_PATIENCE: Final = 60

_IMPORT: Final = """
import importlib, json, sys, time
import hub.sdk
before = set(sys.modules)
began = time.perf_counter()
module = importlib.import_module(sys.argv[1])
for offer in (getattr(module, "hub_connectors", None),):
    offer and list(offer())
if sys.argv[2]:
    importlib.import_module(sys.argv[2])
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "modules": sorted(set(sys.modules) - before)}))
"""


@dataclass(frozen=True)
class Imported:
    """How long importing took, in seconds, and which modules came with it."""

    seconds: float
    modules: tuple[str, ...]


def imported(plugin: str, module: str) -> Imported | None:
    """Import a plugin's module, and the connector's own, as a hub does; ``None`` when it cannot be found there."""
    done = _run("-c", _IMPORT, plugin, module)
    if done.returncode != 0:
        return None
    found = json.loads(done.stdout.splitlines()[-1])
    return Imported(found["seconds"], tuple(found["modules"]))


def normalised(connector: ConnectorClass, raw: Sequence[RawRecord]) -> list[list[Any]]:
    """What normalise makes of raw records in another process; nothing when the class cannot be found there."""
    given = pickle.dumps((connector.__module__, connector.__qualname__, list(raw)))
    done = _run("-m", "hub.testing.elsewhere", given=given)
    return pickle.loads(done.stdout) if done.returncode == 0 else []  # noqa: S301 - written by `_answer` below


def _run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    return subprocess.run(  # noqa: S603 - this interpreter, and words of ours
        [sys.executable, *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=_PATIENCE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": seed},
    )


def _answer() -> None:
    module, name, raw = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `normalised` above
    found: Any = __import__(module, fromlist=["*"])
    for part in name.split("."):
        found = getattr(found, part)
    connector, answers = found(), []
    for item in raw:
        try:
            answers.append(list(connector.normalise(item)))
        except (RecordRejected, ValueError) as error:
            answers.append([f"rejected: {error}"])
    sys.stdout.buffer.write(pickle.dumps(answers))


if __name__ == "__main__":
    _answer()
