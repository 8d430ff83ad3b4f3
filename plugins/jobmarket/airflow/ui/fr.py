"""Everything that the pages say, in French. Pure.

A second language defines the same names; most are used by ``templates/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.airflow.ui.fr_titles import day_title
from jobmarket.foundation.day import PARIS
from jobmarket.report.words.fr.effort import dollars, duration, size
from jobmarket.report.words.fr.publisher import publisher
from jobmarket.report.words.fr.standing import IN_LIST, OLDER_RULES
from jobmarket.report.words.fr.typography import (
    clock,
    day_plain,
    day_short,
    integer,
    typeset,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from jobmarket.airflow.ui.query import DayRun
    from jobmarket.airflow.ui.rows import Missing
    from jobmarket.airflow.ui.runs import Failure, RunState, Unfinished

LANG = "fr"
REPORT = "Rapport"
REPORTS = "Rapports"
TITLE = "Rapports du marché du travail"
COLUMNS = (
    *("Jour", "Certificat", "Annoncées", "Lues", "Manquantes", "Écartées", "Chargées"),
    *("Lue le (Paris)", "Rapport"),
)
NUMBERS = COLUMNS[2:7]
EMPTY_BEFORE = "Aucune journée plus ancienne n’est chargée."
GENERATED = "Données générées"
OPEN = "Ouvrir"
NEWEST = "Les plus récentes"
OLDER = "Plus anciennes"
PAGES = "Pages de la liste"
SOURCES = "Autres sources"
ALL_REPORTS = "Tous les rapports"
FILES = "Figures et tableaux"

RECEIPTS = "Ce que les exécutions ont demandé"
RECEIPTS_LEDE = typeset(
    "Par exécution, toutes ses tentatives ensemble : la durée de chaque tâche, les appels à la source, ce "
    "qui a été lu et écrit, et une estimation du coût aux prix publics d’AWS, un mois de stockage compris."
)
RECEIPT_COLUMNS = (
    *("Exécution", "Terminée (Paris)", "État", "Lecture", "Chargement", "Contrôles", "Rapport"),
    *("Appels", "Lu", "Offres écrites", "S3", "RDS"),
)
RECEIPT_NUMBERS = RECEIPT_COLUMNS[3:]
NO_RECEIPTS = "Aucune exécution n’a encore laissé de reçu."
ENDED = {True: "Aboutie", False: "En échec"}

NOT_FOUND = "Il n’y a rien à cette adresse."
NO_REPORT = typeset(
    "Ce rapport n’est pas écrit : la journée n’est pas chargée, ses contrôles n’ont pas été passés, ou "
    "les conditions de sa source n’en permettent pas."
)
NO_FILE = "Ce fichier n’est pas dans le rapport."
NO_RUN = "Cette exécution n’existe pas, ou n’écrit pas de rapport."
UNAVAILABLE = "Une source de cette page ne répond pas ; rechargez-la dans un instant."
MISCONFIGURED = (
    "Une source de cette page refuse ou n’est pas réglée : prévenez qui administre Airflow."
)

_REFUSALS = {
    401: "Votre session Airflow est terminée ou n’est pas ouverte : connectez-vous, puis rechargez la page.",
    403: "Votre compte Airflow n’a pas le droit de lire ce DAG, donc pas non plus ses rapports.",
    404: NOT_FOUND,
}

_RUN_STATES = {
    "queued": "Cette exécution attend son tour.",
    "running": "Cette exécution n’est pas terminée.",
    "failed": "Cette exécution a échoué et n’a pas écrit de rapport.",
    "success": "Cette exécution est terminée et n’a pas écrit de rapport.",
}

STANDINGS, BY_OLDER_RULES = IN_LIST, OLDER_RULES
BYTES, DOLLARS = size, dollars  # how the templates write them
UNFINISHED = {"failed": "En échec", "running": "En cours", "queued": "En attente"}
WHY = "Pourquoi"
LOOK = "Suivre"
UNKNOWN = "–"
NO_PERIODS = typeset("Les rapports de semaines et de mois ne peuvent pas être listés :")

PERIODS = {"week": "Semaines", "month": "Mois"}


def lede(source: str) -> str:
    """Return what the list of a source's days is about."""
    return typeset(
        f"Chaque jour, les offres d’emploi {publisher(source).of_name} parues ce jour-là, avec le certificat "
        f"de ce qui a été lu ou le compte de ce qui manque."
    )


