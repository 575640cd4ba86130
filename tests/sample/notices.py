"""All notice files of the sample."""

from __future__ import annotations

from typing import Final

from tests.sample.eforms import notice_file
from tests.sample.legacy import MALFORMED, legacy_file
from tests.sample.procedures import Procedure
from tests.sample.procedures_kommun import KOMMUN
from tests.sample.procedures_open import OPEN
from tests.sample.procedures_others import OTHERS

PROCEDURES: Final[tuple[Procedure, ...]] = KOMMUN + OTHERS + OPEN


def notice_files() -> dict[str, str]:
    files = [notice_file(procedure, notice) for procedure in PROCEDURES for notice in procedure.publications]
    return dict(sorted([*files, legacy_file(), MALFORMED]))
