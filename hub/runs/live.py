"""Whether a source answers: its connector is asked until the first item comes, and nothing is stored."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from hub.model.person import mask_person_numbers
from hub.runs.plan import RunPlan
from hub.sdk import Checkpoint, Complete, Context, Erase, FetchItem, HubError, RawRecord, Reject
from hub.store import source
from hub.store.engine import reading


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking a source. ``error`` is why nothing could be read."""

    source: str
    seconds: float
    came: str = ""
    error: HubError | None = None


def ask(plan: RunPlan) -> Answer:
    """Ask a source as its next run would, from its cursor on, until the first item comes. No lease is taken."""
    began = time.monotonic()
    came, error = "", None
    try:
        came = _first(plan)
    except HubError as found:
        error = found
    except Exception as found:
        logging.getLogger(f"hub.source.{plan.source_id}").exception("asking failed", extra={"action": "ask_failed"})
        error = HubError(f"the connector broke with {type(found).__name__}: see the log", where=plan.source_id)
    return Answer(plan.source_id, round(time.monotonic() - began, 3), came, error)


def _first(plan: RunPlan) -> str:
    with reading(plan.engine) as connection:
        row = source.find(connection, plan.source_id)
    context: Context[Any] = Context(
        source_id=plan.source_id,
        config=plan.config,
        now=(plan.now or datetime.now(UTC)).replace(microsecond=0),
        root=plan.root,
        pseudonym_key=plan.pseudonym_key,
        cursor=row["cursor"] if row else {},
        log=logging.getLogger(f"hub.source.{plan.source_id}"),
        client=plan.client,
        spool=plan.spool,
        lookback=plan.lookback,
        on_progress=plan.on_progress,
    )
    refused: Reject | None = None
    # A generator, whatever its type says: closed, it gives back what it has open.
    with closing(cast("Any", iter(plan.connector.fetch(context)))) as items:
        for item in cast("Iterator[FetchItem]", items):
            match item:
                case RawRecord():
                    return f"a raw record of {item.stream}"
                case Complete():
                    return f"{item.stream}, complete with {item.expected} raw records"
                case Checkpoint():
                    return "a checkpoint"
                case Erase():
                    return "a demand to erase"
                case Reject():
                    refused = refused or item
                case _:
                    pass
    if refused is not None:
        reason = mask_person_numbers(refused.reason)[0]
        raise HubError(f"nothing of it could be read: {reason}", where=mask_person_numbers(refused.origin)[0])
    return "nothing new"
