"""Keeping secrets and natural persons out of every line that is logged.

Secrets are known by value: those of the hub for the whole process, those of a source while it runs. What one run must
not show, no other may show meanwhile, so that threads need not be told apart.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote, quote_plus

from hub.model.person import mask_person_numbers
from hub.settings.masking import MASK, SHORTEST, mask_url

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_FORMATTER: Final = logging.Formatter()


def extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller gave a log record in ``extra``."""
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


class Redactor:
    """Replaces secrets, passwords in addresses and personal numbers in text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: Counter[str] = Counter()
        self._pattern: re.Pattern[str] | None = None
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Redact these too, from now on."""
        with self._lock:
            self._secrets.update(_spellings(secrets))
            self._compile()

    @contextmanager
    def secrets(self, secrets: Iterable[str]) -> Iterator[None]:
        """Redact these too, while a run lasts."""
        values = list(secrets)
        self.add(values)
        try:
            yield
        finally:
            with self._lock:
                self._secrets.subtract(_spellings(values))
                self._compile()

    def __call__(self, text: str) -> str:
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        return mask_person_numbers(mask_url(text))[0]

    def value(self, value: object) -> object:
        """A log record's extra field, redacted: containers keep their shape, other objects become text."""
        if value is None or isinstance(value, (bool, float)):
            return value
        if isinstance(value, int):  # a personal number may come as one
            text = str(value)
            return value if self(text) == text else self(text)
        if isinstance(value, Mapping):
            return {self(str(name)): self.value(item) for name, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.value(item) for item in value]
        return self(_text(value))

    def _compile(self) -> None:
        # Longest first: one secret may be the beginning of another.
        values = sorted((+self._secrets).keys(), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, values))) if values else None


class RedactionFilter(logging.Filter):
    """Redacts a record in place, message, traceback and extra fields, before a handler formats it."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redact = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self._redact(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:  # formatters use this text, where there is one, and leave exc_info alone
            record.exc_text = self._redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        for name, value in extra_fields(record).items():
            setattr(record, name, self._redact.value(value))
        return True


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - an odd __str__ must not reach who logs
        return "(cannot be shown)"


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - what the arguments' own __str__ may raise
        # Logging would print message and arguments to stderr, unredacted, or the caller would fail.
        return f"{record.msg} (its arguments do not fit)"


def _spellings(secrets: Iterable[str]) -> set[str]:
    """Each secret as it stands, and as it looks in an address, in JSON and in a traceback."""
    return {
        spelling
        for secret in secrets
        if len(secret) >= SHORTEST
        for spelling in (
            secret,
            quote(secret),
            quote(secret, safe=""),
            quote_plus(secret),
            json.dumps(secret)[1:-1],
            json.dumps(secret, ensure_ascii=False)[1:-1],
            repr(secret)[1:-1],
        )
    }
