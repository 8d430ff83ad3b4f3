"""The views of the life of offers, on cases small enough to be computed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]


def rows(connection: Connection, text: str, *values: Any) -> list[tuple[Any, ...]]:
    return connection.execute(text, values).fetchall()


def add_sweeps(connection: Connection, *days: int) -> None:
    for day in days:
        connection.execute(
            "insert into control.sweep (source, day, run_id, started_at, finished_at, "
            "is_certified, is_counted, offer_count, absent_count, counts) "
            "values ('s', %s, 'r', %s, %s, true, true, 0, 0, '{}')",
            (date(2026, 11, day), *2 * (f"2026-11-{day:02d}T05:00:00Z",)),
        )


def add_offer(
    connection: Connection,
    offer_id: str,
    created: int,
    *,
    known: int | None = None,
    positions: int | None = 1,
    origin: str = "1",
    partner: str | None = None,
    **columns: Any,
) -> None:
    """Add an offer created on a day of November, observed the night after unless it was known later."""
    values = {
        "source": "s", "offer_id": offer_id, "created_on": date(2026, 11, created),
        "position_count": positions, "created_at": f"2026-11-{created:02d}T08:00:00Z",
        "is_coordinates_swapped": False, "origin_code": origin, "title": "Boulanger",
        "observed_at": f"2026-11-{known or created:02d}T22:30:00Z", "content_hash": offer_id.encode(),
        "run_id": "r",
    } | columns  # fmt: skip
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    connection.execute(f"insert into core.job_offer ({names}) values ({marks})", [*values.values()])  # noqa: S608
    if partner:
        connection.execute(
            "insert into core.job_offer_partner values ('s', %s, 0, %s, null)", (offer_id, partner)
        )


def add_absence(
    connection: Connection,
    offer_id: str,
    seen: int,
    missing: int,
    *,
    again: int | None = None,
    is_closed: bool = True,
) -> None:
    connection.execute(
        "insert into core.offer_absence (source, offer_id, first_missing_on, last_seen_on, second_missing_on,"
        " seen_again_on, is_closed) values ('s', %s, %s, %s, %s, %s, %s)",
        (
            offer_id,
            date(2026, 11, missing),
            date(2026, 11, seen),
            date(2026, 11, missing + 1) if is_closed else None,
            again and date(2026, 11, again),
            is_closed,
        ),
    )


def test_spells(warehouse: Connection) -> None:
    add_sweeps(warehouse, *range(2, 26))
    add_offer(warehouse, "open", 3)
    add_offer(warehouse, "blink", 3)
    add_absence(warehouse, "blink", 5, 6, again=7, is_closed=False)
    add_offer(warehouse, "gap", 3)
    add_absence(warehouse, "gap", 5, 6, again=12)
    add_offer(warehouse, "again", 3, partner="METEOJOB", origin="2")
    add_absence(warehouse, "again", 5, 6, again=13)
    add_absence(warehouse, "again", 15, 16, again=18, is_closed=False)
    add_absence(warehouse, "again", 20, 21)
    found = rows(
        warehouse,
        "select offer_id, spell_number::int, extract(day from opened_on)::int, "
        "extract(day from last_seen_on)::int, extract(day from first_missing_on)::int, gap_day_count::int,"
        " partner_name from mart.offer_spell"
        " order by 1, 2",
    )
    assert found == [
        ("again", 1, 3, 5, 6, 0, "METEOJOB"),
        ("again", 2, 13, 20, 21, 2, "METEOJOB"),
        ("blink", 1, 3, None, None, 1, None),
        ("gap", 1, 3, None, None, 6, None),
        ("open", 1, 3, None, None, 0, None),
    ]


def test_the_stock_and_its_flows(warehouse: Connection) -> None:
    add_sweeps(warehouse, 5, 6, 8)
    add_offer(warehouse, "old", 1, positions=3)
    add_offer(warehouse, "gone", 2)
    add_absence(warehouse, "gone", 5, 6)
    add_offer(warehouse, "new", 6, positions=None)
    add_offer(warehouse, "theirs", 7, positions=2, origin="2")
    add_offer(warehouse, "before", 1)
    add_absence(warehouse, "before", 1, 5)
    found = rows(
        warehouse,
        "select extract(day from day)::int, is_partner, offer_count, position_count::int, opened_count,"
        " ended_count, is_certified from mart.stock_day order by 2, 1",
    )
    assert found == [
        (5, False, 2, 4, 0, 1, True),
        (6, False, 2, 4, 1, 1, True),
        (7, False, 2, 4, 0, 0, False),
        (8, False, 2, 4, 0, 0, True),
        (5, True, 0, 0, 0, 0, True),
        (6, True, 0, 0, 0, 0, True),
        (7, True, 1, 2, 1, 0, False),
        (8, True, 1, 2, 0, 0, True),
    ]


def test_survival_with_delayed_entry(warehouse: Connection) -> None:
    """Five spells: ended at 2 and 4, open at 6, known from age 3 and ended at 5, known at 3 and open."""
    add_sweeps(warehouse, *range(1, 11))
    add_offer(warehouse, "a", 4)
    add_absence(warehouse, "a", 5, 6)
    add_offer(warehouse, "b", 4)
    add_absence(warehouse, "b", 7, 8)
    add_offer(warehouse, "c", 4)
    add_offer(warehouse, "d", 4, known=7)
    add_absence(warehouse, "d", 8, 9)
    add_offer(warehouse, "e", 4, known=7)
    found = rows(
        warehouse,
        "select age_days, at_risk_count, ended_count, round(survival_share::numeric, 4)::float,"
        " round(survival_low_share::numeric, 3)::float, round(survival_high_share::numeric, 3)::float"
        " from mart.offer_survival where dimension = 'all' order by 1",
    )
    # age 2: a, b, c at risk; age 4: b, c, d, e; age 5: c, d, e
    assert [row[:4] for row in found] == [(2, 3, 1, 0.6667), (4, 4, 1, 0.5), (5, 3, 1, 0.3333)]
    # log(-log): S ** exp(+-1.96 * sqrt(1/6) / -ln S), and so on
    assert found[0][4:] == (0.054, 0.945)
    assert rows(
        warehouse,
        "select spell_count, median_days, is_refused from mart.offer_lifetime where dimension = 'all'",
    ) == [(5, None, True)]


def test_a_median_with_its_band(warehouse: Connection) -> None:
    """Of 60 offers ten end at each of the ages 1 to 5, so half of them are left after the third."""
    add_sweeps(warehouse, *range(1, 11))
    for n in range(60):
        add_offer(warehouse, f"o{n}", 2, rome_code="D1102", departement_code=f"{n % 2}")
        if n < 50:
            add_absence(warehouse, f"o{n}", 2 + n // 10, 3 + n // 10)
    assert rows(
        warehouse,
        "select dimension, value_code, spell_count, median_days, median_low_days, median_high_days, "
        "is_refused from mart.offer_lifetime order by 1, 2",
    ) == [
        ("all", "", 60, 3, 3, 4, False),
        ("departement", "0", 30, None, None, None, True),
        ("departement", "1", 30, None, None, None, True),
        ("origin", "france_travail", 60, 3, 3, 4, False),
        ("rome_domain", "D11", 60, 3, 3, 4, False),
    ]


def test_reposts(warehouse: Connection) -> None:
    add_sweeps(warehouse, 5)
    post: dict[str, Any] = {
        "company_name": "Fournil",
        "commune_code": "69383",
        "title": "Boulanger - H/F",
    }
    add_offer(warehouse, "first", 1, **post)
    add_absence(warehouse, "first", 3, 5)
    add_offer(
        warehouse, "same day", 3, **post | {"title": "BOULANGER (H/F)", "company_name": "fournil "}
    )
    add_offer(warehouse, "elsewhere", 8, **post | {"commune_code": "69381"})
    add_offer(warehouse, "before", 2, **post)
    add_offer(warehouse, "nameless", 8, **post | {"company_name": None})
    add_offer(warehouse, "much later", 8, **post | {"created_on": date(2027, 1, 3)})
    add_offer(warehouse, "later", 8, **post | {"created_on": date(2027, 1, 2)})
    assert rows(
        warehouse, "select offer_id, earlier_offer_id, day_count from mart.offer_repost order by 1"
    ) == [("later", "first", 60), ("same day", "first", 0)]
    # an erased offer is found by what is left of it
    warehouse.execute(
        "insert into core.offer_trace select source, offer_id, 9, null, null,"
        " core.post_key(company_name, commune_code, title), '2026-11-05' from core.job_offer"
        " where offer_id = 'first'"
    )
    warehouse.execute(
        "update core.job_offer set company_name = null, commune_code = null, title = ''"
        " where offer_id = 'first'"
    )
    assert rows(warehouse, "select offer_id from mart.offer_repost order by 1") == [
        ("later",),
        ("same day",),
    ]


def test_stock_is_inflow_times_mean_life(warehouse: Connection) -> None:
    """Ten offers open on each day and stay three days: 30 are open, but for the days before the first."""
    add_sweeps(warehouse, *range(4, 25))
    for day in range(1, 24):
        for n in range(10):
            add_offer(warehouse, f"o{day}-{n}", day, origin="2", partner="BEETWEEN")
            if day + 3 <= 24:
                add_absence(warehouse, f"o{day}-{n}", day + 2, day + 3)
    assert rows(
        warehouse,
        "select partner_name, mean_stock, opened_per_day, mean_life_days, "
        "round(stock_ratio::numeric, 3)::float from mart.stock_identity",
    ) == [("BEETWEEN", 30, 10, 3, 1)]


def test_as_of_a_day(warehouse: Connection) -> None:
    add_offer(warehouse, "001", 3, rome_code="D1102")
    add_offer(warehouse, "002", 5, rome_code="D1102")
    add_absence(warehouse, "001", 9, 10)
    for rome, since, until in (
        ("A1101", "2026-11-03T08:00:00Z", "2026-11-04T22:00:00Z"),
        ("B1101", "2026-11-04T22:00:00Z", "2026-11-06T23:30:00Z"),
    ):
        warehouse.execute(
            "insert into core.job_offer_version (source, offer_id, created_on, created_at, "
            "is_coordinates_swapped, origin_code, title, observed_at, content_hash, run_id, rome_code, "
            "valid_from, valid_to, ended_by_run_id, changed_fields, parts) values ('s', '001', "
            "'2026-11-03', '2026-11-03T08:00:00Z', false, '1', '', now(), %s, 'r', "
            "%s, %s, %s, 'r', '{rome_code}', '{}')",
            (rome.encode(), rome, since, until),
        )
    told = {
        day: rows(
            warehouse,
            "select offer_id, rome_code, is_current from mart.offer_as_of(%s) order by 1",
            date(2026, 11, day),
        )
        for day in (2, 3, 4, 6, 7, 9, 10)
    }
    assert told == {
        2: [],
        3: [("001", "A1101", False)],
        4: [("001", "B1101", False)],  # 22:00 UTC is 23:00 in Paris
        6: [("001", "B1101", False), ("002", "D1102", True)],  # 23:30 UTC is the 7th
        7: [("001", "D1102", True), ("002", "D1102", True)],
        9: [("001", "D1102", True), ("002", "D1102", True)],
        10: [("002", "D1102", True)],
    }
    assert rows(
        warehouse,
        "select changed_on, change_kind, field_name, offer_count from mart.offer_change order by 1, 3",
    ) == [
        (date(2026, 11, 4), "changed", "", 1),
        (date(2026, 11, 4), "changed", "rome_code", 1),
        (date(2026, 11, 7), "changed", "", 1),
        (date(2026, 11, 7), "changed", "rome_code", 1),
    ]
