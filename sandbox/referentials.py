"""The 16 lists under ``/v2/referentiel/``: code and label, as the API gives them.

Lists that the real API has in full and this one in part: appellations (one a job, codes of our own),
communes (about 2,000), metiers (those of ``data/rome.csv``), pays and permis (the usual ones).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sandbox import labels
from sandbox.answers import Answer
from sandbox.query import appellations, domains
from sandbox.reference import activities, communes, departements, jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAMES = (
    *(
        "appellations",
        "communes",
        "continents",
        "departements",
        "domaines",
        "langues",
        "metiers",
        "nafs",
    ),
    *("naturesContrats", "niveauxFormations", "pays", "permis", "regions", "secteursActivites"),
    *("themes", "typesContrats"),
)
_SHORT = {
    "continents": labels.CONTINENTS,
    "langues": labels.LANGUAGES,
    "naturesContrats": labels.CONTRACT_NATURES,
    "niveauxFormations": labels.EDUCATION_LEVELS,
    "pays": labels.COUNTRIES,
    "permis": labels.LICENCES,
    "regions": labels.REGIONS,
    "themes": labels.THEMES,
    "typesContrats": labels.CONTRACT_TYPES,
}


def answer(name: str) -> Answer:
    """Return a list as the API gives it, 404 for a name that is none of the 16."""
    if name not in NAMES:
        return Answer(404)
    items = _items(name)
    return Answer.json(200, items, {"Content-Range": f"{name} */{len(items)}"})


@cache
def _items(name: str) -> list[dict[str, Any]]:
    if name in _SHORT:
        return _coded(_SHORT[name])
    makers: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "communes": _communes,
        "departements": _departements,
        "metiers": lambda: _coded({job.code: job.label for job in jobs()}),
        "appellations": _appellations,
        "domaines": lambda: _coded({code: f"Domaine {code}" for code in domains()}),
        "nafs": lambda: _coded({a.code: a.label for a in activities() if "." in a.code}),
        "secteursActivites": lambda: _coded(
            {a.code: a.label for a in activities() if "." not in a.code}
        ),
    }
    return makers[name]()


def _coded(table: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"code": code, "libelle": label} for code, label in table.items()]


def _appellations() -> list[dict[str, Any]]:
    labels_of_jobs = {job.code: job.label for job in jobs()}
    return _coded({code: labels_of_jobs[rome] for code, rome in appellations().items()})


def _communes() -> list[dict[str, Any]]:
    return [
        {
            "code": c.code,
            "libelle": c.upper_name,
            "codePostal": c.postcode,
            "codeDepartement": c.departement,
        }
        for c in communes()
    ]


def _departements() -> list[dict[str, Any]]:
    return [
        {
            "code": d.code,
            "libelle": d.label,
            "region": {"code": d.region, "libelle": labels.REGIONS[d.region]},
        }
        for d in departements()
    ]
