"""Loads of two days at once, on two connections of a real PostgreSQL: what waits, and what comes out.

Which of them is where is decided by the test: a load stops at a page until it is let go, and the test asks
PostgreSQL whether another waits for it.
"""

from __future__ import annotations

import itertools
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers import batches as batches_module
from jobmarket.offers import load as load_module
from jobmarket.offers.load import load_run
from jobmarket.offers.writer import Writer
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from tests.offers.test_load import DDL, manifest, offer, page, query, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobmarket.foundation.lake.manifest import Page

    from local.postgres import Postgres

Connection = psycopg.Connection[Any]
DAYS = ("2026-11-17", "2026-11-18")
BOUND_S = 30
_names = itertools.count(1)


@pytest.fixture(autouse=True)
def _a_page_is_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "BATCH_BYTES", 1)


@pytest.fixture
def dsn(schema_dsn: str) -> str:
    return schema_dsn


def of_day(day: str, offer_id: str, hour: int = 10, **fields: Any) -> dict[str, Any]:
    return offer(
        offer_id,
        dateCreation=f"{day}T09:00:00.000Z",
        dateActualisation=f"{day}T{hour}:00:00.000Z",
        **fields,
    )


class Loading:
    """A load in a thread of its own, which stops before the page that it is told until it is let go."""

    def __init__(
        self,
        dsn: str,
        day: str,
        pages: list[tuple[Page, bytes]],
        *,
        stop_before: int | None = None,
        run_id: str | None = None,
    ) -> None:
        self._dsn, self._day, self._pages = dsn, day, pages
        self._run_id = run_id or f"run-{day}"
        self._stop_before = stop_before
        self._has_stopped, self._may_go_on = threading.Event(), threading.Event()
        self.turns = 0
        self.told: dict[str, int] | None = None
        self.error: BaseException | None = None
        self.pid = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Loading:
        self._thread.start()
        return self

    def __iter__(self) -> Iterator[tuple[Page, bytes]]:
        self.turns += 1
        for number, one in enumerate(self._pages):
            if number == self._stop_before and self.turns == 1:
                self.stop()
            yield one

    def stop(self) -> None:
        """Wait here, in the thread of the load."""
        self._has_stopped.set()
        assert self._may_go_on.wait(BOUND_S)

    def wait_until_stopped(self) -> Loading:
        assert self._has_stopped.wait(BOUND_S)
        return self

    def go_on(self) -> None:
        self._may_go_on.set()

    def end(self) -> dict[str, int]:
        """Wait for its end; return its counts that are not zero."""
        self._thread.join(BOUND_S)
        assert not self._thread.is_alive()
        if self.error is not None:
            raise self.error
        assert self.told is not None
        return self.told

    def _run(self) -> None:
        try:
            with psycopg.connect(self._dsn) as connection:
                self.pid = connection.info.backend_pid
                about = manifest(self._pages, self._run_id, self._day)
                self.told = told(load_run(connection, about, self, FranceTravailReader()))
        except BaseException as error:  # for whoever waits
            self.error = error

    def is_over_or_waits(self, watcher: Connection) -> bool:
        """Tell whether it has ended, or waits for another session in PostgreSQL."""
        if not self._thread.is_alive():
            return True
        row = watcher.execute("select cardinality(pg_blocking_pids(%s))", (self.pid,)).fetchone()
        return bool(row and row[0])

    @property
    def has_ended(self) -> bool:
        return not self._thread.is_alive()


@contextmanager
def watching(dsn: str) -> Iterator[Callable[[Loading], bool]]:
    """Give what waits until a load has ended or is held up by another, and says whether it has ended."""
    with psycopg.connect(dsn, autocommit=True) as watcher:

        def see(loading: Loading) -> bool:
            while not loading.is_over_or_waits(watcher):
                pass
            return loading.has_ended

        yield see


def held(dsn: str) -> list[list[tuple[Any, ...]]]:
    """Return what loads leave, but for what says when."""
    with psycopg.connect(dsn) as connection:
        return [
            query(
                connection,
                "select offer_id, created_on, updated_at, title, observed_at, content_hash, run_id "
                "from core.job_offer order by 1",
            ),
            query(connection, "select * from core.job_offer_skill order by 1, 2, 3"),
            query(
                connection, "select version::text from core.job_offer_version as version order by 1"
            ),
            query(connection, "select old::text from core.job_offer_restatement as old order by 1"),
            query(connection, "select * from mart.offer_count order by 1, 2, 3, 4, 5"),
        ]


