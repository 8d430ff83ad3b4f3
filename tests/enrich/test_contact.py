"""E-mail addresses and telephone numbers are masked, and nothing else is. All are invented."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jobmarket.enrich.contact.mask import EMAIL, PHONE, mask
from jobmarket.offers.reading import ContractBreach, Notes
from jobmarket.sources.france_travail.contract.contacts import (
    EMAILS_MASKED,
    PHONES_MASKED,
    without_contacts,
)
from jobmarket.sources.france_travail.contract.interpret import read_offer
from jobmarket.sources.france_travail.contract.offer import rows_of

# How a contact stands in a text.
FRAMES = ("%s", "Bonjour, %s. Merci", "CV :\n%s\nBonne chance", "(%s)", "Envoyez-le à %s, merci")

PHONES = (
    "06\t12\t34\t56\t78",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "0612345678",
    "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78",
    "+33(0)612345678",
    "+33612345678",
    "0033 6 12 34 56 78",
    "0033612345678",
    "00 33 6 12 34 56 78",
    "06-12-34-56-78",
    "06/12/34/56/78",
    "06 12 34 56 78 / 79",
    "0590 12 34 56",
    "0590123456",
    "0596-12-34-56",
    "0262.12.34.56",
    "+32 475 12 34 56",
    "+32 2 123 45 67",
    "+41 22 345 67 89",
    "0041 22 345 67 89",
    "+352 621 123 456",
    "+352 26 12 34",
    "+49 (0)170 1234567",
    "+44 20 7946 0958",
    "0 800 123 456",
    "0 800 12 34 56",
    "0800 123 456",
    "0 6 12 34 56 78",
    "0 6 1 2 3 4 5 6 7 8",
    "(06) 12 34 56 78",
    "06 - 12 - 34 - 56 - 78",
    "06. 12. 34. 56. 78",
    "06_12_34_56_78",
    "O6 12 34 56 78",
    "33 6 12 34 56 78",
    "33612345678",
    "tél.0612345678",
    "Tel0612345678",
    "TEL 06 12 34 56 78",
    "0475/12.34.56",
    "‪06 12 34 56 78‬",
    "06​12​34​56​78",
    "０６ １２ ３４ ５６ ７８",
    "https://wa.me/33612345678",
    "tel:+33612345678",
    "https://x.fr/c?phone=0612345678",
    "01 23 45 67 89 - 06 12 34 56 78",
    "01 23 45 67 89 06 12 34 56 78",
    "(+33) 6 12 34 56 78",
    "06 1234 5678",
    "06 12345678",
    "+1 (514) 555-1234",
    "+212 6 12 34 56 78",
    "appelez le 0612345678 entre 8h et 10h",
    "06 12 34 56 78 24h/24",
    "06 12 34 56 78 35h",
    "04.72.12.34.56 (standard)",
    "01.02.03.04.06",
    "06–12–34–56–78",
    "06 12 34 56 78.",
    "+33.6.12.34.56.78",
    "+33-6-12-34-56-78",
    "+336 12 34 56 78",
    "02 40 12 34 56 ou 06 12 34 56 78",
    "06 12 34.56.78",
    "07 98 76 54 32",
    "0798765432",
    "09 87 65 43 21",
    "09.87.65.43.21",
    "0694 12 34 56",
    "0692-12-34-56",
    "0639123456",
    "0594.12.34.56",
    "0262 12 34 56",
    "+590 590 12 34 56",
    "+262 692 12 34 56",
    "+594 694 12 34 56",
    "+687 12 34 56 78",
    "+689 87 12 34 56",
    "00 32 475 12 34 56",
    "0032475123456",
    "+32475123456",
    "+32 (0)475 12 34 56",
    "+32 81 12 34 56",
    "+41223456789",
    "+41 (0)22 345 67 89",
    "+41 79 123 45 67",
    "00352 621 123 456",
    "+352621123456",
    "+49 30 12345678",
    "0049 30 12345678",
    "+49-170-1234567",
    "+34 612 34 56 78",
    "+39 06 1234 5678",
    "+351 912 345 678",
    "+377 93 12 34 56",
    "+376 312 345 678",
    "+31 6 12345678",
    "+353 87 123 4567",
    "+1 514 555 1234",
    "+1-514-555-1234",
    "+216 20 123 456 1",
    "+213 551 23 45 67",
    "+221 77 123 45 67",
    "+225 07 12 34 56 78",
    "+ 33 6 12 34 56 78",
    "+33 06 12 34 56 78",
    "+33 (0) 6 12 34 56 78",
    "+33 (0)6.12.34.56.78",
    "(0033) 6 12 34 56 78",
    "0033(0)612345678",
    "+33-(0)6-12-34-56-78",
    "+33/6/12/34/56/78",
    "06  12  34  56  78",
    "06 / 12 / 34 / 56 / 78",
    "06.12.34.56.78 / 06.98.76.54.32",
    "06·12·34·56·78",
    "06•12•34•56•78",
    "06*12*34*56*78",
    "06~12~34~56~78",
    "06—12—34—56—78",
    "06−12−34−56−78",
    "06‑12‑34‑56‑78",
    "06|12|34|56|78",
    "06　12　34　56　78",
    "0800 12 34 56 (gratuit)",
    "0 820 123 456",
    "0 892 12 34 56",
    "0805 123 456",
    "08 25 12 34 56",
    "n° 06.12.34.56.78",
    "M. X (06 12 34 56 78)",
    "[06 12 34 56 78]",
    "«06 12 34 56 78»",
    '"0612345678"',
    "'0612345678'",
    "Contact:0612345678",
    "contact 06-12-34-56-78",
    "SMS 0612345678",
    "WhatsApp : +33612345678",
    "☎ 06 12 34 56 78",
    "☎0612345678",
    "📞 0612345678",
    "Tél.: 02 123 45 67",
    "Tél : 0475 123 456",
    "Fax : 02 40 12 34 56",
    "GSM: 0475/12 34 56",
    "portable 0612345678",
    "au 0612345678",
    "https://api.whatsapp.com/send?phone=33612345678",
    "https://x.fr/contact?tel=0612345678",
    "tel:0612345678",
    "callto:+33612345678",
    "sms:0612345678",
    "callto:0612345678",
    "0612 34 56 78",
    "O6.12.34.56.78",
    "O7 12 34 56 78",
    "0612 345 678",
    "06 123 456 78",
    "33 7 12 34 56 78",
    "33.6.12.34.56.78",
    "33-6-12-34-56-78",
    "33712345678",
    "05 56 12 34 56 – 06 12 34 56 78",
)

EMAILS = (
    "nom@domaine.fr",
    "Nom.Prenom@sous.domaine.co.uk",
    "nom [at] domaine . fr",
    "nom(arobase)domaine.fr",
    "nom (at) domaine (dot) fr",
    "nom@gmail",
    "nom @ domaine.fr",
    "nom@domaine .fr",
    "nom@domaine. fr",
    "mailto:nom@domaine.fr",
    "https://x.fr/?email=nom%40domaine.fr",
    "nom＠domaine.fr",
    "nom arobase domaine point fr",
    "nom at domaine dot fr",
    "nom at domaine point com",
    "nom[@]domaine.fr",
    "nom(a)domaine.fr",
    "nom{at}domaine{dot}com",
    "<nom@domaine.fr>",
    "nom.prenom+rh@domaine-de-test.com",
    "NOM@DOMAINE.FR",
    "nom_prenom@domaine.asso.fr",
    "rh@x.io",
    "prénom@société.fr",
    "nom AT gmail.com",
    "nom (AROBASE) domaine.fr",
    "nom@domaine,fr",
    "nom.prenom@domaine.fr",
    "n.prenom@sous-domaine.domaine.com",
    "nom%40domaine.fr",
    "mailto:nom@domaine.fr?subject=CV",
    "https://x.fr/apply?mail=nom@domaine.fr&r=1",
    "https://x.fr/apply?email=nom%2540domaine.fr",
    "nom(@)domaine.fr",
    "nom [@] domaine.fr",
    "nom ( at ) domaine.fr",
    "nom[arobase]domaine.fr",
    "nom {arobase} domaine.fr",
    "nom arobase domaine.fr",
    "nom AROBASE domaine POINT fr",
    "nom(at)domaine(point)fr",
    "nom[at]domaine[dot]com",
    "nom at domaine dot com",
    "nom [AT] domaine [DOT] fr",
    "nom(a)domaine.com",
    "nom[a]domaine.fr",
    "nom@domaine.gouv.fr",
    "nom@domaine.asso.fr",
    "nom@domaine.paris",
    "nom@domaine.bzh",
    "nom@orange.fr",
    "nom@gmail.com",
    "nom@hotmail",
    "nom@wanadoo.fr",
    '"nom@domaine.fr"',
    "nom@domaine.fr.",
    "(nom@domaine.fr)",
    "nom@domaine.fr;autre-nom@domaine.fr",
    "nom+offre-12@domaine.fr",
    "nom_12@domaine.fr",
    "12nom@domaine.fr",
    "nom@12domaine.fr",
    "nom@domaine.museum",
    "NOM.PRENOM@DOMAINE.COM",
    "nom@xn--domaine-9ua.fr",
    "nom﹫domaine.fr",
    "nom＠domaine．fr",
    "é.nom@domaine.fr",
    "nom@domaine . fr",
    "nom @domaine.fr",
    "nom@ domaine.fr",
    "nom at gmail.com",
)

NO_PHONES = (
    "SIRET 123 456 789 00012",
    "SIRET : 81234567800012",
    "SIREN 062345678",
    "75011 PARIS",
    "06000 Nice",
    "35 000 - 40 000 €",
    "1 801,80 €",
    "01/09/2026",
    "01/09/2026 08:30",
    "du 01/09/2026 au 30/06/2027",
    "01.09.26 - 30.09.26",
    "2025-06-12T08:03:04",
    "08:30 - 12:30 / 14:00 - 18:00",
    "de 08h30 à 12h30",
    "09.30-12.30 / 13.30-17.00",
    "réf : 0612345678",
    "Référence 0612345678",
    "offre n° 0612345678",
    "Annonce n°0123456789",
    "ROME K1302",
    "article L1234-5",
    "35 00 00",
    "FR 33 612 345 678",
    "FR33612345678",
    "IBAN FR76 3000 6000 0112 3456 7890 189",
    "1 85 05 78 006 084 36",
    "départements 01 03 07 26 38",
    "dépt : 01, 03, 07, 26, 38",
    "01 02 03 04 05",
    "01/03/07/26/38/42/69",
    "02, 08, 59, 60, 62, 80",
    "https://x.fr/offre/0612345678",
    "www.x.fr/0612345678",
    "https://x.fr/o?id=0612345678",
    "Bac +2 / +3",
    "Bac+2 35 000",
    "C++11 14 17",
    "N°EAN 0123456789012",
    "0,50 € / 0,60 € / 0,70",
    "CA : +150 000 000 €",
    "+ 150 000 000 clients",
    "RNCP 35584",
    "RCS Paris 062 345 678",
    "code 0612345678",
    "de 0 à 10 000 000 000",
    "décret 2007-1578",
    "loi du 05.03.2007",
    "1er/01/2026",
    "FINESS 010000024",
    "FINESS 0100000241",
    "NDA 06123456789",
    "12345678901",
    "lot 01/02/03",
    "2026/2027",
    "00 12 34",
    "3x8 4x8 5x8",
    "24h/24 7j/7",
    "05h00 - 13h00 / 13h00 - 21h00",
    "06h-14h 14h-22h 22h-06h",
    "Tél portable fourni",
    "tel que 35000 euros",
    "téléphone portable, 2 500 €",
    "mobile : 06 et 83",
    "0 - 6 mois",
    "1 000 000 000",
    "01 - 02 - 2026",
    "Coefficient 0170 0190 0215",
    "postes 01 à 12",
    "15/09/25 15/10/25",
    "0.5 ETP 0.6 ETP",
    "N° 2026-0612-0345",
    "Tél 2026",
    "CACES 1 3 5",
    "R489 1A 1B 3 5",
    "Poste 123456",
    "du 06/12/2025 08h30",
    "06/12/2025 10 postes",
    "w061234567",
    "0612345",
    "061234567890123",
    "35000 Rennes",
    "2 000 € à 2 500 €",
    "2000.0 Euros",
    "12.5 Euros",
    "11,88 € brut/h",
    "24 000 - 28 000 € brut annuel",
    "40K€",
    "1 950,50€",
    "1.801,80 euros",
    "SMIC 1801.80",
    "35H Horaires normaux",
    "39H00",
    "08H00-12H00 14H00-18H00",
    "7h30-12h00 / 13h30-16h30",
    "de 06h00 à 14h00",
    "06:00-14:00 14:00-22:00",
    "lundi 08:00 12:00 13:00 17:00",
    "15/01/2026",
    "le 03.04.2026",
    "2026-01-15",
    "du 01/01/2026 au 31/03/2026",
    "01-09-2026 08:00",
    "15/01/26 - 15/07/26",
    "01.09.26-30.06.27",
    "entre 2025 et 2026",
    "2024/2025/2026",
    "Bac+2/3",
    "Bac +5",
    "bac + 2 à + 5",
    "niveau 4 5 6",
    "code ROME M1805",
    "ROME : K1304",
    "RNCP36788",
    "FR 12 345 678 901",
    "TVA FR12345678901",
    "SIREN 552 081 317",
    "SIRET 552 081 317 66522",
    "552 081 317 00012",
    "SIRET 06234567800012",
    "RCS 062 345 678",
    "NAF 62.01Z",
    "APE 7820Z",
    "art. L.1251-1",
    "article R4624-10",
    "décret n° 2011-1425",
    "loi n° 78-17 du 06/01/1978",
    "RGPD 2016/679",
    "ISO 9001:2015",
    "ISO 45001",
    "norme NF C 18-510",
    "habilitation B0 H0 BR",
    "CACES R489 1 3 5",
    "R482 A B1 C1",
    "permis B, C, CE",
    "poste n°1234567",
    "offre 193KZBP",
    "Réf. 2025-0612-345",
    "REF: 12345678",
    "réf 0123456789",
    "référence : 0712345678",
    "dossier n° 0612345678",
    "matricule 0612345678",
    "code postal 06000",
    "CP 01000",
    "BP 10123",
    "CS 60001",
    "CEDEX 08",
    "77 000 habitants",
    "120 000 m²",
    "1 000 000 €",
    "+ 15 000 000 €",
    "10 000 000 de clients",
    "15 000 000 000 €",
    "01 à 05 ans",
    "0 à 2 ans",
    "1 à 3 mois",
    "100%",
    "+10% IFM +10% CP",
    "12,5 %",
    "0,35 €/km",
    "0.38€/km",
    "GPS 48.856614, 2.352222",
    "45.7640 4.8357",
    "v2.10.0.1",
    "192.168.0.1",
    "10.0.0.1",
    "Windows 10/11",
    "Java 8/11/17",
    "C++11/14/17",
    "Python 3.12",
    "N-1 N-2",
    "T1 T2 T3",
    "2x12h",
    "3x8",
    "24/24",
    "7j/7",
    "départements 06 13 30 83 84",
    "dép. 01 38 42 69 73",
    "Secteurs : 02 59 60 62 80",
    "zones 01 02 03 04 05",
    "01/02/03/04/05",
    "2A 2B",
    "75, 77, 78, 91, 92, 93, 94, 95",
    "44 - 49 - 53 - 72 - 85",
    "08 10 51 52 54 55 57 67 68 88",
    "99.9",
    "000 000 0000",
    "00 00 00 00 00",
    "123 456 789",
    "12 34 56 78",
    "1234567890",
    "9876543210",
    "20260115083000",
    "4,5 jours",
    "Coef 190 215 240",
    "échelon 06 indice 0350",
    "taille 36 38 40 42",
    "pH 07",
    "F1 F2 F3",
    "agrément 0612345678",
    "FINESS : 0612345678",
    "IBAN FR76 0612 3456 7800 0123 4567 890",
    "RIB 30004 00828 00012345678 06",
    "N° sécu 2 85 06 75 123 456 78",
    "https://site.fr/offres/0612345678-chef",
    "https://site.fr/job?id=0712345678&r=01",
    "www.site.com/p/0612345678.html",
    "site.fr/0612345678",
    "FR0612345678",
    "AB0612345678",
    "0612345678901",
    "061234567",
    "W0612345678",
    "#0612345678",
)

NO_EMAILS = (
    "candidat@s motivé@s",
    "suivez @entreprise sur X",
    "5 @ 10 €",
    "3 pièces @ 15€. Nous",
    "motivé(a) et autonome",
    "Java @Override",
    "(a) préparer. (b) ranger",
    "point fort",
    "travail at home",
    "@ domaine",
    "salarié (a). Fr",
    "look at point de vente",
    "arobase",
    "l'arobase est un signe",
    "www.domaine.fr",
    "https://domaine.fr/@entreprise",
    "@gmail",
    "domaine.fr",
    "nom.prenom",
    "Spin@",
    "Blute@ms",
    "~@...",
    "R&D",
    "(at)",
    "[at]",
    "at work",
    "chat at home dot",
)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("phone", PHONES)
def test_a_telephone_number_is_masked(phone: str, frame: str) -> None:
    masked = mask(frame % phone)
    assert masked.phones >= 1
    assert masked.emails == 0
    # what is left is what stood around it: no part of a number
    assert sum(map(str.isdecimal, masked.text)) <= 4
    assert PHONE in masked.text
    before, after = frame.split("%s")
    assert masked.text.startswith(before)
    assert masked.text.endswith(after)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("email", EMAILS)
def test_an_address_is_masked(email: str, frame: str) -> None:
    masked = mask(frame % email)
    assert masked.emails >= 1
    assert masked.phones == 0
    assert not re.search("omaine|nom|gmail|hotmail|orange|wanadoo", masked.text, re.IGNORECASE)
    before, after = frame.split("%s")
    assert masked.text.startswith(before)
    assert masked.text.endswith(after)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("text", [*NO_PHONES, *NO_EMAILS])
def test_nothing_else_is_masked(text: str, frame: str) -> None:
    assert mask(frame % text) == (frame % text, 0, 0)


def test_several_are_masked_each() -> None:
    text = "Appelez le 06 12 34 56 78 ou le 01.23.45.67.89, ou écrivez à a@b.fr ou c(at)d.com."
    assert mask(text) == (
        f"Appelez le {PHONE} ou le {PHONE}, ou écrivez à {EMAIL} ou {EMAIL}.",
        2,
        2,
    )


@pytest.mark.parametrize("text", [*PHONES, *EMAILS, *NO_PHONES, *NO_EMAILS])
def test_what_was_masked_stays_as_it_is(text: str) -> None:
    once = mask(text).text
    assert mask(once) == (once, 0, 0)


LONG = (
    *(
        "0" * 60_000,
        "06 " * 30_000,
        "a@" * 30_000,
        "@" * 60_000,
        "a." * 30_000 + "@",
        "(at)" * 20_000,
    ),
    *("+33 " * 20_000, "1 2 3 4 5 " * 10_000, "nom at " * 10_000, "a point " * 9_000 + "@b.fr"),
)


@pytest.mark.parametrize("text", LONG)
def test_a_long_text_is_read_in_linear_time(text: str) -> None:
    """Twice the text takes no more than some twice the time: a square would take four times."""
    import time

    def seconds(of: str) -> float:
        started = time.process_time()
        mask.__wrapped__(of)  # what is read once is remembered
        return time.process_time() - started

    half, whole = (min(seconds(part) for _ in range(3)) for part in (text[: len(text) // 2], text))
    assert whole < 3.2 * half + 0.2


# --- in a record

OFFER = {
    "id": "193KZBP",
    "intitule": "Développeur",
    "dateCreation": "2026-11-18T09:30:00.000Z",
    "origineOffre": {"origine": "1"},
}


def record(**fields: object) -> bytes:
    return json.dumps(OFFER | fields, ensure_ascii=False).encode()


@pytest.mark.parametrize("text", [*PHONES, *EMAILS])
@pytest.mark.parametrize("is_escaped", [False, True])
def test_no_record_with_a_contact_passes_unread(text: str, is_escaped: bool) -> None:
    repairs: dict[str, int] = {}
    found = json.dumps(OFFER | {"description": text}, ensure_ascii=is_escaped).encode()
    masked = json.loads(without_contacts(found, repairs))
    assert masked == OFFER | {"description": mask(text).text}
    assert repairs == {EMAILS_MASKED if "masquée" in masked["description"] else PHONES_MASKED: 1}


@pytest.mark.parametrize("text", [*NO_PHONES, *NO_EMAILS])
def test_a_record_without_a_contact_keeps_its_bytes(text: str) -> None:
    repairs: dict[str, int] = {}
    found = record(description=text, romeCode="K1304")
    assert without_contacts(found, repairs) is found
    assert repairs == {}


def test_the_id_and_what_is_never_read_stay() -> None:
    repairs: dict[str, int] = {}
    found = record(
        id="0612345678", contact={"courriel": "nom@domaine.fr"}, agence={"telephone": "0612345678"}
    )
    assert without_contacts(found, repairs) is found
    assert repairs == {}


def test_each_offer_is_counted_once_a_kind() -> None:
    notes = Notes({}, {})
    read_offer(record(description="a@b.fr c@d.fr 06 12 34 56 78", intitule="Chef, e@f.fr"), notes)
    read_offer(record(description="06 12 34 56 78"), notes)
    read_offer(record(description="rien"), notes)
    assert notes.repairs == {EMAILS_MASKED: 1, PHONES_MASKED: 2}


def test_entities_hide_no_address() -> None:
    offer = read_offer(
        record(description="nom&#64;domaine.fr, 06&nbsp;12&nbsp;34&nbsp;56&nbsp;78"), Notes({}, {})
    )
    assert offer.description == f"{EMAIL}, {PHONE}"


@pytest.mark.parametrize(
    "fields",
    [
        {"nom@domaine.fr": 1},
        {"lieuTravail": {"tel 06 12 34 56 78": {"a": 1}}},
        {"typeContrat": "nom@domaine.fr"},
        {"experienceExige": "0612345678"},
    ],
)
def test_no_contact_in_what_is_told_of_drift(fields: dict[str, object]) -> None:
    notes = Notes({}, {})
    read_offer(record(**fields), notes)
    assert len(notes.drift) == 1
    assert not re.search("omaine|34", str(notes.drift))


def test_no_contact_in_what_is_told_of_a_breach() -> None:
    with pytest.raises(ContractBreach) as raised:
        read_offer(record(origineOffre={"origine": "nom@domaine.fr"}), Notes({}, {}))
    assert "domaine" not in str(raised.value)


@pytest.mark.parametrize(
    "fault", [b', "logo": 1e999}', b', "logo": NaN}', b",}", b', "entreprise": {"nom": "\t"}}']
)
def test_no_contact_is_left_in_a_record_that_is_repaired(fault: bytes) -> None:
    broken = record(description="nom@domaine.fr ou 06 12 34 56 78")[:-1] + fault
    notes = Notes({}, {})
    offer = read_offer(broken, notes)
    assert offer.description == f"{EMAIL} ou {PHONE}"
    assert notes.repairs[EMAILS_MASKED] == notes.repairs[PHONES_MASKED] == 1


# --- any of them in any column

OBSERVED_AT = datetime(2026, 11, 19, tzinfo=UTC)

digits = st.integers(0, 99).map("{:02}".format)
separator = st.sampled_from([" ", ".", "-", "", "\u00a0", "\u202f", " - ", " . ", "/", "_"])
prefix = st.sampled_from(
    ["0", "+33", "+33 ", "0033", "0033 ", "+33 (0)", "+33(0)", "(+33) ", "00 33 "]
)


@st.composite
def phones(draw: st.DrawFn) -> str:
    between = draw(separator)
    pairs = [draw(digits) for _ in range(4)]
    return (
        draw(prefix) + between.join([draw(st.sampled_from("67")), *pairs])
        if draw(st.booleans())
        else (between.join([draw(st.sampled_from(["06", "07"])), *pairs]))
    )


word = st.from_regex(r"[a-z][a-z0-9]{1,12}", fullmatch=True)
sign = st.sampled_from(
    ["@", "(at)", "[at]", " (at) ", "[arobase]", " arobase ", "(a)", "[@]", "%40", "＠", " @ "]
)
top = st.sampled_from(["fr", "com", "net", "org", "eu", "be", "paris", "asso.fr", "co.uk"])
emails = st.builds(
    "{}{}{}{}{}.{}".format, word, st.sampled_from([".", "-", "_", "+"]), word, sign, word, top
)
TEXTS = [
    *(
        "description",
        "intitule",
        "romeLibelle",
        "appellationlibelle",
        "typeContratLibelle",
        "natureContrat",
    ),
    *(
        "experienceLibelle",
        "experienceCommentaire",
        "dureeTravailLibelle",
        "dureeTravailLibelleConverti",
    ),
    *(
        "complementExercice",
        "conditionExercice",
        "deplacementLibelle",
        "qualificationLibelle",
        "codeNAF",
    ),
    *(
        "secteurActivite",
        "secteurActiviteLibelle",
        "trancheEffectifEtab",
        "romeCode",
        "typeContrat",
    ),
    *(
        "entreprise.nom",
        "entreprise.description",
        "entreprise.url",
        "entreprise.siret",
        "lieuTravail.libelle",
    ),
    *("lieuTravail.codePostal", "lieuTravail.commune", "salaire.libelle", "salaire.commentaire"),
    *(
        "salaire.complement1",
        "salaire.complement2",
        "salaire.listeComplements[].libelle",
        "competences[].libelle",
    ),
    *(
        "formations[].commentaire",
        "formations[].domaineLibelle",
        "formations[].niveauLibelle",
        "langues[].libelle",
    ),
    *("permis[].libelle", "outilsBureautiques[]", "qualitesProfessionnelles[].libelle"),
    *(
        "contexteTravail.conditionsExercice[]",
        "origineOffre.partenaires[].nom",
        "origineOffre.partenaires[].url",
    ),
]


def planted(path: str, text: str) -> dict[str, Any]:
    value: Any = text
    for name in reversed(path.split(".")):
        value = {name.removesuffix("[]"): [value] if name.endswith("[]") else value}
    assert isinstance(value, dict)
    if "origineOffre" in value:
        value["origineOffre"]["origine"] = "2"
    return OFFER | value


@settings(deadline=None, max_examples=300)  # the first reads the tables of places
@given(st.sampled_from(TEXTS), st.one_of(phones(), emails), st.sampled_from(FRAMES))
@example("description", "06.00.00.00.00", FRAMES[0])
@example("intitule", "06.00.00.10.00", FRAMES[0])
def test_no_contact_reaches_a_row(path: str, contact: str, frame: str) -> None:
    notes = Notes({}, {})
    body = msgspec.json.encode(planted(path, frame % contact))
    rows = rows_of(read_offer(body, notes), notes, OBSERVED_AT)
    # without what the id and the dates of the offer fill: they have digits enough for a number
    rows.offer.offer_id, rows.offer.created_on, rows.offer.created_at = "", date.min, datetime.min  # noqa: DTZ901
    told = repr((rows, notes.drift))
    wanted = EMAIL if any(map(str.islower, contact.replace("arobase", ""))) else PHONE
    assert wanted in told
    assert re.sub(r"\W", "", contact) not in re.sub(r"\W", "", told)
