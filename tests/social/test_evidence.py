"""Which signals fire on which facts, and what verdict and words come of them."""

from __future__ import annotations

from datetime import date

import pytest

from hub.social import assess, collect, merge
from hub.social.facts import ActivityFact, MembershipFact, Origin
from tests.social.make import NOW, SIGNALS, facts

SNI_2007, SNI_2025 = "SNI 2007", "SNI 2025"


def activity(scheme: str, code: str) -> tuple[ActivityFact, ...]:
    return (ActivityFact(scheme, code, Origin("scb")),)


def member(register: str) -> tuple[MembershipFact, ...]:
    return (MembershipFact(register, f"listan {register}", "lista", date(2023, 5, 1), "published"),)


def latest(known):
    return assess(known, merge(known.organisation_id, collect(known, SIGNALS), (), NOW), SIGNALS)[-1]


@pytest.mark.parametrize(
    ("values", "signals"),
    [
        ({"name": "Alfa AB (svb)"}, {"SE_SVB_NAME"}),
        ({"name": "Alfa Aktiebolag med särskild vinstutdelningsbegränsning"}, {"SE_SVB_NAME"}),
        ({"name": "SVB Sveriges Båtar AB"}, set()),
        ({"legal_form": "EK-ORGFO"}, {"SE_FORM_EK"}),
        ({"legal_form": "51"}, {"SE_FORM_EK"}),
        ({"legal_form": "AB-ORGFO", "kind": "company"}, set()),
        ({"legal_form": "I"}, {"SE_FORM_I"}),
        ({"legal_form": "72"}, {"SE_FORM_S"}),
        ({"legal_form": "TSF-ORGFO", "identifier": "2520001231"}, {"SE_FORM_TSF", "SE_HINT_PUBLIC_NUMBER"}),
        ({"legal_form": "SCE"}, {"SE_FORM_SCE"}),
        ({"legal_form": "EK", "country": "NO", "scheme": "NO-BRC"}, set()),
        ({"legal_form": "BRF-ORGFO", "kind": "housing"}, {"SE_X_BRF"}),
        ({"legal_form": "KHF", "kind": "housing"}, {"SE_X_KHF"}),
        ({"kind": "housing"}, {"SE_X_HOUSING_KIND"}),
        ({"legal_form": "62"}, {"SE_X_SAMFALLIGHET"}),
        ({"legal_form": "91", "kind": "estate"}, {"SE_X_ESTATE"}),
        ({"legal_form": "82", "kind": "public_body"}, {"SE_X_PUBLIC_FORM"}),
        ({"kind": "public_body"}, {"SE_X_PUBLIC_KIND"}),
        (
            {"identifier": "2120002627", "name": "Laxå kommun"},
            {"SE_X_PUBLIC_NUMBER", "SE_X_PUBLIC_NAME", "SE_HINT_PUBLIC_NUMBER"},
        ),
        ({"identifier": "8020001239", "name": "Pensionärer i Laxå kommun"}, set()),
        ({"identifier": "5564481397", "name": "Samhall AB"}, {"SE_X_PUBLIC_OWNED"}),
        ({"legal_form": "AB", "name": "Exempelköpings kommuns bostads AB"}, {"SE_X_PUBLIC_OWNED_NAME"}),
        ({"legal_form": "AB", "name": "Regionens Bästa Pizza AB"}, set()),
        (
            {"legal_form": "AB", "name": "Karlstads Bostads AB", "purpose": "Främja kommunens bostadsförsörjning."},
            {"SE_X_MUNICIPAL_COMPANY"},
        ),
        ({"legal_form": "AB", "name": "Karlstads Bostads AB", "purpose": "Sälja bostäder."}, set()),
        (
            {"legal_form": "EK", "name": "Tierps Service", "purpose": "Främja kommunens bostadsförsörjning."},
            {"SE_FORM_EK"},
        ),
        ({"activities": activity(SNI_2007, "88.102")}, {"SE_SNI_SOCIAL"}),
        ({"activities": activity(SNI_2007, "38320")}, {"SE_SNI_SOCIAL"}),
        ({"activities": activity(SNI_2025, "38320")}, set()),
        ({"activities": activity(SNI_2025, "38214")}, {"SE_SNI2025_SOCIAL"}),
        ({"activities": activity(SNI_2025, "93120"), "legal_form": "I"}, {"SE_X_SPORT2025", "SE_FORM_I"}),
        ({"activities": activity(SNI_2007, "93.12"), "legal_form": "61"}, {"SE_X_SPORT", "SE_FORM_I"}),
        ({"activities": activity(SNI_2025, "93120"), "legal_form": "AB"}, set()),
        ({"activities": activity(SNI_2025, "94200")}, {"SE_X_UNION2025"}),
        ({"activities": activity(SNI_2007, "94920")}, {"SE_X_PARTY"}),
        ({"activities": activity(SNI_2007, "94111")}, {"SE_X_TRADE_BODY"}),
        ({"name": "Alfa Idrottsförening", "legal_form": "I"}, {"SE_X_SPORT_NAME", "SE_FORM_I"}),
        ({"name": "Fackförbundet Alfa", "legal_form": "I"}, {"SE_X_UNION_NAME", "SE_FORM_I"}),
        ({"memberships": member("se_idebura")}, {"SE_IDEBUREN_REG"}),
        ({"memberships": member("se_asf")}, {"SE_ASF_LIST"}),
        ({"memberships": member("network")}, {"NETWORK_LIST"}),
        ({"memberships": member("skr_network")}, {"NETWORK_LIST"}),
        ({"memberships": member("se_90konto")}, {"SE_90KONTO"}),
        ({"memberships": member("anything_else")}, {"OTHER_LIST"}),
        ({"purpose": "Arbetsintegrerande."}, {"SE_PURPOSE_WISE"}),
        ({"purpose": "Arbetsträning."}, {"SE_PURPOSE_WISE_WEAK"}),
        ({"purpose": "Bolaget ska ge aktieägarna god avkastning."}, {"SE_PURPOSE_OWNERS_PROFIT"}),
        ({"purpose": "Aktierna ägs av Exempelköpings kommun."}, {"SE_X_PUBLIC_OWNED_TEXT"}),
        ({"purpose": "Upplåta bostäder åt medlemmarna.", "legal_form": "AB"}, {"SE_X_HOUSING_TEXT"}),
        ({"purpose": "Föreningen är en vägförening.", "legal_form": "EK"}, {"SE_X_JOINT_TEXT", "SE_FORM_EK"}),
        ({"purpose": "Snöröjning åt vägföreningar.", "legal_form": "EK"}, {"SE_FORM_EK"}),
        ({"purpose": "Arbetsintegrerande.", "origins": {}}, set()),
    ],
)
def test_signals(values, signals):
    assert {hit.signal for hit in collect(facts(**values), SIGNALS)} == signals


