from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.checks import run_checks, store_results
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.period import day_period, period_around
from jobmarket.report.analyses.contracts import CONTRACTS
from jobmarket.report.baseline import DayRead
from jobmarket.report.queries import SqlFile
from jobmarket.report.query import DIRECTORY, query_report, standings
from jobmarket.report.table_builders import RankedTable

from tests.support.loaded_day import (
    DAY,
    RUN,
    SOURCE,
    THIS_RUN,
    add_counts,
    add_offers,
    add_run,
    certificate,
    count_offers,
    weeks_before,
)
from tests.support.report_facts import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection


ASKED: dict[str, Any] = {"source": SOURCE, "period": day_period(DAY), "run_id": RUN}


def ask(warehouse: Connection[Any], stem: str) -> list[tuple[Any, ...]]:
    count_offers(warehouse)
    return query_report(warehouse, **ASKED).rows[stem]


def test_answers_of_a_small_day(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 3, "A")
    add_offers(warehouse, 2, "B", contract_type_code="MIS", origin_code="2")
    add_offers(
        warehouse, 1, "C", contract_type_code=None, created_at="2026-11-18 00:00 Europe/Paris"
    )
    # other days and other sources stay out
    add_offers(warehouse, 7, "D", created_on=date(2026, 11, 17))
    add_offers(warehouse, 7, "E", source="another")
    add_run(warehouse, 6)
    count_offers(warehouse)
    answers = query_report(warehouse, **ASKED)
    counts = answers.counts
    assert counts.by_value("now", "contract_type") == {"CDI": 3, "MIS": 2, "": 1}
    assert counts.by_value("now", "departement", "2") == {"59": 2}
    assert (counts.total("now", "1"), counts.total("now")) == (4, 6)
    by_hour = answers.rows["hours"]
    assert [int(hour) for hour, _, _ in by_hour] == list(range(24))
    assert {int(hour): (one, two) for hour, one, two in by_hour if one or two} == {
        0: (1, 0),
        10: (3, 2),
    }
    assert (answers.facts.offers, answers.facts.partner_offers) == (6, 2)
    assert answers.read == [DayRead(DAY, "certified", 6, 0)]


def test_wider_places(warehouse: Connection[Any]) -> None:
    nowhere: dict[str, Any] = {"departement_code": None, "region_code": None}
    add_offers(warehouse, 1, "A")
    add_offers(warehouse, 2, "B", **nowhere, place_kind="france", place_label="FRANCE")
    add_offers(warehouse, 3, "C", departement_code=None, region_code="44", place_kind="region")
    add_offers(warehouse, 4, "D", **nowhere, place_kind="foreign", place_label="Monaco")
    add_offers(warehouse, 5, "E", **nowhere, place_kind="unknown", place_label=None)
    add_run(warehouse, 15)
    assert sorted(ask(warehouse, "wider_places")) == [
        ("?", 5),
        ("Monaco", 4),
        ("france", 2),
        ("region 44", 3),
    ]


def test_pay_is_the_figure_that_the_load_made(warehouse: Connection[Any]) -> None:
    def paid(middle: float | None, /, **columns: Any) -> dict[str, Any]:
        bounds = {"salary_min_eur_per_year": 1, "salary_max_eur_per_year": 1}
        return {"salary_kind": "stated", "salary_mid_eur_per_year": middle, **bounds, **columns}

    add_offers(warehouse, 1, "A", **paid(25_000, is_minimum_wage=True))
    add_offers(warehouse, 1, "B", **paid(35_000, salary_kind="corrected", is_minimum_wage=False))
    add_offers(warehouse, 1, "C", **paid(45_000, rome_code="M1805", is_minimum_wage=False))
    # none of these is a pay of a trade
    add_offers(warehouse, 1, "D", **paid(None, salary_kind="implausible"))
    add_offers(warehouse, 1, "E", **paid(None, is_work_study=True))
    add_offers(warehouse, 1, "F", **paid(1, rome_code=None))
    add_offers(warehouse, 1, "G", **paid(1, created_on=date(2026, 11, 17)))
    add_run(warehouse, 6)
    assert ask(warehouse, "pay") == [
        ("", 3, 30_000, 35_000, 40_000, 1),
        ("F", 2, 27_500, 30_000, 32_500, 1),
        ("F1703", 2, 27_500, 30_000, 32_500, 1),
        ("M", 1, 45_000, 45_000, 45_000, 0),
        ("M1805", 1, 45_000, 45_000, 45_000, 0),
    ]


