"""Words in registered purposes: what each group finds, and the false friends that it must not find."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.social.catalogue import DATA
from tests.social.make import SIGNALS

ROWS = list(csv.DictReader((DATA / "sv_purpose_phrases.csv").read_text(encoding="utf-8").splitlines()))
EXAMPLES = Path(__file__).parents[3] / "shared/corpus/registers/sv-purpose/examples.csv"
OWN_GROUPS = {"work_integration", "social_aim", "profit_reinvestment", "governance"}


def groups(text: str) -> dict[str, int]:
    return {group: finding.weight for group, finding in SIGNALS.book.read(text).items()}


@pytest.mark.parametrize("row", [row for row in ROWS if row["group"] != "not_own"], ids=lambda row: row["phrase"])
def test_every_phrase_is_found_in_its_example(row):
    assert groups(f"Föreningen ska {row['example']}.").get(row["group"], 0) >= int(row["weight"])


FRIENDS = [(row["group"], text) for row in ROWS for text in row["false_friends"].split("|") if text]


@pytest.mark.parametrize(("group", "text"), [pair for pair in FRIENDS if pair[0] != "not_own"])
def test_false_friends_of_each_phrase(group, text):
    assert group not in groups(f"Bolaget ska bedriva {text}.")


@pytest.mark.parametrize(
    "text",
    [
        "Bolaget ska bedriva konsultverksamhet inom systemintegration samt därmed förenlig verksamhet.",
        "Integration av mjukvara och data åt kunder.",
        "Bolaget ska sköta den dagliga verksamheten i koncernens dotterbolag och förvalta värdepapper.",
        "Personlig assistans för personer med funktionsnedsättning enligt LSS.",
        "Bolaget anställer assistenter för personlig assistans åt personer med funktionsnedsättning.",
        "Utdelning av post och reklam samt budtransporter.",
        "Budtransporter, dock ej utdelning av post.",
        "Fastighetsförvaltning av allmännyttiga bostäder.",
        "Renovering av fasader åt allmännyttan.",
        "Allmännyttiga anläggningsarbeten och asfaltering.",
        "ASF asfaltsbeläggning och vägarbeten.",
        "Juridik i konkurrensutsatta branscher.",
        "Handel med begagnade bilar och auktionsverksamhet.",
        "Bolagets vinster återinvesteras i värdepapper.",
        "Rådgivning till sociala företag och ideella organisationer.",
        "Redovisning och bokföring åt arbetsintegrerande företag och idéburna organisationer.",
        "Städning åt kommuner, regioner och kommunala bolag.",
        "Samarbete om socialt företagsansvar.",
        "",
    ],
)
def test_false_friends_of_the_whole_list(text):
    assert OWN_GROUPS.isdisjoint(groups(text)), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Daglig verksamhet enligt LSS.", {"work_integration": 1}),
        ("Ett ASF med kafé.", {"work_integration": 2}),
        ("Verka för bygdens utveckling.", {"social_aim": 1}),
        ("Översättning i vården åt patienter.", {"social_aim": 1}),
        ("Läxhjälp för elever.", {"social_aim": 1}),
        ("Källsortering tillsammans med boende.", {"social_aim": 1}),
        ("Cykelfrakt i staden.", {"social_aim": 1}),
        ("Överskottet används till föreningens ändamål.", {"profit_reinvestment": 3}),
        ("Bolaget ska inte lämna utdelning.", {"profit_reinvestment": 3}),
        ("Ett medarbetarägt kooperativ.", {"governance": 3}),
        ("Aktierna ägs av Exempelköpings kommun.", {"public_owner": 3}),
        ("Arbetsträning, arbetsträning och mer arbetsträning.", {"work_integration": 2}),
    ],
)
def test_weights(text, expected):
    assert groups(text) == expected


def test_an_adviser_may_also_be_one():
    text = "Rådgivning till sociala företag. Vi är ett arbetsintegrerande socialt företag."
    assert groups(text)["work_integration"] == 6


def test_exclusion_reaches_no_further_than_the_sentence():
    assert groups("Vi säljer digitala tjänster. Integration i samhället är målet.") == {"social_aim": 2}


def test_excerpt_quotes_the_match_and_no_personal_number():
    finding = SIGNALS.book.read("x " * 300 + "kontakt 800101-1234, arbetsintegrerande kafé " + "y " * 300)
    quoted = finding["work_integration"].excerpt
    assert "arbetsintegrerande" in quoted
    assert len(quoted) <= 200
    person = SIGNALS.book.read("Arbetsintegrerande kafé, kontakt 19640823-3234.")["work_integration"].excerpt
    assert "3234" not in person


@given(st.text(alphabet=st.sampled_from("arbetsintegrerande socialt företag.,;\n åäö12-"), max_size=400))
def test_any_text_can_be_read(text):
    for finding in SIGNALS.book.read(text).values():
        assert finding.weight > 0
        assert 0 < len(finding.excerpt) <= 200


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the corpus of purposes is not here")
def test_corpus_of_purposes():
    for row in csv.DictReader(EXAMPLES.read_text(encoding="utf-8").splitlines()):
        if row["text"].startswith("INVENTED") or row["points_to_social_enterprise"] not in ("yes", "no"):
            continue
        found = groups(row["text"])
        aim = found.keys() & {"work_integration", "social_aim"}
        against = found.keys() & {"public_owner", "housing", "joint_property"}
        total = sum(weight for group, weight in found.items() if group in OWN_GROUPS)
        assert (bool(aim) and not against and total >= 3) == (row["points_to_social_enterprise"] == "yes"), row
