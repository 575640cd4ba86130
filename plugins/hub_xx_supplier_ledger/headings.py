"""Header words of ledgers by what they mean. Data: the first word of a field wins over the later ones.

Swedish, Finnish and English words come from published files and guidelines; Norwegian, Danish and French ones are
those of the languages' accounting terms. Words are compared folded (see ``layout.fold``): without case, accents,
spaces, punctuation and currency.
"""

from __future__ import annotations

from typing import Final

FIELDS: Final[dict[str, str]] = {
    "buyer_id": (
        "kopare_id; köpare orgnr; köparens organisationsnummer; kunnan y-tunnus; ostajan y-tunnus; kommune orgnr; "
        "kunde CVR; idAcheteur; idAttribuant; Organisation Code; Body; Body (URI); nwod_id_uri_code; "
        "organizationalnumber"
    ),
    "buyer_name": (
        "kopare; köpare; köparens namn; kommun; Body Name; Organisation Name; Authority Name; Authority; "
        "Organisation; Client; kunnan nimi; kunnan tai kuntayhtymän nimi; kunnan/kuntayhtymän nimi; "
        "kunnan/-yhtymän nimi; kuntayhtymän nimi; yhtiö (T); yhtiö; kaupungin nimi; kaupunki; kunta; kommune; "
        "myndighed; Company; nomAcheteur; nomAttribuant; Organisation Label"
    ),
    "municipality_code": (
        "kommun_id; kommunkod; kuntanumero; kuntanro; kuntakoodi; kommunenr; kommunekode; code INSEE"
    ),
    "unit": (
        "forvaltning; förvaltning; nämnd; Ansvar(T); enhet; Förvaltningsnamn; Förvaltning(T); Ansvar; "
        "Directorate; Directorate / Service Where Expenditure Incurred; Service Area; Organisational Unit; "
        "Department; Service Label; Service division label; Service; Expense Area; Strategic Group; Nstrg(T); "
        "Strgrpcc(T); Strgrp(T); toimielin (t); toimielin; tulosyksikön nimi; tulosyksikkö; tulosalueen nimi; "
        "tulosalue; vastuualueen nimi; vastuualue; osasto; virksomhet; avdeling; forvaltningsområde; direction; "
        "org_short_name; Entity"
    ),
    "supplier_name": (
        "leverantor; leverantör; leverantörsnamn; leverantörens namn; Leverantör namn; Namn leverantör; Lev.namn; "
        "Lev.nr(T); Leverantör(T); betalningsmottagare; mottagare; Supplier Name; Beneficiary Name; Supplier "
        "(Beneficiary) Name; Approved Supplier (Beneficiary) Name; Benificiary Name; Supplier; Vendor Name; "
        "Vendor; Merchant Name; Supplier ID(T); Suuplier ID (T); Supplier Name(T); Supplier Text; Payee; Creditor "
        "Name; toimittajan nimi; toimittajanimi; toimittaja; reskontranro (t); reskontranumero; reskontranro; "
        "leverandør; leverandørnavn; leverandørens navn; fournisseur; nomBeneficiaire; titulaire"
    ),
    "supplier_org_no": (
        "leverantor_id; leverantörens organisationsnummer; organisationsnummer; Organisationsnr; orgnr; org.nr; "
        "org nummer; Orgnr leverantör; leverantör orgnr; Leverantörs orgnr; Leverantörsid; Company Registration; "
        "Company Registration Number; Comp. reg. no; Company Number; company_number; toimittajan y-tunnus; "
        "toimittaja y-tunnus; y-tunnus; toimittaja y-tun/sotu; toimittajan sotu; organisasjonsnummer; organisasjonsnr; "
        "CVR; "
        "CVR-nr; CVR-nummer; SIRET; SIREN; idBeneficiaire; SupplierOrganizationalNumber"
    ),
    "supplier_vat_no": (
        "momsreg.nr; momsregistreringsnummer; VAT-nr; VAT-nummer; VAT Registration Number; VAT Number; "
        "vat-tunnus; alv-numero; MVA-nr; SE-nr; n° TVA"
    ),
    "supplier_charity_no": ("Charity Registration; Charity Number; Charity Registration Number; Charity No; n° RNA"),
    "supplier_local_no": (
        "leverantörsnr; leverantörsnummer; Lev.nr; Levnr; Supplier ID; Supplier Number; Supplier No; Local "
        "Supplier Internal Reference; Vendor ID; Vendor Number; toimittajanumero; toimittaja nro; toimittajan "
        "nro; toimittajan numero; leverandørnr; leverandørnummer; code tiers"
    ),
    "supplier_country": (
        "landkod; leverantörens land; toimittajan maakoodi; maakoodi; maatunnus; toimittajan maa; toimittajan "
        "maatunnus; maa; landkode; supplier country; Country"
    ),
    "amount_net": (
        "nettobelopp; belopp exkl. moms; belopp exklusive moms; belopp ex moms; belopp utan moms; konterat "
        "belopp; netto; Net Amount; Net; Amount Excluding VAT; Amount exc VAT; Amount ex VAT; Net Value; summa "
        "alv0 euroina; summa alv 0; laskun summa ilman alv; laskun summa ilman alv:tä; rivin osuus veroton; rivin "
        "nettosumma; eur netto; nettosumma; veroton summa; nettobeløp; beløp ekskl. mva; montant HT"
    ),
    "amount": (
        "belopp; Belopp SEK; bokfört belopp; summa; Amount; Spend; Payment Amount; Transaction Amount; Value; "
        "Total Amount; euroa; eur; määrä euroina; beløp; beløb; montant"
    ),
    "amount_gross": (
        "belopp inkl. moms; belopp inklusive moms; bruttobelopp; fakturabelopp; Gross; Gross Amount; GrossAmount; "
        "Total; Amount Including VAT; Amount inc VAT; kokonaissumma euroina; rivin bruttosumma; tot eurot; rivin "
        "osuus verollinen; eur brutto; bruttosumma; brutto; bruttobeløp; montant TTC"
    ),
    "vat_amount": (
        "moms; momsbelopp; VAT; VAT Amount; Irrecoverable VAT; alv määrä euroina; rivin alv-summa; rivin osuus "
        "vero; alv eur; mva; TVA"
    ),
    "debit": ("debet; debit"),
    "credit": ("kredit; credit"),
    "booking_date": (
        "bokforingsdatum; bokföringsdatum; bokf.datum; datum; Ver.datum; verifikationsdatum; konteringsdatum; "
        "kirjauspäivä; kirjauspäivämäärä; kirjauspvm; kirjaus pvm; tositepäivämäärä; tositepäivä; tositepvm; "
        "tapahtumapäivä; tapahtumapäivämäärä; tapaht.pvm; pvm; päivämäärä; bilagsdato; bokføringsdato; "
        "bogføringsdato; date de mandat; Posting Date; Transaction Date; Date; Updated; Invoice GL Date"
    ),
    "payment_date": (
        "betaldatum; betalningsdatum; utbetalningsdatum; Payment Date; Date Paid; Paid Date; Pay Date; Clearing "
        "Date; Date of Payment; maksupäivä; betalingsdato; date de paiement"
    ),
    "invoice_date": (
        "fakturadatum; Invoice Date; Date of Invoice; laskun päivämäärä; laskun päivä; fakturadato; date de facture"
    ),
    "period": ("period; redovisningsperiod; bokföringsperiod; månad period; periode; exercice; kausi"),
    "year": ("år; year; vuosi; exercice budgétaire"),
    "month": ("månad; month; kuukausi"),
    "voucher_no": (
        "verifikationsnummer; verifikationsnr; Ver.nr; verifikat; verifikation; löpnummer verifikation; "
        "Transaction Number; Transaction No; Trans No; TransNo; Transaction ID; SAP Document Number; Document No; "
        "Document Number; tositenumero; tosite numero; tosite; tositenro; tositteen numero; tapahtumanumero; "
        "tapahtuma; JournalEntryId; bilagsnr; bilagsnummer; n° mandat"
    ),
    "invoice_no": (
        "fakturanummer; fakturanr; Invoice Number; Invoice No; laskun numero; laskunumero; n° facture; InternalId"
    ),
    "account_code": (
        "konto_nr; kontonr; kontonummer; konto; Detailed expenditure code; SeRCOP Detailed Expenditure Code; "
        "Expenditure Code; Cost Element; Account Code; tilinumero; tilin numero; tilinro; tili nro; kirjanpidon "
        "tilinumero; pääkirjatili; tili; tilit; kirjanpidon tili; art; compte; nature; AccountId"
    ),
    "account_text": (
        "konto_text; kontotext; kontonamn; kontobenämning; Konto(T); kontobeskrivning; Detailed expenditure type; "
        "SeRCOP Detailed Expenditure Type; Purpose of Spend; Expense Type; G/L Description; Account Description; "
        "Cost Element Description; Expenditure Account; Cipfsubs(T); Spend Level 2; Expenditure Category; SeRCOP "
        "Expenditure Category; Cipfsubj(T); Spend Level 1; tilin nimi; tili (t); pääkirjatilin nimi; kontonavn; "
        "artnavn; libellé; AccountName; Expenditure Account Code Description"
    ),
    "account_group": ("kontogrupp; tiliryhmän nimi; tiliryhmä"),
    "category": (
        "varugrupp; kategori; s_kod_nr; inköpskategori; Procurement Classification; Proclass; Proclass "
        "Description; Merchant Category; CPV; CPV Code; palvelun nimi; palveluluokka; KOSTRA-funksjon; funksjon; "
        "UNSPSC; code CPV; Thomson Description; Thomson Desc; Thomson Classification; Classification; Category "
        "Family"
    ),
    "description": (
        "beskrivning; text; fakturatext; verifikationstext; radtext; kommentar; benämning; Narrative; "
        "Description; Line Description; Invoice Text; Purpose; selite; kuvaus; tekst; beskrivelse; objet"
    ),
    "agreement_ref": (
        "avtal; avtalsnummer; avtalsnr; Contract Ref; Contract Reference; Contract; sopimusnumero; avtalenr; "
        "kontraktnr; n° marché"
    ),
    "grant_flag": ("VCSE Grant; Grant; Is Grant; grund; tilskudd; tilskud"),
    "currency": ("valuta; valutakod; currency; Currency Code; valuutta; devise"),
}
"""Canonical field → header words in falling order of preference, separated by semicolons."""

