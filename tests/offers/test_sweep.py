"""Sweeps of the stock on a real PostgreSQL: what they put down, close, erase and bring back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.offers.history.erased import ERASED_COLUMNS, without_erased
from jobmarket.offers.life.conclusion import conclude_absences
from jobmarket.offers.life.sweep import all_absent, load_sweep
from jobmarket.offers.load import load_run
from jobmarket.offers.writer import Writer
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from tests.support.stock import manifest, offer, page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobmarket.offers.life.conclusion import Conclusion
    from jobmarket.offers.life.sweep import SweepResult

Connection = psycopg.Connection[Any]


@pytest.fixture
def warehouse(schema_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(schema_dsn) as connection:
        yield connection


def query(connection: Connection, text: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.transaction():
        return connection.execute(text, values).fetchall()


def sweep(
    connection: Connection,
    day: int,
    records: Iterable[Any],
    *,
    is_certified: bool = True,
    run_id: str = "",
) -> SweepResult:
    """Sweep at six in the morning of a day of November 2026."""
    at = f"2026-11-{day:02d}T05:00:00Z"
    pages = [page(records, at)]
    about = manifest(
        pages,
        day=f"2026-11-{day:02d}",
        run_id=run_id or f"s{day}",
        started_at=at,
        is_certified=is_certified,
    )
    return load_sweep(connection, about, iter(pages), FranceTravailReader())


def conclude(
    connection: Connection,
    day: int,
    alive: Iterable[str] = (),
    gone: Iterable[str] = (),
    **how: Any,
) -> Conclusion:
    return conclude_absences(connection, date(2026, 11, day), [*alive], [*gone], **how)


def absences(connection: Connection) -> list[tuple[Any, ...]]:
    """Return all absences, days as numbers: first missing, last seen, second, again, gone, closed, end."""
    return query(
        connection,
        "select offer_id, extract(day from first_missing_on)::int, extract(day from last_seen_on)::int, "
        "extract(day from second_missing_on)::int, extract(day from seen_again_on)::int, "
        "extract(day from gone_on)::int, is_closed, is_end from core.offer_absence order by 1, 2",
    )


def test_an_offer_that_two_sweeps_miss_is_closed(warehouse: Connection) -> None:
    first, second = offer("001"), offer("002")
    assert sweep(warehouse, 3, [first, second]).load.inserted == 2
    result = sweep(warehouse, 4, [first])
    assert (result.offers, result.absent, result.to_ask, result.load.unchanged) == (
        1,
        1,
        ["002"],
        1,
    )
    assert conclude(warehouse, 4).closed == 0
    sweep(warehouse, 5, [first])
    told = conclude(warehouse, 5)
    assert (told.closed, told.false_closure_bound) == (1, None)
    assert absences(warehouse) == [("002", 4, 3, 5, None, None, True, True)]
    # the same again changes nothing
    before = query(warehouse, "select xmin::text, * from core.offer_absence")
    sweep(warehouse, 5, [first])
    assert conclude(warehouse, 5).closed == 0
    assert query(warehouse, "select xmin::text, * from core.offer_absence") == before
    assert query(warehouse, "select closed_count from control.sweep order by day") == [
        (None,),
        (0,),
        (1,),
    ]


def test_nothing_is_concluded_from_a_sweep_before_it_is_loaded(warehouse: Connection) -> None:
    words = "load it before its absences are concluded from"
    sweep(warehouse, 3, [offer("001"), offer("002")])
    with pytest.raises(ConfigurationError, match=words):
        conclude(warehouse, 4, gone=["002"])
    sweep(warehouse, 4, [offer("001")])
    assert conclude(warehouse, 4, gone=["002"]).closed == 1


def test_what_a_counted_sweep_held_is_counted_once(warehouse: Connection) -> None:
    theirs = offer("003", "2026-11-01", origineOffre={"origine": "2"}, nombrePostes=None)
    stock = [offer("001", nombrePostes=3), offer("002"), theirs]
    counted = (
        "select extract(day from day)::int, extract(day from created_on)::int, is_partner, offer_count,"
        " position_count from mart.stock_count order by 1, 2"
    )
    sweep(warehouse, 3, stock, is_certified=False)
    assert query(warehouse, counted) == []
    sweep(warehouse, 4, [*stock, stock[0]])
    sweep(warehouse, 4, stock[:1], run_id="again")
    sweep(warehouse, 5, stock[1:])
    sweep(warehouse, 5, stock[1:])
    assert query(warehouse, counted) == [
        (4, 1, True, 1, 1),
        (4, 2, False, 2, 4),
        (5, 1, True, 1, 1),
        (5, 2, False, 1, 1),
    ]


def test_a_sweep_counts_the_days_of_what_changed_by_what_differs(warehouse: Connection) -> None:
    day_pages = [page([offer("001"), offer("002")], "2026-11-02T23:00:00Z")]
    about = manifest(day_pages, day="2026-11-02", run_id="d2", started_at="2026-11-02T23:00:00Z")
    load_run(warehouse, about, iter(day_pages), FranceTravailReader())
    told = (
        "select dimension, value_code, offer_count, xmin::text from mart.offer_count order by 1, 2"
    )
    before = query(warehouse, told)
    refreshed = offer("001", dateActualisation="2026-11-03T10:00:00.000Z")
    sweep(warehouse, 4, [refreshed, offer("002"), offer("009", "2026-10-01")])
    assert query(warehouse, told) == before  # a day that no run has loaded is not counted
    edited = offer("002", typeContrat="CDD", dateActualisation="2026-11-04T10:00:00.000Z")
    sweep(warehouse, 5, [refreshed, edited, offer("003", romeCode="A1101")])
    after = query(warehouse, told)
    assert {row[:3] for row in set(after) - set(before)} == {
        ("all", "", 3),
        ("contract_type", "CDD", 1),
        ("departement", "69", 3),
        ("naf_division", "", 3),
        ("place_kind", "commune", 3),
        ("rome", "A1101", 1),
        ("rome_label", "A1101 Boulanger / Boulangère", 1),
        ("salary_kind", "absent", 3),
    }
    with warehouse.transaction():
        warehouse.execute("delete from mart.offer_count")
        Writer(warehouse, "france_travail", None).count_day(date(2026, 11, 2))
    assert [row[:3] for row in query(warehouse, told)] == [row[:3] for row in after]


def test_an_answer_that_an_offer_is_gone_closes_at_once(warehouse: Connection) -> None:
    sweep(warehouse, 3, [offer("001"), offer("002"), offer("003")])
    assert sweep(warehouse, 4, [offer("001")]).to_ask == ["002", "003"]
    told = conclude(warehouse, 4, gone=["002"])
    assert (told.closed, told.gone, told.unasked) == (1, 1, 1)
    assert (told.unproved, told.false_closure_bound) == (0, 0.0)
    assert absences(warehouse) == [
        ("002", 4, 3, None, None, 4, True, True),
        ("003", 4, 3, None, None, None, False, False),
    ]


def test_one_that_is_alive_has_all_asked(warehouse: Connection) -> None:
    stock = [offer(f"{n:03d}") for n in range(6)]
    sweep(warehouse, 3, stock)
    sweep(warehouse, 4, stock[:3])
    sweep(warehouse, 5, stock[:2])
    told = conclude(warehouse, 5, alive=["003"], gone=["004"])
    assert (told.closed, told.must_ask_all, told.unasked) == (1, True, 2)
    assert "ask for the other 2, too" in told.sentence
    left = all_absent(warehouse, "france_travail", date(2026, 11, 5))
    assert left == [("002", False), ("005", True)]
    told = conclude(warehouse, 5, alive=["003", "002"], gone=["004", "005"])
    assert (told.closed, told.must_ask_all, told.false_closure_bound) == (1, False, 0.0)
    assert absences(warehouse) == [
        ("003", 4, 3, None, 5, None, False, False),
        ("004", 4, 3, 5, None, 5, True, True),
        ("005", 4, 3, 5, None, 5, True, True),
    ]


@pytest.mark.parametrize("is_certified", [False])
def test_a_sweep_that_proves_nothing_opens_and_closes_nothing(
    warehouse: Connection, is_certified: bool
) -> None:
    sweep(warehouse, 3, [offer("001"), offer("002")])
    result = sweep(warehouse, 4, [offer("003")], is_certified=is_certified)
    assert (result.is_counted, result.absent, result.to_ask, result.load.inserted) == (
        False,
        0,
        [],
        1,
    )
    assert absences(warehouse) == []
    with pytest.raises(ConfigurationError, match="none is loaded"):
        conclude(warehouse, 4)
    sweep(warehouse, 5, [offer("001"), offer("003")])
    assert absences(warehouse) == [("002", 5, 3, None, None, None, False, False)]


@pytest.mark.parametrize(("back", "is_end"), [(10, False), (11, True)])
def test_back_within_a_week_is_the_same_spell(
    warehouse: Connection, back: int, is_end: bool
) -> None:
    one, other = offer("001"), offer("002")
    sweep(warehouse, 3, [one, other])
    for day in range(4, back):
        sweep(warehouse, day, [one])
        conclude(warehouse, day)
    sweep(warehouse, back, [one, other])
    assert absences(warehouse) == [("002", 4, 3, 5, back, None, True, is_end)]


def test_a_wave_waits_for_a_person(warehouse: Connection) -> None:
    stock = [offer(f"{n:04d}") for n in range(1000)]
    sweep(warehouse, 3, stock)
    sweep(warehouse, 4, stock[:700])
    sweep(warehouse, 5, stock[:700])
    told = conclude(warehouse, 5)
    assert (told.closed, told.waiting) == (0, 300)
    assert "would close 300 of 1000 offers (30.0%), more than the 200" in told.sentence
    assert conclude(warehouse, 5, allow_wave=True).closed == 300


def test_sweeps_in_any_order_put_down_the_same(warehouse: Connection, postgres: Any) -> None:
    from itertools import permutations

    stock = {
        3: ["001", "002", "003", "004"],
        4: ["001", "003", "005"],
        5: ["001", "002", "005"],
        6: ["001", "003"],
    }
    told = []
    # shuffled months have the others: test_simulated_month
    for order in [*permutations(stock)][::3]:
        with warehouse.transaction():
            for table in (
                "core.job_offer",
                "core.job_offer_skill",
                "core.offer_absence",
                "control.sweep",
            ):
                warehouse.execute(f"delete from {table}")  # noqa: S608
        for day in order:
            sweep(warehouse, day, [offer(one) for one in stock[day]])
            conclude(warehouse, day)
        told.append(absences(warehouse))
    assert told[0] == [
        ("002", 4, 3, None, 5, None, False, False),
        ("002", 6, 5, None, None, None, False, False),
        ("003", 5, 4, None, 6, None, False, False),
        ("004", 4, 3, 5, None, None, True, True),
        ("005", 6, 5, None, None, None, False, False),
    ]
    for one in told[1:]:
        assert one == told[0]


def test_closing_erases_and_the_source_brings_back(warehouse: Connection) -> None:
    planted: dict[str, Any] = {
        "intitule": "Boulanger chez Fournil Plantagenet",
        "description": "Le Fournil Plantagenet recrute, 7 rue des Planteurs.",
        "formations": [{"niveauLibelle": "CAP", "commentaire": "au Fournil Plantagenet"}],
        "origineOffre": {
            "origine": "2",
            "partenaires": [{"nom": "METEOJOB", "url": "https://partner.example/Plantagenet"}],
        },
    }
    before = offer("002", **planted)
    newer = before | {
        "description": "Plantagenet, encore.",
        "dateActualisation": "2026-11-03T10:00:00.000Z",
    }
    later = newer | {"dateActualisation": "2026-11-04T01:00:00.000Z"}
    sweep(warehouse, 3, [offer("001"), before])
    sweep(warehouse, 4, [offer("001"), newer])
    sweep(warehouse, 5, [offer("001"), later])
    counts = "select dimension, value_code, origin_code, offer_count from mart.offer_count order by 1, 2, 3"
    day_pages = [page([before], "2026-11-03T01:00:00Z")]
    about = manifest(day_pages, day="2026-11-02", run_id="d2", started_at="2026-11-03T01:00:00Z")
    load_run(warehouse, about, iter(day_pages), FranceTravailReader())
    counted = query(warehouse, counts)
    with warehouse.transaction():
        wanted = without_erased(
            Writer(warehouse, "france_travail", None).stored(["002"])["002"].rows
        )
    sweep(warehouse, 6, [offer("001")])
    sweep(warehouse, 7, [offer("001")])
    assert conclude(warehouse, 7, grace_days=1).erased == 0
    assert "Plantagenet" in everything(warehouse)
    sweep(warehouse, 8, [offer("001", entreprise={})])
    told = conclude(warehouse, 8, grace_days=1)
    assert (told.closed, told.erased) == (0, 1)
    found = everything(warehouse)
    for word in ("Plantagenet", "Planteurs", "69003", "69383", "LYON"):
        assert word not in found, word
    with warehouse.transaction():
        assert Writer(warehouse, "france_travail", None).stored(["002"])["002"].rows == wanted
    assert query(
        warehouse, "select offer_id, closed_on, erased_on, restored_at from control.erasure"
    ) == [("002", date(2026, 11, 7), date(2026, 11, 8), None)]
    # what is older brings nothing back
    load_run(warehouse, about, iter(day_pages), FranceTravailReader())
    assert "Plantagenet" not in everything(warehouse)
    from jobmarket.offers.writer import Writer as _Writer

    with warehouse.transaction():
        _Writer(warehouse, "france_travail", date(2026, 11, 2)).count_day(date(2026, 11, 2))
    assert query(warehouse, counts) == counted
    # the source gives it again
    sweep(warehouse, 9, [offer("001"), later])
    assert query(
        warehouse, "select title, company_name from core.job_offer where offer_id = '002'"
    ) == [("Boulanger chez Fournil Plantagenet", "Fournil Plantagenet")]
    assert query(warehouse, "select restored_at is not null from control.erasure") == [(True,)]
    assert query(warehouse, "select count(*) from core.offer_trace") == [(0,)]


def everything(connection: Connection) -> str:
    """Return all that the schemas hold of offer 002, as text."""
    tables = query(
        connection,
        "select c.oid::regclass::text from pg_class c where relnamespace::regnamespace::text in "
        "('core', 'control') and relkind in ('r', 'p') and not relispartition",
    )
    rows = []
    for (table,) in tables:
        rows += query(
            connection,
            f"select to_jsonb(t)::text from {table} t where to_jsonb(t) ->> 'offer_id' = '002'",  # noqa: S608
        )
    return str(rows)


def test_the_columns_that_are_erased_exist(warehouse: Connection) -> None:
    found = {
        name
        for (name,) in query(
            warehouse,
            "select attname from pg_attribute where attrelid = 'core.job_offer'::regclass",
        )
    }
    assert set(ERASED_COLUMNS) <= found
