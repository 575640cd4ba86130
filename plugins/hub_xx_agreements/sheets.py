"""The tables of a file: every sheet of a workbook that has the headings of a catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.sdk import ContractBroken
from hub.sdk.formats.table import Row, Table, open_table
from hub_xx_agreements.config import AgreementsConfig
from hub_xx_agreements.headings import Headings, find_headings


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its headings."""

    table: Table
    headings: Headings
    name: str
    """The file's name, and the sheet's where there are several."""

    def rows(self) -> Iterator[Row]:
        """The rows below the headings that hold anything."""
        for row in self.table.rows():
            if row.number > self.headings.number and any(cell.strip() for cell in row.cells):
                yield row


def sheets_of(path: Path, name: str, config: AgreementsConfig) -> tuple[list[Sheet], list[str]]:
    """The file's tables, and the names of sheets without headings, such as covers.

    Raises ``ContractBroken`` when there is none, and for JSON.
    """
    with path.open("rb") as stream:
        if stream.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
            raise ContractBroken(
                "the file is JSON, such as a schema, not a table", where=name, instruction="save it as .xlsx or CSV"
            )
    opened = open_table(path)
    labels = opened.sheets or ("",)
    tables = [(label, open_table(path, sheet=label) if label else opened) for label in labels]
    found, others = [], []
    for label, table in tables:
        headings = find_headings(table.rows(), config.columns, config.ignore)
        if headings is None:
            others.append(label)
        else:
            found.append(Sheet(table, headings, f"{name}:{label}" if len(labels) > 1 else name))
    if not found:
        raise ContractBroken(
            "no row holds the headings of a catalogue: a reference or title, and something more",
            where=name,
            instruction="name them in `columns` in the source's [config]",
        )
    return found, others
