"""The search for one day's notices, in TED's expert language."""

from __future__ import annotations

from datetime import date
from typing import Final

from hub_eu_ted.config import TedConfig
from hub_eu_ted.countries import alpha3

NUMBER: Final = "publication-number"
DATE: Final = "publication-date"
ISSUE: Final = "ojs-number"
FIELDS: Final = (NUMBER, DATE, ISSUE)
"""As few as will do: values of one notice are not parallel, so facts are read from its XML."""

_PAGE: Final = 250
_MOST_VALUES: Final = 10_000


def request(config: TedConfig, day: date, token: str | None) -> dict[str, object]:
    """The body of a search for what was published on ``day``; ``token`` stands for the page to go on with."""
    body: dict[str, object] = {
        "query": _expert(config, day),
        "fields": list(FIELDS),
        "limit": min(_PAGE, _MOST_VALUES // len(FIELDS)),
        "scope": "ALL",  # the API's own default has changed before
        "paginationMode": "ITERATION",  # page numbers shift when an issue is released in between
    }
    return body if token is None else {**body, "iterationNextToken": token}


def _expert(config: TedConfig, day: date) -> str:
    places = " ".join(alpha3(country) or country for country in config.countries)
    written = f"{day:%Y%m%d}"  # dates with hyphens give no hits and no error
    terms = [
        f"(buyer-country IN ({places}) OR place-of-performance IN ({places}))",
        f"{DATE} >= {written}",
        f"{DATE} <= {written}",
    ]
    if config.query.strip():
        terms.append(f"({config.query.strip()})")
    return " AND ".join(terms)