def test_agencies_are_told_by_their_activity_and_their_missions(
    warehouse: Connection[Any],
) -> None:
    def of(name: str | None, **columns: Any) -> dict[str, Any]:
        return {"company_name": name, **columns}

    add_offers(warehouse, 4, "A", **of("Valterre ", sector_code="41"))
    add_offers(warehouse, 3, "B", **of("VALTERRE"))
    add_offers(warehouse, 5, "C", **of("VIVATEMP", sector_code="78"))
    add_offers(warehouse, 2, "D", **of("VIVATEMP"))
    add_offers(warehouse, 6, "E", **of("RELAIS  INTERIM", contract_type_code="MIS"))
    add_offers(warehouse, 5, "F", **of("NAFTEMP", naf_code="78.20Z"))
    add_offers(warehouse, 4, "G", **of("Trop petit"))
    add_offers(warehouse, 8, "H", **of(None))
    add_offers(warehouse, 1, "I", **of("  ", contract_type_code="MIS"))
    add_run(warehouse, 38)
    assert ask(warehouse, "employers") == [
        (False, None, 8, 1, False),
        (False, "VALTERRE", 7, 1, False),
        (False, "", 4, 1, False),
        (True, "VIVATEMP", 7, 1, False),
        (True, "RELAIS INTERIM", 6, 1, False),
        (True, "NAFTEMP", 5, 1, False),
        (True, None, 1, 1, False),
    ]


def test_readings_of_place_and_pay(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 3, "A")
    add_offers(warehouse, 2, "B", place_method="label", salary_kind="stated", salary_rule="hour")
    add_run(warehouse, 5)
    assert ask(warehouse, "reading_methods") == [
        ("pay", "absent", None, 3),
        ("pay", "stated", "hour", 2),
        ("place", "commune", "commune_code", 3),
        ("place", "commune", "label", 2),
    ]


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
    count_offers(warehouse, on)
    rows = query_report(warehouse, **ASKED | {"period": day_period(on)}).rows
    assert [int(at) for at, offers, _ in rows["hours"] if offers] == [hour]


def test_days_come_from_the_best_run_of_each(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 9)
    add_run(warehouse, 9)
    yesterday, week = DAY - timedelta(days=1), weeks_before(1)
    not_certified: dict[str, Any] = {"certificate": {"certified": False}}
    add_run(warehouse, 500, day=week, run_id="sample", is_sample=True, **not_certified)
    add_run(warehouse, 400, day=week, run_id="whole", unchanged_count=7, rejected_count=2)
    add_run(warehouse, 30, day=yesterday, is_sample=True, **not_certified)
    add_run(warehouse, 77, day=DAY - timedelta(days=2), status="refused")
    gap: dict[str, Any] = {"certificate": {"certified": False, "gap": 5}}
    add_run(warehouse, 88, day=weeks_before(4), **gap)
    add_run(warehouse, 66, day=DAY - timedelta(days=29))  # before the four weeks
    add_run(warehouse, 99, day=DAY + timedelta(days=1))
    count_offers(warehouse)
    # where the counts of a day are known they are more than those of its run
    add_counts(warehouse, yesterday, "all", o1_=20, o2_=12)
    assert query_report(warehouse, **ASKED).read == [
        DayRead(weeks_before(4), "with_gap", 88, 5, is_counted=False),
        DayRead(week, "certified", 405, 0, is_counted=False),
        DayRead(yesterday, "sample", 32, 0),
        DayRead(DAY, "certified", 9, 0),
    ]


