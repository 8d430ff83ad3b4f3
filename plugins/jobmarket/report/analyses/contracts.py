"""Which contracts are offered. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.queries import Dimension
from jobmarket.report.table_builders import ComparedTable
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.shared import COMPARED, TOO_FEW
from jobmarket.report.words.fr.typography import percent
from jobmarket.report.words.fr.values import contract

if TYPE_CHECKING:
    from jobmarket.report.tables import Table

CONTRACT_TYPES = Dimension(
    "contract_type",
    sample={
        "CDI": (6_000, 17_000),
        "MIS": (1_998, 8_000),
        "CDD": (2_000, 5_000),
        "REP": (2, 0),
    },
)


def contracts_finding(table: Table) -> str:
    """Say the first contract type and the two behind it."""
    groups = table.groups()
    if not groups:
        return "Aucun type de contrat n’atteint le seuil d’affichage."
    label, _, share = groups[0]
    behind = [f"{name} ({percent(part)})" for name, _, part in groups[1:3]]
    after = f", puis {' et '.join(behind)}" if behind else ""
    return f"En tête : {label}, {percent(share)} des offres{after}."


CONTRACTS = Analysis(
    key="contracts",
    section=10,
    builder=ComparedTable(CONTRACT_TYPES),
    text=AnalysisText(
        title="Types de contrat",
        measure="Offres par type de contrat",
        columns={"code": "Code", "label": "Type de contrat", **COMPARED},
        finding=contracts_finding,
        empty=TOO_FEW,
        say=contract,
        other="Autres contrats",
        missing="Contrat non précisé",
    ),
)
