"""What is concluded from the columns that any source states, and what is left as the source states it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jobmarket.enrich.technology.search import LONGEST_TEXT
from jobmarket.offers.conclude import conclude
from jobmarket.offers.reading import Notes
from jobmarket.offers.schema import JOB_OFFER, JobOffer, OfferRows, Skill
from msgspec.structs import asdict

PLUGINS = Path(__file__).parents[2] / "plugins"
CONCLUDED = [column.name for column in JOB_OFFER.declared if column.filled_by == "rules"]


def offer(**columns: Any) -> JobOffer:
    least: dict[str, Any] = {
        "source": "another_source",
        "offer_id": "1",
        "created_on": date(2026, 11, 18),
        "created_at": datetime(2026, 11, 18, 8, tzinfo=UTC),
        "title": "Agent",
    }
    return JobOffer(**least | columns)


def concluded(skills: list[str] | None = None, **columns: Any) -> dict[str, Any]:
    """Return the concluded columns that have a value."""
    stated = OfferRows(offer(**columns), skill=[Skill(skill_label=one) for one in skills or []])
    conclude([stated], Notes({}, {}))
    values = asdict(stated.offer)
    return {name: values[name] for name in CONCLUDED if values[name] is not None}


NOTHING = {
    "place_kind": "unknown",
    "place_method": "none",
    "salary_kind": "absent",
    "salary_rule": "nothing_written",
}
IN_LYON = {
    "located_commune_code": "69383",
    "departement_code": "69",
    "region_code": "84",
    "place_kind": "commune",
    "place_method": "commune_code",
    "place_confidence": "high",
}
TWO_THOUSAND = {
    "salary_kind": "stated",
    "salary_rule": "as_written",
    "salary_source": "label",
    "salary_period": "month",
    "salary_min_eur": 2000.0,
    "salary_max_eur": 2000.0,
    "salary_month_count": 12.0,
    "salary_min_eur_per_year": 24000.0,
    "salary_max_eur_per_year": 24000.0,
    "salary_mid_eur_per_year": 24000.0,
    "salary_mid_rule": "as_read",
    "is_minimum_wage": False,
}


def test_an_offer_that_states_little_is_said_to_tell_nothing() -> None:
    assert concluded() == NOTHING


def test_every_concluded_column_can_be_filled_from_columns_alone() -> None:
    found = concluded(
        ["Excel"],
        place_label="69 - LYON 03",
        commune_code="69383",
        postcode="69003",
        salary_label="Mensuel de 2000.0 Euros sur 12.0 mois",
        working_time_label="35H/semaine",
        contract_type_label="CDD - 18 Mois",
        experience_code="E",
        experience_label="2 An(s)",
        description="Deux jours de télétravail par semaine.",
    )
    terms = {"weekly_hours": 35.0, "contract_length_months": 18.0, "experience_months": 24}
    telework = {"telework_kind": "partial", "telework_rule": "measured"}
    assert found == IN_LYON | TWO_THOUSAND | terms | telework | {"technology_codes": ("excel",)}
    assert set(found) == set(CONCLUDED)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"place_label": "33 - Gironde"}, {"departement_code": "33", "place_kind": "departement"}),
        ({"latitude": 45.757, "longitude": 4.832}, {"place_method": "coordinates"}),
        ({"postcode": "20090"}, {"departement_code": "2A"}),
        ({"salary_comment": "2000 euros brut par mois"}, {"salary_source": "comment"}),
        ({"description": "Vous utilisez Python."}, {"technology_codes": ("python",)}),
        ({"title": "Développeur Python"}, {"technology_codes": ("python",)}),
        ({"title": "Comptable en télétravail"}, {"telework_kind": "possible"}),
        ({"description": "Pas de télétravail."}, {"telework_kind": "none"}),
        (
            {"working_condition_labels": ("Possibilité de télétravail",)},
            {"telework_rule": "condition"},
        ),
        ({"experience_label": "Débutant accepté"}, {"experience_months": 0}),
        ({"company_name": "Python SARL", "description": "Chez Python SARL."}, {}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_column_says(columns: dict[str, Any], expected: dict[str, Any]) -> None:
    found = concluded(**columns)
    assert found | expected == found
    if not expected:
        assert found == NOTHING


def test_part_time_pay_rests_on_the_hours_of_the_label() -> None:
    half: dict[str, Any] = {"salary_label": "Mensuel de 1020 Euros sur 12.0 mois"}
    found = concluded(**half, working_time_label="temps partiel - 17H30 Autre")
    assert (found["salary_mid_eur_per_year"], found["salary_mid_rule"]) == (
        24_480.0,
        "part_time_scaled",
    )
    assert found["weekly_hours"] == 17.5
    # hours that a source states count, too
    stated = concluded(**half, working_time_category_label="Temps partiel", weekly_hours=17.5)
    assert stated["salary_mid_eur_per_year"] == 24_480.0


@pytest.mark.parametrize(
    "stated",
    [
        {"place_kind": "departement", "place_method": "area", "departement_code": "59"},
        {"telework_kind": "full", "telework_rule": "own_field"},
        {"technology_codes": ("cobol",)},
        {"weekly_hours": 39.0},
        {"contract_length_months": 3.0},
        {"experience_months": 60},
        {"salary_mid_eur_per_year": 30_000.0, "salary_mid_rule": "own_figure"},
    ],
    ids=lambda stated: next(iter(stated)),
)
def test_what_a_source_states_itself_stays(stated: dict[str, Any]) -> None:
    says_otherwise = {
        "place_label": "69 - LYON 03",
        "commune_code": "69383",
        "title": "Développeur Python en télétravail 2 jours par semaine",
        "working_time_label": "35H/semaine",
        "contract_type_label": "CDD - 18 Mois",
        "experience_label": "2 An(s)",
        "salary_label": "Mensuel de 2000.0 Euros sur 12.0 mois",
    }
    group = next(iter(stated)).split("_")[0]
    found = concluded(**says_otherwise | stated)
    assert found | stated == found
    if group in ("place", "telework"):
        alike = {
            name for name in found if name.startswith((group, "located", "departement", "region"))
        }
        assert {name for name in alike if name in CONCLUDED and name.startswith(group)} <= set(
            stated
        )
        assert "located_commune_code" not in found or group != "place"


def test_numbers_of_the_source_are_its_pay_and_statistics_are_made_of_them() -> None:
    own: dict[str, Any] = {
        "salary_kind": "stated",
        "salary_rule": "as_written",
        "salary_source": "numbers",
        "salary_period": "year",
        "salary_min_eur": 36_000.0,
        "salary_max_eur": 40_000.0,
        "salary_min_eur_per_year": 36_000.0,
        "salary_max_eur_per_year": 40_000.0,
    }
    found = concluded(**own, salary_label="Mensuel de 2000.0 Euros sur 12.0 mois")
    assert found | own == found
    assert (found["salary_mid_eur_per_year"], found["salary_mid_rule"]) == (38_000.0, "as_read")
    assert "salary_month_count" not in found


def test_an_estimate_of_the_source_stays_one_and_enters_no_statistic() -> None:
    estimate: dict[str, Any] = {
        "salary_kind": "estimated",
        "salary_rule": "source_estimate",
        "salary_source": "numbers",
        "salary_period": "year",
        "salary_min_eur": 31_000.0,
        "salary_max_eur": 31_000.0,
    }
    found = concluded(**estimate, salary_comment="2000 euros brut par mois")
    assert {name: value for name, value in found.items() if "place" not in name} == estimate


def test_offers_of_one_group_do_not_mix() -> None:
    read = [OfferRows(offer(title=title)) for title in ("Développeur Python", "Agent", "Excel")]
    conclude(read, Notes({}, {}))
    assert [one.offer.technology_codes for one in read] == [("python",), None, ("excel",)]


def test_a_text_too_long_to_be_searched_is_counted() -> None:
    notes = Notes({}, {})
    conclude([OfferRows(offer(description="a " * LONGEST_TEXT)), OfferRows(offer())], notes)
    assert notes.repairs == {"technology_text_cut": 1}


def test_made_ready_a_process_reads_no_file_for_its_first_offers() -> None:
    code = """
import sys
from datetime import UTC, date, datetime
from jobmarket.offers.conclude import conclude
from jobmarket.offers.reading import Notes
from jobmarket.offers.schema import JobOffer, OfferRows
from jobmarket.offers.version import files_hash
from jobmarket.sources.registry import make_ready, source
make_ready()
sys.addaudithook(lambda name, args: name == "open" and sys.exit(str(args[0])))
source("france_travail").reader()
files_hash()
conclude([OfferRows(JobOffer(source="s", offer_id="1", created_on=date(2026, 11, 18), postcode="69001",
    created_at=datetime(2026, 11, 18, tzinfo=UTC), title="Python", place_label="nord de la France",
    working_time_label="39H Autre", salary_label="Mensuel de 1900 Euros"))], Notes({}, {}))
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(PLUGINS)})