def test_a_day_without_counts_is_no_measure_and_has_no_report(warehouse: Connection[Any]) -> None:
    for weeks in range(5):
        add_offers(warehouse, 10, f"{weeks}-", created_on=weeks_before(weeks))
        add_run(warehouse, 10, day=weeks_before(weeks))
    # the others were loaded before days were counted
    count_offers(warehouse, weeks_before(0), weeks_before(2))
    answers = query_report(warehouse, **ASKED)
    assert (answers.counts.total("usual"), answers.baseline.references) == (10, 1)
    with pytest.raises(ConfigurationError, match=r"2026-11-11 cannot be reported: .* this day"):
        query_report(warehouse, **ASKED | {"period": day_period(weeks_before(2) + timedelta(7))})
    week = period_around("week", weeks_before(1))
    with pytest.raises(ConfigurationError, match="2026-11-11 cannot be reported"):
        query_report(warehouse, source=SOURCE, period=week)


def test_a_day_whose_offers_are_all_held_elsewhere_is_reported_as_empty(
    warehouse: Connection[Any],
) -> None:
    # its one offer was dated anew and stands, newer, under another day: there is nothing to count, ever
    add_run(warehouse, 1, inserted_count=0, stale_count=1)
    count_offers(warehouse)
    answers = query_report(warehouse, **ASKED)
    assert answers.read == [DayRead(DAY, "certified", 0, 0)]
    assert answers.facts.runs[0].offers == 0


def test_a_sample_does_not_stand_for_a_day_that_was_read(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 9)
    add_run(warehouse, 9, run_id="whole", certificate={"certified": False, "gap": 1})
    later: dict[str, Any] = {"collection_finished_at": "2026-11-20 05:00 UTC"}
    add_run(warehouse, 2, run_id="s", is_sample=True, certificate={"certified": False}, **later)
    count_offers(warehouse)
    answers = query_report(warehouse, source=SOURCE, period=period_around("week", DAY))
    assert [run.run_id for run in answers.facts.runs] == ["whole"]
    assert answers.read == [DayRead(DAY, "with_gap", 9, 1)]


def test_counts_are_weighed_by_day(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 10)
    add_run(warehouse, 10)
    count_offers(warehouse)
    for weeks, offers in ((1, 1_000), (2, 6), (3, 9), (4, 15)):  # a week ago was a holiday
        add_run(warehouse, offers, day=weeks_before(weeks))
        add_counts(warehouse, weeks_before(weeks), "all", o1_=offers)
        add_counts(warehouse, weeks_before(weeks), "contract_type", o1_CDI=offers)
    add_run(warehouse, 8, day=DAY - timedelta(days=1))
    add_counts(warehouse, DAY - timedelta(days=1), "all", o2_=8)
    add_counts(warehouse, DAY - timedelta(days=1), "contract_type", o2_CDI=8)
    counts = query_report(warehouse, **ASKED).counts
    assert counts.total("usual") == counts.by_value("usual", "contract_type")["CDI"] == 10
    assert (counts.total("before", "2"), counts.total("earlier")) == (8, 1_000)
    # what only totals are compared with is not read by group
    assert counts.by_value("before", "contract_type") == {}


def test_a_week_is_that_of_its_days(warehouse: Connection[Any]) -> None:
    sunday, monday = date(2026, 11, 15), date(2026, 11, 16)
    for number, day in enumerate((sunday, monday, DAY), start=1):
        add_offers(warehouse, number, str(number), created_on=day)
        add_run(warehouse, number, day=day, run_id=f"run-{number}")
    add_run(warehouse, 1, day=DAY, run_id="earlier", collection_finished_at="2026-11-19 00:00 UTC")
    count_offers(warehouse, sunday, monday, DAY)
    week = period_around("week", DAY)
    answers = query_report(warehouse, source=SOURCE, period=week)
    assert [run.run_id for run in answers.facts.runs] == ["run-2", "run-3"]
    assert answers.facts.missing == [date(2026, 11, number) for number in (17, 19, 20, 21, 22)]
    assert answers.facts.offers == answers.counts.total("now") == 5
    assert sum(one + two for _, one, two in answers.rows["hours"]) == 5


def test_empty_day(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 0)
    count_offers(warehouse)
    answers = query_report(warehouse, **ASKED)
    assert answers.facts.offers == 0
    assert answers.facts.updated_at is None
    assert answers.counts.groups("rome") == []
    assert sum(one + two for _, one, two in answers.rows["hours"]) == 0
    assert answers.read == [DayRead(DAY, "certified", 0, 0)]


