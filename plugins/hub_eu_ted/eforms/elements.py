"""The sections of a notice that the connector maps or knowingly ignores; any other one is new and reported."""

from __future__ import annotations

from typing import Final

from hub.sdk.formats.xml import Element
from hub_eu_ted.eforms.document import EXTENSION, Document


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KNOWN: Final = {
    ".": _names(
        """
        AdditionalNoticeLanguage BusinessCapability BusinessParty AdditionalDocumentReference ContractFolderID
        ContractingParty CustomizationID ID IssueDate IssueTime Note NoticeLanguageCode NoticePurpose
        NoticeTypeCode PlannedDate ProcurementProject ProcurementProjectLot ProfileID RegulatoryDomain
        RequestedPublicationDate SenderParty TenderResult TenderingProcess TenderingTerms UBLExtensions
        UBLVersionID URI VersionID
        """
    ),
    EXTENSION: _names(
        """
        AppealsInformation AppealInformation Appeals Changes ContractModification NoticeResult NoticeSubType
        Organizations Publication TransmissionDate TransmissionTime
        """
    ),
    f"{EXTENSION}/efac:NoticeResult": _names(
        """
        FieldsPrivacy GroupFramework LotResult LotTender OverallApproximateFrameworkContractsAmount
        OverallMaximumFrameworkContractsAmount SettledContract TenderingParty TotalAmount
        """
    ),
}


def report_new_elements(document: Document) -> None:
    """Report sections that no release known to the connector has."""
    for path, known in _KNOWN.items():
        for parent in document.all(document.root, path):
            for child in parent:
                if (name := _local(child)) not in known:
                    document.findings.new(f"{_local(parent)}/{name}")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
