"""The French of what is paid, and of how pay was read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.shapes import LEAST_PAID
from jobmarket.report.tables import shown
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.analyses import OFFERS, TOO_FEW
from jobmarket.report.words.fr.market import domain, readings_finding, trade
from jobmarket.report.words.fr.typography import NBSP, counted, euros, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobmarket.report.tables import Table

_PAY_KINDS = {
    "stated": "Salaire lu tel quel",
    "corrected": "Salaire lu après correction de la période",
    "implausible": "Montant invraisemblable, écarté",
    "unreadable": "Mention illisible",
    "absent": "Aucun salaire indiqué",
    "estimated": "Estimation de la source, écartée",
}


def pay_group(code: str, labels: Mapping[str, str] | None = None) -> str:
    """Return the name of a grand domain or of a trade, see :func:`trade`."""
    return domain(code) if len(code) == 1 else trade(code, labels)


def pay_kind(code: str) -> str:
    """Return how the pay of an offer was read."""
    return _PAY_KINDS.get(code, code)


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


_QUARTILES = {
    "offers": "Offres",
    "low": "1er quartile",
    "middle": "Médiane",
    "high": "3e quartile",
    "minimum": "Au SMIC",
}
_PAY_NOTE = (
    f"Au SMIC{NBSP}: part des salaires lus qui valent, à 0,2{NBSP}% près, le SMIC en vigueur le jour de "
    "l’offre, ou moins. Là où elle est forte, la médiane dit surtout le SMIC."
)
PAY = AnalysisText(
    title="Les salaires annoncés",
    measure="Salaires bruts annuels à 35 h, avec médiane",
    columns={"code": "Code ROME", "label": "Domaine", **_QUARTILES},
    finding=pay_finding,
    empty=f"Aucun domaine n’a {LEAST_PAID} offres dont le salaire se lit.",
    say=pay_group,
    is_of_trades=True,
    note=_PAY_NOTE,
)
PAY_TRADES = AnalysisText(
    title="Salaires par métier",
    measure="Salaire brut annuel pour 35 heures des métiers aux salaires les plus souvent indiqués",
    columns={"code": "Code ROME", "label": "Métier", **_QUARTILES},
    finding=pay_trades_finding,
    empty=f"Aucun métier n’a {LEAST_PAID} offres dont le salaire se lit.",
    say=pay_group,
    is_of_trades=True,
    note="Milieu de la fourchette annoncée, ramené à l’année et à 35 heures par semaine, arrondi à la "
    "centaine d’euros ; seulement les salaires lus tels quels ou corrigés, sans l’alternance. Un salaire "
    "mensuel ou annuel pour plus de 35 heures est compté sans les heures supplémentaires, au tarif légal, "
    "quand l’offre dit son horaire ; celui d’un temps partiel est porté au temps plein s’il ne peut pas être "
    "celui d’un temps plein, et n’est pas compté sinon. La moitié des offres se situe entre les deux "
    "quartiles. Un salaire annoncé n’est pas un salaire payé.",
)
PAY_READINGS = AnalysisText(
    title="Comment les salaires ont été lus",
    measure="Offres selon la lecture de leur salaire",
    columns={"code": "Code", "label": "Lecture", **OFFERS},
    finding=readings_finding,
    empty=TOO_FEW,
    say=pay_kind,
    other="Autres lectures",
    missing="Non lu",
)
