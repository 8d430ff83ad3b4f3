"""The views that analysts read: their rows, their cost, their comments, and who may read them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.warehouse.migrate import migrate
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.reference import apply_reference
from psycopg.rows import dict_row

from tests.support.loaded_day import DAY, DDL, SOURCE, add_offers, add_run, count_offers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.postgres import Postgres

Connection = psycopg.Connection[Any]
GUIDE = (Path(__file__).parents[2] / "docs" / "analysts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sql\n(.*?)```", GUIDE, re.DOTALL)
GRANTS, QUESTIONS = BLOCKS[0], BLOCKS[1:]
VIEWS = (
    "day",
    "employer_by_trade",
    "offer",
    "offer_change",
    "offer_education",
    "offer_language",
    "offer_licence",
    "offer_lifetime",
    "offer_partner",
    "offer_repost",
    "offer_skill",
    "offer_spell",
    "offer_survival",
    "offer_technology",
    "pay_by_trade",
    "skill_by_trade",
    "stock_day",
    "stock_identity",
    "technology_by_day",
    "trade_label",
    "unknown_code",
)


@pytest.fixture(scope="module")
def filled(postgres: Postgres) -> Iterator[Connection]:
    """Yield a warehouse with its reference tables and no offer."""
    with psycopg.connect(postgres.create_database("mart"), autocommit=True) as connection:
        migrate(connection, "warehouse_owner")
        connection.execute("reset role")
        apply_reference(connection)
        yield connection


@pytest.fixture
def warehouse(filled: Connection) -> Iterator[Connection]:
    """Yield that warehouse for one test, after which nothing of it is left."""
    with filled.transaction(force_rollback=True):
        yield filled


def rows(connection: Connection, text: str, *values: Any) -> list[tuple[Any, ...]]:
    return connection.execute(text, values).fetchall()


def one(connection: Connection, text: str) -> dict[str, Any]:
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(text).fetchall()
    assert len(found) == 1
    return found[0]


def add_skills(connection: Connection, offer_id: str, *skills: tuple[str, str]) -> None:
    for position, (label, requirement) in enumerate(skills):
        connection.execute(
            "insert into core.job_offer_skill values (%s, %s, %s, %s, %s, %s)",
            (SOURCE, offer_id, position, label[:3], label, requirement),
        )


def test_an_offer_is_told_in_words(warehouse: Connection) -> None:
    add_offers(
        warehouse,
        1,
        origin_code="2",
        created_at="2026-11-18 23:59 Europe/Paris",
        naf_code="43.99C",
        located_commune_code="59350",
        departement_code="59",
        region_code="32",
        place_kind="commune",
        salary_kind="stated",
        salary_min_eur_per_year=24_000,
        salary_max_eur_per_year=27_000,
        salary_mid_eur_per_year=22_312.5,
        salary_mid_rule="overtime_taken_off",
        is_minimum_wage=True,
        weekly_hours=39,
        contract_length_months=6,
        experience_months=0,
        telework_kind="none",
        rome_label="Maçonnerie",
    )
    offer = one(warehouse, "select * from mart.offer")
    told = {
        "created_on": DAY,
        "created_hour": 23,
        "is_partner": True,
        "rome_code": "F1703",
        "rome_label": "Maçonnerie",
        "rome_domain_code": "F17",
        "rome_domain_label": "Travaux et gros oeuvre",
        "rome_grand_domain_code": "F",
        "rome_grand_domain_label": "Construction, Bâtiment et Travaux publics",
        "naf_nomenclature": "naf_rev2",
        "naf_label": "Travaux de maçonnerie générale et gros œuvre de bâtiment",
        "naf_division_code": "43",
        "naf_division_label": "Travaux de construction spécialisés",
        "naf_section_code": "F",
        "naf_section_label": "Construction",
        "commune_label": "Lille",
        "departement_label": "Nord",
        "region_label": "Hauts-de-France",
        "salary_mid_eur_per_year": 22_312.5,
        "salary_mid_rule": "overtime_taken_off",
        "is_minimum_wage": True,
        "weekly_hours": 39,
        "contract_length_months": 6,
        "experience_months": 0,
        "telework_kind": "none",
    }
    assert {name: offer[name] for name in told} == told


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (  # a trade of tomorrow counts in its domain, under the label that the offer carries
            {"rome_code": "M1899", "rome_label": "Dresseur de modèles"},
            {
                "rome_label": "Dresseur de modèles",
                "rome_domain_code": "M18",
                "rome_domain_label": "Systèmes d'information et de télécommunication",
                "rome_grand_domain_code": "M",
            },
        ),
        (  # one of a new domain, in its grand domain
            {"rome_code": "M9901", "rome_label": "Astronaute"},
            {
                "rome_label": "Astronaute",
                "rome_domain_code": None,
                "rome_grand_domain_code": "M",
                "rome_grand_domain_label": "Support à l'entreprise",
            },
        ),
        (  # a code that is none at all, in nothing
            {"rome_code": "?", "rome_label": None},
            {"rome_code": "?", "rome_label": None, "rome_grand_domain_label": None},
        ),
        (
            {"rome_code": None, "rome_label": None},
            {"rome_label": None, "rome_domain_code": None, "rome_grand_domain_code": None},
        ),
        (  # a code that two releases of ROME give to two trades: the offer's own wins
            {"rome_code": "M1202", "rome_label": "Expert-comptable / Experte-comptable"},
            {"rome_label": "Expert-comptable / Experte-comptable", "rome_domain_code": "M12"},
        ),
        (  # an offer that does not say its trade
            {"rome_code": "M1202", "rome_label": None},
            {"rome_label": "Auditeur comptable et financier / Auditrice comptable et financière"},
        ),
        (  # an activity of NAF 2025, in its division
            {"naf_code": "43.24Y"},
            {
                "naf_nomenclature": "naf_2025",
                "naf_label": "Autres travaux d'installation",
                "naf_division_code": "43",
                "naf_section_code": "F",
            },
        ),
        (  # the division and the section of the same number are others in NAF 2025
            {"naf_code": "60.20H", "sector_code": "60"},
            {
                "naf_label": "Édition de services de médias à la demande",
                "naf_division_label": "Activités de programmation, de diffusion, d'agence de presse et "
                "autres activités de distribution de contenu",
                "naf_section_code": "J",
                "naf_section_label": "Édition, diffusion et activités de production et de distribution "
                "de contenu",
            },
        ),
        (
            {"naf_code": "60.20A", "sector_code": "60"},
            {
                "naf_nomenclature": "naf_rev2",
                "naf_division_label": "Programmation et diffusion",
                "naf_section_label": "Information et communication",
            },
        ),
        (  # a division alone is of the nomenclature in force
            {"naf_code": None, "sector_code": "62", "created_on": date(2026, 12, 31)},
            {"naf_nomenclature": "naf_rev2", "naf_section_code": "J"},
        ),
        (
            {"naf_code": None, "sector_code": "62", "created_on": date(2027, 1, 1)},
            {"naf_nomenclature": "naf_2025", "naf_section_code": "K"},
        ),
        (  # a division that NAF 2025 has no more
            {"naf_code": "45.20A", "sector_code": "45", "created_on": date(2027, 1, 4)},
            {"naf_nomenclature": "naf_rev2", "naf_division_code": "45", "naf_section_code": "G"},
        ),
        (
            {"naf_code": None, "sector_code": None},
            {"naf_nomenclature": None, "naf_division_code": None, "naf_section_code": None},
        ),
        (  # an offer that gives its division only
            {"naf_code": None, "sector_code": "78"},
            {"naf_division_label": "Activités liées à l'emploi", "naf_section_code": "N"},
        ),
        (  # a figure only where the load has made one: not of an apprentice's pay
            {"salary_min_eur_per_year": 30_000, "salary_mid_rule": "work_study"},
            {"salary_min_eur_per_year": 30_000, "salary_mid_eur_per_year": None},
        ),
        (
            {"region_code": None},
            {"salary_mid_eur_per_year": None, "region_label": None, "is_partner": False},
        ),
    ],
)
def test_what_is_not_known_degrades_and_is_never_dropped(
    warehouse: Connection, columns: dict[str, Any], told: dict[str, Any]
) -> None:
    add_offers(warehouse, 1, **columns)
    offer = one(warehouse, "select * from mart.offer")
    assert {name: offer[name] for name in told} == told


def test_unknown_codes_are_reported_by_day(warehouse: Connection) -> None:
    add_offers(warehouse, 3, "a", rome_code="M1899", rome_label="Dresseur de modèles")
    add_offers(warehouse, 1, "b", rome_code="M9901", rome_label="Astronaute", naf_code="43.99C")
    add_offers(warehouse, 2, "c", naf_code="60.99Y", sector_label="Médias")
    add_offers(warehouse, 1, "d", rome_code="?", created_on=DAY + timedelta(1))
    add_offers(warehouse, 1, "e", rome_code=None)
    found = rows(
        warehouse,
        "select created_on, nomenclature, code, source_label, counted_under_label, offer_count "
        "from mart.unknown_code order by 1, 2, 3",
    )
    assert found == [
        (
            DAY,
            "naf",
            "60.99Y",
            "Médias",
            ("Activités de programmation, de diffusion, d'agence de presse et autres activités de "
            "distribution de contenu"),
            2,
        ),
        (DAY, "rome", "M1899", "Dresseur de modèles", "Systèmes d'information et de télécommunication", 3),
        (DAY, "rome", "M9901", "Astronaute", "Support à l'entreprise", 1),
        (DAY + timedelta(1), "rome", "?", None, None, 1),
    ]  # fmt: skip


def test_technologies_of_offers_and_of_days(warehouse: Connection) -> None:
    add_offers(warehouse, 2, "a", technology_codes=["python", "sql"], rome_code="M1811")
    add_offers(warehouse, 1, "b", technology_codes=["python", "left"], origin_code="2")
    add_offers(warehouse, 4, "c")
    count_offers(warehouse)
    found = rows(
        warehouse,
        "select offer_id, rome_code, technology_code, technology_label, category_code "
        "from mart.offer_technology order by 1, 3",
    )
    assert found == [
        ("a1", "M1811", "python", "Python", "language"),
        ("a1", "M1811", "sql", "SQL", found[1][4]),
        ("a2", "M1811", "python", "Python", "language"),
        ("a2", "M1811", "sql", "SQL", found[1][4]),
        ("b1", "F1703", "left", None, None),
        ("b1", "F1703", "python", "Python", "language"),
    ]
    assert rows(
        warehouse,
        "select created_on, technology_code, technology_label, offer_count, partner_offer_count "
        "from mart.technology_by_day order by technology_code",
    ) == [
        (DAY, "left", None, 1, 1),
        (DAY, "python", "Python", 3, 1),
        (DAY, "sql", "SQL", 2, 0),
    ]


def test_skills_of_a_trade_are_counted_against_the_offers_that_list_any(
    warehouse: Connection,
) -> None:
    add_offers(warehouse, 5)  # offers 4 and 5 list none
    add_offers(warehouse, 1, "other", rome_code="D1102")
    add_offers(warehouse, 1, "later", created_on=DAY + timedelta(1))
    add_skills(warehouse, "1", ("Pétrir", "S"), ("Maçonner", "E"))
    add_skills(warehouse, "2", ("Maçonner", "E"))
    add_skills(warehouse, "3", ("Maçonner", "S"))
    add_skills(warehouse, "other1", ("Pétrir", "E"))
    add_skills(warehouse, "later1", ("Maçonner", "E"))
    found = rows(
        warehouse,
        "select created_on, rome_label, skill_code, skill_label, offer_count, required_offer_count, "
        "skilled_offer_count from mart.skill_by_trade order by 1, 2, 4",
    )
    assert found == [
        (DAY, "Boulanger / Boulangère", "Pét", "Pétrir", 1, 1, 1),
        (DAY, "Maçon / Maçonne", "Maç", "Maçonner", 3, 2, 3),
        (DAY, "Maçon / Maçonne", "Pét", "Pétrir", 1, 0, 3),
        (DAY + timedelta(1), "Maçon / Maçonne", "Maç", "Maçonner", 1, 1, 1),
    ]
    assert rows(
        warehouse,
        "select offer_id, skill_label, is_required from mart.offer_skill where offer_id = '1' order by 2",
    ) == [("1", "Maçonner", True), ("1", "Pétrir", False)]


def test_a_day_says_how_far_it_can_be_trusted(warehouse: Connection) -> None:
    add_offers(warehouse, 3, "p", origin_code="2")
    add_offers(warehouse, 7, "f")
    count_offers(warehouse)
    certified_checks = '[{"verdict": "passed"}, {"verdict": "warned"}, {"verdict": "failed"}]'
    add_run(warehouse, 10, checks=certified_checks)
    add_run(
        warehouse,
        4,
        run_id="run-2",
        collection_finished_at="2026-11-19 09:00 Europe/Paris",  # newer, and worth less
        certificate={"certified": False, "gap": 6, "announced": 10},
    )
    add_run(warehouse, 9, run_id="run-3", status="refused")
    gap, sample, refused, last = (DAY + timedelta(days) for days in (1, 2, 3, 4))
    add_run(
        warehouse,
        8,
        day=gap,
        is_gap_allowed=True,
        certificate={"certified": False, "announced": 10, "gap": 2},
    )
    add_run(warehouse, 5, day=sample, is_sample=True, certificate={"certified": False})
    add_run(warehouse, 5, day=refused, status="refused")
    add_run(warehouse, 6, day=last, rejected_count=1)
    found = rows(
        warehouse,
        "select created_on, day_status, offer_count, partner_offer_count, announced_count, "
        "collected_count, gap_count, rejected_count, warned_check_count, failed_check_count, run_id "
        "from mart.day order by 1",
    )
    assert found == [
        (DAY, "certified", 10, 3, 10, 10, 0, 0, 1, 1, "run-1"),
        (gap, "with_gap", 8, None, 10, 8, 2, 0, 0, 0, "run-1"),
        (sample, "sample", 5, None, 5, 5, 0, 0, 0, 0, "run-1"),
        (refused, "refused", None, None, 5, 5, 0, 0, 0, 0, "run-1"),
        (last, "certified", 5, None, 6, 6, 0, 1, 0, 0, "run-1"),
    ]
    assert rows(warehouse, "select count(*) from mart.day where created_on = %s", refused) == [(1,)]


def test_pay_by_trade_takes_28_days_and_hides_samples_under_ten(warehouse: Connection) -> None:
    add_run(warehouse, 10)
    add_run(warehouse, 10, day=DAY + timedelta(1), status="refused")  # does not move the window
    for number in range(1, 11):
        add_offers(
            warehouse,
            1,
            f"a{number}-",
            salary_mid_eur_per_year=21_000 + 1000 * number,
            is_minimum_wage=number <= 2,
            created_on=DAY - timedelta(27 if number == 1 else 0),
        )
    add_offers(warehouse, 5, "unpaid", salary_min_eur_per_year=1, is_work_study=True)
    add_offers(warehouse, 9, "few", rome_code="M1811", salary_mid_eur_per_year=40_000)
    add_offers(warehouse, 9, "old", created_on=DAY - timedelta(28), salary_mid_eur_per_year=90_000)
    found = rows(
        warehouse,
        "select first_on, last_on, rome_label, rome_domain_code, offer_count, paid_offer_count, "
        "salary_q1_eur_per_year, salary_median_eur_per_year, salary_q3_eur_per_year, "
        "minimum_wage_offer_count from mart.pay_by_trade order by rome_code",
    )
    window = (DAY - timedelta(27), DAY)
    assert found == [
        (*window, "Maçon / Maçonne", "F17", 15, 10, 24_250, 26_500, 28_750, 2),
        (*window, "Data engineer", "M18", 9, 9, None, None, None, 0),
    ]


def test_what_an_offer_asks_for_besides_skills(warehouse: Connection) -> None:
    add_offers(warehouse, 1, origin_code="2")
    key = (SOURCE, "1", 0)
    for table, *values in (
        ("language", "Anglais", "E"),
        ("licence", "B - Véhicule léger", "S"),
        ("education", "Bac+2 ou équivalents", "11454", "mécanique", "écrire à M. Durand", "E"),
        ("partner", "EMPLOIVERRE", "https://exemple.invalid/1"),
    ):
        marks = ", ".join(["%s"] * (3 + len(values)))
        warehouse.execute(
            f"insert into core.job_offer_{table} values ({marks})",  # noqa: S608
            (*key, *values),
        )
    told = (SOURCE, "1", DAY, "F1703")
    assert rows(warehouse, "select * from mart.offer_language") == [(*told, "Anglais", True)]
    assert rows(warehouse, "select * from mart.offer_licence") == [
        (*told, "B - Véhicule léger", False)
    ]
    assert rows(warehouse, "select * from mart.offer_education") == [
        (*told, "Bac+2 ou équivalents", "11454", "mécanique", True)
    ]
    assert rows(warehouse, "select * from mart.offer_partner") == [(*told, "EMPLOIVERRE")]


def test_employers_of_a_trade_are_counted_and_not_named(warehouse: Connection) -> None:
    add_run(warehouse, 10)
    add_offers(warehouse, 3, "a", company_name="Valterre")
    add_offers(warehouse, 1, "b", company_name=" VALTERRE ", created_on=DAY - timedelta(27))
    add_offers(warehouse, 2, "c", company_name="Pont-Neuf Bâti")
    add_offers(warehouse, 1, "d", company_name="Vivatemp", contract_type_code="MIS")
    add_offers(warehouse, 1, "e", company_name="Talents", sector_code="78")
    add_offers(warehouse, 5, "f")
    add_offers(warehouse, 1, "g", company_name="  ", naf_code="78.20Z")
    add_offers(warehouse, 9, "old", company_name="Passée", created_on=DAY - timedelta(28))
    add_offers(warehouse, 2, "h", rome_code="M1811")
    found = rows(
        warehouse,
        "select first_on, last_on, rome_label, offer_count, named_offer_count, employer_count, "
        "largest_employer_offer_count, intermediary_offer_count "
        "from mart.employer_by_trade order by rome_code",
    )
    window = (DAY - timedelta(27), DAY)
    assert found == [
        (*window, "Maçon / Maçonne", 14, 8, 4, 4, 3),
        (*window, "Data engineer", 2, 0, 0, 0, 0),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "select * from mart.offer where created_on = '2026-11-18'",
        "select title from mart.offer where created_on between '2026-11-17' and '2026-11-18'",
        "select * from mart.offer_technology where created_on = '2026-11-18'",
        "select * from mart.offer_skill where created_on = '2026-11-18'",
        "select * from mart.offer_language where created_on = '2026-11-18'",
        "select * from mart.offer_licence where created_on = '2026-11-18'",
        "select * from mart.offer_education where created_on = '2026-11-18'",
        "select * from mart.offer_partner where created_on = '2026-11-18'",
        "select * from mart.skill_by_trade where created_on = '2026-11-18' and rome_code = 'F1703'",
        "select * from mart.skill_by_trade where created_on between '2026-11-17' and '2026-11-18'",
        "select * from mart.unknown_code where created_on = '2026-11-18'",
        "select * from mart.technology_by_day where created_on >= '2026-11-17'",
        "select * from mart.day where created_on = '2026-11-18'",
    ],
)
def test_days_are_read_by_index(many_days: Connection, query: str) -> None:
    (plan,) = rows(many_days, f"explain (format json) {query}")[0]
    scans = {node["Relation Name"]: node["Node Type"] for node in nodes(plan[0]["Plan"])}
    large = scans.keys() & {"job_offer", "offer_count"}
    assert len(large) == 1
    assert scans[large.pop()] in {"Index Scan", "Bitmap Heap Scan", "Index Only Scan"}


def test_a_count_joins_no_label_that_it_does_not_ask_for(many_days: Connection) -> None:
    text = "explain (format json) select count(*) from mart.offer where created_on = '2026-11-18'"
    (plan,) = rows(many_days, text)[0]
    assert [node["Relation Name"] for node in nodes(plan[0]["Plan"])] == ["job_offer"]


@pytest.fixture(scope="module")
def many_days(postgres: Postgres) -> Iterator[Connection]:
    """Yield a warehouse of 60 days of 100 offers with a skill and a technology each."""
    with psycopg.connect(
        postgres.create_database("mart_of_many_days"), autocommit=True
    ) as connection:
        apply_ddl(connection, DDL)
        apply_reference(connection)
        for number in range(60):
            day = DAY - timedelta(number)
            add_offers(connection, 100, f"d{number}-", created_on=day, technology_codes=["python"])
            count_offers(connection, day)
            add_run(connection, 100, day=day)
        connection.execute(
            "insert into core.job_offer_skill "
            "select source, offer_id, 0, '1', 'Maçonner', 'E' from core.job_offer"
        )
        # counts of many trades, as a real day has them
        connection.execute(
            "insert into mart.offer_count "
            "select source, 'rome', created_on, 'X' || number, '1', 1 "
            "from mart.offer_count, generate_series(1, 200) as numbers (number) where dimension = 'all'"
        )
        connection.execute("analyze")
        yield connection


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a plan that read a relation."""
    if "Relation Name" in plan:
        yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def test_the_grants_of_the_guide_let_an_analyst_read_the_mart_alone(warehouse: Connection) -> None:
    add_run(warehouse, 2)
    add_offers(warehouse, 2, departement_code="59")
    for grant in GRANTS.split(";"):
        # the server may know the account already, from another test
        with suppress(psycopg.errors.DuplicateObject), warehouse.transaction():
            warehouse.execute(grant)
    warehouse.execute("create view mart.tomorrow as select 1 as one")
    warehouse.execute("set local role analyst")
    for view in VIEWS:
        rows(warehouse, f"select * from mart.{view}")  # noqa: S608
    for question in QUESTIONS:
        rows(warehouse, question)
    assert rows(warehouse, "select * from mart.tomorrow") == [(1,)]
    for forbidden in (
        "select from core.job_offer",
        "select from core.job_offer_skill",
        "select from control.ingestion_run",
        "delete from mart.rome",
        "create table mart.mine (one integer)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), warehouse.transaction():
            warehouse.execute(forbidden)


def test_the_guide_names_every_view(warehouse: Connection) -> None:
    found = rows(warehouse, "select viewname from pg_views where schemaname = 'mart' order by 1")
    assert [name for (name,) in found] == list(VIEWS)
    assert [view for view in VIEWS if f"| `mart.{view}` |" not in GUIDE] == []


def test_the_questions_of_the_guide_have_answers(warehouse: Connection) -> None:
    add_run(warehouse, 21)
    add_offers(warehouse, 10, "m", position_count=2, departement_code="59")
    add_offers(
        warehouse,
        11,
        "d",
        rome_code="M1811",
        salary_mid_eur_per_year=40_000,
        origin_code="2",
        departement_code=None,
    )
    add_skills(warehouse, "m1", ("Maçonner", "E"), ("Lire un plan", "S"))
    add_skills(warehouse, "m2", ("Maçonner", "E"))
    count_offers(warehouse)
    answers = [rows(warehouse, question) for question in QUESTIONS]
    (population,) = rows(
        warehouse, "select population from mart.departement where departement_code = '59'"
    )[0]
    assert answers == [
        [(DAY, "certified", 21, 0, 0)],
        [("Travaux et gros oeuvre", "Maçon / Maçonne", 10, 20)],
        [("Nord", round(Decimal(100_000) / population, 1))],
        [("Data engineer", 11, 40_000)],
        [("Maçonner", 2, 100), ("Lire un plan", 1, 50)],
    ]


def test_the_mart_shows_no_text_in_which_a_person_may_be_named(warehouse: Connection) -> None:
    found = rows(
        warehouse,
        "select table_name, column_name from information_schema.columns where table_schema = 'mart'",
    )
    assert {table for table, _ in found} >= set(VIEWS)
    shown = {column for _, column in found}
    assert not [
        column
        for column in shown
        if re.search(r"description|company_(name|url|siret)|comment|contact|mail|phone|url", column)
    ]


def test_which_label_stood_for_a_trade_and_when(warehouse: Connection) -> None:
    later = DAY + timedelta(20)
    old, new = "Expert-comptable / Experte-comptable", "Auditeur comptable / Auditrice comptable"
    add_offers(warehouse, 2, "a", rome_code="M1202", rome_label=old)
    add_offers(warehouse, 1, "b", rome_code="M1202", rome_label=old, created_on=DAY + timedelta(1))
    add_offers(warehouse, 3, "c", rome_code="M1202", rome_label=new, created_on=later)
    add_offers(warehouse, 1, "d", rome_code="K1304", rome_label=None)
    count_offers(warehouse, DAY, DAY + timedelta(1), later)
    found = rows(
        warehouse,
        "select rome_code, rome_label, first_on, last_on, offer_count from mart.trade_label order by 3",
    )
    assert found == [
        ("M1202", old, DAY, DAY + timedelta(1), 3),
        ("M1202", new, later, later, 3),
    ]


def test_a_trade_of_several_days_has_the_last_label_that_stood(warehouse: Connection) -> None:
    later = DAY + timedelta(20)
    add_offers(warehouse, 9, "a", rome_code="M1202", rome_label="Zélateur")
    add_offers(warehouse, 1, "b", rome_code="M1202", rome_label="Auditeur", created_on=later)
    add_offers(warehouse, 1, "c", rome_code="K1304", rome_label=None)
    add_run(warehouse, 9)
    add_run(warehouse, 2, day=later, run_id="later")
    add_skills(warehouse, "a1", ("Compter", "E"))
    found = rows(warehouse, "select rome_code, rome_label from mart.pay_by_trade order by 1")
    assert found == [
        ("K1304", "Employé familial / Employée familiale"),
        ("M1202", "Auditeur"),
    ]
    assert rows(warehouse, "select rome_label from mart.skill_by_trade") == [("Zélateur",)]


def test_a_code_of_an_activity_tells_its_nomenclature(warehouse: Connection) -> None:
    for file, nomenclature in (("naf", "naf_rev2"), ("naf_2025", "naf_2025")):
        wrong = rows(
            warehouse,
            f"select naf_code from mart.{file} where length(naf_code) = 6 and "  # noqa: S608
            f"mart.naf_nomenclature(naf_code, null, '2030-01-01') != '{nomenclature}'",
        )
        assert wrong == []
