"""Which trades are asked for, and which moved. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.queries import Dimension
from jobmarket.report.table_builders import ComparedTable, MoversTable
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.shared import (
    COMPARED,
    MOVED,
    NOTHING_MOVED,
    TOO_FEW,
    moved_finding,
)
from jobmarket.report.words.fr.typography import and_list, percent
from jobmarket.report.words.fr.values import domain, trade

if TYPE_CHECKING:
    from jobmarket.report.tables import Table

ROME_CODES = Dimension(
    "rome",
    sample={"M1805": (300, 700), "K1304": (900, 2_100), "J1501": (100, 150)},
)


def domain_code(rome_code: str) -> str:
    """Return the letter of the domain of a trade."""
    return rome_code[:1]


def trades_finding(table: Table) -> str:
    """Say the three domains with most offers."""
    groups = table.groups()
    if not groups:
        return "Aucun domaine n’atteint le seuil d’affichage."
    named = [f"{label} ({percent(share)})" for label, _, share in groups[:3]]
    return f"En tête : {and_list(named)}."


TRADES = Analysis(
    key="trades",
    section=60,
    builder=ComparedTable(ROME_CODES, top=14, group=domain_code),
    text=AnalysisText(
        title="Les métiers",
        measure="Offres par domaine de métiers (ROME)",
        columns={"code": "Code ROME", "label": "Domaine", **COMPARED},
        finding=trades_finding,
        empty=TOO_FEW,
        say=domain,
        other="Autres domaines",
        missing="Métier non précisé",
    ),
    attribute="rome_code",
)
TRADES_UP = Analysis(
    key="trades_up",
    section=TRADES.section,
    part=10,
    builder=MoversTable(ROME_CODES, way="up"),
    text=AnalysisText(
        title="Métiers en hausse",
        measure="Métiers au-dessus de leur niveau attendu",
        columns={"code": "Code ROME", "label": "Métier", **MOVED},
        finding=moved_finding,
        empty=NOTHING_MOVED,
        say=trade,
        is_of_trades=True,
    ),
    attribute="rome_code",
)
_NOTE = (
    "Écart propre : offres en plus ou en moins de ce que donnerait le mouvement d’ensemble, offres de "
    "France Travail et des partenaires à part."
)
TRADES_DOWN = Analysis(
    key="trades_down",
    section=TRADES.section,
    part=20,
    builder=MoversTable(ROME_CODES, way="down"),
    text=AnalysisText(
        title="Métiers en baisse",
        measure="Métiers au-dessous de leur niveau attendu",
        columns={"code": "Code ROME", "label": "Métier", **MOVED},
        finding=moved_finding,
        empty=NOTHING_MOVED,
        say=trade,
        is_of_trades=True,
        note=_NOTE,
    ),
    attribute="rome_code",
)
