"""The history by PySpark's API and by SQL: the same figures. `make test-spark` runs it.

Not part of `make test`: Spark's client and its server need an environment of 600 MB.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from jobmarket.history.rows import rows_of

from bench.history import ask_spark
from bench.history_offers import FIRST_DAY, SOURCE, day_of, offers
from bench.history_writers import Place
from local.object_store import SECRET
from tests.support.history_catalogs import fresh, rest_catalog, rest_extra

if TYPE_CHECKING:
    from local.object_store import ObjectStore

DAYS, OFFERS = 4, 2_000


@pytest.mark.skipif(
    not os.environ.get("JOBMARKET_SPARK_PYTHON"), reason="make test-spark installs Spark's API"
)
def test_pyspark_gives_the_figures_of_sql(object_store: ObjectStore) -> None:
    history = fresh(rest_catalog(object_store))
    pool = rows_of(offers(OFFERS)).table
    days = [FIRST_DAY + timedelta(days=at) for at in range(DAYS)]
    for day in days:
        history.write_day(SOURCE, day, day_of(pool, day, OFFERS))
    # a day that was replaced is there once
    history.write_day(SOURCE, days[1], day_of(pool, days[1], OFFERS - 1))
    place = Place(object_store.endpoint_url, rest_extra(object_store)["uri"], SECRET)
    # ends unless each group has the offers, the stated pays and the mean pay that SQL gives
    asked = ask_spark(os.environ["JOBMARKET_SPARK_PYTHON"], place, history)
    assert asked["offers"] == DAYS * OFFERS - 1
    assert asked["groups"] > 100
