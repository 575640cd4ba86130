"""Takes personal data out of a notice before it becomes a raw record (DESIGN rule 11).

What goes: contact persons with their telephone and e-mail, juries, invited participants, beneficial owners, the
name, number and address of organisations that are natural persons, and personal numbers and e-mail addresses
in any text. What stays of a natural person is a pseudonym in the place of the number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from hub.sdk import Identifier, is_person_number, looks_like_person_number, mask_person_numbers
from hub.sdk.formats.xml import Element
from hub_eu_ted.countries import iso2

_ABOUT_PEOPLE: Final = frozenset(
    {
        # eForms: contact persons, owners (BT-502 to BT-506, BT-706), jury (BT-46), invited participants (BT-47)
        "Contact", "UltimateBeneficialOwner", "TechnicalCommitteePerson", "PreSelectedParty",
        # TED XML
        "CONTACT_POINT", "ATTENTION", "E_MAIL", "E_MAILS", "PHONE", "FAX", "MEMBER_NAME", "PARTICIPANT_NAME",
        "TRANSLITERATED_ADDR", "TRANSLITERATIONS",
    }
)  # fmt: skip
_POINTERS: Final = frozenset({"NoticePublicationID", "ChangedNoticeIdentifier", "NO_DOC_OJS", "NOTICE_NUMBER_OJ"})
_PUBLICATION: Final = re.compile(r"\d{6}-\d{4}")
_AMOUNT: Final = re.compile(r"Amount$|^VAL|^(?:LOW|HIGH)$|VALUE")
_WHOLE_AMOUNT: Final = re.compile(r"\d{10}|\d{12}")
_E_MAIL: Final = re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+")
_MASKED_E_MAIL: Final = "[e-mail]"
_MASKED_NAME: Final = "[name]"
_SHORTEST_NAME: Final = 5

Pseudonym = Callable[[str], str]


def remove_personal_data(root: Element, person: Pseudonym) -> None:
    """Change the notice in place; ``person`` makes the keyed pseudonym of a natural person's number."""
    for element in list(root.iter(*(f"{{*}}{name}" for name in _ABOUT_PEOPLE))):
        _remove(element)
    names = [name for block in root.iter("{*}Organization") for name in _organisation(block, person)]
    for number in root.iter("{*}NATIONALID"):
        names += _legacy_address(number, person)
    if published := root.get("DOC_ID"):
        root.set("DOC_ID", _spelled_as_publication(published))
    for link in [link for link in root.iter("{*}URI_DOC") if mask_person_numbers(link.text or "")[1]]:
        _remove(link)
    _mask_text(root, names)


def person_behind(written: str, country: str | None) -> bool:
    """Whether a company's number as written is a Swedish natural person's.

    A wrong check digit is forgiven for Swedish companies only: abroad, ten digits with a date in them are common.
    """
    plain = re.sub(r"(?i)^(?:org\.?\s*(?:nr|no|nummer)?[.:]*|SE)\s*", "", written.strip())
    spellings = {written, plain, re.sub(r"\s", "", plain), re.sub(r"[\s-]", "", plain)}
    spellings |= {text.removesuffix("01") for text in spellings if len(re.sub(r"\D", "", text)) == len("XXXXXXXXXX01")}
    if country == "SE":
        return any(looks_like_person_number(text) for text in spellings)
    # No country given: only a number whose check digit holds is taken for a person's.
    return country is None and any(is_person_number(text) for text in spellings)


def _organisation(block: Element, person: Pseudonym) -> list[str]:
    """eForms: an efac:Organization. Answers with the names removed."""
    company = block.find("{*}Company")
    if company is None:
        return []
    numbers = company.findall("{*}PartyLegalEntity/{*}CompanyID")
    country = iso2(company.findtext("{*}PostalAddress/{*}Country/{*}IdentificationCode"))
    declared = (block.findtext("{*}NaturalPersonIndicator") or "").strip().lower() == "true"
    told = next((n.text.strip() for n in numbers if n.text and person_behind(n.text, country)), None)
    # Buyers tick the box for companies too; a Swedish legal person's number tells that it is none.
    legal = country == "SE" and any(Identifier.parse(n.text, country="SE") for n in numbers)
    if told is None and (legal or not declared):
        return []
    names = [element.text or "" for element in company.iterfind("{*}PartyName/{*}Name")]
    for place in (company, *block.findall("{*}TouchPoint")):
        for part in list(place):
            if _local(part) == "PostalAddress":
                _keep_country(part)
            elif _local(part) not in {"PartyIdentification", "PartyLegalEntity"}:
                _remove(part)
    # A person without a number is told apart within this notice, by place, and linked to nobody elsewhere.
    key = company.findtext("{*}PartyIdentification/{*}ID") or ""
    notice = block.getroottree().getroot().findtext("{*}ID") or ""
    written = told or next((n.text.strip() for n in numbers if n.text and n.text.strip()), f"{notice} {key}")
    _set_number(company, numbers, person(written))
    return names


