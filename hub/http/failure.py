"""What went wrong, as the hub's errors: where, what, after how many attempts, what to do, and no secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import httpx

from hub.sdk import AuthFailed, ContractBroken, SourceError, SourceUnavailable

_WHOLE: Final = "write a whole address, as in https://host/path"
_UNTRUSTED: Final = "CERTIFICATE_VERIFY_FAILED"
_COMPARE: Final = "compare it with what the publisher documents"
_NO_ANSWER: Final = "the publisher's service may be down; the next run tries again"


class RateLimited(SourceUnavailable):
    """The host asks for a longer pause than a run waits. ``retry_after`` is that pause in seconds."""

    default_instruction = "the next run tries again; ask less often if this comes back"

    def __init__(
        self, reason: str, *, retry_after: float | None = None, where: str = "", instruction: str = ""
    ) -> None:
        super().__init__(reason, where=where, instruction=instruction)
        self.retry_after = retry_after


class Failures:
    """Makes the errors. ``redact`` takes secrets and personal numbers out of their texts."""

    def __init__(self, redact: Callable[[str], str] = str) -> None:
        self._redact = redact

    def place(self, request: httpx.Request) -> str:
        """``GET host/path``: never the query, where keys and personal numbers stand."""
        return self._redact(f"{request.method} {request.url.netloc.decode()}{request.url.path}")

    def of(self, error: httpx.HTTPError, request: httpx.Request, attempts: int = 1) -> SourceError:
        """The hub's error for one of httpx's."""
        if isinstance(error, httpx.UnsupportedProtocol):
            return self.no_address(self.place(request))
        what, instruction = _explained(error)
        return SourceUnavailable(
            self._redact(what) + _times(attempts), where=self.place(request), instruction=instruction
        )

    def no_address(self, where: str = "") -> ContractBroken:
        """What was to be asked for is no address, so that not even its host can be told."""
        return ContractBroken("this is no address that can be asked", where=where, instruction=_WHOLE)

    def unavailable(self, request: httpx.Request, what: str, attempts: int = 1) -> SourceUnavailable:
        """The host gave no usable answer."""
        return SourceUnavailable(what + _times(attempts), where=self.place(request), instruction=_NO_ANSWER)

    def limited(self, request: httpx.Request, seconds: float | None, attempts: int = 1) -> RateLimited:
        """The host asks for a pause of ``seconds``, if it said so, that is too long to wait for."""
        pause = "" if seconds is None else f", for {seconds:.0f} s"
        reason = f"the host asks to be left alone{pause}{_times(attempts)}"
        return RateLimited(reason, retry_after=seconds, where=self.place(request))

    def refused(self, request: httpx.Request, status: int) -> AuthFailed:
        """401 or 403."""
        return AuthFailed(f"access was refused ({status})", where=self.place(request))

    def broken(self, request: httpx.Request, what: str, instruction: str = _COMPARE) -> ContractBroken:
        """The host answered, but not as it should."""
        return ContractBroken(what, where=self.place(request), instruction=instruction)

    def status(self, request: httpx.Request, status: int) -> SourceError:
        """An answer that is no success."""
        if status in {401, 403}:
            return self.refused(request, status)
        if status in {404, 410}:
            return SourceUnavailable(f"there is nothing at this address ({status})", where=self.place(request))
        if status == httpx.codes.NOT_MODIFIED:
            # Only asked for by `hub.conditional`, and then to be looked at.
            return self.broken(request, "not modified (304)", "tell the connector's author to look at `status_code`")
        return self.broken(request, f"the request was not taken ({status})", "compare it with the publisher's API")


def is_lasting(error: httpx.TransportError) -> bool:
    """Whether asking again cannot help."""
    return isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError) or _UNTRUSTED in str(error)


def _times(attempts: int) -> str:
    return f" after {attempts} attempts" if attempts > 1 else ""


def _explained(error: Exception) -> tuple[str, str]:
    match error:
        case httpx.ConnectError() if _UNTRUSTED in str(error):
            return (
                f"its certificate is not trusted ({error})",
                "name your own authority's file in hub.toml, http.ca_file",
            )
        case httpx.ProxyError():
            return f"the proxy refused ({error})", "check http.proxy in hub.toml"
        case httpx.ConnectError():
            return f"cannot be reached ({error})", "check the address, the network, and http.proxy in hub.toml"
        case httpx.TimeoutException():
            return f"no answer in time ({type(error).__name__})", "see http.timeout_seconds in hub.toml"
        case httpx.TooManyRedirects():
            return "is redirected again and again", "check the address in the source's [config]"
        case httpx.DecodingError():
            return "the answer is compressed and damaged", _NO_ANSWER
        case _:
            return f"broke off its answer ({type(error).__name__}: {error})", _NO_ANSWER
