"""All that is read in an offer beyond what its source states, and which rules read it. Pure.

What lives here: the columns that place, pay, terms and telework add to an offer, and the fingerprint of
all rules. What does not: the rules (``place``, ``pay``, ``terms``, ``telework``, ``technology``) and the
files they rest on (``include/reference``).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xxhash

from jobmarket.enrich.pay.base import base_of, minimum_wage_eur_per_year
from jobmarket.enrich.pay.read import read_pay
from jobmarket.enrich.pay.scale import least_by_period
from jobmarket.enrich.place.locate import locate
from jobmarket.enrich.place.reference import read_all
from jobmarket.enrich.technology.search import searcher
from jobmarket.enrich.telework import read_telework
from jobmarket.enrich.terms import read_terms
from jobmarket.foundation.paths import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE = Path(__file__).parent
_FILES = (
    "commune.csv",
    "country.csv",
    "departement.csv",
    "former_commune.csv",
    "minimum_wage.csv",
    "place_alias.csv",
    "postcode.csv",
    "region.csv",
    "technology.toml",
)


def readings_of(
    *,
    place: tuple[str | None, str | None, str | None, float | None, float | None],
    pay: tuple[str | None, str | None],
) -> tuple[Any, ...]:
    """Return the columns of ``core.job_offer`` from ``located_commune_code`` to ``salary_max_eur_per_year``.

    The technologies, in the column behind, are searched in many offers at once
    (``technology.technologies_of``).

    :param place: label, commune code, postcode, latitude, longitude, as the source gives them.
    :param pay: label and comment of the pay.
    """
    return locate(*place) + read_pay(*pay)


def terms_of(
    *,
    pay: tuple[str | None, str | None],
    created_on: date,
    is_work_study: bool,
    terms: tuple[str | None, str | None, str | None, str | None, str | None],
    texts: tuple[str, str, str],
) -> tuple[Any, ...]:
    """Return the columns of ``core.job_offer`` from ``salary_mid_eur_per_year`` to ``telework_rule``.

    :param pay: label and comment of the pay.
    :param created_on: day of the offer, by which the minimum wage is known.
    :param is_work_study: the contract is an apprenticeship or alike.
    :param terms: label and category of the working time, label of the contract, code and label of the
        experience.
    :param texts: title, description, labels of the working conditions.
    """
    hours, is_part_time, contract_length_months, experience_months = read_terms(*terms)
    return (
        *base_of(*pay, created_on, hours, is_part_time, is_work_study),
        hours,
        contract_length_months,
        experience_months,
        *read_telework(*texts),
    )


def make_ready() -> None:
    """Read the files now that the first offers would wait for, a fifth of a second.

    For a process that forks the ones that load: an Airflow scheduler with local workers.
    """
    searcher()
    read_all()
    least_by_period()
    minimum_wage_eur_per_year(date.min)


@cache
def rules_hash() -> int:
    """Return the fingerprint of the rules: of their code and of the files they rest on.

    An offer that other rules have read is read again when its day is loaded again, so that an edit of a
    rule or of a reference file reaches the warehouse by a replay from raw.
    """
    return fingerprint([*sorted(_CODE.rglob("*.py")), *(REFERENCE / name for name in _FILES)])


def fingerprint(files: Iterable[Path]) -> int:
    """Return a signed 32-bit number that depends on the names and bytes of the files, in their order."""
    digest = xxhash.xxh32()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.intdigest() - 2**31
