"""Countries as TED writes them (three letters in eForms, two in TED XML), and the time on their clocks."""

from __future__ import annotations

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_BY_ALPHA3: Final = _pairs("""
ABW AW AFG AF AGO AO AIA AI ALA AX ALB AL AND AD ARE AE ARG AR ARM AM ASM AS ATA AQ ATF TF ATG AG
AUS AU AUT AT AZE AZ BDI BI BEL BE BEN BJ BES BQ BFA BF BGD BD BGR BG BHR BH BHS BS BIH BA BLM BL
BLR BY BLZ BZ BMU BM BOL BO BRA BR BRB BB BRN BN BTN BT BVT BV BWA BW CAF CF CAN CA CCK CC CHE CH
CHL CL CHN CN CIV CI CMR CM COD CD COG CG COK CK COL CO COM KM CPV CV CRI CR CUB CU CUW CW CXR CX
CYM KY CYP CY CZE CZ DEU DE DJI DJ DMA DM DNK DK DOM DO DZA DZ ECU EC EGY EG ERI ER ESH EH ESP ES
EST EE ETH ET FIN FI FJI FJ FLK FK FRA FR FRO FO FSM FM GAB GA GBR GB GEO GE GGY GG GHA GH GIB GI
GIN GN GLP GP GMB GM GNB GW GNQ GQ GRC GR GRD GD GRL GL GTM GT GUF GF GUM GU GUY GY HKG HK HMD HM
HND HN HRV HR HTI HT HUN HU IDN ID IMN IM IND IN IOT IO IRL IE IRN IR IRQ IQ ISL IS ISR IL ITA IT
JAM JM JEY JE JOR JO JPN JP KAZ KZ KEN KE KGZ KG KHM KH KIR KI KNA KN KOR KR KWT KW LAO LA LBN LB
LBR LR LBY LY LCA LC LIE LI LKA LK LSO LS LTU LT LUX LU LVA LV MAC MO MAF MF MAR MA MCO MC MDA MD
MDG MG MDV MV MEX MX MHL MH MKD MK MLI ML MLT MT MMR MM MNE ME MNG MN MNP MP MOZ MZ MRT MR MSR MS
MTQ MQ MUS MU MWI MW MYS MY MYT YT NAM NA NCL NC NER NE NFK NF NGA NG NIC NI NIU NU NLD NL NOR NO
NPL NP NRU NR NZL NZ OMN OM PAK PK PAN PA PCN PN PER PE PHL PH PLW PW PNG PG POL PL PRI PR PRK KP
PRT PT PRY PY PSE PS PYF PF QAT QA REU RE ROU RO RUS RU RWA RW SAU SA SDN SD SEN SN SGP SG SGS GS
SHN SH SJM SJ SLB SB SLE SL SLV SV SMR SM SOM SO SPM PM SRB RS SSD SS STP ST SUR SR SVK SK SVN SI
SWE SE SWZ SZ SXM SX SYC SC SYR SY TCA TC TCD TD TGO TG THA TH TJK TJ TKL TK TKM TM TLS TL TON TO
TTO TT TUN TN TUR TR TUV TV TWN TW TZA TZ UGA UG UKR UA UMI UM URY UY USA US UZB UZ VAT VA VCT VC
VEN VE VGB VG VIR VI VNM VN VUT VU WLF WF WSM WS XKX XK 1A0 XK YEM YE ZAF ZA ZMB ZM ZWE ZW
""")
_ALPHA2: Final = frozenset(_BY_ALPHA3.values())
_OWN_WAYS: Final = {"UK": "GB", "EL": "GR", "KS": "XK"}
"""The EU's own codes in TED XML, where they differ from ISO 3166-1."""

_ZONES: Final = {
    "AL": "Tirane", "AD": "Andorra", "AT": "Vienna", "BA": "Sarajevo", "BE": "Brussels", "BG": "Sofia",
    "CH": "Zurich", "CZ": "Prague", "DE": "Berlin", "DK": "Copenhagen", "EE": "Tallinn", "ES": "Madrid",
    "FI": "Helsinki", "FR": "Paris", "GB": "London", "GR": "Athens", "HR": "Zagreb", "HU": "Budapest",
    "IE": "Dublin", "IT": "Rome", "LI": "Vaduz", "LT": "Vilnius", "LU": "Luxembourg", "LV": "Riga",
    "MC": "Monaco", "MD": "Chisinau", "ME": "Podgorica", "MK": "Skopje", "MT": "Malta", "NL": "Amsterdam",
    "NO": "Oslo", "PL": "Warsaw", "PT": "Lisbon", "RO": "Bucharest", "RS": "Belgrade", "SE": "Stockholm",
    "SI": "Ljubljana", "SK": "Bratislava", "SM": "San_Marino", "TR": "Istanbul", "UA": "Kyiv",
    "VA": "Vatican", "XK": "Belgrade", "AX": "Mariehamn",
}  # fmt: skip
_ELSEWHERE: Final = {
    "CY": "Asia/Nicosia", "FO": "Atlantic/Faroe", "GE": "Asia/Tbilisi", "IS": "Atlantic/Reykjavik",
}  # fmt: skip


def iso2(written: str | None) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country as published, or ``None`` when it is none that we know."""
    code = (written or "").strip().upper()
    code = _OWN_WAYS.get(code, code)
    return code if code in _ALPHA2 else _BY_ALPHA3.get(code)


@cache
def alpha3(country: str) -> str | None:
    """The three letters by which eForms and TED's search name a country (ISO2), or ``None`` for an unknown one."""
    return next((code for code, short in _BY_ALPHA3.items() if short == country), None)


@cache
def zone(country: str | None) -> ZoneInfo | None:
    """The clock that a buyer in this country (ISO2) sets its deadlines by: the capital's."""
    if name := _ZONES.get(country or ""):
        return ZoneInfo(f"Europe/{name}")
    name = _ELSEWHERE.get(country or "")
    return ZoneInfo(name) if name else None
