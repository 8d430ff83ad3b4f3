"""The French of the page around the analyses: title, method, and how numbers are written. Pure.

A second language defines the same names; most are used by ``templates/report.html.jinja``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.foundation.day import PARIS
from jobmarket.report.tables import SMALL_GROUP, Change, Euros, Excess, Rate, Small
from jobmarket.report.words.fr.headline import period_title
from jobmarket.report.words.fr.publisher import publisher
from jobmarket.report.words.fr.standing import OF_A_DAY
from jobmarket.report.words.fr.typography import (
    NBSP,
    day_plain,
    day_short,
    decimal,
    euros,
    integer,
    percent,
    signed,
    signed_percent,
    typeset,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from jobmarket.foundation.period import Period
    from jobmarket.report.facts import PeriodFacts
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
SEE_ALSO = "À lire aussi : "
SOURCE = "Source, licence et méthode"
TABLE = "Voir les chiffres"
DOWNLOAD = "Télécharger en CSV"
DOWNLOAD_HINT = "UTF-8, séparateur point-virgule"
PARQUET = "en Parquet"
FILE_HEADERS = {
    "kind": "Type de ligne",
    "masked": "Masqué (secret statistique)",
    "compared_days": "Jours comparés",
    "data": "Données",
}
ROW_KINDS = {"group": "groupe", "other": "autres", "missing": "non précisé"}
GENERATED = "Données générées"
ATTRIBUTION_STEM = "source-et-licence"  # of the name of a file
GENERATED_STEM = "_donnees-generees"  # of the names of files
EMPLOYERS_LEFT = (
    "Les noms d’employeurs ont été retirés de ce rapport : la licence de France Travail (article 7) ne "
    "permet pas de les conserver après le retrait des offres."
)
CHECK_COLUMNS = ("Contrôle", "Mesuré", "Attendu", "Verdict")
CHECKS_CAPTION = "Ce qui a été contrôlé, et le verdict"


def title(period: Period) -> str:
    """Return the title of the page."""
    return f"Les offres d’emploi {period_title(period)}"


def window_title(facts: PeriodFacts) -> str:
    """Return the title of the page in a browser's tab and in search results, where no banner is seen."""
    named = title(facts.period)
    return typeset(f"{GENERATED} : {named}") if facts.is_generated else named


def data(facts: PeriodFacts) -> str:
    """Return where the offers come from, for a cell of a table."""
    return GENERATED.lower() if facts.is_generated else publisher(facts.source).name


def generated_text(facts: PeriodFacts) -> str:
    """Return what a page of generated offers says of itself before all else."""
    return typeset(
        "Ces offres sont inventées par le bac à sable de jobmarket, qui imite "
        f"{publisher(facts.source).name} pour essayer l’outil. Rien sur cette page ne décrit le marché du "
        "travail : aucun chiffre ne doit être cité."
    )


def method(facts: PeriodFacts) -> str:
    """Return what is counted, and what is not shown."""
    return typeset(
        f"Aucun groupe de moins de {SMALL_GROUP} offres n’est montré : il est réuni aux autres, ou noté "
        f"« moins de {SMALL_GROUP} ». Une offre peut porter plusieurs postes : ce sont les offres qui "
        f"sont comptées. {publisher(facts.source).withdrawn}"
    )


def figure_source(facts: PeriodFacts) -> str:
    """Return the line below each figure, so that it keeps its source when it is copied."""
    read_on = facts.read_at.astimezone(PARIS).date()
    named = publisher(facts.source)
    if facts.is_generated:
        return f"{GENERATED}, pas {named.of_name} · {day_plain(read_on)}"
    if facts.standing == "certified":
        return f"Source : {named.name}, lu le {day_plain(read_on)}"
    # short: it must fit a telephone
    date = f"{day_short(read_on)}{NBSP}{read_on.year}"
    return f"Source : {named.credit or named.name}, {date} · {OF_A_DAY[facts.standing]}"


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
