"""Organisations that are, may be or were social enterprises. Every word is invented.

The verdicts follow the rules for assessment: `confirmed` has a dated status, `likely` shows work integration or a
social aim and one more criterion, `possible` has one sign only.
"""

from __future__ import annotations

from tests.sample.organisations import Org

CONFIRMED = (
    Org("sprakvannerna", "I", 10110, "Språkvännerna i Exempelköping", "2012-03-05",
        "Föreningen ska utan vinstsyfte driva språkcafé, samhällsorientering och språkstöd åt nyanlända samt följa med "
        "som språktolk och patientlots vid kontakter med vården.",
        verdict="confirmed", why="idéburna since 2023-04-12"),
    Org("traffpunkt", "S", 10227, "Stiftelsen Träffpunkt Gemenskap", "1994-10-17",
        "Stiftelsen driver mötesplatser för äldre, väntjänst och dagverksamhet för att minska ofrivillig ensamhet. "
        "Överskott ska användas i verksamheten.",
        verdict="confirmed", why="idéburna since 2023-02-01; won a contract reserved by res-pub-ser"),
    Org("laxlyftet", "I", 10334, "Läxlyftet Exempelköping", "2016-08-22",
        "Föreningen ordnar läxhjälp, lovskola och mentorskap för barn i socialt utsatta områden. Föreningen drivs på "
        "ideell grund.",
        verdict="confirmed", why="idéburna since 2023-09-18"),
    Org("solglantan", "EK", 10441, "Omsorgskooperativet Solgläntan ekonomisk förening", "2007-05-14",
        "Föreningen ska främja medlemmarnas ekonomiska intressen genom att driva daglig verksamhet enligt LSS med kafé "
        "och legoarbete. Överskott ska stanna i föreningen.",
        verdict="confirmed", why="idéburna since 2024-01-15"),
    Org("handihand", "AB", 10558, "Hand i Hand Omsorg AB (svb)", "2015-01-26",
        "Bolaget ska bedriva hemtjänst, avlösning och trygghetsringning. Bolaget ska inte lämna utdelning utan använda "
        "vinsten i verksamheten.",
        verdict="confirmed", why="idéburna since 2023-11-06"),
    Org("skyddsjouren", "I", 10665, "Skyddsjouren Låtsasby", "1989-02-13",
        "Ideell förening som driver skyddat boende och jourtelefon för våldsutsatta samt utbildar om våld i nära "
        "relationer.", town="Låtsasby", verdict="confirmed", why="idéburna since 2023-06-07"),
    Org("byskolan", "EK", 10772, "Byskolan i Låtsasby ekonomisk förening", "2009-06-01",
        "Föreningen driver byskola, förskola och fritidshem som föräldrakooperativ. Verksamheten har inte till syfte "
        "att ge vinst.", town="Låtsasby", verdict="confirmed", why="idéburna since 2025-08-01"),
    Org("provingeif", "I", 10889, "Provinge Idrottsförening", "1934-04-09",
        "Föreningen bedriver idrott enligt idrottens stadgar samt på kommunens uppdrag öppen fritidsverksamhet och "
        "lovskola.", town="Provinge", verdict="confirmed",
        why="idéburna since 2024-05-02: a conclusive status beats the exclusion of sports clubs"),
    Org("diakoni", "S", 10996, "Diakonistiftelsen Fabelvik", "1951-01-01", "", town="Fabelvik", in_register=False,
        verdict="confirmed", why="idéburna since 2023-03-20; not registered as carrying on business"),
)  # fmt: skip

