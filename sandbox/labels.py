"""Codes and labels that the API uses: contracts, natures, experience, qualification, languages, licences.

What lives here: short closed lists, as the référentiels give them. What does not: the long ones
(``reference``) and any rule about them.
"""

from __future__ import annotations

CONTRACT_TYPES = {
    "CDI": "Contrat à durée indéterminée",
    "CDD": "Contrat à durée déterminée",
    "MIS": "Mission intérimaire",
    "SAI": "Contrat travail saisonnier",
    "CCE": "Profession commerciale",
    "FRA": "Franchise",
    "LIB": "Profession libérale",
    "REP": "Reprise d'entreprise",
    "TTI": "Contrat travail temporaire insertion",
    "DDI": "Contrat durée déterminée insertion",
    "DIN": "CDI Intérimaire",
    "DDT": "CDD Tremplin",
}
# DDT is a référentiel value, but the search does not filter on it and the facet does not count it
UNFILTERABLE_CONTRACT = "DDT"

CONTRACT_NATURES = {
    "E1": "Contrat travail",
    "E2": "Contrat apprentissage",
    "FA": "Act. Formation pré.recrut.",
    "FJ": "Contrat pacte",
    "FS": "Cont. professionnalisation",
    "FT": "CUI - CAE",
    "FU": "CUI - CIE",
    "I1": "Insertion par l'activ.éco.",
    "NS": "Emploi non salarié",
    "FV": "Prépa.opérationnel.emploi",
    "FW": "Emploi Avenir non marchand",
    "FX": "Emploi Avenir marchand",
    "FY": "Emploi Avenir Professeur",
    "PS": "Portage salarial",
    "PR": "Contrat PrAB",
    "CC": "CDI de chantier ou d'opération",
    "CU": "Contrat d'usage",
    "EE": "Contrat d'Engagement Educatif",
    "ER": "Engagement à servir dans la réserve",
    "CI": "Contrat intermittent",
}
APPRENTICESHIP_NATURES = frozenset({"E2", "FS"})

EXPERIENCES = ("0", "1", "2", "3", "4")  # unspecified, < 1 year, 1-3, > 3, beginners welcome
EXPERIENCE_FACET_ORDER = ("0", "4", "1", "2", "3")
EXIGENCES = ("D", "S", "E")

QUALIFICATIONS = {
    "1": "Manœuvre",
    "2": "Ouvrier spécialisé",
    "3": "Ouvrier qualifié (P1,P2)",
    "4": "Ouvrier qualifié (P3,P4,OHQ)",
    "5": "Employé non qualifié",
    "6": "Employé qualifié",
    "7": "Technicien",
    "8": "Agent de maîtrise",
    "9": "Cadre",
}
EXECUTIVE = "9"
QUALIFICATION_FACETS = ("0", "9", "X")  # not an executive, executive, unspecified

# the order of the error text is that of the server, not of the alphabet
GRANDS_DOMAINES = (
    *("A", "B", "C", "C15", "D", "E", "F", "G", "H", "I", "J", "K", "L", "L14"),
    *("M15", "M18", "M", "M16", "M17", "M13", "M14", "N"),
)

LANGUAGES = {
    "AN": "Anglais",
    "FR": "Français",
    "ES": "Espagnol",
    "AL": "Allemand",
    "IT": "Italien",
    "PO": "Portugais",
    "AR": "Arabe",
    "CH": "Chinois (Mandarin)",
    "NE": "Néerlandais",
    "LS": "Langues des signes",
}
LICENCES = {
    "B": "B - Véhicule léger",
    "C": "C - Poids lourd",
    "CE": "CE - Poids lourd + remorque (= EC)",
    "D": "D - Transport de personnes",
    "EC": "EC - Poids lourd + remorque",
    "BE": "BE - Véhicule léger + remorque (PTAC > 4,25 T)",
    "A": "A - Moto",
    "AM": "AM - Cyclomoteur <= 50 cm3",
    "C1": "C1 - Poids lourd < 7,5 T",
}
EDUCATION_LEVELS = {
    "AFS": "Aucune formation scolaire",
    "CFG": "4ème achevée",
    "NV6": "2nd ou 1ère achevée",
    "CP4": "3ème achevée ou Brevet",
    "NV5": "CAP, BEP et équivalents",
    "NV4": "Bac ou équivalent",
    "NV3": "Bac+2 ou équivalents",
    "NV2": "Bac+3, Bac+4 ou équivalents",
    "NV1": "Bac+5 et plus ou équivalents",
}
COUNTRIES = {
    "01": "France",
    "99109": "Allemagne",
    "99131": "Belgique",
    "99137": "Luxembourg",
    "99138": "Monaco",
    "99140": "Suisse",
    "99127": "Italie",
    "99134": "Espagne",
    "99401": "Canada",
}
CONTINENTS = {"991": "Europe", "992": "Asie", "993": "Afrique", "994": "Amérique", "995": "Océanie"}
THEMES = {
    "10": "Agroalimentaire",
    "11": "Animation",
    "12": "Commerce",
    "13": "Environnement",
    "14": "Numérique",
    "15": "Santé",
    "16": "Tourisme",
    "17": "Transport et logistique",
}
REGIONS = {
    "84": "Auvergne-Rhône-Alpes",
    "27": "Bourgogne-Franche-Comté",
    "53": "Bretagne",
    "24": "Centre-Val de Loire",
    "94": "Corse",
    "44": "Grand Est",
    "01": "Guadeloupe",
    "03": "Guyane",
    "32": "Hauts-de-France",
    "11": "Île-de-France",
    "04": "La Réunion",
    "02": "Martinique",
    "06": "Mayotte",
    "28": "Normandie",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "52": "Pays de la Loire",
    "93": "Provence-Alpes-Côte d'Azur",
}
