"""Which source a file is for: each looks at it, and the surest takes it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hub.sdk import Connector, ConnectorConfig, HubError
from hub.settings import Source

if TYPE_CHECKING:
    from hub.sdk.recognition import Recognition

LEAST: Final = Decimal("0.5")
"""How sure a connector must be. A file that is loaded as what it is not does more harm than one that waits."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Candidate:
    """A source that files of a drop folder may be for, ready to look at one. ``kept`` is the folder it reads."""

    source: Source
    connector: Connector[Any]
    config: ConnectorConfig
    kept: Path


@dataclass(frozen=True)
class Choice:
    """What a file was taken for; without a candidate, ``why`` says in Swedish why it was not taken."""

    candidate: Candidate | None = None
    recognition: Recognition | None = None
    why: str = ""


def choose(file: Path, candidates: Iterable[Candidate]) -> Choice:
    """The source whose connector is surest of the file."""
    found = [(seen, each) for each in candidates if (seen := recognise(file, each)) is not None]
    found.sort(key=lambda pair: pair[0].sureness, reverse=True)
    if not found:
        return Choice(why="Filen känns inte igen som något som hubben läser för den här kommunen.")
    seen, surest = found[0]
    if seen.sureness < LEAST:
        return Choice(None, seen, f"Filen liknar {seen.title}, men för mycket saknas för att den ska läsas in.")
    if len(found) > 1 and found[1][0].sureness == seen.sureness:
        return Choice(None, seen, f"Filen kan vara både {seen.title} och {found[1][0].title}; hubben gissar inte.")
    return Choice(surest, seen)


def recognise(file: Path, candidate: Candidate) -> Recognition | None:
    """What a candidate's connector takes the file for. A connector that stumbles over it does not know it."""
    try:
        return candidate.connector.recognise(file, candidate.config)
    except HubError:
        return None
    except Exception as error:  # noqa: BLE001 - a plugin's fault must not keep other files waiting
        extra = {"action": "recognise_failed", "source": candidate.source.id}
        _log.warning("a dropped file could not be looked at: %s", type(error).__name__, extra=extra)
        return None
