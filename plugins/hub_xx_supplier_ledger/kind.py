"""Whether money bought something or was given: from account code and text, and never guessed without either."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["purchase", "grant", "transfer", "unknown"]

_TRANSFER: Final = re.compile(
    r"försörjningsstöd|ekonomiskt bistånd|transferering|skatteutjämning|toimeentulotu|tulonsiir|transfer payments?"
    r"|housing benefit|personal(?:ised)? budgets?|direct payments?|sosialhjelp|kontanthjælp",
    re.IGNORECASE,
)
_GRANT: Final = re.compile(
    r"(?<!stats)(?<!person)bidrag(?!s(?:handläggning|system))|driftbidr|(?:verksamhets|förenings)stöd|stipendi"
    r"|avustu|tilskud|tilskot|subvention|\bgrants?\b|\bdonations?\b",
    re.IGNORECASE,
)
_PURCHASE: Final = re.compile(
    r"\bköp|inköp|tjänst|konsult|material|hyra|hyror|leasing|entreprenad|transport|livsmedel|\bservice|städ|el\b|underhåll"
    r"|ostot|ostopalvelu|palvelu|tarvik|kalusto|vuokra"
    r"|kjøp|køb|tjenester"
    r"|suppl(?:y|ies)|services?\b|equipment|premises|stationery|contract|\bfees?\b|\bhire\b|\brents?\b|rental|repair"
    r"|maintenance|materials|agency|construction|placements?|consultan|subscription|utilit|electricity|training|cleaning",
    re.IGNORECASE,
)
_YES: Final = frozenset({"y", "yes", "ja", "true", "1", "grant", "vcse grant", "bidrag", "tilskudd", "tilskud"})


@lru_cache(maxsize=10_000)
def kind_of(country: str, code: str, texts: tuple[str, ...], grant_flag: str) -> Kind:
    """The kind of a payment from its account ``code``, what describes it, and the publisher's own grant column.

    Swedish account codes follow Kommun-BAS: 45x are grants and transfers (lämnade bidrag), other codes of classes
    4, 6 and 7 are costs of purchases. Class 5 says nothing by itself: it is staff in Kommun-BAS, and premises and
    services in BAS and in regions' plans; nor do assets (1), revenues (3) and financial costs (8). Finnish municipal
    accounts (Kuntaliitto's tililuettelomalli): 43-46 purchases, 47 grants. Texts say more than
    codes, since regions and large cities keep their own plans.
    """
    if grant_flag.strip().lower() in _YES:
        return "grant"
    text = " | ".join(texts)
    if _TRANSFER.search(text):
        return "transfer"
    if _GRANT.search(text):
        return "grant"
    if country == "SE" and re.fullmatch(r"[467]\d{2,7}", code):
        return "grant" if code.startswith("45") else "purchase"
    if country == "FI" and re.fullmatch(r"4[3-7]\d{2,5}", code):
        return "grant" if code.startswith("47") else "purchase"
    return "purchase" if _PURCHASE.search(text) else "unknown"
