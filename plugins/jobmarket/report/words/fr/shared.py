"""The French that several analyses share: columns, what moved, nothing to show. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.tables import SMALL_GROUP
from jobmarket.report.words.fr.typography import counted

if TYPE_CHECKING:
    from jobmarket.report.tables import Table


OFFERS = {"offers": "Offres", "share": "Part"}
USUAL = {"compared": "Offres des jours comparés", "usual": "Habituel", "change": "Évolution"}
COMPARED = {**OFFERS, **USUAL}
MOVED = {
    "offers": OFFERS["offers"],
    "compared": USUAL["compared"],
    "usual": USUAL["usual"],
    "change": USUAL["change"],
    "excess": "Écart propre",
}
TOO_FEW = f"Moins de {SMALL_GROUP} offres : rien n’est montré."
NOTHING_MOVED = "Aucun écart ne dépasse ce que le hasard explique."


def moved_finding(table: Table) -> str:
    """Say how many groups moved."""
    return f"{counted(len(table.labels), 'écart dépasse', 'écarts dépassent')} ce que le hasard explique."