LIKELY = (
    Org("renhand", "EK", 20103, "Kooperativet Renhand ekonomisk förening", "2011-09-12",
        "Föreningen ska driva ett arbetsintegrerande socialt företag med lokalvård, fönsterputs och trappstädning. "
        "Medlemmarna deltar med eget arbete. Vinsten ska återinvesteras i verksamheten.",
        verdict="likely", why="own words (work integration, reinvestment) and on the ASF list"),
    Org("vagenvidare", "EK", 20210, "Vägen Vidare Arbetskooperativ ekonomisk förening", "2013-02-18",
        "Föreningen bedriver arbetsintegrerande verksamhet med grönyteskötsel, skräpplockning och snickeri för "
        "personer som står långt från arbetsmarknaden. Eventuell vinst återinvesteras i föreningen.",
        verdict="likely", why="own words, and won a contract reserved by res-ws"),
    Org("overskottskoket", "EK", 20327, "Överskottsköket Räddmat ekonomisk förening", "2018-11-05",
        "Föreningen ska minska matsvinn genom att laga lunch och catering av överskottsmat, arbetsintegrerande, med "
        "anställning för långtidsarbetslösa. Överskottet ska återinvesteras i verksamheten.",
        verdict="likely", why="own words: work integration, reduced food waste, reinvestment"),
    Org("aterbruksvarvet", "EK", 20434, "Återbruksvarvet i Exempelköping ekonomisk förening", "2006-10-30",
        "Föreningen driver arbetskooperativ med flyttjänster, återbruk av möbler, reparation och second hand samt "
        "erbjuder arbetsträning. Vinst ska återinvesteras i föreningens verksamhet.",
        verdict="likely", why="own words and on the ASF list"),
    Org("trampavidare", "AB", 20541, "Trampa Vidare Cykelbud AB (svb)", "2020-04-20",
        "Bolaget ska bedriva cykelbud, lastcykeltransporter och cykelverkstad och därigenom ge arbetsträning och "
        "anställning åt personer som står långt från arbetsmarknaden. Bolaget ska inte lämna utdelning.",
        verdict="likely", why="(svb) and own words; the municipality buys nothing from it yet"),
    Org("hornstenen", "AB", 20658, "Kafé Hörnstenen AB", "2014-06-16",
        "Bolaget ska bedriva café, catering och konferens samt därmed förenlig verksamhet.",
        verdict="likely", why="on the ASF list; its registered purpose says nothing"),
    Org("snickarboden", "I", 20765, "Snickarboden Nystart", "2010-01-11",
        "Föreningen ska utan vinstsyfte driva snickeri och legoarbete med arbetsträning för personer som har svårt "
        "att få arbete på grund av psykisk ohälsa.", verdict="likely", why="own words"),
    Org("tvattkorgen", "EK", 20872, "Tvättkorgen Socialt Arbetskooperativ ekonomisk förening", "2012-05-07",
        "Socialt arbetskooperativ med tvätt, mangling och sömnad. Medlemmarna står utanför den ordinarie "
        "arbetsmarknaden. Vinst återförs till verksamheten och återinvesteras.", verdict="likely", why="own words"),
    Org("mojligheten", "EK", 20989, "Tryckeri Möjligheten ekonomisk förening", "2003-03-24",
        "Arbetsintegrerande socialt företag inom tryckeri, skyltar och kontorsservice med medlemsinflytande. Vinsten "
        "ska återinvesteras.", verdict="likely", why="own words and on the ASF list"),
    Org("grona", "EK", 21094, "Gröna Fingrar i Provinge ekonomisk förening", "2015-04-13",
        "Trädgårdsskötsel och odling i ett arbetsintegrerande socialt företag med lönebidrag och arbetsträning. "
        "Överskott ska återinvesteras i föreningen.", town="Provinge", verdict="likely", why="own words"),
    Org("utvagen", "AB", 21201, "Verkstan Utvägen AB (svb)", "2017-08-28",
        "Bolaget driver cykelservice, legomontering och reparation med skyddad anställning och arbetsträning.",
        verdict="likely", why="(svb) and own words"),
    Org("textil", "I", 21318, "Textilverkstan Väv och Vänner", "2008-09-01",
        "Föreningen driver sömnad, vävning och textilinsamling som ger meningsfull sysselsättning för personer med "
        "psykisk ohälsa samt arbetsträning. Verksamheten bedrivs utan vinstintresse.",
        verdict="likely", why="own words"),
    Org("andrachansen", "S", 21425, "Stiftelsen Andra Chansen", "1996-05-20",
        "Stiftelsen ska bryta utanförskap genom butiker med second hand där människor i missbruk och hemlöshet får "
        "arbetsträning. Stiftelsen drivs utan vinstsyfte.", verdict="likely", why="own words"),
    Org("kretsa", "EK", 21532, "IT-återbruket Kretsa ekonomisk förening", "2019-10-14",
        "Föreningen renoverar datorer för återbruk i ett arbetsintegrerande socialt företag. Vinst ska återinvesteras "
        "i verksamheten.", verdict="likely", why="own words"),
    Org("kretsloppskoket", "AB", 21649, "Kretsloppsköket AB (svb)", "2018-02-05",
        "Bolaget bedriver restaurang och catering som arbetsintegrerande socialt företag.",
        procedures="|KK-AVOMFO$2026-08-17", verdict="likely", why="(svb) and own words; bankruptcy opened 2026-08-17"),
    Org("pahittkoop", "EK", 21756, "Påhittestads Servicekooperativ ekonomisk förening", "2014-11-03",
        "Arbetsintegrerande socialt företag med städning, tvätt och vaktmästeri. Vinsten ska återinvesteras.",
        town="Påhittestad", verdict="likely", why="own words and on the ASF list"),
)  # fmt: skip