def days_of(source: str) -> str:
    """Return what a link says that leads to the list of another source."""
    return typeset(f"Journées {publisher(source).of_name}")


def empty(dag_id: str) -> str:
    """Return what stands where no day is loaded."""
    return typeset(f"Aucune journée n’est encore chargée : lancez {dag_id}.")


def refusal(status: int) -> str:
    """Return what an HTTP status of the web server means for the reader."""
    return typeset(_REFUSALS.get(status, f"La demande est refusée (HTTP {status})."))


def open_day(run: DayRun) -> str:
    """Return what a link of the list opens, for who does not see its row."""
    return typeset(f"{OPEN} : {day_title(run.day.isoformat())}")


def why_day(run: Unfinished) -> str:
    """Return what the link of a day without a report opens, for who does not see its row."""
    return typeset(f"{day_title(run.day.isoformat())} : {UNFINISHED[run.state].lower()}")


def missing_days(days: Missing) -> str:
    """Return which days in a row are not there."""
    if days.day_count == 1:
        return day_title(days.first.isoformat())
    return f"Du {day_plain(days.first)} au {day_plain(days.last)}"


def count_of_days(days: Missing) -> str:
    """Return how many days in a row are not there; nothing if it is one, which has its name."""
    return "" if days.day_count == 1 else typeset(f"{integer(days.day_count)} journées")


def loaded_since(grain: str, dag_id: str, days: Sequence[date]) -> str:
    """Return which days of a report were loaded after it was written, and what brings it up to date.

    :param grain: of the report, ``day``, ``week`` or ``month``.
    :param dag_id: of the DAG that writes it.
    """
    if grain == "day":
        return typeset(
            "Cette journée a été chargée de nouveau depuis que ce rapport est écrit : un contrôle a échoué, "
            "ou l’exécution n’est pas terminée."
        )
    named = ", ".join(day_plain(day) for day in days[:3])
    more = f" et {len(days) - 3} autres" if len(days) > 3 else ""
    return typeset(
        f"Des journées ont été chargées depuis que ce rapport est écrit ({named}{more}) : relancez "
        f"{dag_id} pour les y voir."
    )


def see(title: str) -> str:
    """Return what a link says that leads to a report which may not be there."""
    return typeset(f"{title} : voir le rapport, s’il y en a un")


def run_state(run: RunState) -> str:
    """Return how far a run without a report came."""
    return typeset(_RUN_STATES.get(run.state, f"État de cette exécution : {run.state}."))


def failed_task(failure: Failure) -> str:
    """Return what introduces the last word of a task that did not succeed, or stands for it."""
    if not failure.sentence:
        return typeset(
            f"La tâche {failure.task_id} a échoué sans dire pourquoi ; son journal montre où elle s’est "
            f"arrêtée."
        )
    if failure.state == "up_for_retry":
        return typeset(f"La tâche {failure.task_id} n’a pas abouti et sera tentée de nouveau :")
    return typeset(f"La tâche {failure.task_id} a échoué :")


def number(count: int) -> str:
    """Return a number of the list."""
    return integer(count)


def instant(when: datetime) -> str:
    """Return an instant of the list in Paris, ``19 nov. 2026, 5 h 08``."""
    day = when.astimezone(PARIS).date()
    return f"{day_short(day)} {day.year}, {clock(when)}"


def took(seconds: float | None) -> str:
    """Return how long a task took; a dash if it left no receipt."""
    return UNKNOWN if seconds is None else typeset(duration(seconds))


def no_report(run: DayRun) -> str:
    """Return why a day of the list has no report to open; empty if it has one."""
    if run.standing == "refused":
        return "Aucun"
    if run.checks_passed is None:
        return "Pas encore contrôlée"
    return "" if run.checks_passed else "Contrôles en échec"
