"""At which hours offers are created. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.queries import SqlFile
from jobmarket.report.table_builders import OrderedTable
from jobmarket.report.tables import SMALL_GROUP, shown
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.shared import TOO_FEW
from jobmarket.report.words.fr.typography import NBSP, counted, percent

if TYPE_CHECKING:
    from jobmarket.report.tables import Table

BY_HOUR = SqlFile(
    "hours",
    columns="label france_travail partner",
    sample=[(hour, 10 * hour, 100 if hour == 3 else 2) for hour in range(24)],
)


def hours_finding(table: Table) -> str:
    """Say the busiest hour and the shortest stretch of the day that holds half of the offers."""
    by_hour = [
        sum(shown(cells[hour]) for cells in table.series.values())
        for hour in range(len(table.labels))
    ]
    total = sum(by_hour)
    if not total:
        return f"Aucune heure n’atteint {SMALL_GROUP} offres."
    peak = max(range(len(by_hour)), key=by_hour.__getitem__)
    start, end = _half(by_hour)
    offers = counted(by_hour[peak], "offre", "offres")
    return (
        f"L’heure la plus dense est {table.labels[peak]}, avec {offers} "
        f"({percent(by_hour[peak] / total)}) ; la moitié des offres a paru "
        f"entre {hour(start)} et {hour(end)}."
    )


def _half(by_hour: list[int]) -> tuple[int, int]:
    """Return the shortest stretch of hours that holds half of the total, the earliest of equals."""
    spans = (
        (end - start, start, end)
        for start in range(len(by_hour))
        for end in range(start + 1, len(by_hour) + 1)
        if 2 * sum(by_hour[start:end]) >= sum(by_hour)
    )
    _, start, end = min(spans)
    return start, end


def hour(value: int) -> str:
    """Return ``11 h``."""
    return f"{value}{NBSP}h"


HOURS = Analysis(
    key="hours",
    section=20,
    builder=OrderedTable(BY_HOUR, tick_every=(2, 4)),
    text=AnalysisText(
        title="Au fil de la journée",
        measure="Offres par heure de création, heure de Paris",
        columns={
            "code": "Heure (0 à 23)",
            "label": "Heure",
            "france_travail": "Déposées à France Travail",
            "partner": "Sites partenaires",
        },
        finding=hours_finding,
        empty=TOO_FEW,
        say=hour,
        note="Les sites partenaires livrent leurs offres par lots, d’où des pics très courts.",
    ),
    attribute="partners",
)
