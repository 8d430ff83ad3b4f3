"""The French of each analysis: title, names of columns, and the sentence that says what there is to see."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from jobmarket.report.fr.typography import (
    NBSP,
    counted,
    day_short,
    integer,
    percent,
    weekday,
)
from jobmarket.report.tables import SMALL_GROUP, shown
from jobmarket.report.text import AnalysisText

if TYPE_CHECKING:
    from datetime import date

    from jobmarket.report.tables import Table

_DEPARTEMENTS = Path(__file__).parents[4] / "include" / "reference" / "departement.csv"


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


@cache
def _departement_names() -> dict[str, str]:
    with _DEPARTEMENTS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["label"] for row in csv.DictReader(file)}


def departement(code: str) -> str:
    """Return ``Nord (59)``; an unknown code stays as it is."""
    name = _departement_names().get(code)
    return f"{name} ({code})" if name else code


def _groups(table: Table) -> list[tuple[str, int, float]]:
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
    groups = _groups(table)
    if not groups:
        return "Aucun type de contrat n’atteint le seuil d’affichage."
    label, _, share = groups[0]
    behind = [f"{name} ({percent(part)})" for name, _, part in groups[1:3]]
    after = f", puis {' et '.join(behind)}" if behind else ""
    return f"En tête : {label}, {percent(share)} des offres{after}."


def places_finding(table: Table) -> str:
    """Say the first département and what the ones shown hold together."""
    groups = _groups(table)
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
    groups = _groups(table)
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
    """Compare the day, the last row, with the same weekday of the certified weeks before it."""
    certified = table.series["certified"]
    offers = sum(shown(cells[-1]) for cells in table.series.values())
    said = f"{counted(offers, 'offre', 'offres')} ce jour"
    if certified[-1] is None:
        return (
            f"{said}, sans certificat : la comparaison avec les autres jours n’aurait pas de sens."
        )
    before = [number for cell in certified[-8::-7] if (number := shown(cell))]
    if not before:
        return f"{said} ; aucun même jour certifié des semaines précédentes ne permet de comparer."
    usual = median(before)
    change = offers / usual - 1
    way = "de plus" if change >= 0 else "de moins"
    weeks = counted(len(before), "semaine", "semaines")
    return (
        f"{said}, {percent(abs(change))} {way} que le même jour des semaines précédentes "
        f"(médiane de {weeks} : {integer(round(usual))})."
    )


def hour(value: int) -> str:
    """Return ``11 h``."""
    return f"{value}{NBSP}h"


def day_label(value: date) -> str:
    """Return ``mer. 18 nov.``."""
    return f"{weekday(value)[:3]}.{NBSP}{day_short(value)}"


def without_weekday(label: str) -> str:
    """Return the ``18 nov.`` of ``mer. 18 nov.``."""
    return label.split(f".{NBSP}", 1)[1]


_OFFERS = {"offers": "Offres", "share": "Part"}
_TOO_FEW = f"Moins de {SMALL_GROUP} offres : rien n’est montré."

CONTRACTS = AnalysisText(
    title="Types de contrat",
    measure="Offres par type de contrat",
    columns={"label": "Type de contrat", **_OFFERS},
    finding=contracts_finding,
    empty=_TOO_FEW,
    say=contract,
    other="Autres contrats",
    missing="Contrat non précisé",
)
HOURS = AnalysisText(
    title="Publications au fil de la journée",
    measure="Offres par heure de création, heure de Paris",
    columns={
        "label": "Heure",
        "france_travail": "Déposées à France Travail",
        "partner": "Sites partenaires",
    },
    finding=hours_finding,
    empty=_TOO_FEW,
    say=hour,
    note="Les sites partenaires livrent leurs offres par lots, d’où des pics très courts.",
)
DAYS = AnalysisText(
    title="Publications sur quatre semaines",
    measure="Offres par jour de création",
    columns={
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
    title="Les dix premiers départements",
    measure="Offres par département du lieu de travail",
    columns={"label": "Département", **_OFFERS},
    finding=places_finding,
    empty=_TOO_FEW,
    say=departement,
    other="Autres départements",
    missing="Département non identifié",
    note="Le département est lu sur le code de la commune, sinon sur le code postal, "
    "sinon sur le début du libellé.",
)
WIDER_PLACES = AnalysisText(
    title="Lieux sans département",
    measure="Offres sans département identifiable, selon le lieu indiqué",
    columns={"label": "Lieu indiqué dans l’offre", **_OFFERS},
    finding=wider_places_finding,
    empty="Presque toutes les offres se rattachent à un département.",
    other="Autres mentions",
)
