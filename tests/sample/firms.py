"""Ordinary firms that the invented municipality buys from or asks for tenders. Every word is invented."""

from __future__ import annotations

from typing import Final

from tests.sample.organisations import Org

_ROWS: Final = (
    # key, name, registered, purpose, town
    ("blankrent", "Blankrent Lokalvård AB", "1998-02-16", "Lokalvård, fönsterputs och golvvård.", "Exempelköping"),
    ("skinande", "Skinande Golv i Fabelvik AB", "2004-05-03", "Golvvård, storstädning och flyttstädning.", "Fabelvik"),
    ("storkok", "Smakfulla Storkök AB", "2001-09-10", "Catering, skolmat och drift av storkök.", "Exempelköping"),
    ("dukat", "Dukat och Klart Påhittestad AB", "2011-03-28", "Catering och festvåning.", "Påhittestad"),
    ("tungalyftet", "Tunga Lyftet Flytt och Transport AB", "1995-11-20", "Kontorsflytt och möbeltransporter.",
     "Exempelköping"),
    ("snabbfrakt", "Snabbfrakt Exempelbygden AB", "2008-01-14", "Budbil, paketleverans och distribution.",
     "Exempelköping"),
    ("tolkpoolen", "Tolkpoolen i Låtsasby AB", "2009-08-17", "Förmedling av tolkar och översättare.", "Låtsasby"),
    ("sprakbron", "Språkbron Tolk och Text AB", "2013-10-07", "Tolkförmedling och översättning.", "Fabelvik"),
    ("hemomsorg", "Trygg Hemgång Exempel AB", "2010-06-21", "Hemtjänst och ledsagning.", "Exempelköping"),
    ("nystart", "Uppåt Affärsrådgivning AB", "2015-02-02", "Företagsrådgivning och affärsutveckling.",
     "Exempelköping"),
    ("park", "Parkskötarna i Provinge AB", "1992-04-06", "Skötsel av parker och grönytor.", "Provinge"),
    ("kretslopp", "Containerkompaniet Exempel AB", "1990-10-15", "Avfallshämtning, containrar och återvinning.",
     "Exempelköping"),
    ("tvatteri", "Vita Lakan Tvätteri AB", "1987-01-19", "Tvätt och uthyrning av textilier.", "Påhittestad"),
    ("tryck", "Svärta och Papper Tryckeri AB", "1983-09-05", "Tryckeri och skyltar.", "Exempelköping"),
    ("asfalt1", "Norra Vägbeläggarna AB", "1979-05-28", "Vägarbeten, markarbeten och snöröjning.", "Exempelköping"),
    ("buss", "Exempelbygdens Busstrafik AB", "1976-08-09", "Skolskjuts och linjetrafik med buss.", "Exempelköping"),
    ("itdrift", "Molnkanten IT-drift AB", "2012-12-03", "Drift av servrar och arbetsplatser.", "Exempelköping"),
    ("licens", "Programgruppen Licens AB", "2003-03-17", "Försäljning av programlicenser.", "Fabelvik"),
    ("livs1", "Grossistbolaget Ladan AB", "1989-06-26", "Partihandel med livsmedel.", "Exempelköping"),
    ("livs2", "Mejeriet i Provinge AB", "1968-02-12", "Tillverkning av mejerivaror.", "Provinge"),
    ("bygg", "Tegel och Trä Byggnads AB", "1994-09-19", "Byggnadsentreprenader.", "Exempelköping"),
    ("el", "Gnistan Elinstallation AB", "2000-04-10", "Elinstallationer.", "Exempelköping"),
    ("ror", "Rör i Ordning AB", "2007-07-23", "Rörinstallationer.", "Exempelköping"),
    ("hiss", "Upp och Ner Hisservice AB", "1997-03-10", "Service av hissar.", "Påhittestad"),
    ("fonster", "Karm och Båge Fönster AB", "2005-10-31", "Renovering och byte av fönster.", "Påhittestad"),
    ("bemanning", "Stödlinjen Vårdbemanning AB", "2014-05-12", "Bemanning inom vård och omsorg.", "Exempelköping"),
    ("hvb", "Fyrbåken Behandling AB", "2006-11-27", "Vård och behandling i hem för vård eller boende.", "Låtsasby"),
    ("friskola", "Kunskapstrappan Skolor AB", "2002-01-07", "Förskola och grundskola.", "Exempelköping"),
    ("lokaler", "Hyreshuset Kvarnen Fastigheter AB", "1982-12-13", "Uthyrning av lokaler.", "Exempelköping"),
    ("kontor", "Pärm och Penna Kontorsvaror AB", "1986-03-03", "Handel med kontorsvaror.", "Exempelköping"),
    ("mobel", "Sitt Bra Inredning AB", "1999-11-01", "Handel med kontorsmöbler.", "Fabelvik"),
    ("hjalpmedel", "Stadig Gång Hjälpmedel AB", "2011-01-24", "Handel med hjälpmedel.", "Påhittestad"),
    ("arkitekt", "Vinkel Arkitekter AB", "2009-02-23", "Arkitektverksamhet.", "Exempelköping"),
    ("revision", "Debet och Kredit Revision AB", "1991-05-13", "Revision och redovisning.", "Exempelköping"),
    ("sfi", "Ordbruket Utbildning AB", "2013-04-29", "Vuxenutbildning och svenska för invandrare.", "Exempelköping"),
    ("taxi", "Taxi Exempelköping AB", "1993-08-16", "Taxi och färdtjänst.", "Exempelköping"),
)  # fmt: skip

FIRMS: Final = tuple(
    Org(key, "AB", 61500 + index * 107, name, registered, purpose, town=town, why="an ordinary firm")
    for index, (key, name, registered, purpose, town) in enumerate(_ROWS)
)
