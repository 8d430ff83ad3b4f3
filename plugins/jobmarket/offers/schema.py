"""The one declared schema of an offer: the columns of the tables of ``core``, and who fills each.

What lives here: each column by its name and type, in the order of COPY. What does not: what a column means,
which the comment beside it in ``include/sql/ddl`` says (``docs/data-dictionary.md``); how a source states it
(its reader); what is concluded (``conclude``).

A new column is a line here, a line of the reader (or of ``conclude``), a DDL file and a test. A column that
only some sources know is ``None`` for the others. The type of a column in PostgreSQL follows from its type
here; a load first asks whether the warehouse has these columns (``columns``), and names the one it lacks.
"""

from collections.abc import Iterator
from datetime import date, datetime
from types import NoneType
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin

from msgspec import Struct

SOURCE, RULES, LOAD = "source", "rules", "load"

_T = TypeVar("_T")
Stated = Annotated[_T, SOURCE]
"""What the reader of a source fills."""
Concluded = Annotated[_T, RULES]
"""What ``conclude`` fills by the rules of ``enrich``, unless the source has stated it."""
Kept = Annotated[_T, LOAD]
"""What the load fills."""

Labels = tuple[str, ...]
SmallInt = Annotated[int, "int2"]

UNKNOWN_ORIGIN = "0"
"""The ``origin_code`` of an offer that states none, or one that nobody has described."""

_POSTGRES = {
    str: "text",
    int: "int4",
    float: "float8",
    bool: "bool",
    bytes: "bytea",
    date: "date",
    datetime: "timestamptz",
    Labels: "text[]",
    dict: "jsonb",
}


class JobOffer(Struct, kw_only=True, gc=False):
    """A row of ``core.job_offer`` without its lineage. ``None`` is null; so is an empty text or list."""

    source: Stated[str]
    offer_id: Stated[str]
    created_on: Stated[date]
    position_count: Stated[int | None] = None
    created_at: Stated[datetime]
    updated_at: Stated[datetime | None] = None
    latitude: Stated[float | None] = None
    longitude: Stated[float | None] = None
    is_coordinates_swapped: Stated[bool] = False
    is_work_study: Stated[bool | None] = None
    is_accessible_to_disabled: Stated[bool | None] = None
    is_adapted_company: Stated[bool | None] = None
    is_disability_employer: Stated[bool | None] = None
    is_short_of_candidates: Stated[bool | None] = None
    origin_code: Stated[str] = UNKNOWN_ORIGIN
    title: Stated[str]
    description: Stated[str | None] = None
    place_label: Stated[str | None] = None
    commune_code: Stated[str | None] = None
    postcode: Stated[str | None] = None
    rome_code: Stated[str | None] = None
    rome_label: Stated[str | None] = None
    rome_appellation_label: Stated[str | None] = None
    company_name: Stated[str | None] = None
    company_description: Stated[str | None] = None
    company_url: Stated[str | None] = None
    company_siret_code: Stated[str | None] = None
    company_size_label: Stated[str | None] = None
    contract_type_code: Stated[str | None] = None
    contract_type_label: Stated[str | None] = None
    contract_nature_label: Stated[str | None] = None
    experience_code: Stated[str | None] = None
    experience_label: Stated[str | None] = None
    experience_comment: Stated[str | None] = None
    salary_label: Stated[str | None] = None
    salary_comment: Stated[str | None] = None
    salary_complement_1_label: Stated[str | None] = None
    salary_complement_2_label: Stated[str | None] = None
    salary_complement_codes: Stated[Labels | None] = None
    salary_complement_labels: Stated[Labels | None] = None
    working_time_label: Stated[str | None] = None
    working_time_category_label: Stated[str | None] = None
    working_time_comment: Stated[str | None] = None
    working_condition_comment: Stated[str | None] = None
    working_condition_labels: Stated[Labels | None] = None
    travel_code: Stated[str | None] = None
    travel_label: Stated[str | None] = None
    qualification_code: Stated[str | None] = None
    qualification_label: Stated[str | None] = None
    naf_code: Stated[str | None] = None
    sector_code: Stated[str | None] = None
    sector_label: Stated[str | None] = None
    soft_skill_labels: Stated[Labels | None] = None
    office_tool_labels: Stated[Labels | None] = None
    category_code: Stated[str | None] = None
    category_label: Stated[str | None] = None

    # where it is: all of them, or none, may be stated by a source
    located_commune_code: Concluded[str | None] = None
    departement_code: Concluded[str | None] = None
    region_code: Concluded[str | None] = None
    place_kind: Concluded[str | None] = None
    place_method: Concluded[str | None] = None
    place_confidence: Concluded[str | None] = None
    # what it pays: likewise
    salary_kind: Concluded[str | None] = None
    salary_rule: Concluded[str | None] = None
    salary_source: Concluded[str | None] = None
    salary_period: Concluded[str | None] = None
    salary_min_eur: Concluded[float | None] = None
    salary_max_eur: Concluded[float | None] = None
    salary_month_count: Concluded[float | None] = None
    salary_min_eur_per_year: Concluded[float | None] = None
    salary_max_eur_per_year: Concluded[float | None] = None
    # the figure of statistics: likewise
    salary_mid_eur_per_year: Concluded[float | None] = None
    salary_mid_rule: Concluded[str | None] = None
    is_minimum_wage: Concluded[bool | None] = None
    weekly_hours: Concluded[float | None] = None
    contract_length_months: Concluded[float | None] = None
    experience_months: Concluded[int | None] = None
    telework_kind: Concluded[str | None] = None
    telework_rule: Concluded[str | None] = None
    technology_codes: Concluded[Labels | None] = None


