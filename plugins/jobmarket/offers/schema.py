"""The core tables as the load writes them: their columns, in order.

What lives here: names and types, the same as in ``include/sql/ddl`` (a test compares them). What
does not: how a source fills them.
"""

from __future__ import annotations

from typing import NamedTuple


class Table(NamedTuple):
    """A table of ``core``.

    :param name: within the schema.
    :param columns: name -> PostgreSQL type, in the order rows are built in.
    """

    name: str
    columns: dict[str, str]


def _table(name: str, columns: str, **types: str) -> Table:
    """Make a table of text columns, but for those whose type is given."""
    return Table(name, {column: types.get(column, "text") for column in columns.split()})


# The last columns say where a row comes from; the load adds them to what the source's row holds.
LINEAGE = ("observed_at", "content_hash", "run_id", "rules_hash")

JOB_OFFER = _table(
    "job_offer",
    """
    source offer_id created_on position_count created_at updated_at latitude longitude
    is_coordinates_swapped is_work_study is_accessible_to_disabled is_adapted_company
    is_disability_employer is_short_of_candidates origin_code title description place_label
    commune_code postcode rome_code rome_label rome_appellation_label company_name
    company_description company_url company_siret_code company_size_label contract_type_code
    contract_type_label contract_nature_label experience_code experience_label experience_comment
    salary_label salary_comment salary_complement_1_label salary_complement_2_label
    salary_complement_codes salary_complement_labels working_time_label working_time_category_label
    working_time_comment working_condition_comment working_condition_labels travel_code travel_label
    qualification_code qualification_label naf_code sector_code sector_label soft_skill_labels
    office_tool_labels located_commune_code departement_code region_code place_kind place_method
    place_confidence salary_kind salary_rule salary_source salary_period salary_min_eur salary_max_eur
    salary_month_count salary_min_eur_per_year salary_max_eur_per_year
    salary_mid_eur_per_year salary_mid_rule is_minimum_wage weekly_hours contract_length_months
    experience_months telework_kind telework_rule technology_codes
    observed_at content_hash run_id rules_hash
    """,
    created_on="date",
    position_count="int4",
    created_at="timestamptz",
    updated_at="timestamptz",
    latitude="float8",
    longitude="float8",
    is_coordinates_swapped="bool",
    is_work_study="bool",
    is_accessible_to_disabled="bool",
    is_adapted_company="bool",
    is_disability_employer="bool",
    is_short_of_candidates="bool",
    salary_complement_codes="text[]",
    salary_complement_labels="text[]",
    working_condition_labels="text[]",
    soft_skill_labels="text[]",
    office_tool_labels="text[]",
    salary_min_eur="float8",
    salary_max_eur="float8",
    salary_month_count="float8",
    salary_min_eur_per_year="float8",
    salary_max_eur_per_year="float8",
    salary_mid_eur_per_year="float8",
    is_minimum_wage="bool",
    weekly_hours="float8",
    contract_length_months="float8",
    experience_months="int4",
    technology_codes="text[]",
    observed_at="timestamptz",
    content_hash="bytea",
    rules_hash="int4",
)

# The lists of an offer, in the order of `OfferRows.parts`.
PARTS = (
    _table(
        "job_offer_skill",
        "source offer_id position skill_code skill_label requirement_code",
        position="int2",
    ),
    _table(
        "job_offer_language",
        "source offer_id position language_label requirement_code",
        position="int2",
    ),
    _table(
        "job_offer_licence",
        "source offer_id position licence_label requirement_code",
        position="int2",
    ),
    _table(
        "job_offer_education",
        "source offer_id position level_label field_code field_label education_comment requirement_code",
        position="int2",
    ),
    _table(
        "job_offer_partner",
        "source offer_id position partner_name partner_url",
        position="int2",
    ),
)
