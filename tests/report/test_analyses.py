"""Every analysis of the registry: what it asks is there, and its table, words and drawing fit each other."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

import psycopg
import pytest
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.report import analyses
from jobmarket.report.analyses.contracts import CONTRACTS
from jobmarket.report.analyses.employers import BY_NAME, agencies, employers
from jobmarket.report.analyses.reading_methods import READING_METHODS, pay_kinds, place_methods
from jobmarket.report.page import render_report
from jobmarket.report.queries import Dimension, SqlFile
from jobmarket.report.query import DIRECTORY
from jobmarket.report.registry import ANALYSES, in_order, made_in
from jobmarket.report.table_builders import ComparedTable, MoversTable

from tests.support.loaded_day import DAY, DDL, SOURCE, add_offers, count_offers
from tests.support.report_facts import COUNTED, FILES, answers, require_counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from jobmarket.report.analysis import Analysis
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
    html = render_report(answers(), [replace(analysis, part=0)])["index.html"].decode()
    assert text.title in html
    assert text.measure in html or not table.labels


# a section a line, its parts behind it; others may come between them
ORDER = """
contracts
hours
days
stock stock_flows stock_lives
places top_places wider_places place_readings
trades trades_up trades_down
pay pay_trades pay_readings
technologies technologies_up technologies_down
employers agencies
partners
"""


def test_the_page_is_read_in_this_order() -> None:
    opening = [line.split()[0] for line in ORDER.split("\n") if line]
    known = [analysis for analysis in ANALYSES if analysis.key in ORDER.split()]
    assert [analysis.key for analysis in known] == ORDER.split()
    assert [analysis.key for analysis in known if not analysis.is_part] == opening


def test_an_analysis_is_found_in_a_module_of_the_folder_and_stands_where_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weather.py").write_text(
        "from dataclasses import replace\n"
        "from jobmarket.report.analyses.contracts import CONTRACTS\n"
        "from jobmarket.report.analyses.trades import TRADES\n"
        "WEATHER = replace(TRADES, key='weather', section=CONTRACTS.section + 1)\n"
        "RAIN = replace(WEATHER, key='rain', part=10)\n"
    )
    monkeypatch.setattr(analyses, "__path__", [*analyses.__path__, str(tmp_path)])
    monkeypatch.setitem(sys.modules, f"{analyses.__name__}.weather", ModuleType("to be forgotten"))
    del sys.modules[f"{analyses.__name__}.weather"]
    found = in_order(made_in(analyses))
    keys = [*map(every, ANALYSES)]
    assert [*map(every, found)] == [*keys[:1], "weather", "rain", *keys[1:]]


FIRST = replace(CONTRACTS, key="first", section=1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "first", "section": 2}, "first has its key or its place"),
        ({"key": "other"}, "its place on the page, section 1, part 0, in common with another"),
        (
            {"key": "other", "section": 2, "part": 10},
            "a part of section 2, which there is not: .* 1",
        ),
    ],
)
def test_an_analysis_has_a_key_and_a_place_of_its_own(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        in_order([FIRST, replace(FIRST, **changes)])


def test_an_analysis_that_two_modules_name_is_read_once() -> None:
    part = replace(FIRST, key="part", part=10)
    assert in_order([part, FIRST, part, FIRST]) == (FIRST, part)


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
        require_counted([replace(CONTRACTS, key="experience", builder=weather)])


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
