"""By which rules places and pay were read in the offers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.analyses.pay import PAY
from jobmarket.report.analyses.places import PLACES
from jobmarket.report.analysis import Analysis
from jobmarket.report.queries import SqlFile
from jobmarket.report.table_builders import Groups, RankedTable
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.shared import OFFERS, TOO_FEW
from jobmarket.report.words.fr.typography import percent

if TYPE_CHECKING:
    from jobmarket.report.queries import Rows
    from jobmarket.report.tables import Table

READING_METHODS = SqlFile(
    "reading_methods",
    columns="attribute kind decided_by offers",
    sample=[
        ("pay", "absent", None, 24_000),
        ("pay", "stated", "label", 16_000),
        ("place", "commune", "commune_code", 38_000),
        ("place", "france", "label", 2_000),
    ],
)
_PLACE_METHODS = {
    "commune_code": "Code de la commune",
    "former_commune_code": "Code d’une ancienne commune",
    "postcode": "Code postal",
    "postcode_and_label": "Code postal et libellé",
    "coordinates": "Coordonnées géographiques",
    "label": "Libellé du lieu",
    "label_and_coordinates": "Libellé et coordonnées",
    "none": "Aucun indice",
}
_PAY_KINDS = {
    "stated": "Salaire lu tel quel",
    "corrected": "Salaire lu après correction de la période",
    "implausible": "Montant invraisemblable, écarté",
    "unreadable": "Mention illisible",
    "absent": "Aucun salaire indiqué",
    "estimated": "Estimation de la source, écartée",
}


def place_methods(rows: Rows) -> Groups:
    """Return the offers by the evidence that decided their place."""
    return Groups([(row.decided_by, row.offers) for row in rows if row.attribute == "place"])


def pay_kinds(rows: Rows) -> Groups:
    """Return the offers by how their pay was read."""
    return Groups([(row.kind, row.offers) for row in rows if row.attribute == "pay"])


def place_method(code: str) -> str:
    """Return which evidence decided the place of an offer."""
    return _PLACE_METHODS.get(code, code)


def pay_kind(code: str) -> str:
    """Return how the pay of an offer was read."""
    return _PAY_KINDS.get(code, code)


def finding(table: Table) -> str:
    """Say the commonest way of reading."""
    groups = table.groups()
    if not groups:
        return "Aucune lecture n’atteint le seuil d’affichage."
    label, _, share = groups[0]
    return f"Le plus souvent : {label[:1].lower()}{label[1:]} ({percent(share)} des offres)."


PLACE_METHODS = Analysis(
    key="place_readings",
    section=PLACES.section,
    part=30,
    builder=RankedTable(READING_METHODS, drawing=None, groups=place_methods),
    text=AnalysisText(
        title="Comment les lieux ont été lus",
        measure="Offres selon l’indice qui a fixé leur lieu",
        columns={"code": "Code", "label": "Indice", **OFFERS},
        finding=finding,
        empty=TOO_FEW,
        say=place_method,
        other="Autres indices",
        missing="Non lu",
    ),
    is_on_quality=True,
)
PAY_KINDS = Analysis(
    key="pay_readings",
    section=PAY.section,
    part=20,
    builder=RankedTable(READING_METHODS, drawing=None, groups=pay_kinds),
    text=AnalysisText(
        title="Comment les salaires ont été lus",
        measure="Offres selon la lecture de leur salaire",
        columns={"code": "Code", "label": "Lecture", **OFFERS},
        finding=finding,
        empty=TOO_FEW,
        say=pay_kind,
        other="Autres lectures",
        missing="Non lu",
    ),
    is_on_quality=True,
)