class Lineage(Struct, frozen=True, gc=False):
    """Where a row of ``core.job_offer`` comes from: its last columns."""

    observed_at: Kept[datetime]
    content_hash: Kept[bytes]
    run_id: Kept[str]
    rules_hash: Kept[int | None]  # null in rows of before it was kept


class Erased(Struct, frozen=True, gc=False):
    """What the row of an erased offer says beside its state: the last column of ``core.job_offer``."""

    missing_since_on: Kept[date | None] = (
        None  # erasing fills it (life.erasure), each other write empties it
    )


class PartKey(Struct, frozen=True, gc=False):
    """What every row of a list begins with: taken from the offer, and from the order of the list."""

    source: Kept[str]
    offer_id: Kept[str]
    position: Kept[SmallInt]


class Skill(Struct, kw_only=True, gc=False):
    """A skill that an offer asks for."""

    skill_code: Stated[str | None] = None
    skill_label: Stated[str]
    requirement_code: Stated[str | None] = None


class Language(Struct, kw_only=True, gc=False):
    """A language that an offer asks for."""

    language_label: Stated[str]
    requirement_code: Stated[str | None] = None


class Licence(Struct, kw_only=True, gc=False):
    """A licence to drive or operate that an offer asks for."""

    licence_label: Stated[str]
    requirement_code: Stated[str | None] = None


class Education(Struct, kw_only=True, gc=False):
    """An education that an offer asks for."""

    level_label: Stated[str | None] = None
    field_code: Stated[str | None] = None
    field_label: Stated[str | None] = None
    education_comment: Stated[str | None] = None
    requirement_code: Stated[str | None] = None


class Partner(Struct, kw_only=True, gc=False):
    """A site from which the source took an offer over."""

    partner_name: Stated[str | None] = None
    partner_url: Stated[str | None] = None


class OfferRows(Struct, gc=False):
    """An offer with its lists: each list fills the table ``core.job_offer_`` and its name."""

    offer: JobOffer
    skill: list[Skill] = []
    language: list[Language] = []
    licence: list[Licence] = []
    education: list[Education] = []
    partner: list[Partner] = []


class Column(NamedTuple):
    """A column as declared.

    :param kind: its type in PostgreSQL, by its short name.
    :param filled_by: ``source``, ``rules`` or ``load``.
    """

    name: str
    kind: str
    filled_by: str


class Table(NamedTuple):
    """A table of ``core``.

    :param name: within the schema.
    :param part: the field of :class:`OfferRows` that holds its rows.
    :param item: what one row of it is, but for what the load fills.
    :param declared: its columns, in the order in which COPY gets them.
    """

    name: str
    part: str
    item: type[Struct]
    declared: tuple[Column, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Return the type of each column by its name, in order."""
        return {column.name: column.kind for column in self.declared}


def _columns_of(*declarations: type[Struct]) -> Iterator[Column]:
    for declaration in declarations:
        for name, hint in declaration.__annotations__.items():
            kind, *marks = get_args(hint)
            (filled_by,) = {SOURCE, RULES, LOAD}.intersection(marks)
            yield Column(name, _kind_of(kind, marks), filled_by)


def _kind_of(kind: Any, marks: list[str]) -> str:
    if "int2" in marks:
        return "int2"
    if get_origin(kind) is not tuple:
        kind = next((one for one in get_args(kind) if one is not NoneType), kind)
    return _POSTGRES[kind]


JOB_OFFER = Table("job_offer", "offer", JobOffer, tuple(_columns_of(JobOffer, Lineage, Erased)))
PARTS = tuple(
    Table(f"job_offer_{part}", part, item, tuple(_columns_of(PartKey, item)))
    for part, lists in OfferRows.__annotations__.items()
    for item in get_args(lists)
)


class Ending(Struct, frozen=True, gc=False):
    """What the row of a version says beside the state itself: its last columns."""

    valid_from: Kept[datetime]
    valid_to: Kept[datetime]
    ended_by_run_id: Kept[str]
    changed_fields: Kept[Labels]
    parts: Kept[dict]  # type: ignore[type-arg]  # of any list


class Restatement(Struct, frozen=True, gc=False):
    """A state after which an offer was stated anew and meant the same."""

    source: Kept[str]
    offer_id: Kept[str]
    observed_at: Kept[datetime]
    content_hash: Kept[bytes]
    run_id: Kept[str]
    rules_hash: Kept[int | None]
    ended_at: Kept[datetime]
    restatement_kind: Kept[str]
    replaced: Kept[dict]  # type: ignore[type-arg]  # of any column


VERSION = Table("job_offer_version", "", Ending, tuple(_columns_of(JobOffer, Lineage, Ending)))
RESTATEMENT = Table("job_offer_restatement", "", Restatement, tuple(_columns_of(Restatement)))
TABLES = (JOB_OFFER, *PARTS, VERSION, RESTATEMENT)
