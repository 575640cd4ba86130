"""Structured logs: lines for people on a terminal, JSON lines for a service. Each says its ``action``.

Call as ``log.info("read 12 notices", extra={"action": "batch_stored", "source": "ted-files", "read": 12})``.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

from hub.observe.redaction import RedactionFilter, Redactor, extra_fields

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class HubHandler(logging.StreamHandler[TextIO]):
    """The hub's own handler, told from others so that configuring again replaces it."""


def configure(
    level: str = "info",
    format: Literal["text", "json"] = "text",  # noqa: A002 - the key's name in hub.toml
    *,
    redactor: Redactor | None = None,
    stream: TextIO | None = None,
) -> Redactor:
    """Log to ``stream`` (standard error), redacted, and give the redactor that runs add their secrets to.

    Libraries are heard from "warning" on, at ``debug`` from "info" on: their debug output shows whole requests.
    """
    redactor = redactor or Redactor()
    handler = HubHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    handler.addFilter(_name_action)
    handler.addFilter(RedactionFilter(redactor))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, HubHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO if level == "debug" else logging.WARNING)
    logging.getLogger("hub").setLevel(level.upper())
    return redactor


class TextFormatter(logging.Formatter):
    """``12:03:04 INFO    batch_stored: read 12 notices  source=ted-files read=12``, traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).astimezone()
        fields = "".join(f" {key}={value}" for key, value in extra_fields(record).items() if key != "action")
        action = extra_fields(record).get("action", record.name)
        line = f"{time:%H:%M:%S} {record.levelname:<7} {action}: {record.getMessage()}{' ' if fields else ''}{fields}"
        # A source's text must neither start a line of its own nor command the terminal.
        line = _CONTROL.sub(" ", line)
        return "\n".join([line, *filter(None, [record.exc_text, record.stack_info])])


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, action, message, the extra fields, and the traceback as error."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "action": record.name,
            "message": record.getMessage(),
        }
        fields |= {key: value for key, value in extra_fields(record).items() if key == "action" or key not in fields}
        if record.exc_text:
            fields["error"] = record.exc_text
        if record.stack_info:
            fields["stack"] = record.stack_info
        return json.dumps(fields, ensure_ascii=False, default=str)


def _name_action(record: logging.LogRecord) -> bool:
    """Records of libraries have no action: their logger's name stands for it."""
    if not getattr(record, "action", None):
        record.action = record.name
    return True
