from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.check import run_checks, store_results
from jobmarket.errors import ConfigurationError
from jobmarket.report.fr import analyses as fr
from jobmarket.report.query import query_report
from jobmarket.report.registry import ANALYSES, DIRECTORY, Analysis
from jobmarket.warehouse import apply_ddl

from tests.loaded_day import (
    DAY,
    DDL,
    SOURCE,
    THIS_RUN,
    add_offers,
    add_run,
    certificate,
    weeks_before,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    from psycopg import Connection


@pytest.fixture
def warehouse(postgres_dsn: str) -> Iterator[Connection[Any]]:
    # statements commit by themselves: query_report wants a connection with no transaction begun
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        apply_ddl(connection, DDL)
        yield connection


def records(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_frames_of_a_small_day(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 3, "A")
    add_offers(warehouse, 2, "B", contract_type_code="MIS", origin_code="2")
    add_offers(
        warehouse, 1, "C", contract_type_code=None, created_at="2026-11-18 00:00 Europe/Paris"
    )
    # other days and other sources stay out
    add_offers(warehouse, 7, "D", created_on=date(2026, 11, 17))
    add_offers(warehouse, 7, "E", source="another")
    add_run(warehouse, 6)
    facts, frames = query_report(warehouse, **THIS_RUN)
    assert sorted(records(frames["contracts"]), key=repr) == [("CDI", 3), ("MIS", 2), (None, 1)]
    by_hour = records(frames["hours"])
    assert [int(hour) for hour, _, _ in by_hour] == list(range(24))
    assert {int(hour): (one, two) for hour, one, two in by_hour if one or two} == {
        0: (1, 0),
        10: (3, 2),
    }
    assert records(frames["places"]) == [("59", None, 6)]
    assert (facts.offers, facts.partner_offers) == (6, 2)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"commune_code": "75112", "postcode": "75012", "place_label": "75 - PARIS 12"}, "75"),
        ({"commune_code": "2A004", "postcode": "20090", "place_label": "2A - AJACCIO"}, "2A"),
        ({"commune_code": "97411", "postcode": "97400", "place_label": "974 - ST DENIS"}, "974"),
        ({"commune_code": "01238"}, "01"),
        ({"commune_code": "98818"}, "988"),
        ({"postcode": "20000"}, "2A"),
        ({"postcode": "20100"}, "2A"),
        ({"postcode": "20200"}, "2B"),
        ({"postcode": "20600"}, "2B"),
        ({"postcode": "97500"}, "975"),
        ({"postcode": "01600"}, "01"),
        ({"place_label": "67 - Rhin (Bas)"}, "67"),
        ({"place_label": "2B - BASTIA"}, "2B"),
        ({"place_label": "971 - BAIE MAHAULT"}, "971"),
        # what is wrong gives way to what is right
        ({"commune_code": "99131", "postcode": "74000"}, "74"),
        ({"postcode": "00000", "place_label": "33 - BORDEAUX"}, "33"),
        # and what is wider than a département is said as it is
        ({"place_label": "France"}, None),
        ({"place_label": "Île-de-France"}, None),
        ({"commune_code": "99138", "place_label": "Monaco"}, None),
        ({"postcode": "98000", "place_label": "Principauté de Monaco"}, None),
        ({"place_label": "20 - Corse"}, None),
        ({"place_label": "96 - Nulle part"}, None),
        ({"place_label": "2026 - 33"}, None),
    ],
)
def test_departement(place: dict[str, str], code: str | None, places_of: Places) -> None:
    label = place.get("place_label")
    expected = (code, None if code else label, 1)
    assert places_of(place) == [expected]


