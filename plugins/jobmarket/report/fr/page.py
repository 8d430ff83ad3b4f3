"""The French of the page around the analyses: title, certificate, checks, source. Pure.

A second language defines the same names; most are used by ``templates/report.html.jinja``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.day import PARIS
from jobmarket.report.fr.checks import check_bounds, check_name, check_value
from jobmarket.report.fr.headline import period_title
from jobmarket.report.fr.typography import (
    NBSP,
    counted,
    day_and_month,
    day_plain,
    day_ranges,
    day_short,
    decimal,
    euros,
    integer,
    moment,
    percent,
    signed,
    signed_percent,
    typeset,
)
from jobmarket.report.tables import SMALL_GROUP, Change, Euros, Excess, Rate, Small

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from jobmarket.period import Period
    from jobmarket.report.facts import PeriodFacts, RunFacts
    from jobmarket.report.tables import Cell

LANG = "fr"
KICKERS = {
    "day": "Le marché du travail, jour par jour",
    "week": "Le marché du travail, la semaine",
    "month": "Le marché du travail, le mois",
}
CONTENTS = "Sommaire"
QUALITY = "Qualité des données"
CHECKS = "Contrôles"
DETAIL = "Le certificat en détail"
SOURCE = "Source, licence et méthode"
TABLE = "Voir les chiffres"
DOWNLOAD = "Télécharger en CSV"
DOWNLOAD_HINT = "UTF-8, séparateur point-virgule"
CHECK_COLUMNS = ("Contrôle", "Mesuré", "Attendu", "Verdict")
DAY_COLUMNS = ("Jour", "Certificat", "Annoncées", "Lues", "Manquantes", "Écartées", "Analysées")
DAYS_CAPTION = "Les jours de la période et leur certificat"
SLICES_CAPTION = "Tranches incomplètes"
CHECKS_CAPTION = "Ce qui a été contrôlé, et le verdict"
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
_PERIOD_STANDINGS = {
    "certified": "Période complète, chaque jour certifié",
    "sample": "Période avec échantillon : ces chiffres ne la décrivent pas",
    "gap": "Période incomplète",
    "uncertified": "Période non certifiée",
}
_DAY_STANDINGS = {
    "certified": "certifié",
    "sample": "échantillon",
    "gap": "incomplet",
    "uncertified": "non certifié",
}
_KINDS = {"day": "journée", "week": "semaine", "month": "mois"}


def title(period: Period) -> str:
    """Return the title of the page."""
    return f"Les offres d’emploi {period_title(period)}"


def standing_title(facts: PeriodFacts) -> str:
    """Return the verdict of the certificates."""
    if facts.period.kind == "day":
        return typeset(_STANDINGS[facts.standing])
    title = typeset(_PERIOD_STANDINGS[facts.standing])
    if facts.standing == "certified":
        return title
    return f"{title} : {facts.certified_days} jours certifiés sur {len(facts.period.days)}"


def standing_text(facts: PeriodFacts) -> str:
    """Return what the verdict means for who quotes a figure of the page."""
    if facts.period.kind != "day":
        return _period_text(facts)
    return _day_text(facts.runs[0])


def _period_text(facts: PeriodFacts) -> str:
    said = []
    if facts.missing:
        days = day_ranges(facts.missing)
        said.append(
            f"Non lus, et absents de tous les totaux : {days}."
            if len(facts.missing) > 1
            else f"Non lu, et absent de tous les totaux : {days}."
        )
    doubtful = [run.day for run in facts.runs if run.standing != "certified"]
    if doubtful:
        days = day_ranges(doubtful)
        said.append(f"Lus sans certificat : {days}.")
    gap = facts.certified_total("gap")
    if gap:
        said.append(f"{counted(gap, 'offre annoncée manque', 'offres annoncées manquent')}.")
    if not said:
        read = integer(facts.certified_total("collected"))
        said = [f"Les {read} offres annoncées, jour par jour, ont toutes été lues."]
    return typeset(" ".join(said))


def _day_text(facts: RunFacts) -> str:
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


def numbers(facts: PeriodFacts) -> list[tuple[str, str]]:
    """Return the figures of the certificates, each with its name."""
    return [
        (integer(facts.certified_total("announced")), "annoncées"),
        (integer(facts.certified_total("collected")), "lues"),
        (integer(facts.certified_total("gap")), "manquantes"),
        (integer(facts.rejected), "écartées"),
        (integer(facts.offers), "analysées"),
    ]


def days_of(facts: PeriodFacts) -> list[list[str]]:
    """Return a row of words for each day of a week or a month; none for a single day."""
    if facts.period.kind == "day":
        return []
    runs = {run.day: run for run in facts.runs}
    rows = []
    for day in facts.period.days:
        run, name = runs.get(day), day_and_month(day)
        if run is None:
            rows.append([name, "non lu", *["—"] * 5])
            continue
        proof = run.certificate
        counts = (proof.announced, proof.collected, proof.gap, run.rejected, run.offers)
        rows.append([name, _DAY_STANDINGS[run.standing], *map(integer, counts)])
    return rows


def reading(facts: PeriodFacts) -> str:
    """Return when and how the offers were read."""
    requests = counted(facts.certified_total("requests"), "requête", "requêtes")
    doubles = counted(facts.certified_total("duplicates"), "doublon retiré", "doublons retirés")
    until = "Lues" if len(facts.runs) == 1 else "Lues jour par jour, les dernières"
    return typeset(
        f"{until} chez France Travail le {moment(facts.read_at)} (heure de Paris), en {requests} et "
        f"{_megabytes(facts.certified_total('bytes'))} ; {doubles}."
    )


def _megabytes(number: int) -> str:
    return f"{decimal(number / 1e6, 0 if number >= 1e7 else 1)}{NBSP}Mo"


def checks_summary(facts: PeriodFacts) -> str:
    """Return how the checks went, naming those to look at; of a longer period, where they are."""
    if facts.period.kind != "day":
        return "Les contrôles de chaque jour sont dans le rapport du jour."
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


def drift(facts: PeriodFacts) -> str:
    """Return a sentence on the unknown fields that France Travail sent; empty if there is none."""
    if not facts.drift:
        return ""
    fields = sorted(facts.drift)
    named = ", ".join(fields[:5]) + (f" et {len(fields) - 5} autres" if len(fields) > 5 else "")
    return typeset(f"Champs nouveaux dans les données de France Travail, non repris ici : {named}.")


def update(facts: PeriodFacts) -> str:
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
    "les coordonnées géographiques inversées remises dans l’ordre ; le lieu, le salaire et les "
    "technologies ont été lus dans l’offre par des règles. Les contacts ont été retirés, "
    "aucun texte d’offre n’est reproduit. France Travail n’est pas l’auteur de ces calculs."
)
METHOD = typeset(
    f"Aucun groupe de moins de {SMALL_GROUP} offres n’est montré : il est réuni aux autres, ou noté "
    f"« moins de {SMALL_GROUP} ». Une offre peut porter plusieurs postes : ce sont les offres qui "
    "sont comptées. France Travail ne donne plus les offres déjà retirées au moment de la lecture."
)


def figure_source(facts: PeriodFacts) -> str:
    """Return the line below each figure, so that it keeps its source when it is copied."""
    read_on = facts.read_at.astimezone(PARIS).date()
    if facts.standing == "certified":
        return f"Source : France Travail, lu le {day_plain(read_on)}"
    # short: it must fit a telephone
    date = f"{day_short(read_on)}{NBSP}{read_on.year}"
    return f"Source : France Travail, {date} · {_DAY_STANDINGS[facts.standing]}"


def alt(measure: str, finding: str) -> str:
    """Return what a figure shows for who cannot see it."""
    return typeset(f"{measure}. {finding} Les chiffres sont dans le tableau qui suit.")


def beside_bar(offers: Cell, share: Cell, *_: Cell) -> str:
    """Return what stands at the end of a bar."""
    return f"{cell(offers)}  ·  {cell(share)}"


def beside_range(offers: Cell, middle: Cell) -> str:
    """Return what stands at the end of a range of pay."""
    return f"{cell(middle)}  ·  {cell(offers)}{NBSP}offres"


def tick_number(drawing: str | None) -> Callable[[int], str]:
    """Return how the numbers of an axis are written."""
    return euros if drawing == "ranges" else integer


USUAL_MARK = "trait : niveau habituel"


def cell(value: Cell) -> str:
    """Return a number of a table."""
    if value is None:
        return "—"
    if isinstance(value, Small):
        return f"moins de {SMALL_GROUP}"
    return _WRITTEN[type(value)](value)


_WRITTEN: dict[type, Callable[[Any], str]] = {
    int: integer,
    float: percent,
    Change: signed_percent,
    Excess: signed,
    Euros: euros,
    Rate: decimal,
}
