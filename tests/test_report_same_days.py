"""Every comparison of a weekly or monthly report, as printed, against SQL that knows nothing of the report.

The days of a warehouse are spoilt in every position: missing, with a gap, unproved, a sample, a public
holiday; in the period, in the weeks that say what is usual, in the period before and a year before.
"""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pytest
from jobmarket.foundation.period import Kind, Period, parse_period
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.report.answers import query_report
from jobmarket.report.baseline import earlier_period, is_public_holiday
from jobmarket.report.exhibit import table_words
from jobmarket.report.headline import headline
from jobmarket.report.page import render_report
from jobmarket.report.registry import ANALYSES
from jobmarket.report.shapes import Compared, Moved
from jobmarket.report.table_files import csv_bytes
from jobmarket.report.words.fr import headline as fr

from tests.loaded_day import DDL, SOURCE, add_run, count_offers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.report.answers import Answers
    from psycopg import Connection

    from local.services import Postgres

FIRST, LAST = date(2025, 9, 29), date(2027, 3, 31)
# code du travail, L3133-1, but for Sundays: written down, so that the report's own list is checked, too
HOLIDAYS = [
    date.fromisoformat(text)
    for text in (
        *("2025-11-01", "2025-11-11", "2025-12-25", "2026-01-01", "2026-04-06", "2026-05-01"),
        *("2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-15", "2026-11-11"),
        *("2026-12-25", "2027-01-01", "2027-03-29"),
    )
]
COMPARED = [one for one in ANALYSES if isinstance(one.shape, (Compared, Moved))]
VALUES = {
    "contract_type": "contract_type_code",
    "departement": "departement_code",
    "rome": "rome_code",
    "domain": "left(rome_code, 1)",
}
SPOIL = {
    "missing": "delete from control.ingestion_run where day = %(day)s",
    "gap": """
        update control.ingestion_run
        set is_certified = false, certificate = certificate || '{"gap": 3, "certified": false}'
        where day = %(day)s
    """,
    "uncertified": """
        update control.ingestion_run
        set is_certified = false, certificate = certificate || '{"certified": false}'
        where day = %(day)s
    """,
    "sample": """
        update control.ingestion_run
        set is_certified = false, is_sample = true, certificate = certificate || '{"certified": false}'
        where day = %(day)s
    """,
}

# days of the period, and of what it is compared with, by position; each a certified day that is no holiday
MATCHED = """
with good as (
    select day, extract(isodow from day) as weekday
    from control.ingestion_run
    where
        status = 'loaded' and is_certified and not is_sample
        and (certificate ->> 'gap')::integer = 0
        and day <> all (%(holidays)s)
),
pairs as (
    select here.day, there.day as other
    from good as here
    inner join good as there
        on here.weekday = there.weekday
        and (here.day - %(start)s) / 7 = (there.day - %(other_start)s) / 7
    where
        here.day between %(start)s and %(last)s
        and there.day between %(other_start)s and %(other_last)s
)
"""
USUAL = """
with good as (
    select day, extract(isodow from day) as weekday
    from control.ingestion_run
    where
        status = 'loaded' and is_certified and not is_sample
        and (certificate ->> 'gap')::integer = 0
        and day <> all (%(holidays)s)
),
pairs as (
    select here.day, there.day as other, 1.0 / count(*) over (partition by here.day) as weight
    from good as here
    inner join good as there on here.weekday = there.weekday
    where
        here.day between %(start)s and %(last)s
        and there.day between %(start)s::date - 28 and %(start)s::date - 1
)
"""


class Sums(NamedTuple):
    """Both sides of a comparison: days, and offers by value."""

    days: int
    here: dict[str | None, int]
    there: dict[str | None, float]


@pytest.fixture(scope="module")
def warehouse(postgres: Postgres) -> Iterator[Connection[Any]]:
    """Yield 18 months of days, each certified, with a week's rhythm and trades that come and go."""
    with psycopg.connect(postgres.create_database("same_days"), autocommit=True) as connection:
        apply_ddl(connection, DDL)
        connection.execute(
            """
            insert into core.job_offer (
                offer_id, source, created_on, created_at, updated_at, is_coordinates_swapped, origin_code,
                title, departement_code, place_kind, place_method, salary_kind, rome_code,
                contract_type_code, observed_at, content_hash, run_id
            )
            select
                day || '-' || number, %(source)s, day, day + time '10:30', day + time '11:00', false,
                case when number %% 4 = 0 then '1' else '2' end,
                'Titre', (array['59', '33', '75', '2A', null])[1 + number %% 5],
                'departement', 'label', 'absent',
                (array['M1805', 'K1304', 'J1501', 'N4101'])
                [1 + (number * 7 + extract(doy from day)::integer / 9) %% 4],
                (array['CDI', 'CDD', 'MIS', null])
                [1 + (number * number + extract(isodow from day)::integer) %% 4],
                now(), '', 'run'
            from (
                select at::date as day from generate_series(%(first)s::date, %(last)s, '1 day') as s (at)
            ) as days
            cross join lateral generate_series(
                1,
                case when extract(isodow from day) > 5 then 14 else 31 end
                + extract(isodow from day)::integer + (day - %(first)s::date) / 40
            ) as offers (number)
            """,
            {"source": SOURCE, "first": FIRST, "last": LAST},
        )
        days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
        for day in days:
            add_run(connection, 30, day=day, run_id=f"run-{day}")
        count_offers(connection, *days)
        connection.execute("create table kept as table control.ingestion_run")
        yield connection