IGNORED: Final = (
    # Running numbers and technical marks.
    "Seq No; Sequence Number; rad; radnr; radnummer; löpnr; nr; id; docid; rondo id; T; VT; verifikationstyp; "
    "verifikationsserie; toslaji; tositelaji; tositesarja; URI; Line; JournalId; nwod_id; match_method; "
    # Internal accounting dimensions beside account and unit.
    "projekt; Projekt(T); Verks; Verksamhet; Verksamhet(T); Aktiv; Aktivitet; Motpart; Motpart(T); Objekt; Kst; "
    "kostnadsställe; Ansvarsnamn; Service Code; Service (SeRCOP); SeRCOP URI; Service Category Label; Service "
    "Category URI; SeRCOP Expenditure Code; Capital/Revenue; Capital or revenue; Type; Type of Expenditure; "
    "kustannuspaikka; kustannuspaikan nimi; kustannuspaikka nimi; kustannuspaikka numero; kustannuspaikka id; "
    "kustannuspaikka nro; kp; kp:n nimi; toiminto; toiminnon nimi; toimintonumero; projekti; projekti/hanke; "
    "projekti/hanke nimi; projekti/hanke nro; projekti/hankenumero; projektinro; projektinumero; projektin nimi; "
    "hanke; hankenro; hankenumero; hankkeen nimi; tiliryhmä nro; tiliryhmänumero; vastuualue nro; "
    "vastuualuenumero; vastuualuetunnus; tulosyksikön numero; tulosyksikön nro; tulosyksikon_id; tulosalue nro; "
    "tulosaluenumero; toimielin nro; toimielintunnus; palvelun numero; "
    # When the file was published, not when anything was paid.
    "Effective Date; "
    # Second levels of a classification.
    "Class Code; P-Card Tran; P-Card; Thomson Code; "
    # What a third party added.
    "clean_name; naked_name; company_name; sicc_int; "
    # Addresses and orders are not part of a payment.
    "Postinumero; postnummer; ort; postort; ordernr; ordernummer; beställning; Order; tilausnumero; "
    "ostotilausnumero; ordrenr; n° commande; verkkolaskuosoite; alv-koodi; alv nimi; hilma-tunnus"
)
"""Columns that are known and deliberately not mapped. They stay in the raw record."""

AMOUNTS: Final = ("amount_net", "amount", "amount_gross", "debit", "credit")
DATES: Final = ("booking_date", "payment_date", "invoice_date")
SUPPLIERS: Final = ("supplier_name", "supplier_org_no", "supplier_vat_no", "supplier_local_no")
NUMBER_OF: Final = {"supplier_name": "supplier_local_no", "account_text": "account_code", "unit": "unit_code"}
"""Fields that publishers give as two columns, a number and a text, sometimes under one and the same header."""