def test_facts_of_the_run(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 12)
    add_offers(warehouse, 1, "N", updated_at="2026-11-19 04:30 UTC")
    add_run(warehouse, 15, rejected_count=2, drift='{"salaire.devise": 3}', is_sample=True)
    results = run_checks(warehouse, **THIS_RUN)
    store_results(warehouse, results, **THIS_RUN)
    count_offers(warehouse)
    (facts,) = query_report(warehouse, **ASKED).facts.runs
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
        query_report(warehouse, **ASKED)


def test_a_week_without_any_run_has_no_report(warehouse: Connection[Any]) -> None:
    with pytest.raises(
        ConfigurationError, match="Expected a loaded run of france_travail for 2026-W47"
    ):
        query_report(warehouse, source=SOURCE, period=period_around("week", DAY))


def test_report_reads_only(warehouse: Connection[Any], tmp_path: Path) -> None:
    add_run(warehouse, 0)
    for stem in ("run_facts", "receipt", "days_read", "counts", "partner_reach"):
        (tmp_path / f"{stem}.sql").write_bytes((DIRECTORY / f"{stem}.sql").read_bytes())
    (tmp_path / "evil.sql").write_text("delete from control.ingestion_run returning 1")
    table = RankedTable(SqlFile("evil", "label offers", []))
    evil = replace(CONTRACTS, key="evil", builder=table)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        query_report(warehouse, **ASKED, analyses=[evil], directory=tmp_path)


def test_the_files_of_all_analyses_are_asked(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 0)
    assert list(query_report(warehouse, **ASKED).rows) == list(FILES)


def test_every_query_is_asked() -> None:
    asked = FILES.keys() | {
        *("run_facts", "receipt", "days_read", "counts", "standings", "partner_reach"),
        "trade_labels",
    }
    assert {file.stem for file in DIRECTORY.glob("*.sql")} == asked


def test_only_rows_of_the_period_are_read(warehouse: Connection[Any]) -> None:
    """Every query of core asks by day, which the index knows."""
    for file in DIRECTORY.glob("*.sql"):
        text = file.read_text()
        days = (
            "created_on between %(first_day)s and %(last_day)s",
            "created_on = any(%(days)s::date[])",
        )
        assert len(re.findall(r"core\.job_offer\b", text)) == sum(map(text.count, days)), file.name


def test_standings(warehouse: Connection[Any]) -> None:
    for day in (15, 16, 17):
        add_run(warehouse, 1, day=date(2026, 11, day))
    add_run(warehouse, 1, day=DAY, certificate={"certified": False})
    add_run(warehouse, 1, day=date(2026, 11, 19), status="refused")
    found = standings(warehouse, source=SOURCE, period=period_around("week", DAY))
    assert found == {
        date(2026, 11, 16): "certified",
        date(2026, 11, 17): "certified",
        DAY: "uncertified",
    }


def test_trades_are_called_as_most_offers_of_the_period_call_them(
    warehouse: Connection[Any],
) -> None:
    """Days that were loaded before labels were counted are read from their offers."""
    monday = DAY - timedelta(days=2)
    old, new = "Expert-comptable / Experte-comptable", "Auditeur comptable / Auditrice comptable"
    add_offers(warehouse, 3, "a", rome_code="M1202", rome_label=old, created_on=monday)
    add_offers(warehouse, 2, "b", rome_code="M1202", rome_label=new)
    add_offers(warehouse, 1, "c", rome_code="K1304", rome_label="Aide", created_on=monday)
    add_offers(warehouse, 1, "d", rome_code="J1501", rome_label=None)
    add_offers(
        warehouse, 9, "e", rome_code="M1202", rome_label=new, created_on=DAY + timedelta(days=9)
    )
    add_run(warehouse, 4, day=monday, run_id="monday")
    add_run(warehouse, 3)
    count_offers(warehouse, monday, DAY)
    week = query_report(warehouse, source=SOURCE, period=period_around("week", DAY))
    assert week.trade_labels == {"M1202": old, "K1304": "Aide"}
    assert query_report(warehouse, **ASKED).trade_labels == {"M1202": new}
    warehouse.execute("delete from mart.offer_count where dimension = 'rome_label'")
    again = query_report(warehouse, source=SOURCE, period=period_around("week", DAY))
    assert again.trade_labels == week.trade_labels
