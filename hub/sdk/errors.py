"""The public errors, named by what the operator's recovery is.

::

    HubError
    ├── ConfigError          mend the configuration            exit 2
    ├── PluginError          mend or update the plugin         exit 3
    ├── SourceError          this run of this source failed    exit 1
    │   ├── SourceUnavailable    try again later
    │   ├── AuthFailed           renew the credentials
    │   └── ContractBroken       the source no longer looks as agreed; what was read before it is kept
    └── RecordRejected       one record goes to quarantine, the run goes on

Each says what happened (``reason``), where (``where``: file, row, field) and what to do (``instruction``).
"""

from __future__ import annotations

from typing import ClassVar


class HubError(Exception):
    """Something the hub can explain."""

    exit_code: ClassVar[int] = 1
    default_instruction: ClassVar[str] = ""

    def __init__(self, reason: str, *, where: str = "", instruction: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where
        self.instruction = instruction or self.default_instruction

    def __str__(self) -> str:
        head = f"{self.where}: {self.reason}" if self.where else self.reason
        return f"{head} → {self.instruction}" if self.instruction else head


class ConfigError(HubError):
    """The configuration is wrong."""

    exit_code = 2
    default_instruction = "correct the file and run `hub check`"


class PluginError(HubError):
    """A plugin could not be loaded or breaks the plugin API."""

    exit_code = 3
    default_instruction = "see `hub connectors`"


class SourceError(HubError):
    """A run of a source cannot go on."""


class SourceUnavailable(SourceError):
    """The source does not answer, or its file is not there."""

    default_instruction = "check the address or path; the next run tries again"


class AuthFailed(SourceError):
    """The source refused the credentials."""

    default_instruction = "renew the credentials in the source's configuration"


class ContractBroken(SourceError):
    """The source no longer looks as its publisher documents it. What was read before stays stored."""

    default_instruction = "compare the file with the connector's README; nothing was retired"


class RecordRejected(HubError):
    """One record cannot be understood. It goes to quarantine with its reason and the run goes on.

    ``field`` is the path of the offending field, ``value`` what stood there (personal numbers are masked when stored).
    """

    def __init__(
        self, reason: str, *, field: str = "", value: str = "", where: str = "", instruction: str = ""
    ) -> None:
        super().__init__(reason, where=where, instruction=instruction)
        self.field = field
        self.value = value
