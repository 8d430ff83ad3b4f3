"""How many offers each day has. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.baseline import window
from jobmarket.report.table_builders import TableBuilder
from jobmarket.report.tables import ordered, shown
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.typography import NBSP, counted, day_short, integer, weekday

if TYPE_CHECKING:
    from datetime import date

    from jobmarket.report.answers import Answers
    from jobmarket.report.table_builders import Drawing
    from jobmarket.report.tables import Table


@dataclass(frozen=True)
class DailyTable(TableBuilder):
    """The offers of each day of the period and of the 28 before it; of a day not loaded, nothing."""

    drawing: Drawing | None = "columns"
    tick_every: tuple[int, int] = (-7, -7)

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return one row a day, certified days apart from the others."""
        read = {day.day: day for day in answers.read}
        days = window(answers.facts.period)
        series: dict[str, list[int | None]] = {"certified": [], "uncertified": []}
        for day in days:
            known = read.get(day)
            is_certified = known is not None and known.standing == "certified"
            offers = known.offers if known else None
            series["certified"].append(offers if is_certified else None)
            series["uncertified"].append(None if is_certified else offers)
        return ordered(days, series, say=text.say)


def days_finding(table: Table) -> str:
    """Say between which days the certified ones lie, and how many were not read."""
    certified = table.series["certified"]
    known = [(shown(cell), row) for row, cell in enumerate(certified) if shown(cell)]
    others = table.series["uncertified"]
    blank = sum(one is None and other is None for one, other in zip(certified, others, strict=True))
    unread = f"{counted(blank, 'jour n’a pas été lu', 'jours n’ont pas été lus')}"
    if len(known) < 2:
        return f"Moins de deux journées certifiées : aucune comparaison n’est possible ({unread})."
    low, high = min(known), max(known)
    said = (
        f"Les journées certifiées vont de {counted(low[0], 'offre', 'offres')} "
        f"({table.labels[low[1]]}) à {integer(high[0])} ({table.labels[high[1]]})"
    )
    return f"{said} ; {unread}." if blank else f"{said}."


def day_label(value: date) -> str:
    """Return ``mer. 18 nov.``."""
    return f"{weekday(value)[:3]}.{NBSP}{day_short(value)}"


def without_weekday(label: str) -> str:
    """Return the ``18 nov.`` of ``mer. 18 nov.``."""
    return label.split(f".{NBSP}", 1)[1]


DAYS = Analysis(
    key="days",
    section=30,
    builder=DailyTable(),
    text=AnalysisText(
        title="Jour après jour",
        measure="Offres par jour de création",
        columns={
            "code": "Date",
            "label": "Jour",
            "certified": "Journées certifiées",
            "uncertified": "Journées incomplètes ou échantillons",
        },
        finding=days_finding,
        empty="Pas encore d’historique : la comparaison commence au deuxième jour traité.",
        say=day_label,
        tick=without_weekday,
        note="Un jour sans colonne n’a pas été lu ; rien n’est supposé à sa place.",
    ),
    least_rows=2,
)
