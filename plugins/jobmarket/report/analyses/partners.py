"""Which partner sites delivered the offers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.queries import Dimension
from jobmarket.report.table_builders import ComparedTable
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.shared import COMPARED, TOO_FEW
from jobmarket.report.words.fr.typography import counted, percent

if TYPE_CHECKING:
    from jobmarket.report.tables import Table

PARTNER_NAMES = Dimension(
    "partner",
    sample={"JOBATOUT": (0, 20_000), "EMPLOIVIF": (0, 10_000)},
)


def partners_finding(table: Table) -> str:
    """Say how many partner sites delivered, and the first."""
    groups = table.groups()
    if not groups:
        return "Aucun site partenaire n’atteint le seuil d’affichage."
    label, number, share = groups[0]
    offers = counted(number, "offre", "offres")
    return f"Le premier site, {label}, a livré {offers}, soit {percent(share)} du total."


_NOTE = (
    "Une offre livrée par deux sites compte chez chacun. Un site dont le nom pourrait être celui d’une "
    "personne est compté sans lui."
)
PARTNERS = Analysis(
    key="partners",
    section=100,
    builder=ComparedTable(PARTNER_NAMES, drawing=None, top=15, is_multiple=True),
    text=AnalysisText(
        title="Les sites partenaires",
        measure="Offres par site partenaire",
        columns={"label": "Site", **COMPARED},
        finding=partners_finding,
        empty=TOO_FEW,
        note=_NOTE,
    ),
    is_on_quality=True,
    attribute="partners",
)
