"""One award notice in the format that was used before eForms, and one file that is no XML."""

from __future__ import annotations

from typing import Final

from tests.sample.directory import BY_KEY
from tests.sample.xml import Node, document, el, path

NUMBER: Final = "990133-2022"
# Cut off in the middle, as after a broken transfer.
MALFORMED: Final = (
    "00990999-2026.xml",
    """<?xml version="1.0" encoding="UTF-8"?>
<ContractNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:UBLVersionID>2.3</cbc:UBLVersionID>
 <cbc:Note>Avbruten överför""",
)
_TITLE: Final = "Lokalvård i kommunens lokaler 2022–2024"


def _address(tag: str, key: str) -> Node:
    org = BY_KEY[key]
    return el(tag, (
        el("OFFICIALNAME", org.name),
        el("NATIONALID", org.written),
        el("ADDRESS", org.street),
        el("TOWN", org.town),
        el("POSTAL_CODE", f"{org.postal[:3]} {org.postal[3:]}"),
        el("COUNTRY", VALUE="SE"),
        el("E_MAIL", f"{key}@exempel.invalid"),
        el("n2021:NUTS", CODE="SE331"),
        el("URL_GENERAL", f"https://{key}.exempel.invalid") if tag == "ADDRESS_CONTRACTING_BODY" else None,
    ))  # fmt: skip


def legacy_file() -> tuple[str, str]:
    cpv = el("CPV_CODE", CODE="90911200")
    amount = el("VAL_TOTAL", "15200000.50", CURRENCY="SEK")
    coded = el("CODED_DATA_SECTION", (
        el("REF_OJS", (el("COLL_OJ", "S"), el("NO_OJ", "94"), el("DATE_PUB", "20220516"))),
        el("NOTICE_DATA", (
            el("NO_DOC_OJS", "2022/S 094-990133"),
            path("URI_LIST/URI_DOC", "https://exempel.invalid/udl?uri=TED:NOTICE:990133-2022:TEXT:SV:HTML", LG="SV"),
            el("LG_ORIG", "SV"),
            el("ISO_COUNTRY", VALUE="SE"),
            el("ORIGINAL_CPV", "Städning av byggnader", CODE="90911200"),
            el("n2021:PERFORMANCE_NUTS", "Västerbottens län", CODE="SE331"),
            path("VALUES/VALUE", "15200000.50", TYPE="PROCUREMENT_TOTAL", CURRENCY="SEK"),
            path("REF_NOTICE/NO_DOC_OJS", "2022/S 011-990017"),
        )),
        el("CODIF_DATA", (
            el("DS_DATE_DISPATCH", "20220511"),
            el("AA_AUTHORITY_TYPE", "Regional or local authority", CODE="3"),
            el("TD_DOCUMENT_TYPE", "Contract award notice", CODE="7"),
            el("NC_CONTRACT_NATURE", "Services", CODE="4"),
            el("PR_PROC", "Open procedure", CODE="1"),
        )),
    ))  # fmt: skip
    form = el("F03_2014", (
        el("LEGAL_BASIS", VALUE="32014L0024"),
        el("CONTRACTING_BODY", (
            _address("ADDRESS_CONTRACTING_BODY", "kommunen"),
            el("CA_TYPE", VALUE="REGIONAL_AUTHORITY"),
            el("CA_ACTIVITY", VALUE="GENERAL_PUBLIC_SERVICES"),
        )),
        el("OBJECT_CONTRACT", (
            path("TITLE/P", _TITLE),
            el("REFERENCE_NUMBER", "EXK 2021/188"),
            el("CPV_MAIN", (cpv,)),
            el("TYPE_CONTRACT", CTYPE="SERVICES"),
            path("SHORT_DESCR/P", "Lokalvård i kommunhus, skolor och äldreboenden."),
            amount,
            el("NO_LOT_DIVISION"),
            el("OBJECT_DESCR", (
                el("n2021:NUTS", CODE="SE331"),
                path("SHORT_DESCR/P", "Daglig lokalvård och golvvård."),
                el("NO_OPTIONS"),
                el("NO_EU_PROGR_RELATED"),
            ), ITEM="1"),
        )),
        el("PROCEDURE", (
            el("PT_OPEN"),
            el("FRAMEWORK"),
            el("CONTRACT_COVERED_GPA"),
            el("NOTICE_NUMBER_OJ", "2022/S 011-990017"),
        )),
        el("AWARD_CONTRACT", (
            el("CONTRACT_NO", "EXK 2021/188"),
            path("TITLE/P", _TITLE),
            el("AWARDED_CONTRACT", (
                el("DATE_CONCLUSION_CONTRACT", "2022-04-25"),
                path("TENDERS/NB_TENDERS_RECEIVED", "4"),
                el("CONTRACTORS", (
                    el("NO_AWARDED_TO_GROUP"),
                    el("CONTRACTOR", (_address("ADDRESS_CONTRACTOR", "skinande"), el("SME"))),
                )),
                el("VALUES", (amount,)),
            )),
        ), ITEM="1"),
        el("COMPLEMENTARY_INFO", (
            path("ADDRESS_REVIEW_BODY/OFFICIALNAME", BY_KEY["domstolen"].name),
            el("DATE_DISPATCH_NOTICE", "2022-05-11"),
        )),
    ), CATEGORY="ORIGINAL", FORM="F03", LG="SV")  # fmt: skip
    root = el("TED_EXPORT", (coded, el("FORM_SECTION", (form,))), **{
        "xmlns": "http://publications.europa.eu/resource/schema/ted/R2.0.9/publication",
        "xmlns:n2021": "http://publications.europa.eu/resource/schema/ted/2021/nuts",
        "VERSION": "R2.0.9.S05.E01",
        "DOC_ID": NUMBER,
        "EDITION": "2022094",
    })  # fmt: skip
    return f"{NUMBER}.xml", document(root)