@pytest.fixture(autouse=True)
def restored(warehouse: Connection[Any]) -> Iterator[None]:
    """Put the days back as they were."""
    yield
    warehouse.execute("truncate control.ingestion_run cascade")
    warehouse.execute("insert into control.ingestion_run select * from kept")


def test_the_holidays_are_those_of_the_report() -> None:
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    assert [day for day in days if is_public_holiday(day) and day.weekday() < 6] == HOLIDAYS


def spoil(connection: Connection[Any], kind: str, *days: date) -> None:
    for day in days:
        connection.execute(SPOIL[kind], {"day": day})


def sums(
    connection: Connection[Any], period: Period, other: Period | None, value: str = "null::text"
) -> Sums:
    """Ask SQL for both sides of a comparison: with the same days of another period, or with the usual."""
    bounds: dict[str, Any] = {"start": period.start, "last": period.end, "holidays": HOLIDAYS}
    if other:
        bounds |= {"other_start": other.start, "other_last": other.end}

    def ask(*parts: str) -> list[Any]:
        text = " ".join([MATCHED if other else USUAL, *parts])
        return connection.execute(text.encode(), bounds).fetchall()

    offers = "from pairs inner join core.job_offer on other = created_on group by 1"
    ((days,),) = ask("select count(distinct day) from pairs")
    if 2 * days < len(period.days):  # too few to say anything of the period
        return Sums(0, {}, {})
    here = ask(
        *("select", value, ", count(*) from core.job_offer"),
        "where created_on in (select day from pairs) group by 1",
    )
    there = ask("select", value, ", sum(", "1" if other else "weight", ")", offers)
    return Sums(days, dict(here), {key: float(number) for key, number in there})


def numbers(text: str) -> list[int]:
    return [int(re.sub(r"\D", "", found)) for found in re.findall(r"\d[\d\u202f]*", text)]


def check_headline(connection: Connection[Any], asked: Answers) -> list[str]:
    """Check what the first screen says of each comparison; return the sentences."""
    period, said = asked.facts.period, []
    for one in headline(asked).comparisons:
        wanted = sums(connection, period, one.period)
        if not wanted.days:
            assert one.difference is None, one
            said.append(fr.why(one, asked.facts))
            continue
        assert one.difference is not None, one
        here, there = wanted.here[None], round(wanted.there[None])
        shown = numbers(fr.amount(one.difference))
        assert shown == ([here] if here == there else [here, there, abs(here - there)])
        assert abs(one.difference.change - (here / wanted.there[None] - 1)) < 1e-9  # type: ignore[operator]
        assert one.difference.own + one.difference.partners == pytest.approx(one.difference.total)
        days = fr.compared(one, asked.facts)
        assert numbers(days)[:2] == [wanted.days, len(period.days)]
        said += [fr.amount(one.difference), days]
    return said


def rows(analysis: Any, asked: Answers) -> list[dict[str, str]]:
    """Return the rows of a table as its CSV has them, by the names of the columns in French."""
    table = analysis.table(asked)
    words = table_words(analysis, table, asked)
    text = csv_bytes(words, table).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def check_tables(connection: Connection[Any], asked: Answers) -> int:
    """Check every number of the tables that stands beside another one; return how many rows there are."""
    count = 0
    for analysis in COMPARED:
        shape: Any = analysis.shape
        if not shape.is_known(asked) or shape.dimension not in VALUES:
            continue
        name = "domain" if analysis.key == "trades" else shape.dimension
        wanted = sums(connection, asked.facts.period, None, VALUES[name])
        for row in rows(analysis, asked):
            count += 1
            if not wanted.days:
                assert "Habituel" not in row
                continue
            assert int(row["Jours comparés"]) == wanted.days
            key = (
                row["Code"]
                if "Code" in row
                else row.get("Code ROME", row.get("Code du département"))
            )
            if row["Type de ligne"] == "autres":
                continue
            here, there = wanted.here.get(key or None, 0), wanted.there.get(key or None, 0.0)
            shown = row.get("Offres des jours comparés", row.get("Offres"))
            assert shown == "" or int(shown) == here, (analysis.key, row)
            assert row["Habituel"] == "" or abs(int(row["Habituel"]) - there) <= 0.5, row
            if row["Évolution"]:
                change = float(row["Évolution"].replace(",", "."))
                assert change == pytest.approx(here / there - 1, abs=1e-6)
                assert shown
    return count


