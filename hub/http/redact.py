"""httpx and httpcore log whole addresses, with the keys in their queries. Not here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from hub.observe import Redactor
from hub.observe.redaction import RedactionFilter

# A logger's filters see only its own records, not those of its children: each is named.
LOGGERS: Final = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "hub.http.retry",
)


@contextmanager
def redacted_logs(redactor: Redactor) -> Iterator[None]:
    """While it lasts, what the libraries log is redacted at its source: for every handler, not only the hub's own."""
    own = RedactionFilter(redactor)
    for name in LOGGERS:
        logging.getLogger(name).addFilter(own)
    try:
        yield
    finally:
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(own)
