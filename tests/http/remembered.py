"""A store of validators for one process."""

from __future__ import annotations

from hub.http import Validators


class Remembered:
    def __init__(self) -> None:
        self._committed: dict[str, Validators] = {}
        self._staged: dict[str, Validators] = {}

    def get(self, url: str) -> Validators | None:
        return self._committed.get(url)

    def put(self, url: str, validators: Validators, *, unmodified: bool) -> None:
        self._staged[url] = validators

    def commit(self) -> None:
        self._committed |= self._staged
        self._staged = {}

    def void(self) -> None:
        self._committed, self._staged = {}, {}