def test_days_that_share_no_offer_do_not_wait(dsn: str) -> None:
    """The second of two loads begins and ends while the first is in the middle of its day."""
    first_pages = [page(n, [of_day(DAYS[0], f"a{n}{i:05d}") for i in range(20)]) for n in range(3)]
    second_pages = [page(n, [of_day(DAYS[1], f"b{n}{i:05d}") for i in range(20)]) for n in range(3)]
    first = Loading(dsn, DAYS[0], first_pages, stop_before=2).start().wait_until_stopped()
    assert Loading(dsn, DAYS[1], second_pages).start().end() == {"inserted": 60}
    assert not first.has_ended
    first.go_on()
    assert first.end() == {"inserted": 60}
    assert first.turns == 1


def test_offers_of_the_neighbour_that_a_day_looks_at_hold_nobody_up(dsn: str) -> None:
    """The pages of a day overlap those of the next: both see the offers around midnight, one writes each."""
    around = [of_day(DAYS[0], "001"), of_day(DAYS[1], "002")]
    pages = [page(1, around), page(2, [])]
    first = Loading(dsn, DAYS[0], pages, stop_before=1).start().wait_until_stopped()
    assert Loading(dsn, DAYS[1], pages).start().end() == {"inserted": 1, "outside_day": 1}
    first.go_on()
    assert first.end() == {"inserted": 1, "outside_day": 1}


def test_days_of_a_code_that_nobody_has_read_before_do_not_wait(dsn: str) -> None:
    """What reads offers is looked up once a version of it: two first loads after an edit need not queue."""
    first = Loading(dsn, DAYS[0], [page(1, [])], stop_before=0).start().wait_until_stopped()
    assert Loading(dsn, DAYS[1], [page(1, [])]).start().end() == {}
    first.go_on()
    assert first.end() == {}
    with psycopg.connect(dsn) as connection:
        assert query(connection, "select count(*) from control.reader_version") == [(1,)]


def test_two_loads_of_one_day_queue(dsn: str) -> None:
    pages = [page(1, [of_day(DAYS[0], "001")]), page(2, [of_day(DAYS[0], "002")])]
    first = Loading(dsn, DAYS[0], pages, stop_before=1).start().wait_until_stopped()
    with watching(dsn) as see:
        second = Loading(dsn, DAYS[0], pages, run_id="again").start()
        assert not see(second)
    first.go_on()
    assert (first.end(), second.end()) == ({"inserted": 2}, {"unchanged": 2})
    assert second.turns == 1


@pytest.mark.parametrize("later_is_first", [True, False])
def test_a_new_offer_in_two_days_at_once(dsn: str, later_is_first: bool) -> None:
    """Whoever comes second waits for the first, begins anew, and the later state stays."""
    with_it = {
        DAYS[0]: [page(1, [of_day(DAYS[0], "001", intitule="avant")]), page(2, [])],
        DAYS[1]: [page(1, [of_day(DAYS[1], "001", intitule="après")]), page(2, [])],
    }
    day, other = DAYS[::-1] if later_is_first else DAYS
    first = Loading(dsn, day, with_it[day], stop_before=1).start().wait_until_stopped()
    with watching(dsn) as see:
        second = Loading(dsn, other, with_it[other]).start()
        assert not see(second)
    first.go_on()
    assert first.end() == {"inserted": 1}
    assert second.end() == ({"stale": 1} if later_is_first else {"updated": 1})
    assert second.turns == 2
    with psycopg.connect(dsn) as connection:
        assert query(connection, "select title from core.job_offer") == [("après",)]
        counted = (
            "select created_on::text, offer_count from mart.offer_count where dimension = 'all'"
        )
        assert query(connection, counted) == [(DAYS[1], 1)]