def test_samhall_is_no_social_enterprise():
    known = facts(
        identifier="5564481397", name="Samhall Aktiebolag", legal_form="AB", kind="company",
        purpose="Skapa arbete åt personer med funktionsnedsättning som medför nedsatt arbetsförmåga, utan vinstsyfte.",
    )  # fmt: skip
    found = latest(known)
    assert (found.status, found.confidence) == ("excluded", "high")
    assert found.explanation_sv.startswith(
        "Räknas inte, därför att det ägs av det offentliga: Samhall Aktiebolag (staten)"
    )
    assert found.explanation_en.startswith("Not counted, because it is owned by the public sector")


def test_explanation_of_a_likely_one():
    found = latest(
        facts(
            name="Kooperativet Alfa", legal_form="EK-ORGFO", kind="cooperative",
            purpose="Arbetsintegrerande socialt företag. Vinsten ska återinvesteras i verksamheten.",
        )
    )  # fmt: skip
    assert found.status == "likely"
    assert "bygger på företagets egna registrerade ord" in found.explanation_sv
    assert "own registered words" in found.explanation_en
    assert "källa: bolagsverket, antas gälla sedan 2012-03-01" in found.explanation_sv
    assert "framgår sällan av register" in found.explanation_sv
    assert found.marks == {"business": "shown", "measured": "not_shown", "reinvested": "shown"}
    assert len(found.evidence_ids) == 3


def test_svb_alone_says_what_is_missing():
    found = latest(facts(name="Alfa AB (svb)", legal_form="AB"))
    assert found.status == "possible"
    assert "socialt ändamål saknas" in found.explanation_sv


def test_a_sports_club_in_the_conclusive_register():
    known = facts(name="Alfa Idrottsförening", legal_form="61", memberships=member("se_idebura"))
    found = latest(known)
    assert found.status == "confirmed"
    assert "Det gäller trots att namnet är en idrottsförenings" in found.explanation_sv
    assert found.marks["business"] == "not_shown"


def test_profit_for_the_owners_contradicts_the_third_mark():
    found = latest(facts(purpose="Arbetsintegrerande. Bolaget ska ge aktieägarna god avkastning."))
    assert found.marks["reinvested"] == "contradicted"
    assert "Mot talar: den registrerade" in found.explanation_sv


def test_titles_name_sources():
    known = facts(memberships=member("se_asf"))
    stored = merge(known.organisation_id, collect(known, SIGNALS), (), NOW)
    (found,) = assess(known, stored, SIGNALS, titles={"lista": "Skoopis lista"})
    assert "(källa: Skoopis lista, sedan 2023-05-01)" in found.explanation_sv
