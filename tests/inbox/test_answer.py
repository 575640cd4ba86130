"""The page that answers."""

from __future__ import annotations

from hub.inbox.answer import Answer, Fault, kronor
from hub.sdk import Money, mask_person_numbers
from tests.inbox.dropping import Seen

EVIL = '<script>alert("x")</script>'


def clean(text):
    return mask_person_numbers(text)[0]


def test_nothing_from_the_file_is_markup():
    seen = Seen(title=EVIL, columns=((EVIL, EVIL),), ignored=(EVIL,), missing=(EVIL,), notes=(EVIL,), period=EVIL)
    answer = Answer(EVIL, loaded=True, outcome=EVIL, recognition=seen, faults=[Fault(EVIL, EVIL)], mend=[EVIL],
                    counts=[(EVIL, 1)])  # fmt: skip
    assert "<script" not in answer.html(clean)


def test_it_needs_nothing_but_itself():
    html = Answer("r.csv", loaded=True, outcome="Klart", recognition=Seen()).html(clean)
    assert "http" not in html
    assert 'lang="sv"' in html
    assert "src=" not in html


def test_personal_numbers_are_masked_wherever_they_come_from():
    seen = Seen(columns=(("811228-9874", ""),), notes=("811228-9874",))
    answer = Answer("811228-9874.csv", loaded=False, outcome="811228-9874", recognition=seen,
                    faults=[Fault("rad 1", "811228-9874")])  # fmt: skip
    assert "9874" not in answer.html(clean)


def test_many_faults_are_counted_and_the_first_listed():
    faults = [Fault(f"rad {n}", "fel") for n in range(1000)]
    html = Answer("r.csv", loaded=True, outcome="Klart", faults=faults).html(clean)
    assert html.count("rad ") == 100
    assert "900 till" in html


def test_kronor_are_written_as_swedes_write_them():
    assert kronor(Money(amount_minor=123456750, currency="SEK")) == "1\u00a0234\u00a0567,50\u00a0kr"
    assert kronor(Money(amount_minor=-5, currency="SEK")) == "-0,05\u00a0kr"
