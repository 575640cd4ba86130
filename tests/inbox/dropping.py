"""A hub with drop folders for two municipalities, and files to drop."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

from hub.inbox import Handled, Inbox
from hub.sdk import Money
from hub.service import Hub

HEAD = "kopare_id,kopare,verifikationsnummer,leverantor,leverantor_id,konto_nr,konto_text,belopp,datum\n"
SOURCE = """
connector = "xx_supplier_ledger"
inbox = "inbox/{name}"
[config]
path = "inbox/{name}/klart/reskontra"
buyer = "{number}"
"""
BUYERS = {"karlstad": "2120001850", "malmo": "2120001124"}


def ledger(*amounts: str, month: str = "2026-07", buyer: str = "2120001850", supplier: str = "Alfa AB") -> str:
    """A file of the national specification, one line for each amount."""
    return HEAD + "".join(
        f"{buyer},Kommunen,{n},{supplier},5560160680,6110,Kontorsvaror,{amount},{month}-{n:02}\n"
        for n, amount in enumerate(amounts, 1)
    )


@dataclass(frozen=True)
class Seen:
    """A recognition as the tests need it."""

    kind: str = "ledger"
    title: str = "leverantörsreskontra"
    sureness: Decimal = Decimal("0.9")
    columns: tuple[tuple[str, str], ...] = (("belopp", "belopp"),)
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    rows: int | None = None
    total: tuple[Money, ...] = ()
    period: str | None = None
    notes: tuple[str, ...] = ()
    profile: str = ""


def recognise(_self: Any, file: Path, _config: Any) -> Seen | None:
    """Knows the files of :func:`ledger`, by their header."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or not lines[0].startswith("kopare_id,"):
        return None
    amounts = [line.split(",")[7] for line in lines[1:] if line.count(",") >= 8]
    numbers = [Decimal(amount) for amount in amounts if re.fullmatch(r"-?\d+(\.\d+)?", amount)]
    period = re.search(r"20\d\d-\d\d", file.name)
    return Seen(
        rows=len(numbers), total=(Money.of(sum(numbers, Decimal(0)), "SEK"),), period=period[0] if period else None
    )


@dataclass
class Dropping:
    """The hub's folder. What is dropped is old enough to be taken, unless told otherwise."""

    root: Path
    url: str
    opened: list[Hub] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, number in BUYERS.items():
            self.configure(f"{name}-reskontra", SOURCE.format(name=name, number=number))
            (self.root / "inbox" / name).mkdir(parents=True)

    def configure(self, source: str, toml: str) -> None:
        path = self.root / "config" / "sources" / f"{source}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(toml, encoding="utf-8")

    def hub(self) -> Hub:
        hub = Hub.open(self.root / "config", database=self.url, environ={})
        self.opened.append(hub)
        return hub

    def drop(self, name: str, text: str, to: str = "karlstad") -> Path:
        path = self.root / "inbox" / to / name
        path.write_text(text, encoding="utf-8")
        return path

    def look(self, hub: Hub | None = None) -> list[Handled]:
        return list(self.looking(hub))

    def looking(self, hub: Hub | None = None) -> Iterator[Handled]:
        from hub.inbox.stillness import Stillness

        return Inbox(Stillness(clock=lambda: time.time() + 60)).look(hub or self.hub())

    def files(self, name: str = "karlstad") -> list[str]:
        folder = self.root / "inbox" / name
        found = (Path(path, file).relative_to(folder) for path, _, files in os.walk(folder) for file in files)
        return sorted(path.as_posix() for path in found)

    def answer(self, path: str, name: str = "karlstad") -> str:
        """An answer's text as a reader sees it."""
        html = (self.root / "inbox" / name / f"{path}.svar.html").read_text(encoding="utf-8")
        return unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
