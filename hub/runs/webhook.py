"""Notices as JSON to an address of the operator's choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from hub.runs.notice import Notice
from hub.sdk import HubError, SourceError

if TYPE_CHECKING:  # httpx is slow to import, and most commands ask nobody
    from hub.http import PoliteClient


class Webhook:
    """Posts each notice by itself. Any answer of 200 to 299 means that it arrived; redirects are not followed."""

    name = "webhook"

    def __init__(self, url: str, open_client: Callable[[], PoliteClient]) -> None:
        self._url = url
        self._open = open_client

    def tell(self, notices: Sequence[Notice]) -> Iterator[Notice]:
        if not notices:
            return
        with self._open() as client:
            for notice in notices:
                try:
                    # A redirect would make a GET of it, which no receiver takes for a notice.
                    answer = client.post(self._url, json=notice.as_event(), follow_redirects=False)
                    if not answer.is_success:
                        raise client.failures.status(answer.request, answer.status_code)
                except SourceError as error:
                    instruction = "check notices.webhook and its receiver"
                    raise HubError(error.reason, where=error.where, instruction=instruction) from None
                yield notice
