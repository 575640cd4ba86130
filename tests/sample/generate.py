"""Writes the bundled sample's source files: ``python -m tests.sample.generate``.

There is no clock and no chance in it: running it again gives the same bytes. Edit the tables beside this file, run it,
and commit what it wrote.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.sample.directory import ORGANISATIONS
from tests.sample.expected import expected
from tests.sample.ledger_file import ledger_2025, ledger_2026
from tests.sample.membership import asf, ideburna
from tests.sample.notices import notice_files
from tests.sample.register_file import bulk_file
from tests.sample.workbook import zip_of

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = "hub/demo/sample/sources"


def files() -> dict[str, bytes]:
    """Every generated file, by its path in the repository."""
    made = {
        f"{SOURCES}/bolagsverket/bolagsverket_bulkfil.zip": zip_of(
            {"bolagsverket_bulkfil.txt": bulk_file(ORGANISATIONS).encode()}
        ),
        f"{SOURCES}/idebura/idebura-organisationer.csv": b"\xef\xbb\xbf" + ideburna().encode(),
        f"{SOURCES}/asf/asf-foretag.xlsx": asf(),
        f"{SOURCES}/reskontra/leverantorsreskontra-2025.csv": ledger_2025(),
        f"{SOURCES}/reskontra/leverantorsreskontra-2026.csv": ledger_2026(),
        "tests/sample/expected.toml": expected().encode(),
    }
    return made | {f"{SOURCES}/ted/{name}": text.encode() for name, text in notice_files().items()}


def main() -> None:
    for name, content in files().items():
        target = ROOT / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


if __name__ == "__main__":
    main()
