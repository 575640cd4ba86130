"""The whole demonstration: sources in, report out."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hub.cli.app import main
from hub.demo import facts as all_facts
from hub.demo import proposal, sql
from hub.demo.run import open_demo
from hub.model.person import contains_person_number
from hub.sdk import HubError
from hub.service import Hub
from hub.store.engine import reading

EXPECTED = tomllib.loads((Path(__file__).parents[1] / "sample" / "expected.toml").read_text(encoding="utf-8"))
LEDGERS = EXPECTED["ledger"].values()
REPORT = "rapport.html"


class Page(HTMLParser):
    """A report's tables by heading, its words, and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self.words: list[str] = []
        self.references: list[str] = []
        self._head: str | None = None
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.references += [given[name] for name in ("src", "href") if given.get(name)]
        if tag in ("style", "script"):
            self._hidden = True
        if tag == "th" and given.get("scope") == "row":
            self._head = ""
        if tag == "data" and self._head:
            self.rows.setdefault(self._head, []).append(given["value"])

    def handle_endtag(self, tag):
        if tag in ("style", "script"):
            self._hidden = False

    def handle_data(self, data):
        if self._hidden:
            return
        self.words.append(data)
        if self._head == "":
            self._head = data.strip()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert main(["demo", "--dir", str(folder), "--report", str(folder / REPORT)]) == 0
    return folder


