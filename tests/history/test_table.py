"""The table of the history on real catalogs: SeaweedFS's REST catalog, a SQL file, Glue as moto plays it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobmarket.foundation.errors import AccessDenied, ConfigurationError, LakeUnavailable
from jobmarket.history import table as table_module
from jobmarket.history.catalog import open_catalog
from jobmarket.history.columns import KEPT
from jobmarket.history.errors import translated
from jobmarket.history.maintenance import maintain
from jobmarket.history.table import History

from tests.support.history_catalogs import (
    NOW,
    blank_rows,
    fresh,
    glue_catalog,
    rest_catalog,
    rest_extra,
    sql_catalog,
    store_settings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from local.object_store import ObjectStore

DAYS = [date(2026, 11, 16) + timedelta(days=number) for number in range(4)]


def rows(
    day: date, count: int, rome_code: str = "F1703", source: str = "france_travail"
) -> pa.Table:
    return blank_rows(
        day,
        count,
        source=source,
        rome_code=rome_code,
        technology_codes=("python", "sql"),
        salary_mid_eur_per_year=30000.5,
    )


@pytest.fixture(params=["rest", "sql", "glue"])
def history(
    request: pytest.FixtureRequest, object_store: ObjectStore, bucket: str, tmp_path: Path
) -> Iterator[History]:
    if request.param == "glue":
        with glue_catalog() as catalog:
            yield fresh(catalog)
    elif request.param == "sql":
        catalog = sql_catalog(object_store, tmp_path, bucket)
        yield fresh(catalog)
        catalog.close()
    else:
        yield fresh(rest_catalog(object_store))


@pytest.fixture
def rest(object_store: ObjectStore) -> History:
    return fresh(rest_catalog(object_store))


def test_a_day_is_written_replaced_and_taken_out(history: History) -> None:
    first = history.write_day("france_travail", DAYS[0], rows(DAYS[0], 5))
    history.write_day("france_travail", DAYS[1], rows(DAYS[1], 3))
    history.write_day("adzuna", DAYS[0], rows(DAYS[0], 2, source="adzuna"))
    assert (first.rows, first.attempts) == (5, 1)
    assert history.days("france_travail") == {DAYS[0]: 5, DAYS[1]: 3}
    again = history.write_day("france_travail", DAYS[0], rows(DAYS[0], 4, "M1805"))
    assert again.snapshot_id == history.table().current_snapshot().snapshot_id
    assert history.days("france_travail") == {DAYS[0]: 4, DAYS[1]: 3}
    history.delete_day("france_travail", DAYS[1])
    history.delete_day("france_travail", DAYS[2])  # which it does not hold
    assert history.days("france_travail") == {DAYS[0]: 4}
    assert history.days("adzuna") == {DAYS[0]: 2}
    removed = maintain(history, expire_before=NOW, orphan_before=NOW)
    assert removed.snapshots >= 5
    assert removed.files >= 5
    assert (
        sorted(history.table().scan().to_arrow()["rome_code"].to_pylist())
        == ["F1703"] * 2 + ["M1805"] * 4
    )
    assert maintain(history, expire_before=NOW, orphan_before=NOW) == (0, 0, 0)


def test_a_day_without_an_offer(rest: History) -> None:
    rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 3))
    rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 0))
    rest.write_day("france_travail", DAYS[1], rows(DAYS[1], 0))
    assert rest.days("france_travail") == {}


@pytest.mark.parametrize("is_new", [True, False])
def test_two_writers_of_one_day_leave_one_of_them(
    rest: History, is_new: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have looked at the same state before either commits: the second looks again, and replaces."""
    if not is_new:
        rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 9))
    stale = rest.table()
    looks = iter([stale])
    look = History.table
    other = rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 5))
    monkeypatch.setattr(History, "table", lambda self: next(looks, None) or look(self))
    late = rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 4))
    monkeypatch.undo()
    assert (other.attempts, late.attempts) == (1, 2)
    assert rest.days("france_travail") == {DAYS[0]: 4}