def report(connection: Connection[Any], period: Period) -> Answers:
    return query_report(connection, source=SOURCE, period=period, analyses=COMPARED)


def check(connection: Connection[Any], period: Period) -> list[str]:
    asked = report(connection, period)
    said = check_headline(connection, asked)
    assert check_tables(connection, asked) > 5
    return said


WEEK = parse_period("week", "2026-W40", "week")  # no holiday is near


@pytest.mark.parametrize("kind", SPOIL)
@pytest.mark.parametrize("weeks_back", range(5))
@pytest.mark.parametrize("position", range(7))
def test_one_day_is_spoilt(
    warehouse: Connection[Any], position: int, weeks_back: int, kind: str
) -> None:
    spoil(warehouse, kind, WEEK.start + timedelta(days=position - 7 * weeks_back))
    said = check(warehouse, WEEK)
    of_before, of_usual = said[1], said[3]
    assert numbers(of_before)[0] == (6 if weeks_back < 2 else 7)
    # one of four Tuesdays is missing: three still say what is usual
    assert numbers(of_usual)[0] == (7 if weeks_back else 6)


@pytest.mark.parametrize("seed", range(40))
def test_many_days_are_spoilt(warehouse: Connection[Any], seed: int) -> None:
    chance = random.Random(seed)
    period = WEEK if seed % 2 else parse_period("month", "2026-10", "month")
    days = [period.end - timedelta(days=number) for number in range(70)]
    share = chance.choice((0.1, 0.4, 0.8))
    for day in days:
        if chance.random() < share:
            spoil(warehouse, chance.choice(list(SPOIL)), day)
    left = warehouse.execute(
        "select count(*) from control.ingestion_run where day between %s and %s",
        (period.start, period.end),
    ).fetchone()
    if left and left[0]:
        check_headline(warehouse, asked := report(warehouse, period))
        check_tables(warehouse, asked)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        *(("week", f"2026-W{number}") for number in ("01", "15", "19", "20", "22", "33", "45")),
        *(("week", f"2026-W{number}") for number in ("46", "47", "48", "49", "50", "52", "53")),
        *(("month", key) for key in ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")),
        *(
            ("month", key)
            for key in ("2026-06", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03")
        ),
    ],
)
def test_holidays_and_months_of_any_length(
    warehouse: Connection[Any], kind: Kind, key: str
) -> None:
    assert kind != "day"
    period = parse_period(kind, key, kind)
    check(warehouse, period)
    # and with a hole beside the holiday
    spoil(warehouse, "missing", period.start, period.end - timedelta(days=9))
    check(warehouse, period)


def test_the_first_days_of_a_warehouse(warehouse: Connection[Any]) -> None:
    for key, days in (("2025-W40", 0), ("2025-W41", 7), ("2025-W44", 6)):
        period = parse_period("week", key, "week")
        asked = report(warehouse, period)
        check_headline(warehouse, asked)
        check_tables(warehouse, asked)
        assert len(headline(asked).comparisons[-1].days) == days


def test_a_day_is_beside_its_usual_day(warehouse: Connection[Any]) -> None:
    for day in (date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 18), date(2026, 10, 2)):
        period = Period("day", str(day), day, day)
        asked = report(warehouse, period)
        usual = headline(asked).comparisons[-1]
        wanted = sums(warehouse, period, None)
        assert (usual.difference is not None) == bool(wanted.days) == (day not in HOLIDAYS)
        if usual.difference:
            assert usual.difference.before == pytest.approx(wanted.there[None])
        check_tables(warehouse, asked)


def test_the_page_prints_what_was_checked(warehouse: Connection[Any]) -> None:
    for period in (WEEK, parse_period("month", "2026-11", "month")):
        spoil(warehouse, "missing", period.start + timedelta(days=1))
        spoil(warehouse, "uncertified", period.start - timedelta(days=3))
        said = check(warehouse, period)
        asked = report(warehouse, period)
        assert len(said) == (4 if earlier_period(period) is None else 6)
        files = render_report(asked, COMPARED)
        html = files["index.html"].decode()
        for sentence in [*said, fr.compared_note(headline(asked), asked.facts)]:
            assert sentence in html
        # of the month a holiday is left out: its offers are in one column and not in the other
        is_partial = period.kind == "month"
        header = files["tables/contracts.csv"].decode("utf-8-sig").splitlines()[0].split(";")
        assert ("Offres des jours comparés" in header) is is_partial
        assert header[-2:] == ["Jours comparés", "Données"]