def test_a_state_that_became_old_while_it_was_compared_overwrites_nothing(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load has seen an old row and is about to replace it; another puts a newer one in its place first."""
    load_at = [page(1, [of_day(DAYS[0], "001", 10, intitule="v10")])]
    Loading(dsn, DAYS[0], load_at, run_id="old").start().end()
    middle = Loading(dsn, DAYS[0], [page(1, [of_day(DAYS[0], "001", 11, intitule="v11")])])
    newest = Loading(dsn, DAYS[1], [page(1, [of_day(DAYS[1], "001", 12, intitule="v12")])])
    replace = Writer.replace

    def after_a_stop(self: Writer, *rows: Any) -> None:
        if middle.turns == 1 and str(self.day) == DAYS[0]:
            middle.stop()
        replace(self, *rows)

    monkeypatch.setattr(Writer, "replace", after_a_stop)
    middle.start().wait_until_stopped()
    with watching(dsn) as see:
        newest.start()
        assert not see(newest)  # it has replaced the row, and waits to count the day that it left
        with psycopg.connect(dsn) as connection:
            assert query(connection, "select title from core.job_offer") == [("v10",)]
        middle.go_on()
        outcomes = (middle.end(), newest.end())
    assert outcomes in (({"stale": 1}, {"updated": 1}), ({"updated": 1}, {"updated": 1}))
    with psycopg.connect(dsn) as connection:
        assert query(connection, "select title from core.job_offer") == [("v12",)]
        counted = (
            "select created_on::text, offer_count from mart.offer_count where dimension = 'all'"
        )
        assert query(connection, counted) == [(DAYS[1], 1)]


def test_the_last_attempt_has_the_source_for_itself(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = []
    load_once = load_module._load_once

    def never_beside_others(*given: Any, is_alone: bool) -> Any:
        alone.append(is_alone)
        if not is_alone:
            raise psycopg.errors.DeadlockDetected
        return load_once(*given, is_alone=is_alone)

    monkeypatch.setattr(load_module, "_load_once", never_beside_others)
    assert Loading(dsn, DAYS[0], [page(1, [of_day(DAYS[0], "001")])]).start().end() == {
        "inserted": 1
    }
    assert alone == [False, False, True]


RECORDS = st.lists(
    st.tuples(st.sampled_from(["001", "002", "003"]), st.sampled_from(DAYS), st.integers(10, 14)),
    min_size=1,
    max_size=4,
)
RUNS = st.tuples(RECORDS, RECORDS)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=RECORDS, runs=RUNS, stop_before=st.integers(0, 4), is_second_first=st.booleans())
def test_side_by_side_as_one_after_the_other(
    side_by_side: tuple[str, str],
    before: Any,
    runs: Any,
    stop_before: int,
    is_second_first: bool,
) -> None:
    """Whatever two days share, and wherever they meet: rows and counts are those of loads in turn."""
    in_turn, at_once = side_by_side
    for dsn in side_by_side:
        with psycopg.connect(dsn) as connection:
            connection.execute("truncate core.job_offer, core.job_offer_skill, mart.offer_count")
            connection.execute("truncate core.job_offer_version, core.job_offer_restatement")
            connection.execute("truncate control.ingestion_run, control.rejected_record")
        Loading(dsn, DAYS[0], _pages(before, 0), run_id="before").start().end()
    loads = [
        (day, _pages(records, 1 + n))
        for n, (day, records) in enumerate(zip(DAYS, runs, strict=True))
    ]
    for day, pages in loads[::-1] if is_second_first else loads:
        Loading(in_turn, day, pages).start().end()
    first, second = (
        Loading(
            at_once, day, pages, stop_before=min(stop_before, len(pages) - 1) if not n else None
        )
        for n, (day, pages) in enumerate(loads)
    )
    first.start().wait_until_stopped()
    second.start()
    with watching(at_once) as see:
        see(second)
    first.go_on()
    first.end(), second.end()
    assert held(at_once) == held(in_turn)


def _pages(records: list[tuple[str, str, int]], minute: int) -> list[tuple[Page, bytes]]:
    return [
        page(
            number,
            [of_day(day, offer_id, hour, intitule=f"{day} {hour} {minute}")],
            f"2026-11-19T00:0{minute}:{number:02d}Z",
        )
        for number, (offer_id, day, hour) in enumerate(records)
    ]


@pytest.fixture
def side_by_side(postgres: Postgres) -> tuple[str, str]:
    addresses = []
    for name in ("in_turn", "at_once"):
        dsn = postgres.create_database(f"{name}_{os.getpid()}_{next(_names)}")
        with psycopg.connect(dsn) as connection:
            apply_ddl(connection, DDL)
        addresses.append(dsn)
    return addresses[0], addresses[1]
