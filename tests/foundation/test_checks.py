from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobmarket.foundation.checks import (
    COLUMNS,
    DIRECTORY,
    CheckResult,
    judge,
    require_passed,
    run_checks,
    store_results,
)
from jobmarket.foundation.errors import CheckFailed, ConfigurationError
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.report.words.fr.checks import check_name

from tests.support.loaded_day import (
    DAY,
    DDL,
    RUN,
    SOURCE,
    THIS_RUN,
    add_offers,
    add_run,
    count_offers,
    weeks_before,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psycopg import Connection

    from local.postgres import Postgres

    Change = Callable[[Connection[Any]], object]


@pytest.fixture(scope="module")
def dsn(postgres: Postgres) -> str:
    address = postgres.create_database("test_check")
    with psycopg.connect(address) as connection:
        apply_ddl(connection, DDL)
    return address


@pytest.fixture
def warehouse(dsn: str) -> Iterator[Connection[Any]]:
    """Yield a connection to an empty warehouse; what a test writes is rolled back."""
    with psycopg.connect(dsn) as connection:
        add_sweep(connection)
        yield connection
        connection.rollback()


def add_sweep(connection: Connection[Any]) -> None:
    connection.execute(
        "insert into control.sweep (source, day, run_id, started_at, finished_at, is_certified,"
        " is_counted, offer_count, absent_count, counts)"
        " select 'france_travail', '2026-11-18', 'sweep', at, at, true, true,"
        " 0, 0, '{}' from (select timestamptz '2026-11-18 23:00Z' as at) as fixed"
    )


def row(**numbers: float | None) -> dict[str, float | None]:
    return dict.fromkeys(COLUMNS) | numbers


@pytest.mark.parametrize(
    ("name", "numbers", "verdict", "sentence"),
    [
        ("rows", row(observed=3), "passed", "rows: 3, within its bounds."),
        (
            "rows",
            row(observed=3, fail_below=3, fail_above=3),
            "passed",
            "rows: 3, within its bounds.",
        ),
        ("rows", row(observed=0, fail_above=0), "passed", "rows: 0, within its bounds."),
        (
            "rows",
            row(observed=40000, fail_below=40001),
            "failed",
            "rows: 40,000 is below the minimum 40,001 (why, and when to move it: rows.sql).",
        ),
        (
            "rows",
            row(observed=4, fail_above=3),
            "failed",
            "rows: 4 is above the maximum 3 (why, and when to move it: rows.sql).",
        ),
        (
            "rows",
            row(observed=4, warn_below=5),
            "warned",
            "rows: 4 is below the minimum 5 (why, and when to move it: rows.sql).",
        ),
        (
            "rows",
            row(observed=4, warn_above=0),
            "warned",
            "rows: 4 is above the maximum 0 (why, and when to move it: rows.sql).",
        ),
        (
            "rome_share",
            row(observed=0.845, fail_below=0.85, warn_below=0.95),
            "failed",
            (
                "rome_share: 84.50% is below the minimum 85.00% "
                "(why, and when to move it: rome_share.sql)."
            ),
        ),
        ("rome_share", row(fail_below=0.85), "skipped", "rome_share: nothing to judge."),
    ],
)
def test_verdict(name: str, numbers: dict[str, float | None], verdict: str, sentence: str) -> None:
    result = judge(name, numbers)
    assert (result.verdict, result.sentence) == (verdict, sentence)
    assert {key: getattr(result, key) for key in COLUMNS} == numbers


_number = st.none() | st.integers(-5, 5)


@given(st.fixed_dictionaries(dict.fromkeys(COLUMNS, _number)))
def test_verdict_is_failed_exactly_outside_the_failing_bounds(
    numbers: dict[str, int | None],
) -> None:
    observed = numbers["observed"]
    verdict = judge("rows", numbers).verdict

    def outside(kind: str) -> bool:
        low, high = numbers[f"{kind}_below"], numbers[f"{kind}_above"]
        assert observed is not None
        return (low is not None and observed < low) or (high is not None and observed > high)

    if observed is None:
        assert verdict == "skipped"
    elif outside("fail"):
        assert verdict == "failed"
    else:
        assert verdict == ("warned" if outside("warn") else "passed")


def verdicts(connection: Connection[Any]) -> dict[str, str]:
    results = run_checks(connection, **THIS_RUN)
    return {result.name: result.verdict for result in results}


def odd_ones(connection: Connection[Any]) -> dict[str, str]:
    return {name: verdict for name, verdict in verdicts(connection).items() if verdict != "passed"}


def healthy_day(connection: Connection[Any]) -> None:
    """Load 1,000 offers, three of four from partners, as a day looks."""
    add_offers(connection, 250, "F")
    add_offers(connection, 750, "P", origin_code="2")
    add_run(connection, 1000)


ALL_CHECKS = {
    "sweep_age_hours",
    "certificate_gap",
    "contact_columns",
    "contact_texts",
    "contract_type_share",
    "created_on_mismatch",
    "day_volume",
    "duplicate_keys",
    "naf_2025_codes",
    "partner_share",
    "place_share",
    "rejected_share",
    "rome_share",
    "rows_against_certificate",
    "unknown_fields",
}


def test_healthy_day_passes_every_check(warehouse: Connection[Any]) -> None:
    healthy_day(warehouse)
    assert verdicts(warehouse) == dict.fromkeys(ALL_CHECKS, "passed")


def test_empty_certified_day_only_warns_of_its_emptiness(warehouse: Connection[Any]) -> None:
    add_run(warehouse, 0)
    nothing_to_judge = ("contract_type_share", "partner_share", "place_share", "rejected_share")
    assert odd_ones(warehouse) == dict.fromkeys((*nothing_to_judge, "rome_share"), "skipped") | {
        "day_volume": "warned"
    }


def test_sample_of_a_few_offers_passes(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 12)
    add_run(warehouse, 12, is_sample=True, certificate={"certified": False})
    assert odd_ones(warehouse) == {}


@pytest.mark.parametrize("code", ["62.20G", "43.24Y"])
def test_the_first_day_of_naf_2025_warns_and_the_next_passes(
    warehouse: Connection[Any], code: str
) -> None:
    healthy_day(warehouse)
    before = DAY - timedelta(days=1)
    add_offers(warehouse, 2, "rev2", naf_code="62.02A", sector_code="62", created_on=before)
    count_offers(warehouse, before)
    add_offers(warehouse, 1, "first", naf_code=code, sector_code=code[:2])
    count_offers(warehouse)
    first = next(one for one in results_of(warehouse, DAY) if one.name == "naf_2025_codes")
    assert (first.verdict, first.observed) == ("warned", 1)
    later = DAY + timedelta(days=1)
    add_offers(warehouse, 5, "later", naf_code=code, sector_code=code[:2], created_on=later)
    count_offers(warehouse, later)
    add_run(warehouse, 5, day=later)
    found = next(one for one in results_of(warehouse, later) if one.name == "naf_2025_codes")
    assert (found.verdict, found.observed) == ("passed", 0)


def results_of(warehouse: Connection[Any], day: date) -> list[CheckResult]:
    return run_checks(warehouse, source=SOURCE, day=day, run_id=RUN)


def change(statement: str) -> Change:
    return lambda connection: connection.execute(statement.encode())


def spoil(column: str, count: int) -> Change:
    """Empty a column of so many offers of the day."""
    return change(
        f"update core.job_offer set {column} where offer_id in "  # noqa: S608
        f"(select offer_id from core.job_offer order by offer_id limit {count})"
    )


def drop_key(connection: Connection[Any]) -> None:
    connection.execute("alter table core.job_offer drop constraint job_offer_pkey cascade")
    connection.execute(
        "insert into core.job_offer select * from core.job_offer where offer_id = 'F1'"
    )
    connection.execute("delete from core.job_offer where offer_id = 'F2'")  # the count stays


def set_run(assignment: str) -> Change:
    return change(f"update control.ingestion_run set {assignment}")  # noqa: S608


# Each check made to fail or warn, and nothing else with it.
@pytest.mark.parametrize(
    ("spoiled", "name", "verdict"),
    [
        (set_run("certificate = jsonb_set(certificate, '{gap}', '2')"), "certificate_gap", "warned"),
        (change("alter table core.job_offer add contact_name text"), "contact_columns", "failed"),
        (change("alter table core.job_offer add agency_email text"), "contact_columns", "failed"),
        (spoil("description = 'CV : nom.prenom@domaine.fr'", 1), "contact_texts", "failed"),
        (spoil("working_condition_labels = array['nom@domaine.com']", 1), "contact_texts", "failed"),
        (spoil("company_name = 'Valterre +33 6 12 34 56 78'", 1), "contact_texts", "failed"),
        (spoil("title = 'Plombier, tél. 06 12 34 56 78'", 1), "contact_texts", "failed"),
        (spoil("contract_type_code = null", 51), "contract_type_share", "warned"),
        (spoil("contract_type_code = null", 151), "contract_type_share", "failed"),
        (spoil("rome_code = null", 51), "rome_share", "warned"),
        (spoil("rome_code = null", 151), "rome_share", "failed"),
        (spoil("departement_code = null", 121), "place_share", "warned"),
        (spoil("departement_code = null", 201), "place_share", "failed"),
        (
            spoil("created_at = '2026-11-18 23:30 UTC'", 1),  # 0:30 of the next day in Paris
            "created_on_mismatch",
            "failed",
        ),
        (drop_key, "duplicate_keys", "failed"),
        (change("update control.sweep set started_at = '2026-11-17'"), "sweep_age_hours", "warned"),
        (spoil("origin_code = '1'", 600), "partner_share", "warned"),
        (spoil("origin_code = '2'", 250), "partner_share", "warned"),
        (set_run("drift = '{\"salaire.devise\": 3}'"), "unknown_fields", "warned"),
        (change("delete from core.job_offer where offer_id = 'F1'"), "rows_against_certificate", "failed"),
        (lambda connection: add_offers(connection, 1, "X"), "rows_against_certificate", "failed"),
    ],
)  # fmt: skip
def test_each_check_notices_its_own_fault(
    warehouse: Connection[Any], spoiled: Change, name: str, verdict: str
) -> None:
    healthy_day(warehouse)
    spoiled(warehouse)
    assert odd_ones(warehouse) == {name: verdict}


@pytest.mark.parametrize(
    ("collected", "rejected", "expected"),
    [
        (1000, 1, {}),
        (1000, 2, {"rejected_share": "warned"}),
        (1000, 10, {"rejected_share": "warned"}),
        (1000, 11, {"rejected_share": "failed"}),
        (50, 1, {"rejected_share": "warned"}),  # of a small day a single record says little
    ],
)
def test_rejected_records(
    warehouse: Connection[Any], collected: int, rejected: int, expected: dict[str, str]
) -> None:
    kept = collected - rejected
    add_offers(warehouse, kept // 4, "F")
    add_offers(warehouse, kept - kept // 4, "P", origin_code="2")
    add_run(warehouse, collected, rejected_count=rejected)
    assert odd_ones(warehouse) == expected


def test_small_day_only_warns_of_a_low_share(warehouse: Connection[Any]) -> None:
    add_offers(warehouse, 100, "A", rome_code=None)
    add_offers(warehouse, 99, "B")
    add_run(warehouse, 199)
    assert odd_ones(warehouse) == {"rome_share": "warned"}


@pytest.mark.parametrize(
    ("rows", "columns", "verdict"),
    [
        (1000, {}, "passed"),
        (1001, {}, "failed"),
        (1000, {"rejected_count": 2}, "passed"),  # the rejected ones may belong to a day beside
        (1001, {"rejected_count": 2}, "failed"),
        (997, {"rejected_count": 2}, "failed"),
        (999, {"stale_count": 1}, "warned"),  # a later run may have moved it to another day
        (998, {"stale_count": 1}, "failed"),
    ],
)
def test_rows_against_certificate(
    warehouse: Connection[Any], rows: int, columns: dict[str, int], verdict: str
) -> None:
    add_offers(warehouse, rows)
    add_run(warehouse, 1000, **columns)
    assert verdicts(warehouse)["rows_against_certificate"] == verdict


def test_offers_of_an_earlier_run_that_were_withdrawn_since_are_no_surplus(
    warehouse: Connection[Any],
) -> None:
    add_offers(warehouse, 1005)
    add_run(warehouse, 1005, run_id="run-0")
    add_run(warehouse, 1000)
    assert verdicts(warehouse)["rows_against_certificate"] == "passed"


@pytest.mark.parametrize(
    ("history", "offers", "verdict"),
    [
        ({}, 1, "passed"),  # no history: any day will do
        ({1: 100}, 50, "passed"),
        ({1: 100}, 49, "warned"),
        ({1: 100}, 200, "passed"),
        ({1: 100}, 201, "warned"),
        ({1: 90, 2: 100, 3: 5, 4: 110}, 47, "warned"),  # the median is 95
        ({1: 90, 2: 100, 3: 5, 4: 110}, 48, "passed"),
        ({5: 100}, 1, "passed"),  # beyond four weeks nothing counts
    ],
)
def test_day_volume(
    warehouse: Connection[Any], history: dict[int, int], offers: int, verdict: str
) -> None:
    for weeks, count in history.items():
        add_run(warehouse, count, day=weeks_before(weeks))
    add_offers(warehouse, offers)
    add_run(warehouse, offers)
    assert verdicts(warehouse)["day_volume"] == verdict


@pytest.mark.parametrize(
    "columns",
    [
        {"day": DAY - timedelta(days=1)},
        {"source": "another"},
        {"status": "refused"},
        {"is_certified": False},
    ],
)
def test_day_volume_compares_with_certified_same_weekdays_only(
    warehouse: Connection[Any], columns: dict[str, Any]
) -> None:
    add_run(warehouse, 1000, **{"day": weeks_before(1)} | columns)
    add_offers(warehouse, 1)
    add_run(warehouse, 1)
    assert verdicts(warehouse)["day_volume"] == "passed"


def test_other_days_and_sources_are_not_judged(warehouse: Connection[Any]) -> None:
    healthy_day(warehouse)
    add_offers(warehouse, 500, "D", created_on=date(2026, 11, 17), rome_code=None)
    add_offers(warehouse, 500, source="another", rome_code=None)
    assert odd_ones(warehouse) == {}


def test_results_are_stored_beside_their_run(warehouse: Connection[Any]) -> None:
    healthy_day(warehouse)
    results = run_checks(warehouse, **THIS_RUN)
    store_results(warehouse, results, **THIS_RUN)
    (stored,) = warehouse.execute("select checks from control.ingestion_run").fetchone() or (None,)
    assert msgspec.convert(stored, list[CheckResult]) == results
    assert [result.name for result in results] == sorted(ALL_CHECKS)


def test_results_of_a_run_that_was_never_loaded_are_refused(warehouse: Connection[Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        store_results(warehouse, [], **THIS_RUN)
    assert str(caught.value) == (
        f"Expected run {RUN} of {SOURCE} for 2026-11-18 in control.ingestion_run, but it is not "
        f"there: load the day before it is checked."
    )


def test_every_failure_is_named() -> None:
    results = [
        judge("one", row(observed=1, fail_below=2)),
        judge("two", row(observed=1, warn_below=2)),
        judge("three", row(observed=5, fail_above=4)),
    ]
    with pytest.raises(CheckFailed) as caught:
        require_passed(results)
    assert str(caught.value) == (
        "2 of 3 checks failed: one: 1 is below the minimum 2 (why, and when to move it: one.sql). "
        "three: 5 is above the maximum 4 (why, and when to move it: three.sql). "
        "The day stays loaded and is not reported; put the cause right and run "
        "the day again, with force if the cause is what France Travail gave."
    )


def test_warnings_do_not_fail_a_day() -> None:
    require_passed([judge("two", row(observed=1, warn_below=2)), judge("one", row())])


ROW = ", ".join(f"1 as {name}" for name in COLUMNS)


@pytest.mark.parametrize(
    ("statement", "met"),
    [
        ("select 1 as observed", "1 of observed"),
        (f"select {ROW} where false", "0 of observed"),
        (f"select {ROW} from generate_series(1, 2)", "2 of observed"),  # noqa: S608
    ],
)
def test_check_that_does_not_return_its_row_is_named(
    warehouse: Connection[Any], tmp_path: Path, statement: str, met: str
) -> None:
    (tmp_path / "broken.sql").write_text(statement)
    with pytest.raises(ConfigurationError, match=r"from broken\.sql, but met " + met):
        run_checks(warehouse, **THIS_RUN, directory=tmp_path)


def test_missing_checks_are_not_taken_for_passed_ones(
    warehouse: Connection[Any], tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"found no \.sql file there"):
        run_checks(warehouse, **THIS_RUN, directory=tmp_path)


def test_run_that_was_never_loaded_is_not_taken_for_a_good_one(
    warehouse: Connection[Any],
) -> None:
    with pytest.raises(ConfigurationError, match=r"Expected one row .* but met 0"):
        run_checks(warehouse, **THIS_RUN)


@pytest.mark.parametrize("name", sorted(ALL_CHECKS))
def test_each_check_says_what_it_guards_and_when_its_bounds_move(name: str) -> None:
    text = next(DIRECTORY.rglob(f"{name}.sql")).read_text(encoding="utf-8")
    assert text.startswith("-- Guards: ")
    assert "\n-- Bounds: " in text
    assert any(word in text for word in ("move", "Moving", "loosened", "When it warns"))


@pytest.mark.parametrize("name", sorted(ALL_CHECKS))
def test_each_check_has_a_french_name(name: str) -> None:
    assert check_name(judge(name, row())) != name
