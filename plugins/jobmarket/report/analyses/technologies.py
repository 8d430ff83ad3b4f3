"""Which technologies the offers name, and which moved. Pure."""

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
from jobmarket.report.words.fr.typography import and_list, counted
from jobmarket.report.words.fr.values import technology

if TYPE_CHECKING:
    from jobmarket.report.tables import Table

TECHNOLOGY_CODES = Dimension(
    "technology",
    sample={"python": (60, 140), "sql": (40, 120), "excel": (20, 90)},
)


def technologies_finding(table: Table) -> str:
    """Say the three technologies that most offers name."""
    groups = table.groups()
    if not groups:
        return "Aucune technologie n’atteint le seuil d’affichage."
    named = [f"{label} ({counted(number, 'offre', 'offres')})" for label, number, _ in groups[:3]]
    return f"Les plus citées : {and_list(named)}."


TECHNOLOGIES = Analysis(
    key="technologies",
    section=80,
    builder=ComparedTable(TECHNOLOGY_CODES, top=15, is_multiple=True),
    text=AnalysisText(
        title="Les technologies",
        measure="Offres qui citent une technologie",
        columns={"code": "Code", "label": "Technologie", **COMPARED},
        finding=technologies_finding,
        empty=TOO_FEW,
        say=technology,
        note="Cherchées dans le titre, le texte et les compétences ; une offre peut en citer plusieurs. "
        "La part est celle de toutes les offres.",
    ),
)
TECHNOLOGIES_UP = Analysis(
    key="technologies_up",
    section=TECHNOLOGIES.section,
    part=10,
    builder=MoversTable(TECHNOLOGY_CODES, way="up"),
    text=AnalysisText(
        title="Technologies en hausse",
        measure="Technologies au-dessus de leur niveau attendu",
        columns={"code": "Code", "label": "Technologie", **MOVED},
        finding=moved_finding,
        empty=NOTHING_MOVED,
        say=technology,
    ),
)
TECHNOLOGIES_DOWN = Analysis(
    key="technologies_down",
    section=TECHNOLOGIES.section,
    part=20,
    builder=MoversTable(TECHNOLOGY_CODES, way="down"),
    text=AnalysisText(
        title="Technologies en baisse",
        measure="Technologies au-dessous de leur niveau attendu",
        columns={"code": "Code", "label": "Technologie", **MOVED},
        finding=moved_finding,
        empty=NOTHING_MOVED,
        say=technology,
    ),
)
