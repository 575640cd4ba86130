"""The polite HTTP client: it waits its turn, asks again, and never asks a host that wants to be left alone.

From the connector to the wire: :mod:`guard`, :mod:`conditional`, :mod:`breaker`, :mod:`retry`, :mod:`limit`.
"""

from hub.http.client import PoliteClient, open_client
from hub.http.clock import Clock
from hub.http.conditional import Validators, ValidatorStore
from hub.http.download import download, sweep
from hub.http.failure import RateLimited
from hub.http.hosts import HostPolicies
from hub.http.retry import RetryPolicy

__all__ = [
    "Clock",
    "HostPolicies",
    "PoliteClient",
    "RateLimited",
    "RetryPolicy",
    "ValidatorStore",
    "Validators",
    "download",
    "open_client",
    "sweep",
]
