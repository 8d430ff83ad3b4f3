"""The French of the analyses of contracts, times and places: title, columns, and what there is to see.

Trades, technologies and employers are in ``market.py``, pay in ``pay.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.reference import departements, regions
from jobmarket.report.tables import SMALL_GROUP, shown
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.typography import (
    NBSP,
    and_list,
    counted,
    day_short,
    decimal,
    integer,
    percent,
    weekday,
)

if TYPE_CHECKING:
    from datetime import date

    from jobmarket.report.tables import Table

_CONTRACTS = {
    "CDI": "CDI",
    "CDD": "CDD",
    "MIS": "Intérim",
    "SAI": "Travail saisonnier",
    "CCE": "Profession commerciale",
    "FRA": "Franchise",
    "LIB": "Profession libérale",
    "REP": "Reprise d’entreprise",
    "TTI": "Intérim d’insertion",
    "DDI": "CDD d’insertion",
    "DIN": "CDI intérimaire",
    "DDT": "CDD Tremplin",
}


def contract(code: str) -> str:
    """Return the name of a contract type; an unknown code stays as it is."""
    return _CONTRACTS.get(code, code)


def departement(code: str) -> str:
    """Return ``Nord (59)``; an unknown code stays as it is."""
    name = departements().get(code)
    return f"{name} ({code})" if name else code


def departement_name(code: str) -> str:
    """Return ``Nord``; an unknown code stays as it is."""
    return departements().get(code, code)


def region_code(label: str) -> str:
    """Return the ``44`` of ``region 44``; empty for any other place."""
    return label.removeprefix("region ") if label.startswith("region ") else ""


def wider_place(label: str) -> str:
    """Return what an offer says instead of a département: ``region 44`` is ``Grand Est``."""
    if label == "france":
        return "France entière"
    if label.startswith("region "):
        return regions().get(label.removeprefix("region "), label)
    return "Aucune mention" if label == "?" else label


def groups_of(table: Table) -> list[tuple[str, int, float]]:
    """Return label, offers and share of each row that is a group."""
    rows = zip(
        table.labels, table.series["offers"], table.series["share"], table.kinds, strict=True
    )
    return [
        (label, shown(offers), float(str(share)))
        for label, offers, share, kind in rows
        if kind == "group"
    ]


def contracts_finding(table: Table) -> str:
    """Say the first contract type and the two behind it."""
    groups = groups_of(table)
    if not groups:
        return "Aucun type de contrat n’atteint le seuil d’affichage."
    label, _, share = groups[0]
    behind = [f"{name} ({percent(part)})" for name, _, part in groups[1:3]]
    after = f", puis {' et '.join(behind)}" if behind else ""
    return f"En tête : {label}, {percent(share)} des offres{after}."


def places_finding(table: Table) -> str:
    """Say the first département and what the ones shown hold together."""
    groups = groups_of(table)
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


def wider_places_finding(table: Table) -> str:
    """Say how many offers name a place wider than a département, and the commonest."""
    groups = groups_of(table)
    total = counted(table.total("offers"), "offre n’indique", "offres n’indiquent")
    if not groups:
        return f"{total} aucun département identifiable."
    return f"{total} aucun département identifiable ; la mention la plus fréquente est « {groups[0][0]} »."


def hours_finding(table: Table) -> str:
    """Say the busiest hour and the shortest stretch of the day that holds half of the offers."""
    by_hour = [
        sum(shown(cells[hour]) for cells in table.series.values())
        for hour in range(len(table.labels))
    ]
    total = sum(by_hour)
    if not total:
        return f"Aucune heure n’atteint {SMALL_GROUP} offres."
    peak = max(range(len(by_hour)), key=by_hour.__getitem__)
    start, end = _half(by_hour)
    offers = counted(by_hour[peak], "offre", "offres")
    return (
        f"L’heure la plus dense est {table.labels[peak]}, avec {offers} "
        f"({percent(by_hour[peak] / total)}) ; la moitié des offres a paru "
        f"entre {hour(start)} et {hour(end)}."
    )


def _half(by_hour: list[int]) -> tuple[int, int]:
    """Return the shortest stretch of hours that holds half of the total, the earliest of equals."""
    spans = (
        (end - start, start, end)
        for start in range(len(by_hour))
        for end in range(start + 1, len(by_hour) + 1)
        if 2 * sum(by_hour[start:end]) >= sum(by_hour)
    )
    _, start, end = min(spans)
    return start, end


def days_finding(table: Table) -> str:
    """Say between which days the certified ones lie, and how many were not read."""
    certified = table.series["certified"]
    known = [(shown(cell), row) for row, cell in enumerate(certified) if shown(cell)]
    others = table.series["uncertified"]
    blank = sum(one is None and other is None for one, other in zip(certified, others, strict=True))
    unread = f"{counted(blank, 'jour n’a pas été lu', 'jours n’ont pas été lus')}"
    if len(known) < 2:
        return f"Moins de deux journées certifiées : aucune comparaison n’est possible ({unread})."
    low, high = min(known), max(known)
    said = (
        f"Les journées certifiées vont de {counted(low[0], 'offre', 'offres')} "
        f"({table.labels[low[1]]}) à {integer(high[0])} ({table.labels[high[1]]})"
    )
    return f"{said} ; {unread}." if blank else f"{said}."


def hour(value: int) -> str:
    """Return ``11 h``."""
    return f"{value}{NBSP}h"


def day_label(value: date) -> str:
    """Return ``mer. 18 nov.``."""
    return f"{weekday(value)[:3]}.{NBSP}{day_short(value)}"


def without_weekday(label: str) -> str:
    """Return the ``18 nov.`` of ``mer. 18 nov.``."""
    return label.split(f".{NBSP}", 1)[1]


OFFERS = {"offers": "Offres", "share": "Part"}
USUAL = {"compared": "Offres des jours comparés", "usual": "Habituel", "change": "Évolution"}
COMPARED = {**OFFERS, **USUAL}
TOO_FEW = f"Moins de {SMALL_GROUP} offres : rien n’est montré."

CONTRACTS = AnalysisText(
    title="Types de contrat",
    measure="Offres par type de contrat",
    columns={"code": "Code", "label": "Type de contrat", **COMPARED},
    finding=contracts_finding,
    empty=TOO_FEW,
    say=contract,
    other="Autres contrats",
    missing="Contrat non précisé",
)
HOURS = AnalysisText(
    title="Au fil de la journée",
    measure="Offres par heure de création, heure de Paris",
    columns={
        "code": "Heure (0 à 23)",
        "label": "Heure",
        "france_travail": "Déposées à France Travail",
        "partner": "Sites partenaires",
    },
    finding=hours_finding,
    empty=TOO_FEW,
    say=hour,
    note="Les sites partenaires livrent leurs offres par lots, d’où des pics très courts.",
)
DAYS = AnalysisText(
    title="Jour après jour",
    measure="Offres par jour de création",
    columns={
        "code": "Date",
        "label": "Jour",
        "certified": "Journées certifiées",
        "uncertified": "Journées incomplètes ou échantillons",
    },
    finding=days_finding,
    empty="Pas encore d’historique : la comparaison commence au deuxième jour traité.",
    say=day_label,
    tick=without_weekday,
    note="Un jour sans colonne n’a pas été lu ; rien n’est supposé à sa place.",
)
PLACES = AnalysisText(
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
)
TOP_PLACES = AnalysisText(
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
)
WIDER_PLACES = AnalysisText(
    title="Lieux sans département",
    measure="Offres sans département identifiable, selon le lieu indiqué",
    columns={"code": "Code de la région", "label": "Lieu indiqué dans l’offre", **OFFERS},
    finding=wider_places_finding,
    code=region_code,
    empty="Presque toutes les offres se rattachent à un département.",
    say=wider_place,
    other="Autres mentions",
)