def test_writers_at_once_never_leave_a_day_twice(object_store: ObjectStore) -> None:
    """Four of the same day and three of others, in threads of their own with a catalog of their own."""
    history = fresh(rest_catalog(object_store))
    history.table()
    start = threading.Barrier(7)
    failures: list[BaseException] = []

    def write(day: date, count: int) -> None:
        try:
            own = History(rest_catalog(object_store), history.name)
            start.wait(30)
            own.write_day("france_travail", day, rows(day, count))
        except BaseException as error:  # told below
            failures.append(error)

    jobs = [(DAYS[0], 7)] * 4 + [(day, 2) for day in DAYS[1:]]
    threads = [threading.Thread(target=write, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert history.days("france_travail") == {DAYS[0]: 7, **dict.fromkeys(DAYS[1:], 2)}


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    writes=st.lists(
        st.tuples(st.sampled_from(DAYS[:2]), st.integers(0, 4), st.booleans()), max_size=5
    )
)
def test_the_last_write_of_each_day_stands(
    object_store: ObjectStore, writes: list[tuple[date, int, bool]]
) -> None:
    history = fresh(rest_catalog(object_store))
    expected: dict[date, int] = {}
    for day, count, is_maintained in writes:
        history.write_day("france_travail", day, rows(day, count))
        expected[day] = count
        if is_maintained:
            maintain(history, expire_before=NOW, orphan_before=NOW)
    assert history.days("france_travail") == {
        day: count for day, count in expected.items() if count
    }
    assert history.table().scan().to_arrow().num_rows == sum(expected.values())


def test_a_file_that_no_commit_names_goes_when_it_is_old(rest: History) -> None:
    rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 3))
    table = rest.table()
    orphan = f"{table.location()}/data/source=france_travail/created_on=2026-11-16/left.parquet"
    with table.io.new_output(orphan).create() as out:
        out.write(b"of a writer that was killed")
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert maintain(rest, expire_before=an_hour_ago, orphan_before=an_hour_ago) == (0, 0, 0)
    assert maintain(rest, expire_before=an_hour_ago, orphan_before=NOW).files == 1
    assert rest.days("france_travail") == {DAYS[0]: 3}


def test_a_column_that_was_added_later_is_null_before(
    rest: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = tuple(column for column in KEPT if column.name != "telework_kind")
    with monkeypatch.context() as before:
        before.setattr(table_module, "KEPT", fewer)
        older = rows(DAYS[0], 2).drop_columns(["telework_kind"])
        rest.write_day("france_travail", DAYS[0], older)
    rest.write_day("france_travail", DAYS[1], rows(DAYS[1], 1))
    assert rest.days("france_travail") == {DAYS[0]: 2, DAYS[1]: 1}
    assert rest.table().scan().to_arrow()["telework_kind"].to_pylist() == [None] * 3


def test_a_table_whose_columns_have_another_order_takes_the_same_rows(
    rest: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that was made when ``columns.py`` had them so."""
    with monkeypatch.context() as before:
        before.setattr(table_module, "KEPT", tuple(reversed(KEPT)))
        rest.table()
    rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 2))
    rest.write_day("france_travail", DAYS[0], rows(DAYS[0], 3, "M1805"))
    held = rest.table().scan().to_arrow()
    assert held.column_names == [column.name for column in reversed(KEPT)]
    assert held.select(rows(DAYS[0], 0).column_names).to_pylist() == (
        rows(DAYS[0], 3, "M1805").to_pylist()
    )


def test_a_column_that_may_no_longer_be_kept_is_named(
    rest: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest.table()
    fewer = tuple(column for column in KEPT if column.name != "sector_code")
    monkeypatch.setattr(table_module, "KEPT", fewer)
    with pytest.raises(ConfigurationError, match="has the column sector_code"):
        rest.table()


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"type": "rest"},
        {"type": "rest", "warehouse": "s3://x"},
        {"type": "sql", "warehouse": "s3://x", "uri": " "},
        {"type": "glue"},
        {"type": "hive", "warehouse": "s3://x"},
        {"warehouse": "s3://x"},
    ],
)
def test_an_extra_that_names_no_catalog(extra: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="must have `type`"):
        open_catalog(extra)


@pytest.mark.parametrize(
    "uri",
    ["host/catalog", "mysql://who:s3cret@host/catalog", "nothing://who:s3cret@host/catalog"],
)
def test_a_uri_that_opens_no_catalog_is_not_repeated(uri: str) -> None:
    with pytest.raises(ConfigurationError, match="is none by which") as caught:
        open_catalog({"type": "sql", "warehouse": "s3://x", "uri": uri})
    assert "s3cret" not in str(caught.value)


def test_what_refuses_or_does_not_answer_is_one_sentence(object_store: ObjectStore) -> None:
    store = store_settings(object_store)
    with pytest.raises((AccessDenied, LakeUnavailable), match="history"):
        _open_and_write(rest_extra(object_store), "nobody", store)
    away = rest_extra(object_store) | {"uri": "http://127.0.0.1:9"}
    with pytest.raises(LakeUnavailable, match="did not answer"):
        _open_and_write(away, "jobmarket", store)


def _open_and_write(extra: dict[str, str], login: str, store: dict[str, str]) -> None:
    with translated():
        catalog = open_catalog(extra, login=login, password="wrong", store=store)
    fresh(catalog).write_day("france_travail", DAYS[0], rows(DAYS[0], 1))
