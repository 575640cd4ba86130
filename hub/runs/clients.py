"""HTTP clients for a hub's runs and notices. What hosts allow and how they fare is shared by all of them."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hub.observe import Redactor
from hub.runs.lease import Stopped
from hub.sdk import Connector, ConnectorConfig
from hub.settings import Settings
from hub.store.validator import Validators

if TYPE_CHECKING:  # httpx is slow to import, and most commands ask nobody
    from hub.http import HostPolicies, PoliteClient

_WEBHOOK_TIMEOUT: Final = 10.0
"""Seconds; a receiver that needs longer gets the notice again."""


class Clients:
    """Opens clients as the settings say. Setting ``stopping`` ends every wait for a host."""

    def __init__(
        self,
        settings: Settings,
        redactor: Redactor,
        stopping: threading.Event,
        *,
        hosts: HostPolicies | None = None,
    ) -> None:
        if hosts is not None:
            self.hosts = hosts
        self._settings = settings
        self._redactor = redactor
        self._stopping = stopping

    @cached_property
    def hosts(self) -> HostPolicies:
        """What hosts allow and how they fare."""
        from hub.http import Clock, HostPolicies

        return HostPolicies(clock=Clock(sleep=self._sleep))

    def for_run(self, connector: Connector[Any], config: ConnectorConfig, store: Validators) -> PoliteClient:
        """The client of one run of a source."""
        self.hosts.declare(connector.manifest.hosts)
        return self._open(store=store, credentials=connector.credentials(config))

    def for_webhook(self) -> PoliteClient:
        """The client that tells notices."""
        webhook = self._settings.notices.webhook
        local = {"proxy": None} if webhook and webhook.is_local else {}
        return self._open(timeout_seconds=min(_WEBHOOK_TIMEOUT, self._settings.http.timeout_seconds), **local)

    def _open(self, **options: Any) -> PoliteClient:
        from hub.http import open_client

        http = self._settings.http
        usual: dict[str, Any] = {
            "proxy": http.proxy.get_secret_value() if http.proxy else None,
            "ca_file": self._settings.root / http.ca_file if http.ca_file else None,
            "user_agent": http.user_agent,
            "timeout_seconds": http.timeout_seconds,
        }
        return open_client(self.hosts, redactor=self._redactor, **usual | options)

    def _sleep(self, seconds: float) -> None:
        """Wait, but not when the process is asked to stop."""
        if self._stopping.wait(seconds):
            raise Stopped("stopped while waiting for a host")
