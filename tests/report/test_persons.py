"""Names of persons never reach a report; those of organisations do."""

from __future__ import annotations

from typing import Any

import pytest
from jobmarket.report.analyses.employers import BY_NAME, employers
from jobmarket.report.partners import without_hidden_names
from jobmarket.report.persons import LEAST_DEPARTEMENTS, LEAST_OFFERS, may_be_printed
from jobmarket.report.words.fr.values import hidden_partner

WIDELY: dict[str, Any] = {"offers": LEAST_OFFERS, "departements": LEAST_DEPARTEMENTS}

# They say it themselves, or hold a contact: never printed, however many offers carry them.
PERSONS = (
    "J. Dupont",
    "J.Dupont",
    "J-P. Martin",
    "J.-P. Martin",
    "J.P. MARTIN",
    "Dupont J.",
    "DUPONT J",
    "J DUPONT",
    "J P MARTIN",
    "DUPONT J.P.",
    "A. LEBRUN ET FILS SARL",
    "Cabinet J. Moreau SAS",
    "MmeDupont",
    "M.DURAND",
    "MrMartin",
    "DrHouse",
    "MLLEDUPONT",
    "MMEDUPONT",
    "MeDurand",
    "Mme Durand",
    "M. DURAND",
    "M DURAND",
    "Mme. Durand",
    "Mlle Petit",
    "Mrs Smith",
    "Monsieur Paul Durand",
    "Madame Roux",
    "Docteur Durand",
    "Dr. Roche",
    "Dr Roche SELARL",
    "SELARL Dr Durand",
    "Pr Lemoine",
    "Maître Blanc",
    "Me Blanc",
    "SCP Me Blanc",
    "Maitre Noir",
    "DUPONT JEAN EI",
    "EI DUPONT",
    "E.I. Dupont",
    "Dupont E.I.R.L.",
    "DURAND EIRL",
    "Durand, entrepreneur individuel",
    "Entreprise individuelle Durand",
    "Durand auto-entrepreneur",
    "Durand micro entreprise",
    "Autoentrepreneur Lopez",
    "SARL DURAND 06 12 34 56 78",
    "Durand SAS contact@durand.fr",
    "CIEL BLEU: 0699233858",
    "COTIS Tél. [téléphone masqué]",
    "Famille Martin",
    "Particulier",
    "M et Mme Durand",
    "Cabinet de M. Petit",
    "Chez M. Petit SARL",
    "Veuve Martin",
    "Madame Durand SAS",
    "Docteur A. Petit",
    "Mr. T",
    "DUPONT Jean - EI",
    "Jean DUPONT (EI)",
    "M.Durand",
    "MR DURAND",
    "Mme.Petit",
    "Melle Petit",
    "Dr.Roche",
    "DR ROCHE",
    "Maître Noir SELARL",
    "S. Boulanger Conseil",
    "K. N'Diaye",
    "É. Lemaître",
    "Ø. Hansen",
    "Durand, P.",
    "durand p",
    "nom@exemple.fr",
    "Salon de coiffure 06.12.34.56.78",
    "Taxi +33 6 12 34 56 78",
    "Garage Lopez 0556123456",
    "DUPONT (autoentrepreneuse)",
    "Infirmière profession libérale Durand",
    "Durand (entreprise individuelle)",
    "Durand Micro-Entreprise",
    "Cabinet du Docteur Petit",
    "SELARL du Dr Petit",
    "SCP Maître Blanc et associés",
    "Chez Madame Petit",
    "Herr Schmidt",
    "Señora Lopez",
    "[adresse e-mail masquée] SARL",
)
# They may be anybody: names from everywhere, with and without a trade.
BARE = (
    "Jean Durand",
    "DURAND Hélène",
    "durand jean-pierre",
    "Nguyen Thi Huong",
    "Mamadou Diallo",
    "Zbigniew Wiśniewski",
    "Oluwaseun Adeyemi",
    "Xi Zhang",
    "Ægir Þórsson",
    "Łukasz Nowak",
    "Aïssatou Bâ",
    "Noé Lefèvre",
    "Maëlys Le Goff",
    "Gwenvaël Kerbrat",
    "Sá Pereira Maria",
    "Maria de Sá",
    "DE SA JEAN",
    "Öztürk Mehmet",
    "Björn Håkansson",
    "Yu",
    "Dupont",
    "DURAND",
    "Boulangerie Martin",
    "Garage Lopez",
    "Jean-Claude",
    "D'Angelo Salvatore",
    "O'Connor Sean",
    "Van der Berg Piet",
    "Al-Masri Yousef",
    "N'Guessan Koffi",
    "Li Wei",
    "MDUPONT",
    "Ngozi",
    "Kowalski Agnieszka",
    "Đỗ Thị Lan",
    "Şahin Emre",
    "Ñusta Quispe",
    "Teuira Tamatoa",
    "Wayan Suardana",
    "KOUASSI AYA",
    "Ó Briain Ciarán",
    "Al Fassi",
    "Le Bihan Yann",
    "de La Tour Anne",
    "Boulangerie Petit",
    "Taxi Lopez",
    "Coiffure Sandra",
)
ORGANISATIONS = (
    "BERNARD SARL",
    "SARL BERNARD",
    "S.A.R.L. BERNARD",
    "S.A.S. Durand",
    "S A R L MARTIN",
    "SAS TRANSPORTS DURAND",
    "Durand Sas",
    "VALTERRE SASU",
    "EURL Jean Dupont",
    "SA VALTERRE",
    "VALTERRE SA",
    "VALTERRE S.A.",
    "SCI Les Tilleuls",
    "SNC du Port",
    "SELARL PHARMACIE DU CENTRE",
    "SCOP LES BÂTISSEURS",
    "GIE Ressources",
    "Association Les Amis",
    "ASSOCIATION SAINT JEAN",
    "ASSO DU PARC",
    "Mairie de Nice",
    "MAIRIE DE MELLE",
    "Commune de Saint Martin d'Hères",
    "COMMUNE D'AIX",
    "VILLE DE LYON",
    "Communauté de communes du Pays",
    "METROPOLE DE LYON",
    "Département du Nord",
    "CONSEIL DEPARTEMENTAL 33",
    "Région Bretagne",
    "Préfecture du Rhône",
    "MINISTERE DE LA JUSTICE",
    "Ministère des Armées",
    "Rectorat de Lille",
    "Académie de Nantes",
    "UNIVERSITE DE LORRAINE",
    "LYCEE JEAN MOULIN",
    "Collège Victor Hugo",
    "Ecole Saint Joseph",
    "Institut Curie",
    "CENTRE HOSPITALIER DE PAU",
    "CHU DE NICE",
    "HOPITAL PRIVE",
    "Clinique Saint Jean",
    "Fondation Paul Durand",
    "Fédération ADMR",
    "ADMR DU BEARN",
    "EHPAD Les Lilas",
    "CCAS DE TOURS",
    "SDIS 59",
    "CPAM DU VAR",
    "Syndicat mixte du Lac",
    "Chambre de commerce",
    "Office public de l'habitat",
    "Caisse d'épargne",
    "DREETS BRETAGNE",
    "Mission locale du Gers",
    "France Travail",
    "Maison de retraite du Parc",
    "Résidence Les Pins",
    "Crèche Les Lutins",
    "Groupe Bernard",
    "Société Générale",
    "MUTUELLE DU SUD",
    "VALTERRE GmbH",
    "VALTERRE LTD",
    "GAEC DU PRE",
    "EARL MARTIN",
    "CUMA DE L'AVENIR",
    "GEIQ BTP",
    "Union des caisses",
    "Tribunal de Lyon",
    "Gendarmerie nationale",
)
# Nothing in them says what they are, but many offers of many places carry them.
BRANDS = (
    "ADECCO",
    "Randstad",
    "VALTERRE",
    "MANPOWER FRANCE",
    "Pierre & Vacances",
    "Leroy Merlin",
    "3M",
    "METEOJOB",
    "L'OREAL",
    "H&M",
    "Meilleur Taux",
    "Mc Donald's",
    "DIRECTEMPLOI",
    "LIP Industrie",
    "Dromard",
    "Mercure",
    "Prestal",
    "Métro",
)


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_is_never_printed(name: str) -> None:
    assert not may_be_printed(name, offers=10_000, departements=101, has_siret=True)


