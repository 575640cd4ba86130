"""Takes personal data out of an invoice before it becomes a raw record.

What goes: contact persons, payees, bank accounts and cards, places of delivery (they can be homes), attachments, free
notes, and the names and addresses of parties that are natural persons; personal numbers and e-mail addresses in any
text. The buyer's reference and the order's are a code or the name of a clerk: only words with a digit are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from hub.sdk import clean, is_person_number, looks_like_person_number, mask_person_numbers
from hub.sdk.formats.xml import Element
from hub_xx_peppol.party import Number, country, numbers
from hub_xx_peppol.schemes import SWEDISH

REMOVED: Final = frozenset(
    {
        "Contact", "AccountingContact", "AccountsContact", "OrderContact", "SellerContact", "BuyerContact",
        "DeliveryContact", "Person", "PayeeParty", "TaxRepresentativeParty", "OriginatorCustomerParty",
        "BuyerCustomerParty", "SellerSupplierParty", "PaymentMeans", "PrepaidPayment", "Delivery", "Attachment",
        "Note", "Signature", "UBLExtensions", "RequisitionistDocumentReference",
    }
)  # fmt: skip
"""Elements that never reach the archive, wherever they stand."""
_PARTIES: Final = ("{*}AccountingSupplierParty", "{*}AccountingCustomerParty", "{*}SellerParty", "{*}BuyerParty")
_E_MAIL: Final = re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+")
_AMOUNT: Final = re.compile(r"\d{10}|\d{12}")
_SHORTEST_NAME: Final = 5

Pseudonym = Callable[[str], str]


def remove_personal_data(root: Element, person: Pseudonym) -> None:
    """Change the document in place; ``person`` makes the keyed pseudonym of a natural person's number."""
    for element in list(root.iter(*(f"{{*}}{name}" for name in REMOVED))):
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    names = [
        name
        for role in root.iter(*_PARTIES)
        for party in role.iterfind("{*}Party")
        for name in _without_person(party, person)
    ]
    for reference in [*root.iterfind("{*}BuyerReference"), *root.iterfind("{*}OrderReference/{*}ID")]:
        reference.text = " ".join(word for word in (reference.text or "").split() if re.search(r"\d", word))
    number = root.find("{*}ID")
    if number is not None and mask_person_numbers(number.text or "")[1]:
        # The number tells invoices apart, so it is replaced by its pseudonym and not by a mask.
        number.text = person((number.text or "").strip())
    _mask_text(root, names)


def person_behind(number: Number, home: str | None) -> bool:
    """Whether a number is a Swedish natural person's; a wrong check digit is forgiven where it is surely Swedish."""
    text = number.text.removeprefix(f"{SWEDISH}:")
    if number.scheme == SWEDISH or home == "SE" or text[:2].upper() == "SE":
        return looks_like_person_number(text)
    return home is None and is_person_number(text)


def _without_person(party: Element, person: Pseudonym) -> list[str]:
    """Make a natural person nameless. Answers with the names removed."""
    home, written = country(party), list(numbers(party))
    told = next((number for number in written if person_behind(number, home)), None)
    # Beside a legal person's own number a personal number is a contact's, and is masked like any other.
    if told is None or written[0].identifier(home) is not None:
        return []
    paths = ("{*}PartyLegalEntity/{*}RegistrationName", "{*}PartyName/{*}Name")
    names = [text for path in paths for found in party.iterfind(path) if (text := clean.text(found.text))]
    for part in list(party):
        party.remove(part)
    number = party.makeelement(str(party.tag).removesuffix("Party") + "EndpointID")
    number.text = person(told.text.removeprefix(f"{SWEDISH}:"))
    party.append(number)
    return names


def _mask_text(root: Element, names: Iterable[str]) -> None:
    """Personal numbers, e-mail addresses and the removed names, in every text; and the white space between elements."""
    known = sorted({name for name in names if len(name) >= _SHORTEST_NAME}, key=len, reverse=True)
    words = "|".join(r"\s+".join(map(re.escape, name.split())) for name in known)
    named = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if known else None
    for element in root.iter("*"):
        element.tail = None
        text = element.text
        if len(element) or not text:
            element.text = None
            continue
        if str(element.tag).endswith("Amount") and _AMOUNT.fullmatch(text.strip()):
            text = f"{text.strip()}.00"  # with decimals nobody takes an amount for a personal number
        if "@" in text:
            text = _E_MAIL.sub("[e-mail]", text)
        if named is not None:
            text = named.sub("[name]", text)
        element.text = mask_person_numbers(text)[0]
