"""Identifier schemes by their org-id.guide prefix: how each number is recognised, cleaned and checked.

A scheme turns any spelling that occurs in real data into the one stored form, or into nothing. Nothing is guessed: a
wrong check digit, an internal supplier number or a name in the number field gives ``None``, and the caller keeps the
text as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from stdnum import lei
from stdnum.dk import cvr
from stdnum.ee import registrikood
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus
from stdnum.fr import siren
from stdnum.no import orgnr as no_orgnr

from hub.model.person import luhn_valid


@dataclass(frozen=True, slots=True)
class IdentifierScheme:
    """A register's numbering scheme.

    ``clean`` gives the stored form or ``None``. ``rank`` orders schemes when one organisation has several identifiers:
    the lowest names the organisation's id.
    """

    code: str
    title: str
    country: str
    clean: Callable[[str], str | None]
    rank: int = 50
    aliases: tuple[str, ...] = ()


def clean_swedish(text: str) -> str | None:
    """A Swedish organisationsnummer as ten digits, or ``None``.

    Accepts hyphen, spaces, the ``16`` prefix, the VAT form ``SE212000262701`` and the Peppol form ``0007:``. Legal
    persons have a third digit of at least 2 (below: a person's number, never an organisation) and a first digit of
    1, 2, 3 or 5-9. Luhn check digit. Source: Skatteverket SKV 709; lag (1974:174).
    """
    compact = re.sub(r"[\s\u00a0\-\u2013\u2212]", "", text)
    compact = compact.removeprefix("0007:")
    compact = re.sub(r"(?i)^(?:org\.?(?:nr|no|nummer)?[.:]*)", "", compact)
    if vat := re.fullmatch(r"(?i)SE(\d{10})01", compact):
        compact = vat[1]
    elif re.fullmatch(r"(?i)SE\d{10}", compact) or re.fullmatch(r"16\d{10}", compact):
        compact = compact[2:]
    if not re.fullmatch(r"\d{10}", compact, re.ASCII):
        return None
    if compact[2] < "2" or compact[0] in "04" or not luhn_valid(compact):
        return None
    return compact


def _stdnum(validate: Callable[[str], str], prepare: Callable[[str], str] = str.strip) -> Callable[[str], str | None]:
    def clean(text: str) -> str | None:
        try:
            return validate(prepare(text))
        except ValidationError:
            return None

    return clean


def _clean_finnish(text: str) -> str | None:
    compact = re.sub(r"[\s\-]", "", text).upper()
    compact = re.sub(r"^(?:FI|0037:?|0212:?)", "", compact)
    try:
        digits = ytunnus.validate(compact)
    except ValidationError:
        return None
    return f"{digits[:7]}-{digits[7]}"


def _clean_british(text: str) -> str | None:
    """A Companies House number: eight characters; lost leading zeros are put back. There is no check digit."""
    compact = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"\d{6,8}", compact):
        return compact.zfill(8) if int(compact) else None
    return compact if re.fullmatch(r"(?:SC|NI|OC|SO|NC|IP|SP|RS|CE|CS|FC|R0)\d{6}", compact) else None


def _clean_charity(text: str) -> str | None:
    compact = re.sub(r"\s", "", text)
    return compact if re.fullmatch(r"[1-9]\d{5,6}", compact) else None


def _strip(prefix: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf"(?i)^(?:{prefix})|[\s\-.]|(?:MVA)$", "", text.strip())


def _clean_french(text: str) -> str | None:
    compact = re.sub(r"[\s.]", "", text)
    if re.fullmatch(r"\d{14}", compact):  # SIRET: the first nine digits are the enterprise's SIREN
        compact = compact[:9]
    try:
        return siren.validate(compact)
    except ValidationError:
        return None


SCHEMES: Final[tuple[IdentifierScheme, ...]] = (
    IdentifierScheme("SE-ON", "Organisationsnummer", "SE", clean_swedish, 1, ("SE-BLV", "SE-KK")),
    IdentifierScheme("NO-BRC", "Organisasjonsnummer", "NO", _stdnum(no_orgnr.validate, _strip("NO|0192:")), 2),
    IdentifierScheme("DK-CVR", "CVR-nummer", "DK", _stdnum(cvr.validate, _strip("DK|0184:|CVR")), 2),
    IdentifierScheme("FI-PRO", "Y-tunnus", "FI", _clean_finnish, 2),
    IdentifierScheme("EE-RIK", "Registrikood", "EE", _stdnum(registrikood.validate, _strip("EE")), 2),
    IdentifierScheme("FR-RCS", "SIREN", "FR", _clean_french, 2, ("FR-INSEE",)),
    IdentifierScheme("GB-COH", "Company number", "GB", _clean_british, 2),
    IdentifierScheme("GB-CHC", "Charity number", "GB", _clean_charity, 3),
    IdentifierScheme("XI-LEI", "Legal Entity Identifier", "", _stdnum(lei.validate), 9),
)
"""The schemes that come with the hub, by org-id.guide prefix (SE-ON since 2025-11; SE-BLV, SE-KK are old names)."""

BY_CODE: Final[dict[str, IdentifierScheme]] = {
    code: scheme for scheme in SCHEMES for code in (scheme.code, *scheme.aliases)
}
_BY_COUNTRY: Final[dict[str, IdentifierScheme]] = {scheme.country: scheme for scheme in reversed(SCHEMES)}


def register(schemes: Iterable[IdentifierScheme]) -> None:
    """Add schemes of plugins, for this process. One that comes with the hub keeps its code and its country."""
    for scheme in schemes:
        for code in (scheme.code, *scheme.aliases):
            BY_CODE.setdefault(code, scheme)
        if scheme.country:
            _BY_COUNTRY.setdefault(scheme.country, scheme)


def scheme_of_country(country: str) -> IdentifierScheme | None:
    """The scheme of a country's company register (ISO 3166-1 alpha-2), or ``None`` when the hub has none."""
    return _BY_COUNTRY.get(country) if country else None