def _set_number(company: Element, numbers: list[Element], pseudonym: str) -> None:
    for extra in numbers[1:]:
        _remove(extra)
    if numbers:
        numbers[0].text = pseudonym
        return
    name = company.find("{*}PartyIdentification/{*}ID")
    if name is not None:
        cac, cbc = (str(tag).rpartition("}")[0] + "}" for tag in (name.getparent().tag, name.tag))  # type: ignore[union-attr]
        legal = company.makeelement(f"{cac}PartyLegalEntity")
        number = company.makeelement(f"{cbc}CompanyID")
        number.text = pseudonym
        legal.append(number)
        company.append(legal)


def _keep_country(address: Element) -> None:
    for part in list(address):
        if _local(part) != "Country":
            _remove(part)


def _legacy_address(number: Element, person: Pseudonym) -> list[str]:
    """TED XML: a NATIONALID with the name and address around it. Answers with the names removed."""
    holder = number.getparent()
    if holder is None or not number.text:
        return []
    # R2.0.8 wraps name and number in ORGANISATION, beside the address.
    address = holder.getparent() if str(holder.tag).endswith("ORGANISATION") else holder
    country = None if address is None else address.find("{*}COUNTRY")
    if address is None or not person_behind(number.text, iso2(None if country is None else country.get("VALUE"))):
        return []
    number.text = person(number.text.strip())
    names = []
    for part in [*holder, *address]:
        tag = _local(part)
        if tag == "OFFICIALNAME":
            names.append("".join(str(text) for text in part.itertext()))
        if tag not in {"NATIONALID", "ORGANISATION", "COUNTRY", "NUTS", "SME", "NO_SME"}:
            _remove(part)
    return names


def _mask_text(root: Element, names: Iterable[str]) -> None:
    """Personal numbers, e-mail addresses and the removed names, wherever they stand in the notice's texts."""
    known = sorted({" ".join(name.split()) for name in names}, key=len, reverse=True)
    patterns = [r"\s+".join(map(re.escape, name.split())) for name in known if len(name) >= _SHORTEST_NAME]
    named = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE) if patterns else None
    for element in root.iter("*"):
        if amount := element.get("FMTVAL"):
            element.set("FMTVAL", _spelled_as_amount(amount))
        if element.text and _is_pointer(element):
            element.text = _spelled_as_publication(element.text)
        elif element.text:
            text = _spelled_as_amount(element.text) if _AMOUNT.search(_local(element)) else element.text
            element.text = _masked(text, named)
        if element.tail and not element.tail.isspace():
            element.tail = _masked(element.tail, named)


def _is_pointer(element: Element) -> bool:
    parent = element.getparent()
    return _local(element) in _POINTERS or (parent is not None and _local(parent) == "NoticeDocumentReference")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _masked(text: str, named: re.Pattern[str] | None) -> str:
    if "@" in text:
        text = _E_MAIL.sub(_MASKED_E_MAIL, text)
    if named is not None:
        text = named.sub(_MASKED_NAME, text)
    return mask_person_numbers(text)[0]


def _spelled_as_amount(text: str) -> str:
    """An amount of ten digits can look like a personal number; with decimals behind it nobody takes it for one."""
    return f"{text.strip()}.00" if _WHOLE_AMOUNT.fullmatch(text.strip()) else text


def _spelled_as_publication(text: str) -> str:
    """A publication number in eForms' eight digits: 1 in 130 of six (340663-2020) passes for a personal number."""
    return f"00{text.strip()}" if _PUBLICATION.fullmatch(text.strip()) else text


def _remove(element: Element) -> None:
    """Take an element out and leave the text behind it in its place."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and not element.tail.isspace():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
