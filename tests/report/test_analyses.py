"""Every analysis of the registry: what it asks is there, and its table, words and drawing fit each other."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import psycopg
import pytest
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.report import analyses
from jobmarket.report.analyses.contracts import CONTRACTS
from jobmarket.report.analyses.employers import BY_NAME, agencies, employers
from jobmarket.report.analyses.reading_methods import READING_METHODS, pay_kinds, place_methods
from jobmarket.report.analysis import Analysis
from jobmarket.report.page import render_report
from jobmarket.report.queries import Dimension, SqlFile
from jobmarket.report.query import DIRECTORY
from jobmarket.report.registry import ANALYSES
from jobmarket.report.table_builders import ComparedTable, MoversTable

from tests.support.loaded_day import DAY, DDL, SOURCE, add_offers, count_offers
from tests.support.report_facts import COUNTED, FILES, answers, require_counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from psycopg import Connection

    from local.postgres import Postgres


@pytest.fixture(scope="module")
def warehouse(postgres: Postgres) -> Iterator[Connection[Any]]:
    with psycopg.connect(postgres.create_database("analyses"), autocommit=True) as connection:
        apply_ddl(connection, DDL)
        yield connection


def every(analysis: Analysis) -> str:
    return analysis.key


@pytest.mark.parametrize("analysis", ANALYSES, ids=every)
def test_the_table_of_the_sample_fits_its_words(analysis: Analysis) -> None:
    table, text = analysis.table(answers()), analysis.text
    if isinstance(analysis.builder, MoversTable):
        assert table.labels == []  # the days before are alike
    else:
        assert table.labels
        assert {"label", *table.series} == set(text.columns) - {"code", "compared"}
        assert text.finding(table) not in ("", text.empty)
    assert len(table.codes) == len(table.labels)
    html = render_report(answers(), [replace(analysis, is_part=False)])["index.html"].decode()
    assert text.title in html
    assert text.measure in html or not table.labels


def test_the_registry_has_every_analysis_once() -> None:
    modules = [
        import_module(f"{analyses.__name__}.{module.name}")
        for module in pkgutil.iter_modules(analyses.__path__)
    ]
    made = [one for module in modules for one in vars(module).values() if isinstance(one, Analysis)]
    assert sorted(map(every, made)) == sorted(map(every, ANALYSES))
    assert len({analysis.key for analysis in ANALYSES}) == len(ANALYSES)
    assert not ANALYSES[0].is_part


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_a_file_answers_with_the_columns_of_its_sample(
    file: SqlFile, warehouse: Connection[Any]
) -> None:
    asked = {"source": SOURCE, "first_day": DAY, "last_day": DAY, "least": 5}
    answered = warehouse.execute((DIRECTORY / f"{file.stem}.sql").read_bytes(), asked)
    assert [column.name for column in answered.description or ()] == file.columns.split()
    assert all(len(row) == len(file.columns.split()) for row in file.sample)


def test_what_a_load_counts_is_what_analyses_may_ask_for(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 1, technology_codes=["python"], sector_code="62")
    warehouse.execute(
        "insert into core.job_offer_partner (source, offer_id, position, partner_name) "
        "select source, offer_id, 0, 'JOBATOUT' from core.job_offer"
    )
    count_offers(warehouse)
    counted = warehouse.execute("select distinct dimension from mart.offer_count").fetchall()
    assert {dimension for (dimension,) in counted} == COUNTED


def test_an_analysis_of_what_nobody_counts_stops_the_tests_as_they_are_collected() -> None:
    weather = ComparedTable(Dimension("weather", sample={"rain": (5, 5)}))
    with pytest.raises(LookupError, match="experience is of the dimension weather, which no load"):
        require_counted([Analysis("experience", CONTRACTS.text, weather)])


def test_employers_and_agencies_apart_those_not_known_unnamed() -> None:
    rows = BY_NAME.rows(
        [
            (False, "VALTERRE", 12, 5, False),
            (False, "Jean Durand", 7, 1, False),
            (True, "VIVATEMP", 16, 4, False),
            (True, None, 5, 2, False),
        ]
    )
    assert employers(rows) == ([("VALTERRE", 12), ("", 7)], 1)
    assert agencies(rows) == ([("VIVATEMP", 16), (None, 5)], 0)


def test_places_and_pay_apart() -> None:
    rows = READING_METHODS.rows([("pay", "stated", "hour", 3), ("place", "commune", "postcode", 4)])
    assert pay_kinds(rows) == ([("stated", 3)], 0)
    assert place_methods(rows) == ([("postcode", 4)], 0)