class Places:
    """Asks the query of places about one offer; all cases share a database."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self.query = (DIRECTORY / "places.sql").read_bytes()

    def __call__(self, place: dict[str, str]) -> list[tuple[Any, ...]]:
        nowhere: dict[str, Any] = {"commune_code": None, "postcode": None, "place_label": None}
        with self.connection.transaction(force_rollback=True):
            add_offers(self.connection, 1, **nowhere | place)
            return self.connection.execute(self.query, THIS_RUN).fetchall()


@pytest.fixture(scope="module")
def places_of(postgres: Any) -> Iterator[Places]:
    address = postgres.create_database("test_report_places")
    with psycopg.connect(address, autocommit=True) as connection:
        apply_ddl(connection, DDL)
        yield Places(connection)


def test_offer_without_any_place(places_of: Places) -> None:
    assert places_of({}) == [(None, "", 1)]


@pytest.mark.parametrize(
    ("day", "created_at", "hour"),
    [
        ("2026-10-25", "2026-10-25 00:30 UTC", 2),  # 2:30 in summer time
        ("2026-10-25", "2026-10-25 01:30 UTC", 2),  # 2:30 once more, in winter time
        ("2026-03-29", "2026-03-29 01:30 UTC", 3),  # an hour earlier it was 1:30
        ("2026-07-14", "2026-07-13 22:00 UTC", 0),
        ("2026-07-14", "2026-07-14 21:59 UTC", 23),
    ],
)
def test_hours_are_those_of_paris_clocks(
    warehouse: Connection[Any], day: str, created_at: str, hour: int
) -> None:
    on = date.fromisoformat(day)
    add_offers(warehouse, 5, created_on=on, created_at=created_at)
    add_run(warehouse, 5, day=on)
    _, frames = query_report(warehouse, **THIS_RUN | {"day": on})
    assert [int(at) for at, offers, _ in records(frames["hours"]) if offers] == [hour]


def test_days_come_from_the_best_run_of_each(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 9)
    add_run(warehouse, 9)
    yesterday, week = DAY - timedelta(days=1), weeks_before(1)
    not_certified: dict[str, Any] = {"certificate": {"certified": False}}
    add_run(warehouse, 500, day=week, run_id="sample", is_sample=True, **not_certified)
    add_run(warehouse, 400, day=week, run_id="whole", unchanged_count=7, rejected_count=2)
    add_run(warehouse, 30, day=yesterday, is_sample=True, **not_certified)
    add_run(warehouse, 77, day=DAY - timedelta(days=2), status="refused")
    add_run(warehouse, 88, day=weeks_before(4))  # the 29th day back
    add_run(warehouse, 99, day=DAY + timedelta(days=1))
    _, frames = query_report(warehouse, **THIS_RUN)
    days = {row[0]: row[1:] for row in records(frames["days"])}
    assert list(days) == [DAY - timedelta(days=number) for number in range(27, -1, -1)]
    assert {day: numbers for day, numbers in days.items() if numbers != (None, None)} == {
        week: (405, None),
        yesterday: (None, 30),
        DAY: (9, None),
    }


def test_empty_day(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 0)
    facts, frames = query_report(warehouse, **THIS_RUN)
    assert facts.offers == 0
    assert facts.updated_at is None
    assert records(frames["contracts"]) == records(frames["places"]) == []
    assert sum(one + two for _, one, two in records(frames["hours"])) == 0
    assert records(frames["days"])[-1] == (DAY, 0, None)


def test_facts_of_the_run(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 12)
    add_offers(warehouse, 1, "N", updated_at="2026-11-19 04:30 UTC")
    add_run(warehouse, 15, rejected_count=2, drift='{"salaire.devise": 3}', is_sample=True)
    results = run_checks(warehouse, **THIS_RUN)
    store_results(warehouse, results, **THIS_RUN)
    facts, _ = query_report(warehouse, **THIS_RUN)
    assert facts.certificate == certificate(15)
    assert facts.checks == results
    assert (facts.source, facts.day, facts.run_id) == (SOURCE, DAY, "run-1")
    assert facts.read_at == datetime(2026, 11, 19, 4, 8, tzinfo=UTC)
    assert facts.updated_at == datetime(2026, 11, 19, 4, 30, tzinfo=UTC)
    assert (facts.is_sample, facts.rejected, facts.offers) == (True, 2, 13)
    assert facts.drift == {"salaire.devise": 3}


@pytest.mark.parametrize("columns", [{"run_id": "other"}, {"status": "refused"}])
def test_run_that_was_not_loaded_has_no_report(
    warehouse: Connection[Any], columns: dict[str, str]
) -> None:
    add_run(warehouse, 1, **columns)
    with pytest.raises(
        ConfigurationError, match="Expected run run-1 of france_travail for 2026-11-18"
    ):
        query_report(warehouse, **THIS_RUN)


def test_report_reads_only(warehouse: Connection[Any], tmp_path: Path) -> None:
    add_run(warehouse, 0)
    (tmp_path / "run_facts.sql").write_bytes((DIRECTORY / "run_facts.sql").read_bytes())
    (tmp_path / "evil.sql").write_text("delete from control.ingestion_run returning 1")
    evil = Analysis("evil", fr.CONTRACTS, "ranked")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        query_report(warehouse, **THIS_RUN, analyses=[evil], directory=tmp_path)


def test_analyses_that_share_a_query_ask_once(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 0)
    _, frames = query_report(warehouse, **THIS_RUN)
    assert list(frames) == ["contracts", "hours", "days", "places"]
    assert {analysis.sql for analysis in ANALYSES} == set(frames)
    assert replace(ANALYSES[0], frame="places").sql == "places"
