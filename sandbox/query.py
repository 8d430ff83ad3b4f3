"""A search, read from its parameters: what is asked, in the terms of the columns.

What lives here: the meaning of each parameter of ``/v2/offres/search``. What does not: the checks of a
value and their French texts (``parameters``), the paging (``paging``), what matches (``selection``).
Parameters that are not named here are ignored, as the API does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sandbox import labels
from sandbox.offers.columns import (
    FLAG_ACCESSIBLE,
    FLAG_ADAPTED_COMPANY,
    FLAG_DISABILITY_COMMITTED,
    FLAG_FEW_CANDIDATES,
)
from sandbox.parameters import Parameters
from sandbox.reference import departements, jobs, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Codes = frozenset[str]

MAX_ROME_CODES = 200
DEFAULT_DISTANCE_KM = 10
PUBLISHED_SINCE_DAYS = ("1", "3", "7", "14", "31")
_PER_YEAR = {"M": 12, "A": 1, "H": 1_820, "C": 1}  # C, a fee: compared as it is
_THEME_DOMAINS = {
    "10": "H21",
    "11": "G12",
    "12": "D",
    "13": "A12",
    "14": "M18",
    "15": "J",
    "16": "G17",
    "17": "N",
}
# parameters that are true or false and ask for a flag of the offer
_FLAGS = {
    "accesTravailleurHandicape": FLAG_ACCESSIBLE,
    "offresManqueCandidats": FLAG_FEW_CANDIDATES,
    "entreprisesAdaptees": FLAG_ADAPTED_COMPANY,
    "employeursHandiEngages": FLAG_DISABILITY_COMMITTED,
}
APPELLATION_BASE = 10_000


@dataclass(frozen=True, kw_only=True)
class Query:
    """What a search keeps, whatever page of it is asked. Hashable: results are kept by it.

    :param codes: (column, codes): each must hold one of the codes.
    :param numbers: (column, values): the same for columns that are plain numbers.
    :param contracts: codes of contract types, kept if either these or ``natures`` match.
    :param natures: codes of contract natures.
    :param ranges: (column, lowest or None, highest or None), bounds included.
    :param flags: bits that must all be set.
    :param keywords: normalised words that must all be mentioned.
    :param communes: around which, within ``distance_km``.
    :param created_s: bounds of the creation date in naive seconds since 1970, as asked.
    :param published_days: created within so many days before now.
    :param partners: names of partners, and whether they are the ones kept or left out.
    :param sort: 0 relevance, 1 date, 2 distance.
    """

    codes: tuple[tuple[str, Codes], ...] = ()
    numbers: tuple[tuple[str, frozenset[int]], ...] = ()
    contracts: Codes = frozenset()
    natures: Codes = frozenset()
    ranges: tuple[tuple[str, float | None, float | None], ...] = ()
    flags: int = 0
    keywords: tuple[str, ...] = ()
    communes: Codes = frozenset()
    distance_km: float = DEFAULT_DISTANCE_KM
    created_s: tuple[int, int] | None = None
    published_days: int | None = None
    partners: Codes = frozenset()
    are_partners_kept: bool = True
    sort: int = 0


def parse_query(values: Mapping[str, str]) -> Query:
    """Read the parameters of a search.

    :param values: name -> first value; empty values count as absent.

    Raise :class:`sandbox.answers.ApiError` with the French text of the first value that is refused.
    """
    given = Parameters(values)
    days = given.one_of("publieeDepuis", PUBLISHED_SINCE_DAYS)
    partners, are_kept = _partners(given)
    return Query(
        codes=tuple((column, codes) for column, codes in _codes(given) if codes),
        numbers=tuple((column, values) for column, values in _numbers(given) if values),
        contracts=given.many("typeContrat", _filterable_contracts(), most=10),
        natures=given.many("natureContrat", labels.CONTRACT_NATURES),
        ranges=_ranges(given),
        flags=_flags(given),
        keywords=given.keywords("motsCles"),
        communes=_communes(given),
        distance_km=given.number("distance", default=DEFAULT_DISTANCE_KM),
        created_s=given.dates("minCreationDate", "maxCreationDate"),
        published_days=int(days) if days else None,
        partners=partners,
        are_partners_kept=are_kept,
        sort=int(given.one_of("sort", ("0", "1", "2")) or 0),
    )


def _codes(given: Parameters) -> Iterable[tuple[str, Codes]]:
    yield (
        "rome",
        given.many("codeROME", vocabulary("rome"), most=MAX_ROME_CODES, plural="codes ROME"),
    )
    yield "rome", _domains(given.listed("grandDomaine", labels.GRANDS_DOMAINES))
    yield "rome", _domains(given.single("domaine", domains()))
    yield (
        "rome",
        frozenset(appellations()[code] for code in given.single("appellation", appellations())),
    )
    yield (
        "rome",
        _domains(frozenset(_THEME_DOMAINS[code] for code in given.single("theme", labels.THEMES))),
    )
    yield (
        "sector",
        given.many("secteurActivite", vocabulary("sector"), most=2, plural="secteurs d'activité"),
    )
    yield "naf", given.many("codeNAF", vocabulary("naf"), most=2, plural="codes NAF")
    yield "experience", _singleton(given.one_of("experience", labels.EXPERIENCES))
    yield "exigence", _singleton(given.one_of("experienceExigence", ("D", "E", "S")))
    yield "qualification", _singleton(given.one_of("qualification", ("0", "9")))
    yield "region", given.single("region", labels.REGIONS)
    yield "level", given.single("niveauFormation", labels.EDUCATION_LEVELS)
    yield "licence", given.single("permis", labels.LICENCES)
    yield "departement", _departements(given)
    yield "country", _countries(given)


def _numbers(given: Parameters) -> Iterable[tuple[str, frozenset[int]]]:
    origin = given.one_of("origineOffre", ("1", "2"))
    yield "origin", frozenset({int(origin)} if origin else ())
    weekly = frozenset(int(code) for code in given.listed("dureeHebdo", ("0", "1", "2")))
    full_time = given.boolean("tempsPlein")
    if full_time is not None and not weekly:
        weekly = frozenset({1 if full_time else 2})
    yield "working_time", weekly


def _ranges(given: Parameters) -> tuple[tuple[str, float | None, float | None], ...]:
    found = (
        ("hours_min", given.clock("dureeHebdoMin"), given.clock("dureeHebdoMax")),
        ("contract_months", given.months("dureeContratMin"), given.months("dureeContratMax")),
        ("salary_eur_per_year", _salary_floor(given), None),
    )
    return tuple(bounds for bounds in found if bounds[1:] != (None, None))


def _salary_floor(given: Parameters) -> float | None:
    given.together("salaireMin", "periodeSalaire")
    period = given.one_of("periodeSalaire", tuple(_PER_YEAR))
    return given.number("salaireMin") * _PER_YEAR[period] if period else None


def _flags(given: Parameters) -> int:
    given.boolean("offresMRS")
    given.boolean("inclureLimitrophes")
    return sum(flag for name, flag in _FLAGS.items() if given.boolean(name))


def _departements(given: Parameters) -> Codes:
    asked = given.many("departement", vocabulary("departement"), most=5, plural="départements")
    if not given.boolean("inclureLimitrophes"):
        return asked
    return asked | {near for d in departements() if d.code in asked for near in d.neighbours}


def _communes(given: Parameters) -> Codes:
    asked = given.many("commune", vocabulary("commune"), most=5, plural="communes")
    paris = {code for code in vocabulary("commune").codes if code.startswith("75")}
    # Paris is never split by arrondissement
    return asked | paris if asked & paris else asked


def _countries(given: Parameters) -> Codes:
    known = {*labels.COUNTRIES, *labels.CONTINENTS}
    asked = given.single("paysContinent", known)
    found = {code for code in labels.COUNTRIES if any(code.startswith(one) for one in asked)}
    # a continent without a country of ours matches nothing: its own code is in no offer
    return frozenset(found | ({"01"} if "991" in asked else set())) or asked


def _partners(given: Parameters) -> tuple[Codes, bool]:
    mode = given.one_of("modeSelectionPartenaires", ("INCLUS", "EXCLU"))
    return given.words("partenaires"), mode != "EXCLU"


def _domains(prefixes: Codes) -> Codes:
    found = frozenset(
        job.code for job in jobs() if prefixes and job.code.startswith(tuple(prefixes))
    )
    # a domain without a job matches nothing: its own code is in no offer
    return found or prefixes


def _singleton(value: str | None) -> Codes:
    return frozenset({value} if value else ())


@cache
def _filterable_contracts() -> Codes:
    return frozenset(labels.CONTRACT_TYPES) - {labels.UNFILTERABLE_CONTRACT}


@cache
def domains() -> tuple[str, ...]:
    """Return the codes of the professional domains, the first three characters of a ROME code."""
    return tuple(sorted({job.code[:3] for job in jobs()}))


@cache
def appellations() -> dict[str, str]:
    """Return appellation code -> ROME code: one appellation a job here, with a code of our own."""
    return {str(APPELLATION_BASE + i): job.code for i, job in enumerate(jobs())}
