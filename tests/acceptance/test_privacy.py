"""Personal numbers planted in every input appear in no byte that is written or shown."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from hub.model.person import contains_person_number
from tests.acceptance.folder import Folder

# Invented persons: a date, a serial and the check digit that fits. Each appears in another place.
PLANTED = {
    "sole trader": "7503121233",
    "purpose": "8806051234",
    "supplier": "6907154121",
    "mistyped supplier": "6907154122",
    "description": "9112248886",
    "invoice": "5511302340",
    "member": "8204019890",
    "member name": "7710102380",
    "tenderer": "6512014587",
    "contact": "7203091488",
    "title": "8005109999",
}
PERSONS = ("Berit Privat", "Kalle Enskild", "Stina Kontakt", "Olle Anbud", "Maja Medlem")


def spellings(number: str) -> set[bytes]:
    forms = {number, f"{number[:6]}-{number[6:]}", f"19{number}", f"19{number[:6]}-{number[6:]}"}
    return {form.encode() for form in forms}


def planted(folder: Folder) -> None:
    p = {name: f"{number[:6]}-{number[6:]}" for name, number in PLANTED.items()}
    header = (
        "organisationsidentitet;namnskyddslopnummer;registreringsland;organisationsnamn;organisationsform;"
        "avregistreringsdatum;avregistreringsorsak;pagandeAvvecklingsEllerOmstruktureringsforfarande;"
        "registreringsdatum;verksamhetsbeskrivning;postadress"
    )
    (folder.root / "register.txt").write_text(
        f'{header}\n"19{PLANTED["sole trader"]}$PERSON-IDORG";"1";"SE-LAND";"Berit Privat$FORETAGSNAMN-ORGNAM$";'
        '"E-ORGFO";"";"";"";"2001-01-01";"frisör";"Gatan 1$$ORTEN$99001$SE-LAND"\n'
        '"5590000013$ORGNR-IDORG";"";"SE-LAND";"Alfa AB$FORETAGSNAMN-ORGNAM$2001-01-01";"AB-ORGFO";"";"";"";'
        f'"2001-01-01";"drivs av {p["purpose"]} utan vinstsyfte";"Gatan 1$$ORTEN$99001$SE-LAND"\n',
        "utf-8",
    )
    folder.add_source("register", 'connector = "se_bolagsverket"\n[config]\npath = "register.txt"\n')
    (folder.root / "ledger.csv").write_text(
        "kopare_id;leverantor;leverantor_id;konto_text;belopp;datum;fakturanummer;beskrivning\n"
        f"2120002627;Kalle Enskild;SE{PLANTED['supplier']}01;städ;100,00;2026-01-02;1;arbete av Kalle Enskild\n"
        f"2120002627;Kalle Enskild;{p['mistyped supplier']};städ;100,00;2026-01-02;2;x\n"
        f"2120002627;Alfa AB;559000-0013;städ;100,00;2026-01-03;{PLANTED['invoice']};för pnr.{p['description']}\n"
        f"2120002627;Alfa AB;559000-0013;städ;inget;2026-01-03;3;för {p['description']}\n",
        "utf-8",
    )
    folder.add_source("ledger", 'connector = "xx_supplier_ledger"\n[config]\npath = "ledger.csv"\n')
    (folder.root / "list.csv").write_text(
        f"namn;orgnr\nMaja Medlem;SE{PLANTED['member']}01\nAlfa AB ({p['member name']});559000-0013\n", "utf-8"
    )
    folder.add_source(
        "list",
        'connector = "xx_membership_list"\n[config]\npath = "list.csv"\nregister = "se_asf"\nregister_name = "ASF"\n'
        'columns = {name = "namn", identifier = "orgnr"}\n',
    )
    notice = Path(__file__).parents[1] / "plugins" / "fixtures" / "eu_ted" / "result.xml"
    xml = notice.read_text("utf-8")
    xml, companies = re.subn(r"(<cbc:CompanyID[^>]*>)[^<]*", rf"\g<1>{p['tenderer']}", xml, count=1)
    xml, names = re.subn(r"(<cac:PartyName>\s*<cbc:Name[^>]*>)[^<]*", r"\g<1>Olle Anbud", xml, count=1)
    contact = f"<cac:Contact><cbc:Name>Stina Kontakt {p['contact']}</cbc:Name></cac:Contact>"
    xml, contacts = re.subn(r"(</cac:PartyLegalEntity>)", rf"\g<1>{contact}", xml, count=1)
    xml, titles = re.subn(
        r"(<cac:ProcurementProject>.*?<cbc:Name[^>]*>)", rf"\g<1>{p['title']} ", xml, count=1, flags=re.DOTALL
    )
    assert (companies, names, contacts, titles) == (1, 1, 1, 1)
    (folder.root / "notice.xml").write_text(xml, "utf-8")
    folder.add_source("ted", 'connector = "eu_ted"\n[config]\npath = "notice.xml"\n')


def everything_written(folder: Folder, tmp_path: Path) -> dict[str, bytes]:
    """Every byte on disk (segments unpacked), and every value in the database when it is a server's."""
    given = {"register.txt", "ledger.csv", "list.csv", "notice.xml"}
    found = {
        str(path): gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file() and path.name not in given
    }
    if folder.database.startswith("postgresql"):
        tables = folder.all("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in tables:
            found[table] = repr(folder.all(f"SELECT CAST(t AS text) FROM {table} t")).encode()
    return found


def test_no_planted_person_is_found_anywhere(database_url: str, tmp_path: Path):
    assert all(contains_person_number(number) for name, number in PLANTED.items() if name != "mistyped supplier")
    folder = Folder.empty(tmp_path / "operator", database_url)
    planted(folder)
    shown = [folder.hub("sync", HUB_LOG_LEVEL="debug"), folder.hub("quarantine", "list"), folder.hub("changes")]
    shown += [folder.hub("organisation", "show", "5590000013", "--why"), folder.hub("social", "explain", "5590000013")]
    assert [done.returncode for done in shown] == [0, 0, 0, 0, 0], [done.stderr for done in shown]
    ((payments,),) = folder.all("SELECT count(*) FROM v1_payment")
    ((persons,),) = folder.all("SELECT count(DISTINCT supplier_pseudonym) FROM v1_payment")
    ((notices,),) = folder.all("SELECT count(*) FROM v1_notice")
    assert (payments, persons, notices) == (3, 2, 1)

    written = everything_written(folder, tmp_path)
    assert any(name.endswith(".gz") for name in written)
    written["output"] = "".join(done.stdout + done.stderr for done in shown).encode()
    for place, content in written.items():
        for name, number in PLANTED.items():
            assert not [form for form in spellings(number) if form in content], f"{name} in {place}"
        for person in PERSONS:
            assert person.encode() not in content, f"{person} in {place}"
