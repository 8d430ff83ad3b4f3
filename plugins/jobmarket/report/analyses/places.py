"""Where the offers are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobmarket.report.analysis import Analysis
from jobmarket.report.comparison_cells import rate
from jobmarket.report.queries import Dimension, SqlFile
from jobmarket.report.reference import is_departement, populations, regions
from jobmarket.report.table_builders import ComparedTable, RankedTable, TableBuilder
from jobmarket.report.tables import SMALL_GROUP, Table, masked, shown
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.shared import OFFERS, TOO_FEW, USUAL
from jobmarket.report.words.fr.typography import NBSP, and_list, counted, decimal, percent
from jobmarket.report.words.fr.values import departement, departement_name

if TYPE_CHECKING:
    from jobmarket.report.answers import Answers
    from jobmarket.report.table_builders import Drawing

DEPARTEMENTS = Dimension(
    "departement",
    sample={
        "59": (500, 1_500),
        "33": (400, 1_200),
        "2A": (10, 20),
        "": (64, 200),
    },
)
WITHOUT_DEPARTEMENT = SqlFile(
    "wider_places",
    columns="label offers",
    sample=[("france", 200), ("region 44", 60), ("Monaco", 4)],
)


@dataclass(frozen=True)
class MapTable(TableBuilder):
    """Every département with its offers per 100,000 inhabitants, the highest first; drawn as a map."""

    query: Dimension = DEPARTEMENTS
    drawing: Drawing | None = "map"

    def table(self, answers: Answers, text: AnalysisText) -> Table:
        """Return one row for each of the 101 départements; what is too small is masked."""
        groups = answers.counts.groups(self.query.name)
        # the offers without a place are shown elsewhere, so they hide nothing
        cells = masked({group.code: group.offers for group in groups if group.code})
        rates = {
            code: rate(code, cells.get(code, 0)) for code in populations() if is_departement(code)
        }
        codes = sorted(rates, key=lambda code: (-float(str(rates[code] or 0)), code))
        return Table(
            [text.say(code) for code in codes],
            {
                "offers": [cells.get(code, 0) for code in codes],
                "rate": [rates[code] for code in codes],
            },
            ["group"] * len(codes),
            codes,
        )


def map_finding(table: Table) -> str:
    """Say where the most offers are for the people who live there, and the median."""
    rates = sorted(float(str(rate)) for rate in table.series["rate"] if rate)
    # a handful of offers on an island of a few thousand people would always come first
    high = [
        (label, float(str(rate)))
        for label, rate, offers in zip(
            table.labels, table.series["rate"], table.series["offers"], strict=True
        )
        if rate and shown(offers) >= 4 * SMALL_GROUP
    ]
    if not high:
        return "Trop peu d’offres pour comparer les départements."
    named = and_list([label for label, _ in high[:3]])
    return (
        f"Le plus d’offres par habitant : {named}, jusqu’à {decimal(high[0][1])} pour 100 000 "
        f"habitants ; un département sur deux en a moins de {decimal(rates[len(rates) // 2])}."
    )


def places_finding(table: Table) -> str:
    """Say the first département and what the ones shown hold together."""
    groups = table.groups()
    if not groups:
        return "Aucun département n’atteint le seuil d’affichage."
    label, number, share = groups[0]
    offers = counted(number, "offre", "offres")
    first = f"{label} arrive en tête avec {offers}, soit {percent(share)} du total"
    if len(groups) < 3:
        return f"{first}."
    together = sum(part for _, _, part in groups)
    return (
        f"{first} ; les {len(groups)}{NBSP}premiers départements en réunissent {percent(together)}."
    )


def wider_places_finding(table: Table) -> str:
    """Say how many offers name a place wider than a département, and the commonest."""
    groups = table.groups()
    total = counted(table.total("offers"), "offre n’indique", "offres n’indiquent")
    if not groups:
        return f"{total} aucun département identifiable."
    return f"{total} aucun département identifiable ; la mention la plus fréquente est « {groups[0][0]} »."


def region_code(label: str) -> str:
    """Return the ``44`` of ``region 44``; empty for any other place."""
    return label.removeprefix("region ") if label.startswith("region ") else ""


def wider_place(label: str) -> str:
    """Return what an offer says instead of a département: ``region 44`` is ``Grand Est``."""
    if label == "france":
        return "France entière"
    if code := region_code(label):
        return regions().get(code, label)
    return "Aucune mention" if label == "?" else label


PLACES = Analysis(
    key="places",
    section=50,
    builder=MapTable(),
    text=AnalysisText(
        title="Où sont les offres",
        measure="Offres pour 100 000 habitants, par département",
        columns={
            "code": "Code du département",
            "label": "Département",
            "offers": "Offres",
            "rate": "Pour 100 000 habitants",
        },
        finding=map_finding,
        empty=TOO_FEW,
        say=departement,
        name=departement_name,
        note="Le lieu est lu sur le code de la commune, le code postal, le libellé et les coordonnées de "
        "l’offre. Population municipale : Insee.",
    ),
)
TOP_PLACES = Analysis(
    key="top_places",
    section=PLACES.section,
    part=10,
    builder=ComparedTable(DEPARTEMENTS, drawing=None, has_rate=True),
    text=AnalysisText(
        title="Les dix premiers départements",
        measure="Offres par département du lieu de travail",
        columns={
            "code": "Code du département",
            "label": "Département",
            **OFFERS,
            "rate": "Pour 100 000 hab.",
            **USUAL,
        },
        finding=places_finding,
        empty=TOO_FEW,
        say=departement,
        name=departement_name,
        other="Autres départements",
        missing="Département non identifié",
    ),
)
WIDER_PLACES = Analysis(
    key="wider_places",
    section=PLACES.section,
    part=20,
    builder=RankedTable(WITHOUT_DEPARTEMENT, drawing=None),
    text=AnalysisText(
        title="Lieux sans département",
        measure="Offres sans département identifiable, selon le lieu indiqué",
        columns={"code": "Code de la région", "label": "Lieu indiqué dans l’offre", **OFFERS},
        finding=wider_places_finding,
        code=region_code,
        empty="Presque toutes les offres se rattachent à un département.",
        say=wider_place,
        other="Autres mentions",
    ),
)