@pytest.mark.parametrize("name", BARE)
def test_a_name_that_may_be_a_persons_is_not_printed(name: str) -> None:
    assert not may_be_printed(name)
    assert not may_be_printed(name, offers=LEAST_OFFERS - 1, departements=101)
    assert not may_be_printed(name, offers=10_000, departements=LEAST_DEPARTEMENTS - 1)


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_a_name_that_says_what_it_is_is_printed(name: str) -> None:
    assert may_be_printed(name)


@pytest.mark.parametrize("name", BRANDS)
def test_a_name_that_is_carried_widely_is_printed(name: str) -> None:
    assert may_be_printed(name, **WIDELY)
    assert not may_be_printed(name)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("VALTERRE", True),
        ("Pierre & Vacances", True),
        ("3M", True),
        ("Jean Durand", False),  # a person in business has a SIRET, too
        ("Nguyen Thi Huong", False),
        ("DURAND Jean-Pierre", False),
        ("Boulangerie Martin", False),
    ],
)
def test_a_siret_proves_a_company_but_of_bare_words(name: str, may: bool) -> None:
    assert may_be_printed(name, has_siret=True) is may
    assert not may_be_printed(name)


@pytest.mark.parametrize("name", ["", "  ", "SARL " + "a" * 200])
def test_what_is_no_name_is_not_printed(name: str) -> None:
    assert not may_be_printed(name, **WIDELY)


def test_employers_that_are_not_named_are_counted() -> None:
    rows = [
        (False, "VALTERRE SAS", 9, 1, False),
        (False, "Jean Durand", 7, 1, False),
        (False, "Xi Zhang", 6, 2, True),
        (False, "", 50, 30, False),
        (False, None, 5, 3, False),
    ]
    named = employers(BY_NAME.rows(rows))
    assert named.offers == [("VALTERRE SAS", 9), ("", 7), ("", 6), ("", 50), (None, 5)]
    assert named.hidden_names == 2


def test_partners_that_are_not_named_stay_apart() -> None:
    rows = [
        ("now", "partner", "JOBATOUT", "2", 120),
        ("now", "partner", "Jean Durand", "2", 12),
        ("usual", "partner", "Jean Durand", "2", 24),
        ("usual", "partner", "Aya Kouassi", "2", 36),
        ("now", "partner", "", "2", 12),
        ("now", "rome", "Jean Durand", "2", 12),
    ]
    reach = [("JOBATOUT", 10, 4), ("Jean Durand", 9, 4), (None, 3, 3)]
    assert without_hidden_names(rows, reach, hidden_partner) == [
        ("now", "partner", "JOBATOUT", "2", 120),
        ("now", "partner", "Site au nom non affiché (2)", "2", 12),
        ("usual", "partner", "Site au nom non affiché (2)", "2", 24),
        ("usual", "partner", "Site au nom non affiché (1)", "2", 36),
        ("now", "partner", "", "2", 12),
        ("now", "rome", "Jean Durand", "2", 12),
    ]
