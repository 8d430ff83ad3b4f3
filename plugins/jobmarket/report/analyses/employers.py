"""Who employs, companies and agencies apart. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.persons import LEAST_DEPARTEMENTS, LEAST_OFFERS, may_be_printed
from jobmarket.report.queries import SqlFile
from jobmarket.report.table_builders import Groups, RankedTable
from jobmarket.report.tables import SMALL_GROUP
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.shared import OFFERS, TOO_FEW
from jobmarket.report.words.fr.typography import NBSP, counted, percent

if TYPE_CHECKING:
    from jobmarket.report.queries import Rows
    from jobmarket.report.tables import Table

BY_NAME = SqlFile(
    "employers",
    columns="is_agency label offers departements has_siret",
    sample=[
        (False, "VALTERRE", 80, 12, False),
        (False, "Mme Dupont", 12, 4, False),
        (False, "", 9_000, 90, False),
        (False, None, 20_000, 100, False),
        (True, "VIVATEMP", 400, 40, False),
        (True, "", 90, 30, False),
    ],
)


def employers(rows: Rows) -> Groups:
    """Return the employers that are no agency, those not known to be organisations unnamed."""
    return _named([row for row in rows if not row.is_agency])


def agencies(rows: Rows) -> Groups:
    """Return the agencies of temporary work and recruitment, those not known to be organisations unnamed."""
    return _named([row for row in rows if row.is_agency])


def _named(rows: Rows) -> Groups:
    groups: list[tuple[str | None, int]] = []
    hidden = 0
    for row in rows:
        is_hidden = bool(row.label) and not may_be_printed(
            row.label,
            offers=row.offers,
            departements=row.departements,
            has_siret=bool(row.has_siret),
        )
        hidden += is_hidden
        groups.append(("" if is_hidden else row.label, row.offers))
    return Groups(groups, hidden)


def employers_finding(table: Table) -> str:
    """Say the first employer and how many offers name none."""
    groups = table.groups()
    unnamed = sum(
        float(str(share))
        for share, kind in zip(table.series["share"], table.kinds, strict=True)
        if kind == "missing"
    )
    said = f"{percent(unnamed)} de ces offres ne nomment pas l’employeur." if unnamed else ""
    if not groups:
        return f"Aucun employeur n’atteint le seuil d’affichage. {said}".strip()
    label, number, _ = groups[0]
    return f"En tête : {label}, {counted(number, 'offre', 'offres')}. {said}".strip()


def with_hidden_names(label: str, names: int) -> str:
    """Return the label of the rest with how many names in it are not shown."""
    return f"{label} (dont {counted(names, 'nom non affiché', 'noms non affichés')})"


EMPLOYERS = Analysis(
    key="employers",
    section=90,
    builder=RankedTable(BY_NAME, groups=employers),
    text=AnalysisText(
        title="Les employeurs",
        measure="Offres par employeur, hors agences",
        columns={"label": "Employeur", **OFFERS},
        finding=employers_finding,
        empty=TOO_FEW,
        other="Autres employeurs",
        hidden=with_hidden_names,
        missing="Employeur non nommé",
    ),
)
_NOTE = (
    f"Est nommé l’employeur d’au moins {SMALL_GROUP} offres que l’on sait être une entreprise ou un "
    "organisme : son nom le dit (forme juridique, service public), ses offres ont un SIRET, ou elles sont "
    f"au moins {LEAST_OFFERS} dans {LEAST_DEPARTEMENTS} départements. Les autres sont comptés sans leur nom. "
    "Les offres dont le retrait est déjà constaté ne sont pas comptées ici."
)
AGENCIES = Analysis(
    key="agencies",
    section=EMPLOYERS.section,
    part=10,
    builder=RankedTable(BY_NAME, drawing=None, groups=agencies),
    text=AnalysisText(
        title="Agences d’intérim et de recrutement",
        measure=f"Offres par agence (activité NAF{NBSP}78)",
        columns={"label": "Agence", **OFFERS},
        finding=employers_finding,
        empty=TOO_FEW,
        other="Autres agences",
        hidden=with_hidden_names,
        missing="Agence non nommée",
        note=_NOTE,
    ),
)