POSSIBLE = (
    Org("trasnideri", "AB", 30106, "Mönstertorps Träsnideri AB (svb)", "2009-09-21",
        "Bolaget tillverkar och säljer slöjd i trä.", verdict="possible", why="(svb) only: a profit cap, no aim"),
    Org("natsakert", "AB", 30213, "Nätsäkert i Fabelvik AB (svb)", "2011-12-05",
        "Bolaget utvecklar programvara för säkerhet i datanät.", town="Fabelvik", verdict="possible", why="(svb) only"),
    Org("jobbsteget", "AB", 30320, "Jobbsteget Coachning AB", "2010-03-15",
        "Bolaget säljer coachning och arbetsträning för personer som står långt från arbetsmarknaden.",
        verdict="possible", why="one medium sign: sells work training; nothing about its surplus"),
    Org("spiken", "EK", 30437, "Byggåterbruket Spiken ekonomisk förening", "2021-05-03",
        "Föreningen tar till vara dörrar och fönster och erbjuder arbetsträning åt långtidsarbetslösa.",
        verdict="possible", why="one medium sign: work training"),
    Org("lanthandeln", "EK", 30544, "Låtsasby Lanthandel och Servicepunkt ekonomisk förening", "2013-07-01",
        "Föreningen driver lanthandel, varuhemsändning och servicepunkt i byn för samhällsnytta och bygdens framtid.",
        town="Låtsasby", verdict="possible", why="weak signs: benefit to society, member-owned"),
    Org("loppis", "I", 30651, "Loppis för Alla i Exempelköping", "2005-04-04",
        "Föreningen driver loppis och second hand till förmån för hjälpverksamhet.",
        verdict="possible", why="weak signs: charity, association"),
    Org("matbanken", "I", 30768, "Matbanken Exempelbygden", "2022-01-17",
        "Föreningen driver matbank och samlar in överskottsmat från butiker.",
        verdict="possible", why="weak signs: food waste, association"),
    Org("bevakning", "AB", 30875, "Bevakningsteknik i Exempelköping AB", "2001-10-08",
        "Bolaget säljer och underhåller kameror, larm och passersystem.",
        verdict="possible", why="won a contract that the buyer marked res-ws; nothing else",
        needs="reserved contracts"),
)  # fmt: skip

FORMER = (
    Org("morgonljus", "EK", 40109, "Kooperativet Morgonljus ekonomisk förening", "2004-02-09",
        "Arbetsintegrerande socialt företag med hunddagis och kafé. Vinsten ska återinvesteras i verksamheten.",
        ended="2024-03-18", ended_why="LIAV-AVORG", verdict="unknown", verdict_before="likely", until="2024-03-18",
        why="struck off after liquidation: was likely until then"),
    Org("familjestod", "I", 40216, "Familjestödet Exempelbygden", "2002-06-10",
        "Föreningen ger råd och stöd åt familjer i socialt utsatta lägen.",
        verdict="possible", verdict_before="confirmed", until="2025-05-31",
        why="left the register of idéburna on 2025-05-31; what remains are weak signs"),
)  # fmt: skip

SOCIAL = CONFIRMED + LIKELY + POSSIBLE + FORMER
