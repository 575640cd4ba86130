"""The files that a municipality begins with: its sources, the national ones, and its drop folder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from hub.cli.place import Place

DROPPED: Final = ("reskontra", "avtal", "fakturor", "listor")
OWN: Final = (*(f"{kind}.toml" for kind in DROPPED), "kolada.toml.example")
NATIONAL: Final = ("bolagsverket.toml", "bolagsverket-api.toml.example", "scb.toml", "ted.toml", "uhm.toml")
_README: Final = "LÄS_MIG.txt"
_DERIVED: Final = "   # härlett ur numreringen, inte läst någonstans: jämför med SCB:s fil när den har kommit"


def municipal(place: Place) -> dict[str, str]:
    """The municipality's own sources: file name → text."""
    return {f"{place.slug}-{name}": _filled(name, place) for name in OWN}


def national() -> dict[str, str]:
    """The sources that every municipality needs: file name → text."""
    return {name: _text("national", name) for name in NATIONAL}


def drop_folder(root: Path, place: Place) -> dict[Path, str]:
    """Make the folders that files are dropped in and put away to; gives what else is to be written there."""
    folder = root / "inbox" / place.slug
    for path in (folder / "fel", *(folder / "klart" / kind for kind in DROPPED)):
        path.mkdir(parents=True, exist_ok=True)
    return {folder / _README: _filled(_README, place)}


def _filled(name: str, place: Place) -> str:
    return Template(_text("municipality", name)).substitute(
        slug=place.slug,
        register=f"{place.slug.replace('-', '_')}_sociala_foretag",
        owner=place.name,
        code=place.code,
        number=f"{place.number[:6]}-{place.number[6:]}",
        doubt=_DERIVED if place.derived else "",
    )


def _text(folder: str, name: str) -> str:
    return (files("hub.cli") / "starter" / folder / name).read_text(encoding="utf-8")
