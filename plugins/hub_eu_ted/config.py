"""The ``[config]`` table of a source of TED notices."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from hub.sdk import ConnectorConfig
from hub_eu_ted.countries import alpha3

_ADDRESS = r"^(https://|http://(127\.0\.0\.1|localhost)[:/])"


def _known(country: str) -> str:
    if not alpha3(country):
        message = "is no country in two letters, such as SE"
        raise ValueError(message)
    return country


class TedConfig(ConnectorConfig):
    """Which notices are read, and from where: the web, or saved files when there is a ``path``."""

    path: str | None = Field(
        default=None,
        description="Notices (.xml) and daily packages (.tar.gz): a file, a folder or a glob such as data/ted/**/*.xml;"
        " without it TED is asked",
    )
    countries: tuple[Annotated[str, AfterValidator(_known)], ...] = Field(
        default=("SE",),
        min_length=1,
        description="Two-letter codes: notices of buyers there, and those performed there. Single files are all read",
    )
    query: str = Field(default="", description="A further condition in TED's expert language; for the web alone")
    since: date | None = Field(
        default=None, description="First day of publication to read; else a week before the first run"
    )
    api_url: str = Field(default="https://api.ted.europa.eu/v3", pattern=_ADDRESS, description="The search API")
    site_url: str = Field(
        default="https://ted.europa.eu", pattern=_ADDRESS, description="Where single notices and packages are"
    )
