from __future__ import annotations

from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from stdnum.se import orgnr

from hub.model import Identifier, Mention, make_id, organisation_id, scheme
from hub.model.ids import NAMESPACE
from hub.model.person import luhn_valid
from tests.model.test_person import AMONG_OTHERS, WHOLE


@st.composite
def organisation_numbers(draw: st.DrawFn) -> str:
    digits = draw(st.sampled_from("1235789")) + draw(st.from_regex(r"[0-9][2-9][0-9]{6}", fullmatch=True))
    return next(digits + str(check) for check in range(10) if luhn_valid(digits + str(check)))


@given(organisation_numbers())
def test_every_spelling_of_a_swedish_number_is_one_identifier(number: str):
    assert orgnr.is_valid(number)
    hyphen = f"{number[:6]}-{number[6:]}"
    spellings = [number, hyphen, f"SE{number}01", f"se {hyphen} 01", f"16{number}", f"0007:{number}", f" {hyphen} "]
    found = {Identifier.parse(text, country="SE") for text in spellings}
    assert found == {Identifier(scheme="SE-ON", value=number)}


@given(organisation_numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_is_no_identifier(number: str, shift: int):
    wrong = number[:9] + str((int(number[9]) + shift) % 10)
    assert Identifier.parse(wrong, country="SE") is None


@pytest.mark.parametrize(
    ("text", "country", "scheme", "value"),
    [
        ("923609016", "NO", "NO-BRC", "923609016"),
        ("NO 923 609 016 MVA", "NO", "NO-BRC", "923609016"),
        ("FI 28562988", "FI", "FI-PRO", "2856298-8"),
        ("2856298-8", "FI", "FI-PRO", "2856298-8"),
        ("DK-13 58 56 28", "DK", "DK-CVR", "13585628"),
        ("445790", "GB", "GB-COH", "00445790"),
        ("sc123456", "GB", "GB-COH", "SC123456"),
        ("552 032 534 00646", "FR", "FR-RCS", "552032534"),
    ],
)
def test_other_countries(text: str, country: str, scheme: str, value: str):
    assert Identifier.parse(text, country=country) == Identifier(scheme=scheme, value=value)


@pytest.mark.parametrize("text", ["Alfa AB", "10023", "0000000000", "", "556012579", "800101-1231"])
def test_a_name_an_internal_number_or_a_person_is_no_identifier(text: str):
    assert Identifier.parse(text, country="SE") is None


def test_old_scheme_names_mean_the_new_one():
    assert Identifier.parse("556012-5790", scheme="SE-BLV") == Identifier(scheme="SE-ON", value="5560125790")
    with pytest.raises(ValidationError, match="stored form"):
        Identifier(scheme="SE-BLV", value="5560125790")


def test_a_personal_number_cannot_reach_the_model():
    with pytest.raises(ValidationError, match=r"ctx\.person"):
        Mention.of("Erik Exempel", "800101-1231", country="SE")
    for text in (*WHOLE, *AMONG_OTHERS):
        for name, written in (("Erik Exempel", text), (f"Alfa {text}", None)):
            with pytest.raises(ValidationError, match=r"ctx\.person"):
                Mention(name=name, identifier_as_written=written)
    with pytest.raises(ValidationError, match=r"ctx\.person"):
        Mention(identifier_as_written="8001011231.00")
    person = Mention.of("Erik Exempel", "person:abc", country="SE")
    assert (person.name, person.identifier_as_written, person.pseudonym) == (None, None, "person:abc")


@given(st.lists(st.text(), max_size=4))
def test_ids_are_version_5_uuids_of_the_namespace(key: list[str]):
    name = "|".join(("entity", *(f"{len(part)}:{part}" for part in key)))
    assert make_id("entity", *key) == str(uuid5(NAMESPACE, name))


def test_ids_are_the_same_everywhere_and_no_two_keys_collide():
    assert organisation_id("SE-ON", "2120002627") == "4bda7e14-b12d-59ac-a078-73b86de45bf1"
    assert make_id("x", "a", "bc") != make_id("x", "ab", "c")


def test_a_plugins_scheme_is_used_and_cannot_replace_ours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scheme, "BY_CODE", dict(scheme.BY_CODE))
    monkeypatch.setattr("hub.model.identifier.BY_CODE", scheme.BY_CODE)
    monkeypatch.setattr(scheme, "_BY_COUNTRY", dict(scheme._BY_COUNTRY))
    ours = scheme.BY_CODE["SE-ON"]
    scheme.register(
        [
            scheme.IdentifierScheme("XX-TEST", "Test", "XX", lambda text: text.upper() if text.isalpha() else None),
            scheme.IdentifierScheme("SE-ON", "Rival", "SE", lambda text: text),
        ]
    )
    assert Identifier.parse("abc", country="XX") == Identifier(scheme="XX-TEST", value="ABC")
    assert scheme.BY_CODE["SE-ON"] is ours
