"""What the history keeps of an offer: one list, from which its schema follows; and why it keeps no more.

Iceberg never changes a file: what was written stays readable in older snapshots until they are expired. So
what must be erased when an offer is withdrawn may not enter at all. The licence of France Travail's API
asks (art. 7) that what is kept of a withdrawn offer has no employer, no text or address that leads to one,
no contact, and no postcode or commune. It does not say whether identifiers may stay. They lead to the page
of the offer, and in any older copy to all of it, so they are left out, and with them the second of creation
and the hash of the bytes, which tell an offer as well as its identifier does.

A column of text is kept only if its values are codes, or words of a short list: whatever else stands there
in some record does not have its form, and null is written. So a source that puts a name into a code does
not bring it here.

What does not live here: how rows are read (``rows``), what a column means (``docs/data-dictionary.md``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jobmarket.offers.schema import JOB_OFFER

_WORD = r"[a-z][a-z0-9_]{0,39}(\+[a-z0-9_]{1,40}){0,3}"

# In the order that they have in a file: a reader fetches by one request what lies together, or (DuckDB) has
# less than 16 kB between it, and a question to years pays for requests. First comes what is asked together:
# technologies by month, pay by trade, contract and département. Rows are sorted in this order, too.
_FORMS: dict[str, str | None] = {
    "source": r"[a-z][a-z_]{0,39}",
    "technology_codes": r"(?=.*[a-z])[a-z0-9][a-z0-9_.+#-]{0,39}",
    "telework_kind": _WORD,
    "created_on": None,
    "rome_code": r"[A-N][0-9]{4}",
    "salary_mid_eur_per_year": None,
    "contract_type_code": r"[A-Z]{3}",
    "departement_code": r"[0-9]{2}|2[AB]|9[78][0-9]",
    "position_count": None,
    "is_work_study": None,
    "is_accessible_to_disabled": None,
    "is_short_of_candidates": None,
    "origin_code": r"[0-9]",
    "experience_code": r"[A-Z]",
    "salary_complement_codes": r"[A-Z0-9]{1,4}",
    "working_time_category_label": r"Temps plein|Temps partiel",
    "travel_code": r"[0-9]",
    "qualification_code": r"[0-9X]",
    "sector_code": r"[0-9]{2}",
    "region_code": r"[0-9]{2}|9[78][0-9]",
    "place_kind": _WORD,
    "salary_kind": _WORD,
    "salary_rule": _WORD,
    "salary_period": _WORD,
    "salary_min_eur_per_year": None,
    "salary_max_eur_per_year": None,
    "salary_mid_rule": _WORD,
    "is_minimum_wage": None,
    "weekly_hours": None,
    "contract_length_months": None,
    "experience_months": None,
    "telework_rule": _WORD,
    "rules_hash": None,
}

_EMPLOYER = "the employer, or what tells it among few"
_TEXT = "written by somebody: it may name an employer or a person"
_PLACE = "finer than a département"
_IDENTITY = "tells the offer, and with an older copy all that it said"
_DERIVED = "follows from what is kept, or says how something left out was read"

LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        (
            "company_name", "company_description", "company_url", "company_siret_code", "company_size_label",
            "is_adapted_company", "is_disability_employer", "naf_code",
        ),
        _EMPLOYER,
    ),
    **dict.fromkeys(
        (
            "title", "description", "rome_label", "rome_appellation_label", "contract_type_label",
            "contract_nature_label", "experience_label", "experience_comment", "salary_label",
            "salary_comment",
            "salary_complement_1_label", "salary_complement_2_label", "salary_complement_labels",
            "working_time_label", "working_time_comment", "working_condition_comment",
            "working_condition_labels",
            "travel_label", "qualification_label", "sector_label", "soft_skill_labels", "office_tool_labels",
            "category_code", "category_label",
        ),
        _TEXT,
    ),
    **dict.fromkeys(
        (
            "latitude", "longitude", "is_coordinates_swapped", "place_label", "commune_code", "postcode",
            "located_commune_code",
        ),
        _PLACE,
    ),
    **dict.fromkeys(
        (
            "offer_id", "created_at", "updated_at", "observed_at", "content_hash", "run_id",
            "missing_since_on",
        ),
        _IDENTITY,
    ),
    **dict.fromkeys(
        (
            "place_method", "place_confidence", "salary_source", "salary_min_eur", "salary_max_eur",
            "salary_month_count",
        ),
        _DERIVED,
    ),
}  # fmt: skip
"""Every other column of an offer, with the reason why it is not kept."""


class Kept(NamedTuple):
    """A column of the history.

    :param kind: its type in the warehouse, by its short name, as ``offers.schema`` declares it.
    :param form: what a value must be as a whole; None for what is no text.
    """

    name: str
    kind: str
    form: re.Pattern[str] | None

    def admits(self, value: str) -> bool:
        """Tell whether a text has the form of the column."""
        return self.form is None or self.form.fullmatch(value) is not None


KEPT = tuple(
    Kept(name, JOB_OFFER.columns[name], re.compile(form) if form else None)
    for name, form in _FORMS.items()
)
PARTITIONED_BY = ("source", "created_on")
