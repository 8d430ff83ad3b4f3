"""What each generated offer is: its job, place, contract, experience, pay and so on, as columns.

What lives here: the rates of each attribute by origin, measured on 4,893 real offers and on the counters
of June 2025 and August 2026. What does not: texts and labels (``body``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sandbox.labels import QUALIFICATIONS
from sandbox.offers import chance
from sandbox.offers.columns import (
    FLAG_ACCESSIBLE,
    FLAG_ADAPTED_COMPANY,
    FLAG_DISABILITY_COMMITTED,
    FLAG_FEW_CANDIDATES,
    Columns,
)
from sandbox.offers.plan import feed_weights, trade_factors
from sandbox.reference import UNKNOWN, activities, communes, jobs, region_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.settings import Settings

    Draw = Callable[[str], NDArray[np.float64]]

# invented names, in the shape of the real ones
PARTNERS = (
    "EMPLOIVIF", "JOBATOUT", "TALENTOR", "RECRUTOU", "PISTE_EMPLOI", "METIERIA", "HIREBOX", "CADRISSIMO",
    "OFFRES DU LITTORAL", "AGRI_RECRUTE", "SOIN_EMPLOI", "NUMERIJOB", "Atelier Recrute", "TERRITOJOB",
)  # fmt: skip

# (contract, nature, share in %) by origin
_CONTRACTS = {
    1: (
        ("CDI", "E1", 43.8), ("MIS", "E1", 28.4), ("CDD", "E1", 18.4), ("SAI", "E1", 2.5),
        ("CDD", "E2", 2.1), ("FRA", "NS", 1.8), ("CCE", "NS", 0.5), ("LIB", "NS", 0.5),
        ("DIN", "E1", 0.5), ("CDD", "FS", 0.4), ("DDI", "I1", 0.3), ("CDI", "CC", 0.25),
        ("CDD", "EE", 0.1), ("CDD", "FT", 0.1), ("CDD", "CU", 0.1), ("CDI", "E2", 0.1),
        ("CDI", "CI", 0.06), ("CDD", "FA", 0.03), ("CDD", "FV", 0.03), ("TTI", "I1", 0.02),
        ("REP", "NS", 0.01), ("DDT", "E1", 0.01),
    ),
    2: (
        ("CDI", "E1", 63.0), ("MIS", "E1", 17.5), ("CDD", "E1", 11.5), ("CDD", "E2", 3.6),
        ("LIB", "NS", 2.2), ("SAI", "E1", 0.8), ("CDI", "E2", 0.6), ("CDD", "FS", 0.4),
        ("FRA", "NS", 0.2), ("CCE", "NS", 0.2),
    ),
}  # fmt: skip
_MONTHS = (
    (1, 9), (2, 8), (3, 16), (4, 5), (5, 3), (6, 23), (7, 1), (8, 3), (9, 2), (10, 2), (12, 14), (18, 9),
    (24, 3), (36, 1), (1 / 30, 1), (5 / 30, 2), (7 / 30, 2), (15 / 30, 2), (21 / 30, 1),
)  # fmt: skip
_FIXED_TERM = ("CDD", "MIS", "SAI", "DDI", "TTI", "DDT")
# (exigence, experience class, share in %) by origin
_EXPERIENCES = {
    1: (("D", "4", 45.7), ("E", "1", 6.5), ("E", "2", 38.3), ("E", "3", 9.3), ("S", "0", 0.2)),
    2: (("D", "4", 41.7), ("E", "2", 27.5), ("E", "3", 6.5), ("E", "0", 11.6),
        ("S", "0", 8.9), ("S", "2", 3.8)),
}  # fmt: skip
# qualification codes 1-9 of France Travail offers, share in %
_QUALIFICATIONS = (4.3, 8.5, 8.8, 1.3, 19.2, 38.1, 6.1, 4.4, 9.3)
_HOURS = (
    (35, 62), (39, 9), (37, 3), (37.5, 2), (40, 1), (38, 1), (36, 1), (30, 2), (28, 2), (25, 2),
    (24, 3), (20, 2), (17.5, 1), (15, 1), (7, 1), (4, 1),
)  # fmt: skip
_FULL_TIME_MIN = 34 * 60
_LICENCES = (
    ("B", 89),
    ("C", 4),
    ("CE", 2),
    ("D", 2),
    ("EC", 1),
    ("BE", 1),
    ("A", 0.5),
    ("AM", 0.5),
)
_LEVELS = (("NV5", 29), ("NV4", 22), ("NV3", 20), ("NV2", 15), ("NV1", 8), ("AFS", 6))
_ABROAD = (("99131", 4), ("99140", 3), ("99137", 3), ("99138", 3), ("99401", 1))
# places: whole, commune without coordinates, coordinates only, swapped, département, region, France, abroad
_PLACES = {
    1: (96.50, 0.12, 0.00, 0.00, 2.55, 0.45, 0.20, 0.18),
    2: (93.10, 0.70, 0.90, 0.60, 1.60, 0.40, 2.65, 0.05),
}
_WHOLE, _NO_COORDINATES, _COORDINATES_ONLY, _SWAPPED, _DEPARTEMENT, _REGION, _FRANCE, _AWAY = range(
    8
)
MINIMUM_EUR_PER_YEAR = 21_621.60  # 11.88 euros an hour


def columns(settings: Settings, day: date, origin: int, created_ms: NDArray[np.int64]) -> Columns:
    """Return the attributes of all offers of one day and origin.

    :param settings: of the sandbox.
    :param origin: 1 or 2.
    :param created_ms: when each was created, ascending.
    """
    index = np.arange(len(created_ms))

    def draw(purpose: str) -> NDArray[np.float64]:
        return chance.uniform(settings.seed, day, origin, purpose, index)

    contract, nature = _pick_pairs(draw("contract"), _CONTRACTS[origin], "contract", "nature")
    exigence, experience = _pick_pairs(
        draw("experience"), _EXPERIENCES[origin], "exigence", "experience"
    )
    hours = np.where(draw("has hours") < (0.97 if origin == 1 else 0.09), _hours(draw), np.nan)
    naf = _activities(draw, contract, 1.0 if origin == 1 else 0.35)
    return Columns(
        created_ms=created_ms,
        origin=np.full(len(index), origin, np.int8),
        rome=_trades(draw, trade_factors(settings, day)),
        contract=contract,
        nature=nature,
        experience=experience,
        exigence=exigence,
        qualification=_qualification(draw, 1.0 if origin == 1 else 0.08),
        naf=naf,
        sector=_division_of_naf()[naf],
        working_time=np.select([np.isnan(hours), hours >= _FULL_TIME_MIN], [0, 1], 2).astype(
            np.int8
        ),
        hours_min=hours.astype(np.float32),
        contract_months=_months(draw, contract),
        salary_eur_per_year=_salary(draw, 0.725 if origin == 1 else 0.22),
        licence=_some(draw, "licence", _LICENCES, 0.21 if origin == 1 else 0.002),
        level=_some(draw, "level", _LEVELS, 0.27 if origin == 1 else 0.006),
        flags=_flags(draw, origin),
        partner=_partners(draw, origin, feed_weights(settings, day)),
        **_places(draw, origin),
    )


def _pick_pairs(
    draws: NDArray[np.float64], table: tuple[tuple[str, str, float], ...], first: str, second: str
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    chosen = chance.pick(draws, [share for _, _, share in table])
    left = np.array([vocabulary(first).position(a) for a, _, _ in table], np.int8)
    right = np.array([vocabulary(second).position(b) for _, b, _ in table], np.int8)
    return left[chosen], right[chosen]


def _some(
    draw: Draw, name: str, table: tuple[tuple[str, float], ...], rate: float
) -> NDArray[np.int8]:
    codes = np.array([vocabulary(name).position(code) for code, _ in table], np.int8)
    chosen = codes[chance.pick(draw(name), [share for _, share in table])]
    return np.where(draw(f"has {name}") < rate, chosen, UNKNOWN).astype(np.int8)


def _hours(draw: Draw) -> NDArray[np.float64]:
    values = np.array([hours * 60 for hours, _ in _HOURS], np.float64)
    return values[chance.pick(draw("hours"), [share for _, share in _HOURS])]


def _qualification(draw: Draw, rate: float) -> NDArray[np.int8]:
    code = chance.pick(draw("qualification"), _QUALIFICATIONS)
    facet = np.where(code == len(QUALIFICATIONS) - 1, 1, 0)
    return np.where(draw("has qualification") < rate, facet, 2).astype(np.int8)


def _months(draw: Draw, contract: NDArray[np.int8]) -> NDArray[np.float32]:
    values = np.array([months for months, _ in _MONTHS], np.float32)
    drawn = values[chance.pick(draw("months"), [share for _, share in _MONTHS])]
    fixed_term = vocabulary("contract").table(_FIXED_TERM)[contract]
    return np.where(fixed_term, drawn, np.float32(np.nan)).astype(np.float32)


def _salary(draw: Draw, rate: float) -> NDArray[np.float32]:
    # a third at the minimum wage, then a long tail: the median is near 26,000
    premium = np.maximum(draw("salary") - 0.33, 0) / 0.67
    yearly = MINIMUM_EUR_PER_YEAR * (1 + 0.45 * premium + 1.4 * premium**4)
    return np.where(draw("has salary") < rate, yearly, np.nan).astype(np.float32)


def _activities(draw: Draw, contract: NDArray[np.int8], rate: float) -> NDArray[np.int16]:
    classes = [activity for activity in activities() if "." in activity.code]
    chosen = chance.pick(draw("naf"), [activity.weight + 0.1 for activity in classes])
    agency = vocabulary("naf").position("78.20Z")
    chosen = np.where(contract == vocabulary("contract").position("MIS"), agency, chosen)
    return np.where(draw("has naf") < rate, chosen, UNKNOWN).astype(np.int16)


def _flags(draw: Draw, origin: int) -> NDArray[np.uint8]:
    rates = {
        FLAG_ACCESSIBLE: 0.0085 if origin == 1 else 0.002,
        FLAG_FEW_CANDIDATES: 0.0073 if origin == 1 else 0.0,
        FLAG_ADAPTED_COMPANY: 0.004,
        FLAG_DISABILITY_COMMITTED: 0.02,
    }
    chosen = [np.where(draw(f"flag {flag}") < rate, flag, 0) for flag, rate in rates.items()]
    return np.bitwise_or.reduce(chosen).astype(np.uint8)


def _trades(draw: Draw, factors: dict[str, float]) -> NDArray[np.int16]:
    weights = [(job.weight + 0.3) * factors.get(job.code, 1) for job in jobs()]
    return chance.pick(draw("job"), weights).astype(np.int16)


def _partners(draw: Draw, origin: int, weights: list[float]) -> NDArray[np.int16]:
    chosen = chance.pick(draw("partner"), weights)
    return np.where(origin == 2, chosen, UNKNOWN).astype(np.int16)


def _places(draw: Draw, origin: int) -> dict[str, NDArray[Any]]:
    """Return the six columns of the place, dirt included."""
    kind = chance.pick(draw("place kind"), _PLACES[origin])
    commune = chance.pick(draw("commune"), [c.weight + 0.2 for c in communes()])
    latitude, longitude, departement, region = (column[commune] for column in _commune_columns())
    # overseas, swapping would not look swapped
    swapped = (kind == _SWAPPED) & (latitude > 40)
    has_point = np.isin(kind, (_WHOLE, _COORDINATES_ONLY, _SWAPPED))
    is_placed = np.isin(kind, (_WHOLE, _NO_COORDINATES, _SWAPPED))
    abroad = _some(draw, "country", _ABROAD, 1.0)
    country = np.where(kind == _AWAY, abroad, vocabulary("country").position("01"))
    return {
        "commune": np.where(is_placed, commune, UNKNOWN).astype(np.int16),
        "departement": np.where(is_placed | (kind == _DEPARTEMENT), departement, UNKNOWN).astype(
            np.int16
        ),
        "region": np.where(
            is_placed | (kind == _DEPARTEMENT) | (kind == _REGION), region, UNKNOWN
        ).astype(np.int8),
        "country": country.astype(np.int8),
        "latitude": np.where(has_point, np.where(swapped, longitude, latitude), np.nan).astype(
            np.float32
        ),
        "longitude": np.where(has_point, np.where(swapped, latitude, longitude), np.nan).astype(
            np.float32
        ),
    }


@cache
def _commune_columns() -> tuple[NDArray[Any], ...]:
    places = communes()
    return (
        np.array([c.latitude for c in places]),
        np.array([c.longitude for c in places]),
        np.array([vocabulary("departement").position(c.departement) for c in places]),
        np.array([vocabulary("region").position(region_of(c.departement)) for c in places]),
    )


@cache
def _division_of_naf() -> NDArray[np.int16]:
    divisions = [vocabulary("sector").position(code[:2]) for code in vocabulary("naf").codes]
    return np.array([*divisions, UNKNOWN], np.int16)
