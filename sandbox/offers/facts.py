"""One generated offer, decoded from its row of columns: codes as text, unknown as None."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import isnan
from typing import TYPE_CHECKING, Any

from sandbox.offers.attributes import PARTNERS
from sandbox.reference import Activity, Commune, Job, activities, communes, jobs, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sandbox.offers.columns import Columns


# not frozen: that would cost five times as much to make, 40,000 times a day
@dataclass(slots=True, kw_only=True)
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


def facts(columns: Columns, row: int, offer_id: str) -> Facts:
    """Return the facts of one row."""
    commune = columns.commune.item(row)
    naf = columns.naf.item(row)
    partner = columns.partner.item(row)
    return Facts(
        id=offer_id,
        origin=columns.origin.item(row),
        created_ms=columns.created_ms.item(row),
        job=jobs()[columns.rome.item(row)],
        contract=vocabulary("contract").codes[columns.contract.item(row)],
        nature=vocabulary("nature").codes[columns.nature.item(row)],
        experience=vocabulary("experience").codes[columns.experience.item(row)],
        exigence=vocabulary("exigence").codes[columns.exigence.item(row)],
        is_executive=(False, True, None)[columns.qualification.item(row)],
        commune=None if commune < 0 else communes()[commune],
        departement=_code("departement", columns.departement.item(row)),
        region=_code("region", columns.region.item(row)),
        country=vocabulary("country").codes[columns.country.item(row)],
        naf=None if naf < 0 else _naf_classes()[naf],
        latitude=_number(columns.latitude, row),
        longitude=_number(columns.longitude, row),
        hours_min=_number(columns.hours_min, row),
        contract_months=_number(columns.contract_months, row),
        salary_eur_per_year=_number(columns.salary_eur_per_year, row),
        licence=_code("licence", columns.licence.item(row)),
        level=_code("level", columns.level.item(row)),
        flags=columns.flags.item(row),
        partner=None if partner < 0 else PARTNERS[partner],
    )


@cache
def _naf_classes() -> tuple[Activity, ...]:
    return tuple(activity for activity in activities() if "." in activity.code)


def _code(name: str, position: int) -> str | None:
    return None if position < 0 else vocabulary(name).codes[position]


def _number(column: NDArray[Any], row: int) -> float | None:
    value = float(column.item(row))
    return None if isnan(value) else value
