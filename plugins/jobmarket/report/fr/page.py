"""The French of the page around the analyses: title, certificate, checks, source. Pure.

A second language defines the same names; most are used by ``templates/report.html.jinja``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.day import PARIS
from jobmarket.report.fr.checks import check_bounds, check_name, check_value
from jobmarket.report.fr.typography import (
    NBSP,
    counted,
    day_long,
    day_plain,
    decimal,
    integer,
    moment,
    percent,
    typeset,
)
from jobmarket.report.tables import SMALL_GROUP, Small

if TYPE_CHECKING:
    from datetime import date

    from jobmarket.report.facts import RunFacts
    from jobmarket.report.tables import Cell

LANG = "fr"
KICKER = "Le marché du travail, jour par jour"
CONTENTS = "Sommaire"
CHECKS = "Contrôles de qualité"
SOURCE = "Source, licence et méthode"
TABLE = "Voir les chiffres"
DOWNLOAD = "Télécharger en CSV"
DOWNLOAD_HINT = "UTF-8, séparateur point-virgule"
CHECK_COLUMNS = ("Contrôle", "Mesuré", "Attendu", "Verdict")
SLICE_COLUMNS = ("Tranche interrogée", "Annoncées", "Lues", "Manquantes")
LICENCE_URL = (
    "https://francetravail.io/produits-partages/documentation/"
    "conditions-dutilisation-api/licence-offres-emploi"
)
SOURCE_URL = "https://www.francetravail.fr/"
LICENCE = "Licence de réutilisation de la base de données des offres d’emploi de France Travail"
PUBLISHER = "France Travail, API « Offres d’emploi v2 »"

_STANDINGS = {
    "certified": "Journée complète, certifiée",
    "sample": "Échantillon : ces chiffres ne décrivent pas la journée",
    "gap": "Journée incomplète",
    "uncertified": "Journée non certifiée",
}


def title(day: date) -> str:
    """Return the title of the page."""
    return f"Les offres d’emploi du {day_long(day)}"


def lede(facts: RunFacts) -> str:
    """Return what the page is about, in one or two sentences."""
    if not facts.offers:
        return "Aucune offre créée ce jour-là n’est dans la base."
    many = counted(facts.offers, "offre créée", "offres créées")
    partner = percent(facts.partner_offers / facts.offers)
    return typeset(
        f"{many} ce jour-là et diffusées par France Travail ; {partner} viennent de sites partenaires."
    )


def standing_title(facts: RunFacts) -> str:
    """Return the verdict of the certificate."""
    return typeset(_STANDINGS[facts.standing])


def standing_text(facts: RunFacts) -> str:
    """Return what the verdict means for who quotes a figure of the page."""
    certificate = facts.certificate
    read = counted(certificate.collected, "offre", "offres")
    missing = counted(certificate.gap, "offre annoncée", "offres annoncées")
    texts = {
        "certified": "Chaque tranche de la journée a été comparée au total qu’annonce "
        f"France Travail : {_of_announced(facts)} Rien ne manque.",
        "sample": f"La lecture a été arrêtée volontairement après {read}. Ni les volumes ni les "
        "parts de cette page ne doivent être cités.",
        "gap": f"Il manque {missing} que France Travail n’a jamais remises ({_gap_share(facts)} du "
        "total). La journée est publiée malgré ce manque, sur demande expresse : un écart avec un "
        "autre jour peut venir de là.",
        "uncertified": f"{read} lues sans manque constaté, mais la lecture ne prouve pas que la "
        "journée est entière.",
    }
    return typeset(texts[facts.standing])


def _of_announced(facts: RunFacts) -> str:
    number = facts.certificate.collected
    if number == 0:
        return "aucune offre n’est annoncée."
    if number == 1:
        return "l’unique offre annoncée a été lue."
    return f"les {integer(number)} offres annoncées ont toutes été lues."


def _gap_share(facts: RunFacts) -> str:
    announced = facts.certificate.announced
    return percent(facts.certificate.gap / announced) if announced else "100 %"


def numbers(facts: RunFacts) -> list[tuple[str, str]]:
    """Return the figures of the certificate, each with its name."""
    certificate = facts.certificate
    return [
        (integer(certificate.announced), "annoncées"),
        (integer(certificate.collected), "lues"),
        (integer(certificate.gap), "manquantes"),
        (integer(facts.rejected), "écartées"),
        (integer(facts.offers), "analysées"),
    ]


def reading(facts: RunFacts) -> str:
    """Return when and how the day was read."""
    certificate = facts.certificate
    requests = counted(certificate.requests, "requête", "requêtes")
    doubles = counted(certificate.duplicates, "doublon retiré", "doublons retirés")
    return typeset(
        f"Lues chez France Travail le {moment(facts.read_at)} (heure de Paris) en {requests}, "
        f"{_megabytes(certificate.bytes)} ; {doubles}."
    )


def _megabytes(number: int) -> str:
    return f"{decimal(number / 1e6, 0 if number >= 1e7 else 1)}{NBSP}Mo"


def checks_summary(facts: RunFacts) -> str:
    """Return how the checks went, naming those to look at."""
    if not facts.checks:
        return "Les contrôles n’ont pas été exécutés."
    wrong = [result for result in facts.checks if result.verdict in ("failed", "warned")]
    total = counted(len(facts.checks), "contrôle", "contrôles")
    if not wrong:
        return typeset(f"{total}, aucune anomalie.")
    named = " ; ".join(
        f"{check_name(result).lower()}, {check_value(result)} (attendu : {check_bounds(result)})"
        for result in wrong
    )
    return typeset(f"{total}, dont {len(wrong)} à regarder : {named}.")


def drift(facts: RunFacts) -> str:
    """Return a sentence on the unknown fields that France Travail sent; empty if there is none."""
    if not facts.drift:
        return ""
    fields = sorted(facts.drift)
    named = ", ".join(fields[:5]) + (f" et {len(fields) - 5} autres" if len(fields) > 5 else "")
    return typeset(f"Champs nouveaux dans les données de France Travail, non repris ici : {named}.")


def update(facts: RunFacts) -> str:
    """Return the date of the last update, as the licence asks."""
    read = f"Données lues le {moment(facts.read_at)} (heure de Paris)"
    if facts.updated_at is None:
        return f"{read}."
    return typeset(
        f"{read} ; dernière mise à jour d’une offre par France Travail : {moment(facts.updated_at)}."
    )


CHANGES = typeset(
    "Modifications apportées : les offres ont été dédoublonnées par identifiant, rattachées à leur "
    "jour de création (heure de Paris), comptées et regroupées ; les libellés ont été décodés et "
    "les coordonnées géographiques inversées remises dans l’ordre. Les contacts ont été retirés, "
    "aucun texte d’offre n’est reproduit. France Travail n’est pas l’auteur de ces calculs."
)
METHOD = typeset(
    f"Aucun groupe de moins de {SMALL_GROUP} offres n’est montré : il est réuni aux autres, ou noté "
    f"« moins de {SMALL_GROUP} ». Une offre peut porter plusieurs postes : ce sont les offres qui "
    "sont comptées. France Travail ne donne plus les offres déjà retirées au moment de la lecture."
)


def figure_source(facts: RunFacts) -> str:
    """Return the line below each figure, so that it keeps its source when it is copied."""
    warning = (
        "" if facts.standing == "certified" else f" · {_STANDINGS[facts.standing].split(' :')[0]}"
    )
    return f"Source : France Travail, lu le {day_plain(facts.read_at.astimezone(PARIS).date())}{warning}"


def alt(measure: str, finding: str) -> str:
    """Return what a figure shows for who cannot see it."""
    return typeset(f"{measure}. {finding} Les chiffres sont dans le tableau qui suit.")


def beside_bar(offers: Cell, share: Cell) -> str:
    """Return what stands at the end of a bar."""
    return f"{cell(offers)}  ·  {cell(share)}"


def cell(value: Cell) -> str:
    """Return a number of a table."""
    if value is None:
        return "—"
    if isinstance(value, Small):
        return f"moins de {SMALL_GROUP}"
    return percent(value) if isinstance(value, float) else integer(value)
