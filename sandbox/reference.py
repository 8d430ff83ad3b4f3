"""Bundled reference data, read once: ROME jobs, communes, départements, NAF, skills, trainings, tools.

What lives here: the files of ``data/`` as typed rows, and vocabularies that turn a code into a small
integer for column filters. What does not: closed lists of a few codes (``labels``).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sandbox import labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray  # the types of the columns are read at run time

DATA = Path(__file__).parent / "data"
UNKNOWN = -1


class Vocabulary:
    """A closed list of codes, each with its position; a code that is not in it is ``UNKNOWN``."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = tuple(codes)
        self._position = {code: i for i, code in enumerate(self.codes)}

    def __contains__(self, code: object) -> bool:
        return code in self._position

    def position(self, code: str | None) -> int:
        """Return the position of a code, ``UNKNOWN`` if it has none."""
        return self._position.get(code or "", UNKNOWN)

    def table(self, codes: Iterable[str]) -> NDArray[np.bool_]:
        """Return which positions are among ``codes``; its last item, for ``UNKNOWN``, is false."""
        table = np.zeros(len(self.codes) + 1, dtype=np.bool_)
        table[[self._position[code] for code in codes if code in self._position]] = True
        return table


class Job(NamedTuple):
    """A ROME job; ``weight`` is how often it was met among 3,564 offers of France Travail."""

    code: str
    label: str
    weight: int


class Commune(NamedTuple):
    """A commune with the two spellings of its name that offers use."""

    code: str
    postcode: str
    upper_name: str
    name: str
    latitude: float
    longitude: float
    weight: int

    @property
    def departement(self) -> str:
        """The code of its département."""
        return self.code[:3] if self.code.startswith("97") else self.code[:2]


class Departement(NamedTuple):
    """A département, its region and the codes of its neighbours."""

    code: str
    label: str
    region: str
    neighbours: tuple[str, ...]


class Activity(NamedTuple):
    """A NAF division (two digits) or sub-class (``78.20Z``)."""

    code: str
    label: str
    weight: int


class Skill(NamedTuple):
    """A ROME skill and the letter of the domain where it is met most."""

    domain: str
    code: str
    label: str


class Tools(NamedTuple):
    """The tools that offers of some trades name.

    :param share: of the offers that name any.
    :param mean_count: how many such an offer names.
    :param weights: of ``names``, how often each was met.
    """

    share: float
    mean_count: float
    names: tuple[str, ...]
    weights: tuple[int, ...]


def _rows(name: str) -> Iterator[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


@cache
def jobs() -> tuple[Job, ...]:
    """Return the ROME jobs in the order of their codes."""
    return tuple(Job(code, label, int(weight)) for code, label, weight in _rows("rome.csv"))


@cache
def communes() -> tuple[Commune, ...]:
    """Return about 2,000 communes of all départements, in the order of their codes."""
    return tuple(
        Commune(code, postcode, upper, name, float(latitude), float(longitude), int(weight))
        for code, postcode, upper, name, latitude, longitude, weight in _rows("communes.csv")
    )


@cache
def departements() -> tuple[Departement, ...]:
    """Return the 101 départements in the order of their codes."""
    return tuple(
        Departement(code, label, region, tuple(neighbours.split()))
        for code, label, region, neighbours in _rows("departements.csv")
    )


@cache
def activities() -> tuple[Activity, ...]:
    """Return the NAF divisions and sub-classes in the order of their codes."""
    return tuple(Activity(code, label, int(weight)) for code, label, weight in _rows("naf.csv"))


@cache
def skills() -> tuple[Skill, ...]:
    """Return the most frequent ROME skills, grouped by domain."""
    return tuple(Skill(*row) for row in _rows("skills.csv"))


@cache
def trainings() -> tuple[tuple[str, str], ...]:
    """Return (Formacode, label) of trainings that offers ask for."""
    return tuple((code, label) for code, label in _rows("trainings.csv"))


@cache
def tools_of(rome: str) -> Tools:
    """Return the tools of a ROME job: those of its domain, else of its grand domain."""
    found = {
        prefix: (share, mean, tools.split("|")) for prefix, share, mean, tools in _rows("tools.csv")
    }
    share, mean, tools = found.get(rome[:3]) or found[rome[0]]
    names, weights = zip(*(tool.rsplit("=", 1) for tool in tools), strict=True)
    return Tools(float(share), float(mean), names, tuple(int(weight) for weight in weights))


@cache
def vocabulary(name: str) -> Vocabulary:
    """Return the vocabulary of a column.

    :param name: ``rome``, ``commune``, ``departement``, ``region``, ``naf``, ``sector``, ``contract``,
        ``nature``, ``experience``, ``exigence``, ``qualification``, ``licence``, ``level`` or ``country``.
    """
    makers: dict[str, Iterable[str]] = {
        "contract": labels.CONTRACT_TYPES,
        "nature": labels.CONTRACT_NATURES,
        "experience": labels.EXPERIENCES,
        "exigence": labels.EXIGENCES,
        "qualification": labels.QUALIFICATION_FACETS,
        "licence": labels.LICENCES,
        "level": labels.EDUCATION_LEVELS,
        "country": labels.COUNTRIES,
        "region": labels.REGIONS,
        "rome": (job.code for job in jobs()),
        "commune": (commune.code for commune in communes()),
        "departement": (departement.code for departement in departements()),
        "naf": (activity.code for activity in activities() if "." in activity.code),
        "sector": (activity.code for activity in activities() if "." not in activity.code),
    }
    return Vocabulary(makers[name])


@cache
def region_of(departement: str) -> str | None:
    """Return the region's code of a département, None if it is not one of the 101."""
    return next((d.region for d in departements() if d.code == departement), None)
