"""Generated offers decoded from their columns: codes as text, unknown as None."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sandbox.offers.attributes import PARTNERS
from sandbox.reference import Activity, Commune, Job, activities, communes, jobs, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.offers.columns import Columns


# not frozen: that would cost five times as much to make, 40,000 times a day
@dataclass(slots=True)
class Facts:
    """What an offer is; units and meanings as in ``Columns``."""

    id: str
    origin: int
    created_ms: int
    job: Job
    contract: str
    nature: str
    experience: str
    exigence: str
    is_executive: bool | None
    commune: Commune | None
    departement: str | None
    region: str | None
    country: str
    naf: Activity | None
    latitude: float | None
    longitude: float | None
    hours_min: float | None
    contract_months: float | None
    salary_eur_per_year: float | None
    licence: str | None
    level: str | None
    flags: int
    partner: str | None


def facts(columns: Columns, ids: Iterable[str]) -> list[Facts]:
    """Return the facts of each row; many at once costs a fifth of one by one.

    :param columns: a part of a day.
    :param ids: the offers' ids, in the same order.
    """
    return list(
        map(
            Facts,
            ids,
            columns.origin.tolist(),
            columns.created_ms.tolist(),
            _objects("job")[columns.rome].tolist(),
            _objects("contract")[columns.contract].tolist(),
            _objects("nature")[columns.nature].tolist(),
            _objects("experience")[columns.experience].tolist(),
            _objects("exigence")[columns.exigence].tolist(),
            _objects("is_executive")[columns.qualification].tolist(),
            _objects("place")[columns.commune].tolist(),
            _objects("departement")[columns.departement].tolist(),
            _objects("region")[columns.region].tolist(),
            _objects("country")[columns.country].tolist(),
            _objects("activity")[columns.naf].tolist(),
            _numbers(columns.latitude),
            _numbers(columns.longitude),
            _numbers(columns.hours_min),
            _numbers(columns.contract_months),
            _numbers(columns.salary_eur_per_year),
            _objects("licence")[columns.licence].tolist(),
            _objects("level")[columns.level].tolist(),
            columns.flags.tolist(),
            _objects("partner")[columns.partner].tolist(),
        )
    )


@cache
def _objects(name: str) -> NDArray[np.object_]:
    """Return what each position of a column stands for; the last item, for ``UNKNOWN``, is None."""
    tables: dict[str, Sequence[object]] = {
        "job": jobs(),
        "place": communes(),
        "activity": [activity for activity in activities() if "." in activity.code],
        "is_executive": (False, True, None),
        "partner": PARTNERS,
    }
    values = tables[name] if name in tables else vocabulary(name).codes
    # filled one by one: numpy would make a table of the tuples
    table = np.empty(len(values) + 1, dtype=np.object_)
    for position, value in enumerate(values):
        table[position] = value
    return table


def _numbers(column: NDArray[np.float32]) -> list[float | None]:
    # NaN is the one number that differs from itself
    return [None if value != value else value for value in column.tolist()]
