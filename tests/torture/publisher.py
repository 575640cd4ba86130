"""A publisher on the web who is slow, breaks off, mixes up the order, and changes everything from time to time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from hub.testing import Handler, TestServer, ranged, reply, reset, serving, stall, truncate
from tests.runs.harness import invented_rows

SCOPES = ("a", "b", "c")
PAGE = 20
EDITIONS = 4
FAULTS = (reset, stall, truncate, reply(500), reply(429, retry_after="0"), reply(503))

Item = dict[str, str]


def edition(number: int) -> dict[str, list[Item]]:
    """What each scope holds: every edition changes some items, drops some and brings others back."""
    held: dict[str, list[Item]] = {scope: [] for scope in SCOPES}
    for index, row in enumerate(invented_rows(240)):
        if (index + number) % 7 == 0:
            continue
        payload = {str(name): str(value) for name, value in dict(row.payload).items()}  # type: ignore[arg-type]
        if "paid" not in payload:
            payload["purpose"] = "Föreningen driver ett arbetsintegrerande socialt företag." if index % 12 == 0 else ""
        if (index * 3 + number) % 5 == 0:
            payload["name"] = f"{payload['name']} {number}"
        held[SCOPES[index % 3]].append({"key": row.key, **payload})
    return held


class Publisher:
    """Answers ``/edition``, ``/rows?scope=&page=`` and ``/members.txt``, badly with the probability ``evil``."""

    def __init__(self, server: TestServer, chance: random.Random) -> None:
        self.url = server.url
        self.evil = 0.0
        self._chance = chance
        self.publish(1)
        server.on("/edition", self._edition)
        server.on("/rows", self._rows)
        server.on("/members.txt", self._members)

    def publish(self, number: int) -> None:
        """From now on this edition."""
        self.number, self._held = number, edition(number)

    def _edition(self, handler: Handler) -> None:
        self._answer(handler, {"edition": str(self.number)})

    def _rows(self, handler: Handler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        rows, page = self._held[asked["scope"][0]], int(asked["page"][0])
        shown = rows[page * PAGE : (page + 1) * PAGE]
        self._chance.shuffle(shown)
        self._answer(handler, {"edition": str(self.number), "total": len(rows), "items": shown})

    def _members(self, handler: Handler) -> None:
        body = "\n".join(row["number"] for row in self._held["a"] if "paid" not in row).encode()
        most = self._chance.randrange(1, len(body)) if self._spoils() else None
        ranged(body, f'"{self.number}"', most)(handler)

    def _answer(self, handler: Handler, answer: object) -> None:
        whole = reply(200, json.dumps(answer).encode(), content_type="application/json")
        handler.meant = whole
        fault = self._chance.choices(FAULTS, weights=(4, 1, 4, 4, 4, 4))[0] if self._spoils() else whole
        fault(handler)

    def _spoils(self) -> bool:
        return self._chance.random() < self.evil


@contextmanager
def publishing(seed: str) -> Iterator[Publisher]:
    """A publisher for as long as the block lasts."""
    with serving() as server:
        yield Publisher(server, random.Random(seed))


def items(held: dict[str, list[Item]]) -> Sequence[Item]:
    """Everything in an edition."""
    return [item for scope in SCOPES for item in held[scope]]
