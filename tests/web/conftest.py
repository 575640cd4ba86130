from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.watched import Watched


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Watched]:
    made = Watched(database_url, tmp_path)
    yield made
    made.close()
