"""A bench whose pages a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from hub.schedule.state import ServeState
from hub.web import serve_pages
from tests.runs.harness import Bench

TOKEN = "t" * 32
LABELS = ("source", "kind", "outcome", "operation", "version")

Samples = dict[tuple[str, ...], float]


class Watched(Bench):
    """A bench with pages, at ``url`` while ``serving`` lasts."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        self.state = ServeState()

    @contextmanager
    def serving(self, token: str = "") -> Iterator[str]:
        with serve_pages("127.0.0.1:0", self.engine, self.state, SecretStr(token) if token else None) as address:
            yield f"http://{address}"

    def metrics(self) -> Samples:
        with self.serving() as url:
            return samples(get(f"{url}/metrics").text)


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, trust_env=False, timeout=10)


def samples(exposition: str) -> Samples:
    """By name and values of labels, as Prometheus' own parser reads them."""
    found: Samples = {}
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            assert set(sample.labels) <= set(LABELS)
            key = (sample.name, *(sample.labels[name] for name in LABELS if name in sample.labels))
            assert key not in found
            found[key] = sample.value
    return found
