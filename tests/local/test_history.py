"""Questions to the history by DuckDB: on a real object store, counted by what it is asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from jobmarket.history.rows import rows_of

from bench.history_offers import SOURCE, day_of, offers
from local.history import QUESTION, open_duckdb
from tests.support.history_catalogs import fresh, rest_catalog

if TYPE_CHECKING:
    import pyarrow as pa
    from jobmarket.history.table import History

    from local.object_store import ObjectStore

DAYS = (date(2026, 11, 16), date(2026, 11, 17))
OFFERS_A_DAY = 20_000
FOOTER_AND_COLUMNS = 2
REQUESTS = """
select regexp_extract(request.url, '[^/]*$') as file, count(*)
from duckdb_logs_parsed('HTTP') where request.url like '%.parquet' group by file
"""


@pytest.fixture(scope="module")
def days() -> dict[date, pa.Table]:
    pool = rows_of(offers(2_000)).table
    return {day: day_of(pool, day, OFFERS_A_DAY) for day in DAYS}


@pytest.fixture(scope="module")
def history(object_store: ObjectStore, days: dict[date, pa.Table]) -> History:
    filled = fresh(rest_catalog(object_store))
    for day, rows in days.items():
        filled.write_day(SOURCE, day, rows)
    return filled


@pytest.mark.parametrize(
    "question",
    [
        "select rome_code, count(*), avg(salary_mid_eur_per_year) from history group by all",
        "select rome_code, departement_code, avg(salary_mid_eur_per_year) from history group by all",
        "select departement_code, median(salary_mid_eur_per_year) from history group by all",
        "select date_trunc('month', created_on), rome_code, count(*) from history group by all",
        "select date_trunc('month', created_on), unnest(technology_codes) as code from history",
        "select contract_type_code, avg(salary_mid_eur_per_year) from history group by all",
        QUESTION,
    ],
)
def test_what_is_asked_most_is_two_requests_a_day(history: History, question: str) -> None:
    """Over years the requests are what a question costs: of a footer, and of columns that lie together."""
    connection = open_duckdb(history.table())
    connection.execute("call enable_logging('HTTP')")
    assert connection.execute(question).fetchall()
    asked = connection.execute(REQUESTS).fetchall()
    assert [count for _, count in asked] == [FOOTER_AND_COLUMNS] * len(DAYS)
    assert len({name for name, _ in asked}) == len(DAYS)


def test_the_figures_are_those_of_the_rows(history: History, days: dict[date, pa.Table]) -> None:
    found = open_duckdb(history.table()).execute(
        "select created_on, count(*), sum(position_count) from history group by all order by all"
    )
    assert found.fetchall() == [
        (day, OFFERS_A_DAY, sum(rows["position_count"].to_pylist())) for day, rows in days.items()
    ]