@pytest.fixture(scope="session")
def page(demo) -> Page:
    return Page((demo / REPORT).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def hub(demo) -> Iterator[Hub]:
    hub = open_demo(demo)
    yield hub
    hub.close()


@pytest.fixture(scope="session")
def facts(hub):
    return all_facts.gather(hub.engine)


def kronor(ore: int) -> str:
    return f"{ore // 100}.{ore % 100:02d}"


def total(*names: str) -> int:
    return sum(ledger.get(name, 0) for ledger in LEDGERS for name in names)


def test_the_report_is_stamped_as_invented(page):
    assert page.text.startswith("Sociala företag och inköp i Exempelköpings kommun – PÅHITTADE UPPGIFTER")
    assert page.text.count("PÅHITTADE UPPGIFTER") >= 3


def test_the_report_needs_nothing_from_elsewhere(page):
    assert all(reference.startswith("#") for reference in page.references)
    assert not any(urlsplit(reference).netloc for reference in page.references)


def test_the_words_are_the_buyers(page):
    text = page.text.casefold()
    assert "uteslut" not in text
    assert "räknas inte, därför att" in text
    for internal in ("excluded", "stream", "mention", "checkpoint"):
        assert internal not in text


def test_every_krona_is_in_the_report_once(page):
    assert page.rows["Hela reskontran"][-1] == kronor(total("sum_ore"))
    years = len(page.rows["Hela reskontran"]) - 1
    for column in range(years + 1):
        parts = [
            float(page.rows[name][column])
            for name in (
                "Bekräftade sociala företag",
                "Troliga sociala företag",
                "Möjliga sociala företag",
                "Andra kända leverantörer",
                "Leverantörer som inte kunnat identifieras",
                "Privatpersoner och enskilda firmor",
            )
        ]
        assert sum(parts) == pytest.approx(float(page.rows["Alla inköp"][column]), abs=0.005)


def test_the_sums_are_the_ledgers(page):
    assert page.rows["Bidrag, som inte är inköp"][-1] == kronor(total("grants_ore"))
    assert page.rows["Troliga sociala företag"][-1] == kronor(total("purchases_likely_ore"))
    persons = total("person_number_ore", "person_number_in_name_ore")
    assert page.rows["Privatpersoner och enskilda firmor"][-1] == kronor(persons)


def test_every_verdict_is_explained(facts, page):
    verdicts = {org["identifier"]: org["verdict"] for org in EXPECTED["organisation"]}
    found = {enterprise.identifier: enterprise for enterprise in facts.enterprises.found}
    for status in ("confirmed", "likely"):
        assert {e.identifier for e in found.values() if e.status == status} == {
            identifier for identifier, verdict in verdicts.items() if verdict == status
        }
    assert all(enterprise.sentences for enterprise in found.values())
    assert all(enterprise.name in page.text for enterprise in found.values())


def test_the_proposal_follows_its_rule(facts, page):
    first, *others = facts.proposals
    assert all(first.points >= other.points for other in others)
    assert first.enterprise.status in ("confirmed", "likely")
    assert first.enterprise.local
    assert first.enterprise.active
    assert first.need.is_met_by(first.enterprise.offer)
    signs = {reason.sign for reason in first.reasons}
    if "reserved_lot" in signs:
        signs.discard("open_lot")
    assert first.points == sum(proposal.POINTS[sign] for sign in signs)
    assert f"{first.need.label_sv.capitalize()} från {first.enterprise.name}" in page.text


@pytest.mark.parametrize(
    ("last", "first"),
    [("2026-10-28", "2025-10-28"), ("2028-02-29", "2027-02-28"), (None, ""), ("2026-01-31", "2025-01-31")],
)
def test_a_year_before(last, first):
    assert proposal._year_before(last) == first


def test_unlinked_names_are_compared_and_not_linked(facts):
    alike = {item.name: item.alike.name for item in facts.doubt.unlinked if item.alike}
    assert alike["Kafé Hörnstenen"] == "Kafé Hörnstenen AB"
    assert sum(item.amount for item in facts.doubt.unlinked) + facts.doubt.masked["amount"] == facts.purchases.amount(
        "unlinked"
    )


def test_it_can_be_run_again(demo, tmp_path, capsys):
    again = tmp_path / "demo"
    shutil.copytree(demo, again)
    capsys.readouterr()
    assert main(["demo", "--dir", str(again), "--report", str(again / REPORT)]) == 0
    shown = capsys.readouterr().out
    assert len(re.findall(r"^ (?:\S+) +unchanged ", shown, re.MULTILINE)) == 6
    assert "Where it is" in shown
    assert 'hub.sqlite3 "SELECT' in shown


def test_long_after_the_sample_what_is_bought_again_and_again_remains(hub, facts, monkeypatch):
    monkeypatch.setattr(sql, "open_lots", lambda *_: [])
    monkeypatch.setattr(sql, "ending_contracts", lambda *_: [])
    with reading(hub.engine) as connection:
        proposals = proposal.gather(connection, facts.buyer, facts.enterprises, facts.purchases)
    assert proposals
    assert {reason.sign for item in proposals for reason in item.reasons} == {"recurring", "tendered"}


def test_a_folder_with_other_contents_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo", "--dir", str(tmp_path), "--report", str(tmp_path / REPORT)]) == 2
    assert "is not a demonstration" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_real_hub_in_the_environment_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("HUB_DATABASE_URL", f"sqlite:///{tmp_path / 'real.sqlite'}")
    hub = open_demo(tmp_path / "demo")
    assert str(hub.settings.database.url).endswith("demo/data/hub.sqlite3")
    assert not (tmp_path / "real.sqlite").exists()
    hub.close()


def test_a_database_with_other_sources_is_left_alone(tmp_path):
    hub = open_demo(tmp_path / "demo")
    with hub.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO source (id, connector, connector_version, title, enabled) VALUES ('real', 'x', 1, 'Real', 1)"
        )
    with pytest.raises(HubError, match="other sources already \\(real\\)"):
        open_demo(tmp_path / "demo")
    hub.close()


def test_no_person_reaches_the_report(page):
    assert not contains_person_number(page.text)


def test_postgresql_gives_the_same_report(demo, page, tmp_path, postgres_url):
    folder = tmp_path / "demo"
    assert main(["demo", "--dir", str(folder), "--report", str(folder / REPORT), "--database", postgres_url]) == 0
    there = Page((folder / REPORT).read_text(encoding="utf-8"))
    assert there.rows == page.rows
    database = re.compile(r"databasen .+? Läs vyerna")
    assert database.sub("", there.text) == database.sub("", page.text)
    assert urlsplit(postgres_url).password not in there.text
