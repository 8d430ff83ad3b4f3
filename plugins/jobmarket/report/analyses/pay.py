"""What is paid. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.queries import SqlFile
from jobmarket.report.table_builders import TableBuilder
from jobmarket.report.tables import SMALL, SMALL_GROUP, Euros, Table, shown
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.typography import NBSP, counted, euros, percent
from jobmarket.report.words.fr.values import domain, trade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobmarket.report.answers import Answers
    from jobmarket.report.tables import Cell

# A quartile of fewer offers says more about them than about the trade.
LEAST_PAID = 20

QUARTILES = SqlFile(
    "pay",
    columns="label offers low middle high minimum",
    sample=[
        ("", 900, 22_000, 26_000, 34_000, 160),
        ("M", 500, 24_010, 31_050, 42_000, 50),
        ("K", 300, 21_900, 23_450, 26_010, 110),
        ("M1805", 120, 38_000, 45_049, 55_000, 3),
        ("K1304", 200, 21_900, 22_600, 24_000, 90),
        ("J1501", 19, 24_000, 26_000, 28_000, 0),
    ],
)


@dataclass(frozen=True)
class QuartileTable(TableBuilder):
    """Quartiles of pay by domain (codes of one letter) or by trade (ROME codes), the best paid first.

    :param code_length: 1 for domains, 5 for trades.
    :param top: of the trades with most offers.
    """

    query: SqlFile = QUARTILES
    code_length: int = 1
    top: int = 14

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return the groups of at least :data:`LEAST_PAID` offers, amounts rounded to a hundred euros.

        Beside the quartiles stands the share of the offers at the minimum wage.
        """
        rows = [
            row
            for row in answers.rows[self.query.stem]
            if len(row.label) == self.code_length and row.offers >= LEAST_PAID
        ]
        most = sorted(rows, key=lambda row: (-row.offers, row.label))[: self.top]
        best = sorted(most, key=lambda row: (-row.middle, row.label))
        series: dict[str, list[Cell]] = {"offers": [row.offers for row in best]}
        for name in ("low", "middle", "high"):
            series[name] = [Euros(round(getattr(row, name), -2)) for row in best]
        series["minimum"] = [_share(row.minimum, row.offers) for row in best]
        codes = [row.label for row in best]
        labels = [text.label(code, answers.trade_labels) for code in codes]
        return Table(labels, series, ["group"] * len(best), codes)


def _share(offers: int, total: int) -> Cell:
    return SMALL if 0 < offers < SMALL_GROUP else offers / total


def pay_group(code: str, labels: Mapping[str, str] | None = None) -> str:
    """Return the name of a grand domain or of a trade, see :func:`trade`."""
    return domain(code) if len(code) == 1 else trade(code, labels)


def pay_finding(table: Table) -> str:
    """Say the best and the least paid domain, by the median, and how many of all are at the minimum wage."""
    if not table.labels:
        return f"Aucun groupe n’a {LEAST_PAID} offres dont le salaire se lit."
    middle = [shown(cell) for cell in table.series["middle"]]
    at_minimum = _at_minimum(table)
    first = f"{table.labels[0]} : {euros(middle[0])} brut par an en médiane"
    if len(middle) == 1:
        return f"{first}.{at_minimum}"
    return f"{first} ; {table.labels[-1]} : {euros(middle[-1])}.{at_minimum}"


def _at_minimum(table: Table) -> str:
    """Say the share of the minimum wage in all domains whose share is shown, if there is one."""
    rows = [
        (offers, share)
        for offers, share in zip(table.series["offers"], table.series["minimum"], strict=True)
        if isinstance(share, float) and isinstance(offers, int)
    ]
    total = sum(offers for offers, _ in rows)
    share = sum(offers * part for offers, part in rows) / total if total else 0.0
    return f" {percent(share)} de ces salaires sont au SMIC." if share else ""


def pay_trades_finding(table: Table) -> str:
    """Say what the table holds."""
    named = counted(len(table.labels), "métier", "métiers")
    return (
        f"Les {named} qui ont le plus de salaires lisibles, du mieux au moins payé."
        if len(table.labels) > 1
        else "Le métier qui a le plus de salaires lisibles."
    )


_COLUMNS = {
    "offers": "Offres",
    "low": "1er quartile",
    "middle": "Médiane",
    "high": "3e quartile",
    "minimum": "Au SMIC",
}
_NOTE = (
    f"Au SMIC{NBSP}: part des salaires lus qui valent, à 0,2{NBSP}% près, le SMIC en vigueur le jour de "
    "l’offre, ou moins. Là où elle est forte, la médiane dit surtout le SMIC."
)
PAY = Analysis(
    key="pay",
    section=70,
    builder=QuartileTable(drawing="ranges"),
    text=AnalysisText(
        title="Les salaires annoncés",
        measure="Salaires bruts annuels à 35 h, avec médiane",
        columns={"code": "Code ROME", "label": "Domaine", **_COLUMNS},
        finding=pay_finding,
        empty=f"Aucun domaine n’a {LEAST_PAID} offres dont le salaire se lit.",
        say=pay_group,
        is_of_trades=True,
        note=_NOTE,
    ),
    attribute="rome_code",
)
_TRADES_NOTE = (
    "Milieu de la fourchette annoncée, ramené à l’année et à 35 heures par semaine, arrondi à la "
    "centaine d’euros ; seulement les salaires lus tels quels ou corrigés, sans l’alternance. Un salaire "
    "mensuel ou annuel pour plus de 35 heures est compté sans les heures supplémentaires, au tarif légal, "
    "quand l’offre dit son horaire ; celui d’un temps partiel est porté au temps plein s’il ne peut pas être "
    "celui d’un temps plein, et n’est pas compté sinon. La moitié des offres se situe entre les deux "
    "quartiles. Un salaire annoncé n’est pas un salaire payé."
)
PAY_TRADES = Analysis(
    key="pay_trades",
    section=PAY.section,
    part=10,
    builder=QuartileTable(code_length=5, top=15),
    text=AnalysisText(
        title="Salaires par métier",
        measure="Salaire brut annuel pour 35 heures des métiers aux salaires les plus souvent indiqués",
        columns={"code": "Code ROME", "label": "Métier", **_COLUMNS},
        finding=pay_trades_finding,
        empty=f"Aucun métier n’a {LEAST_PAID} offres dont le salaire se lit.",
        say=pay_group,
        is_of_trades=True,
        note=_TRADES_NOTE,
    ),
    attribute="rome_code",
)
