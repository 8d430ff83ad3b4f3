"""What is open, what comes and goes, and how long offers stay: by the certified sweeps of the stock. Pure.

Nothing is said where no sweep was made: a day without one has no column, and no inflow or outflow; nor has
the day after it, since nobody knows on which of the two an offer ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from jobmarket.report.analyses.days import day_label, without_weekday
from jobmarket.report.analysis import Analysis
from jobmarket.report.baseline import window
from jobmarket.report.queries import SqlFile
from jobmarket.report.table_builders import TableBuilder
from jobmarket.report.tables import Table, ordered, shown
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.typography import (
    NBSP,
    counted,
    day_ranges,
    integer,
    percent,
    signed,
    signed_percent,
)

if TYPE_CHECKING:
    from jobmarket.report.answers import Answers
    from jobmarket.report.table_builders import Drawing
    from jobmarket.report.tables import Cell

# A median of fewer ends says more about them than about the market (mart.offer_lifetime refuses them, too).
LEAST_ENDED = 50
WEEK_DAYS = 7
# Sweeps of the seven days before that make a mean of them.
LEAST_FOR_MEAN = 4

BY_DAY = SqlFile(
    "stock",
    columns="label france_travail partner positions opened ended",
    sample=[
        (date(2026, 11, 10), 140_000, 370_000, 610_000, None, None),
        (date(2026, 11, 11), 141_000, 369_500, 611_000, 36_000, 35_500),
        (date(2026, 11, 17), 142_000, 372_000, 615_000, None, None),
        (date(2026, 11, 18), 143_000, 374_000, 618_000, 39_000, 36_000),
    ],
)
LIVES = SqlFile(
    "stock_lives",
    columns="label ended median low high share_7 share_30",
    sample=[
        ("", 980_000, 13, 13, 14, 0.71, 0.28),
        ("france_travail", 240_000, 21, 20, 21, 0.82, 0.39),
        ("partner", 740_000, 11, 11, 11, 0.66, None),
    ],
)


@dataclass(frozen=True)
class StockTable(TableBuilder):
    """What each sweep of the period and of the 28 days before it held."""

    query: SqlFile = BY_DAY
    drawing: Drawing | None = "columns"
    tick_every: tuple[int, int] = (-7, -7)

    def is_known(self, answers: Answers) -> bool:
        """Tell whether there was a sweep."""
        return bool(answers.rows[self.query.stem])

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return one row a day, the origins apart."""
        by_day = {row.label: row for row in answers.rows[self.query.stem]}
        days = window(answers.facts.period)
        series = {
            name: [getattr(by_day[day], name) if day in by_day else None for day in days]
            for name in ("france_travail", "partner")
        }
        return ordered(days, series, say=text.say)


@dataclass(frozen=True)
class FlowTable(StockTable):
    """Offers, positions, inflow and outflow at each sweep of the period, at least of a week."""

    drawing: Drawing | None = None

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return one row a sweep."""
        period = answers.facts.period
        first = min(period.start, period.end - timedelta(days=WEEK_DAYS - 1))
        rows = [row for row in answers.rows[self.query.stem] if row.label >= first]
        series = {
            "offers": [row.france_travail + row.partner for row in rows],
            **{name: [getattr(row, name) for row in rows] for name in ("positions", "opened", "ended")},
        }  # fmt: skip
        return ordered([row.label for row in rows], series, say=text.say)


@dataclass(frozen=True)
class LifeTable(TableBuilder):
    """How long offers stay, of all and by origin."""

    query: SqlFile = LIVES

    def is_known(self, answers: Answers) -> bool:
        """Tell whether there were sweeps on two days in a row."""
        return bool(answers.rows[self.query.stem])

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the origins of which enough offers ended."""
        rows = [row for row in answers.rows[self.query.stem] if row.ended >= LEAST_ENDED]
        names = self.query.columns.split()[1:]
        series: dict[str, list[Cell]] = {
            name: [getattr(row, name) for row in rows] for name in names
        }
        codes = [row.label for row in rows]
        return Table([text.say(code) for code in codes], series, ["group"] * len(rows), codes)


def stock_finding(table: Table) -> str:
    """Say what the last sweep held, beside the one of seven days before and the mean of these days."""
    totals = [
        None if own is None and partner is None else shown(own) + shown(partner)
        for own, partner in zip(*table.series.values(), strict=True)
    ]
    last = max(row for row, total in enumerate(totals) if total is not None)
    held = totals[last] or 0
    week = totals[max(0, last - WEEK_DAYS) : last]
    known = [total for total in week if total]
    compared = []
    if len(week) == WEEK_DAYS and week[0]:
        compared.append(f"{signed_percent(held / week[0] - 1)} par rapport à sept jours plus tôt")
    if len(known) >= LEAST_FOR_MEAN:
        mean = sum(known) / len(known)
        compared.append(
            f"{signed_percent(held / mean - 1)} par rapport à la moyenne des sept jours précédents"
        )
    offers = counted(held, "offre ouverte", "offres ouvertes")
    said = f"{offers} au dernier inventaire certifié, {table.labels[last]}"
    return f"{said} : {', '.join(compared)}." if compared else f"{said}."


