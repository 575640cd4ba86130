"""Organisations that are excluded, and false friends: words that only look social. Every word is invented."""

from __future__ import annotations

from tests.sample.organisations import Org

EXCLUDED = (
    Org("kommunen", "KOMMUN", 1, "Exempelköpings kommun", "", "", in_register=False, verdict="excluded",
        why="a municipality"),
    Org("grannkommunen", "KOMMUN", 2, "Påhittestads kommun", "", "", town="Påhittestad", in_register=False,
        verdict="excluded", why="a municipality"),
    Org("regionen", "REGION", 1, "Region Exempel", "", "", in_register=False, verdict="excluded", why="a region"),
    Org("domstolen", "STAT", 1, "Förvaltningsrätten i Exempelköping", "", "", in_register=False, verdict="excluded",
        why="a state authority", needs="a rule on numbers of state authorities"),
    Org("bostadsbolaget", "AB", 50102, "Exempelköpings Bostads AB", "1957-03-11",
        "Bolaget ska utan vinstsyfte och med iakttagande av kommunal självkostnadsprincip förvalta och hyra ut "
        "bostäder i Exempelköpings kommun samt främja integration i samhället.",
        verdict="excluded", why="municipal company, although it says 'utan vinstsyfte'"),
    Org("energibolaget", "AB", 50219, "Exempelköpings Energi och Vatten AB", "1971-12-20",
        "Bolaget ska inom ramen för den kommunala kompetensen och kommunala självkostnadsprincipen leverera "
        "fjärrvärme, el och vatten. Aktierna ägs av Exempelköpings kommun.",
        verdict="excluded", why="municipal company"),
    Org("arbetsbolaget", "AB", 50326, "Exempelköpings Arbetsmarknads AB", "1998-04-27",
        "Bolaget ska på kommunens uppdrag, utan vinstsyfte och enligt kommunal självkostnadsprincip, ge arbetsträning "
        "åt personer som står långt från arbetsmarknaden.",
        verdict="excluded", why="municipal company, although its words are those of a work-integration enterprise"),
    Org("brfeken", "BRF", 50433, "Bostadsrättsföreningen Eken", "1988-10-24",
        "Föreningen har till ändamål att främja medlemmarnas ekonomiska intressen genom att upplåta bostäder åt "
        "medlemmarna.", verdict="excluded", why="housing co-operative"),
    Org("khf", "KHF", 50540, "Kooperativa Hyresrättsföreningen Seniorgården", "2010-08-09",
        "Föreningen hyr ut bostäder åt äldre medlemmar med social gemenskap.", verdict="excluded",
        why="co-operative tenancy"),
    Org("idrottsklubben", "I", 50657, "Exempelköpings Idrottsklubb", "1921-05-16",
        "Idrottsförening som bedriver fotboll, ishockey och friidrott på ideell grund.",
        verdict="excluded", why="sports club; only its name and purpose say so",
        needs="an activity code, or a rule on names"),
    Org("ridklubben", "I", 50764, "Påhittestads Ridklubb", "1966-09-05",
        "Idrottsförening med ridskola och tävlingsverksamhet.", town="Påhittestad", verdict="excluded",
        why="sports club; only its name and purpose say so",
        needs="an activity code, or a rule on names"),
    Org("facket", "I", 50871, "Fackförbundet Exempelarbetarna avdelning 7", "1946-01-21",
        "Facklig organisation som tar till vara medlemmarnas intressen på arbetsmarknaden.",
        verdict="excluded", why="trade union; only its name and purpose say so",
        needs="an activity code, or a rule on names"),
)  # fmt: skip

FALSE_FRIENDS = (
    Org("systemintegration", "AB", 60105, "Kodverket Systempartner AB", "2012-01-30",
        "Bolaget ska bedriva konsultverksamhet inom systemintegration, integration av mjukvara och drift.",
        why="'systemintegration'"),
    Org("dagliga", "AB", 60212, "Fabelvik Koncernstöd AB", "2006-06-12",
        "Bolaget ska sköta den dagliga verksamheten i koncernens dotterbolag.", town="Fabelvik",
        why="'dagliga verksamheten' is not 'daglig verksamhet'"),
    Org("post", "AB", 60329, "Bladburet Distribution AB", "2016-02-29",
        "Bolaget ska bedriva budtransporter och tidningsdistribution, dock ej utdelning av post.",
        why="'ej utdelning av post' is no dividend clause"),
    Org("radgivning", "AB", 60436, "Samklang Rådgivning AB", "2019-03-04",
        "Bolaget ska bedriva rådgivning och utbildning till sociala företag och ideella organisationer.",
        why="advises social enterprises, is none"),
    Org("vardepapper", "AB", 60543, "Ränta på Ränta i Provinge AB", "2008-11-17",
        "Bolaget ska äga och förvalta aktier. Vinster återinvesteras i värdepapper.", town="Provinge",
        why="reinvests in securities"),
    Org("bilar", "AB", 60650, "Bilkompaniet Låtsasby AB", "1999-07-26",
        "Handel med begagnade varor, främst begagnade bilar, och auktioner.", town="Låtsasby", why="'begagnade bilar'"),
    Org("asfalt", "AB", 60767, "ASF Vägbeläggning i Exempel AB", "1985-04-15",
        "Asfaltering, vägbeläggning och allmännyttiga anläggningsarbeten.",
        why="ASF = asfalt; 'allmännyttiga anläggningsarbeten'"),
    Org("assistans", "AB", 60874, "Lejonets Assistans AB", "2005-01-10",
        "Bolaget anställer assistenter för personlig assistans åt personer med funktionsnedsättning enligt LSS.",
        why="'personlig assistans … funktionsnedsättning'"),
    Org("konkurrens", "AB", 60981, "Upphandlingsjuristerna i Påhittestad AB", "2014-09-08",
        "Juridisk rådgivning till konkurrensutsatta grupper av leverantörer i offentlig upphandling.",
        town="Påhittestad", why="'konkurrensutsatta grupper'"),
    Org("allmannyttan", "AB", 61086, "Fasadrenovering Norr om Ån AB", "2003-02-03",
        "Renovering av fasader åt allmännyttiga bostadsföretag.", why="'allmännyttiga bostadsföretag'"),
    Org("kapellet", "TSF", 61193, "Kapellkyrkan i Exempelköping", "2001-06-18",
        "Församlingen hyr ut lokaler och driver bokhandel.",
        why="its number begins with 2, but it is no public body"),
)  # fmt: skip
