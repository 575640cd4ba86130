"""The ways in which this hub reaches people, as its settings say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hub.observe import Receiver
from hub.runs.mail import Mailbox
from hub.runs.notice import Channel, Events, Log
from hub.runs.webhook import Webhook
from hub.settings import Settings

if TYPE_CHECKING:  # httpx is slow to import, and most commands ask nobody
    from hub.http import PoliteClient


def open_channels(
    settings: Settings, *, open_client: Callable[[], PoliteClient], receivers: Callable[[], Iterable[Receiver]]
) -> list[Channel]:
    """The log and the plugins always; a webhook and a mail server where they are named."""
    channels: list[Channel] = [Log(), Events(receivers)]
    notices, http = settings.notices, settings.http
    if notices.webhook is not None:
        channels.append(Webhook(notices.webhook.get_secret_value(), open_client))
    if notices.mail.host:
        channels.append(Mailbox(notices.mail, ca_file=settings.root / http.ca_file if http.ca_file else None))
    return channels