def flow_finding(table: Table) -> str:
    """Say what came and what went over the days of which that is known."""
    known = [
        (day, shown(opened), shown(ended))
        for day, opened, ended in zip(
            table.codes, table.series["opened"], table.series["ended"], strict=True
        )
        if opened is not None
    ]
    if not known:
        return "Aucun jour n’a son inventaire et celui de la veille : ni entrées ni sorties."
    opened, ended = (sum(row[column] for row in known) for column in (1, 2))
    return (
        f"{counted(opened, 'offre est entrée', 'offres sont entrées')} et {integer(ended)} sont sorties "
        f"({signed(opened - ended)}). Jours comptés : {day_ranges([day for day, _, _ in known])}."
    )


def life_finding(table: Table) -> str:
    """Say the median of all, and what is left after a month."""
    median, low, high = (table.series[name][0] for name in ("median", "low", "high"))
    if median is None:
        return "Plus de la moitié des offres restent ouvertes plus longtemps que les âges observés."
    band = f" (entre {low} et {high}, à 95 %)" if high is not None and low != high else ""
    said = f"La moitié des offres restent ouvertes {counted(shown(median), 'jour', 'jours')} au plus{band}"
    left = table.series["share_30"][0]
    return (
        f"{said} ; {percent(float(str(left)))} le sont encore après 30 jours."
        if left
        else f"{said}."
    )


def origin(code: str) -> str:
    """Return the name of an origin."""
    return {
        "": "Toutes les offres",
        "france_travail": "Déposées à France Travail",
        "partner": "Sites partenaires",
    }[code]


STOCK = Analysis(
    key="stock",
    section=40,
    builder=StockTable(),
    text=AnalysisText(
        title="Le stock d’offres ouvertes",
        measure="Offres ouvertes à chaque inventaire certifié",
        columns={
            "code": "Date",
            "label": "Jour",
            "france_travail": "Déposées à France Travail",
            "partner": "Sites partenaires",
        },
        finding=stock_finding,
        empty="Pas encore d’inventaire certifié.",
        say=day_label,
        tick=without_weekday,
        note="Un jour sans colonne n’a pas d’inventaire certifié ; rien n’est supposé à sa place.",
    ),
)
STOCK_FLOWS = Analysis(
    key="stock_flows",
    section=STOCK.section,
    part=10,
    builder=FlowTable(),
    text=AnalysisText(
        title="Entrées et sorties",
        measure="Offres et postes ouverts, offres entrées et sorties depuis l’inventaire de la veille",
        columns={
            "code": "Date",
            "label": "Jour",
            "offers": "Offres ouvertes",
            "positions": "Postes",
            "opened": "Entrées",
            "ended": "Sorties",
        },
        finding=flow_finding,
        empty="Pas encore d’inventaire certifié.",
        say=day_label,
        note=(
            "Une offre sortie a disparu entre les deux inventaires ; une offre parue et retirée entre les "
            "deux n’est dans aucun. Sans l’inventaire de la veille, ni entrées ni sorties ne sont dites."
        ),
    ),
)
STOCK_LIVES = Analysis(
    key="stock_lives",
    section=STOCK.section,
    part=20,
    builder=LifeTable(),
    text=AnalysisText(
        title="Combien de temps une offre reste ouverte",
        measure="Durée de vie des offres en jours, et part encore ouverte à 7 et à 30 jours",
        columns={
            "label": "Offres",
            "ended": "Sorties observées",
            "median": "Médiane (jours)",
            "low": "Borne basse",
            "high": "Borne haute",
            "share_7": f"Ouvertes après 7{NBSP}jours",
            "share_30": f"Ouvertes après 30{NBSP}jours",
        },
        finding=life_finding,
        empty=f"Moins de {LEAST_ENDED} sorties observées : aucune durée n’est dite.",
        say=origin,
        note=(
            "Kaplan-Meier sur la période, et au moins sur 28 jours : à chaque âge, la part des offres d’un "
            "inventaire qui manquent à celui du lendemain. La fin d’une offre n’est connue qu’à un jour "
            "près, entre deux inventaires : la médiane est le plus grand des deux jours. Les offres sont "
            "suivies à partir du lendemain de leur parution ; celles encore ouvertes comptent jusqu’à leur "
            "âge. Une offre republiée sous un autre numéro est une nouvelle offre."
        ),
    ),
)
