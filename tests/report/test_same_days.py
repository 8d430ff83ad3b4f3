"""Every comparison of a weekly or monthly report, as printed, against SQL that knows nothing of the report.

The days of a warehouse are spoilt in every position: missing, with a gap, unproved, a sample, a public
holiday; in the period, in the weeks that say what is usual, in the period before and a year before.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pytest
from jobmarket.foundation.period import Kind, Period, parse_period
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.report.baseline import earlier_period, is_public_holiday
from jobmarket.report.headline import headline
from jobmarket.report.page import render_report
from jobmarket.report.query import query_report
from jobmarket.report.registry import ANALYSES
from jobmarket.report.rendering import table_words
from jobmarket.report.table_builders import ComparedTable, MoversTable
from jobmarket.report.table_files import csv_bytes
from jobmarket.report.words.fr import headline as fr
from jobmarket.report.words.fr import news as fr_news
from jobmarket.report.words.fr.typography import signed_percent

from tests.support.loaded_day import DDL, SOURCE, add_run, count_offers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.report.answers import Answers
    from jobmarket.report.headline import Comparison
    from psycopg import Connection

    from local.postgres import Postgres

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
# what an offer counts under, by dimension: an expression, and what is joined for it
VALUES = {
    "all": ("null::text", ""),
    "contract_type": ("contract_type_code", ""),
    "departement": ("departement_code", ""),
    "rome": ("rome_code", ""),
    "domain": ("left(rome_code, 1)", ""),
    "technology": ("named", "cross join lateral unnest(technology_codes) as list (named)"),
    "partner": (
        "partner_name",
        "inner join core.job_offer_partner using (source, offer_id)",
    ),
}
# those whose numbers are worked out a second way here; one of another dimension needs no line
COMPARED = [
    one
    for one in ANALYSES
    if isinstance(one.builder, (ComparedTable, MoversTable)) and one.builder.query.name in VALUES
]
CODE_COLUMNS = ("Code", "Code ROME", "Code du département", "Site")
HIDDEN = "Site au nom non affiché (1)"
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
    select here.day, there.day as other, 1 as weight
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
# after either: the days compared, and what each dimension counts on both sides of them
BOTH_SIDES = """
select 'days', null, null, null, count(distinct day)::numeric from pairs
union all
select 'here', dimension, value, origin_code, sum(offers) from counted
where created_on in (select day from pairs)
group by dimension, value, origin_code
union all
select 'there', dimension, value, origin_code, sum(offers * weight)
from pairs inner join counted on other = created_on
group by dimension, value, origin_code
"""


class Sums(NamedTuple):
    """Both sides of a comparison: days, and offers by value and origin."""

    days: int
    here: dict[tuple[str | None, str], int]
    there: dict[tuple[str | None, str], float]

    def of(self, *values: str | None, origin: str = "12") -> tuple[int, float]:
        """Return the offers of both sides with one of these values, of both origins or of one."""
        sides = [
            sum(n for (value, of), n in side.items() if value in values and of in origin)
            for side in (self.here, self.there)
        ]
        return int(sides[0]), float(sides[1])

    @property
    def values(self) -> set[str | None]:
        """Return the values that either side has."""
        return {value for value, _ in (*self.here, *self.there)}


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
                contract_type_code, technology_codes, observed_at, content_hash, run_id
            )
            select
                day || '-' || number, %(source)s, day, day + time '10:30', day + time '11:00', false,
                case when number %% 4 = 0 then '1' else '2' end,
                'Titre',
                (array['59', '33', '75', '2A', null, '13', '69', '31', '44', '35', '67', '06', '34', '38'])
                [1 + number %% 14],
                'departement', 'label', 'absent',
                -- a trade that rises in autumn, others that change places, rare ones
                case
                    when number %% 4 = 1 and day > '2026-09-20' then 'F1703'
                    when number = 2 then (array['L1101', 'C1401', 'B1101'])[extract(isodow from day)::integer]
                    else (array['M1805', 'K1304', 'J1501', 'N4101'])
                    [1 + (number * 7 + extract(doy from day)::integer / 9) %% 4]
                end,
                -- and a few of kinds that are too rare to be shown
                case
                    when number = 3
                        then (array['REP', 'TTI', 'SAI', 'CCE', 'LIB', 'FRA', 'DIN'])
                        [extract(isodow from day)::integer]
                    else (array['CDI', 'CDD', 'MIS', null])
                    [1 + (number * number + extract(isodow from day)::integer) %% 4]
                end,
                -- a technology that rises in autumn, one that is steady, one that is rare
                array_remove(array[
                    case when number %% 3 = 0 and day > '2026-09-20' or number %% 9 = 0 then 'python' end,
                    case when number %% 2 = 0 then 'sql' end,
                    case when number %% 5 < 3 and day <= '2026-09-20' or number %% 5 = 0 then 'java' end,
                    case when number = 1 and extract(isodow from day) = 3 then 'excel' end
                ], null),
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
        # a steady site, one whose feed comes and goes by weeks, one that is a person's, two of one offer
        connection.execute(
            """
            insert into core.job_offer_partner (source, offer_id, position, partner_name)
            select source, offer_id, position, partner_name
            from
                (
                    select source, offer_id, split_part(offer_id, '-', 4)::integer as number, created_on
                    from core.job_offer
                    where origin_code = '2'
                ) as offers
            cross join lateral (values
                (0, case when number %% 2 = 1 or extract(doy from created_on)::integer / 21 %% 2 = 0
                    then 'JOBATOUT SAS' else 'EMPLOIVIF SARL' end),
                (1, case when number %% 5 = 0 then 'Mme Odette Dupontel' end),
                (2, case when number %% 5 = 0 then 'JOBATOUT SAS' end)
            ) as list (position, partner_name)
            where partner_name is not null
            """.replace("%%", "%").encode()
        )
        days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
        for day in days:
            add_run(connection, 30, day=day, run_id=f"run-{day}")
        count_offers(connection, *days)
        connection.execute("create table kept as table control.ingestion_run")
        # counted once, and apart from the report's own counts: an offer once for each of its values
        connection.execute(
            "create table counted"
            " (dimension text, created_on date, value text, origin_code text, offers integer)"
        )
        for dimension, (value, joined) in VALUES.items():
            connection.execute(
                f"""
                insert into counted
                select %s, created_on, {value}, origin_code, count(distinct offer_id)
                from core.job_offer {joined}
                group by 2, 3, 4
                """.encode(),  # noqa: S608  ours
                (dimension,),
            )
        connection.execute("create index on counted (created_on)")
        connection.execute("analyze counted, control.ingestion_run")
        yield connection


@pytest.fixture(autouse=True)
def restored(warehouse: Connection[Any]) -> Iterator[None]:
    """Put the days back as they were."""
    _ANSWERED.clear()
    yield
    warehouse.execute("truncate control.ingestion_run cascade")
    warehouse.execute("insert into control.ingestion_run select * from kept")


def test_the_holidays_are_those_of_the_report() -> None:
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    assert [day for day in days if is_public_holiday(day) and day.weekday() < 6] == HOLIDAYS


def spoil(connection: Connection[Any], kind: str, *days: date) -> None:
    _ANSWERED.clear()
    for day in days:
        connection.execute(SPOIL[kind], {"day": day})


def sums(
    connection: Connection[Any], period: Period, other: Period | None, dimension: str = "all"
) -> Sums:
    """Ask SQL for both sides of a comparison: with the same days of another period, or with the usual."""
    asked = (period, other)
    if asked not in _ANSWERED:
        _ANSWERED[asked] = sums_of_all(connection, period, other)
    days, of_dimension = _ANSWERED[asked]
    return of_dimension.get(dimension, Sums(days, {}, {}))


# as the days stand: forgotten as soon as one is spoilt
_ANSWERED: dict[tuple[Period, Period | None], tuple[int, dict[str, Sums]]] = {}


def sums_of_all(
    connection: Connection[Any], period: Period, other: Period | None
) -> tuple[int, dict[str, Sums]]:
    """Ask for the days compared, and for both sides of each dimension: one question, since it is dear."""
    bounds: dict[str, Any] = {"start": period.start, "last": period.end, "holidays": HOLIDAYS}
    if other:
        bounds |= {"other_start": other.start, "other_last": other.end}
    text = (MATCHED if other else USUAL) + BOTH_SIDES
    rows = connection.execute(text.encode(), bounds).fetchall()
    (days,) = (int(row[-1]) for row in rows if row[0] == "days")
    if 2 * days < len(period.days):  # too few to say anything of the period
        return 0, {}
    found: dict[str, Sums] = {}
    for side, dimension, value, origin, offers in rows:
        if side == "days":
            continue
        both = found.setdefault(dimension, Sums(days, {}, {}))
        if side == "here":
            both.here[value, origin] = int(offers)
        else:
            both.there[value, origin] = float(offers)
    return days, found


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
        came, usual = wanted.of(None)
        here, there = came, round(usual)
        shown = numbers(fr.amount(one.difference))
        assert shown == ([here] if here == there else [here, there, abs(here - there)])
        assert one.difference.change == pytest.approx(came / usual - 1, rel=0, abs=1e-9)
        check_parts(connection, period, one, wanted)
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


def check_parts(connection: Connection[Any], period: Period, one: Comparison, wanted: Sums) -> None:
    """Check each line of the table that tells market and coverage apart."""
    found = one.difference
    assert found is not None
    own, partners = (wanted.of(None, origin=origin) for origin in "12")
    feeds = sums(connection, period, one.period, "partner")
    by_name = {name: feeds.of(name, origin="2") for name in feeds.values if name}
    absent = {name for name, (n, before) in by_name.items() if before >= 20 and n < 0.05 * before}
    new = {name for name, (n, before) in by_name.items() if n >= 20 and before < 0.05 * n}
    lost = sum(by_name[name][0] - by_name[name][1] for name in absent)
    gained = sum(by_name[name][0] - by_name[name][1] for name in new)
    printed = {"Mme Odette Dupontel": HIDDEN}
    assert set(found.absent_feeds) == {printed.get(name, name) for name in absent}
    assert set(found.new_feeds) == {printed.get(name, name) for name in new}
    assert found.own == pytest.approx(own[0] - own[1])
    assert found.absent == pytest.approx(lost)
    assert found.new == pytest.approx(gained)
    assert found.late + found.unread == 0 or period.kind == "day"
    rest = partners[0] - partners[1] - lost - gained
    assert found.partners + found.late + found.unread == pytest.approx(rest)
    assert found.own + found.partners + found.coverage == pytest.approx(found.total)


def excess_of(whole: Sums, wanted: Sums, *values: str | None) -> list[float]:
    """Return, by origin, the offers beyond those of a group that had moved as the whole did."""
    found = []
    for origin in "12":
        all_here, all_there = whole.of(None, origin=origin)
        here, there = wanted.of(*values, origin=origin)
        found.append(here - (there * all_here / all_there if all_there else 0))
    return found


def check_news(connection: Connection[Any], asked: Answers) -> int:
    """Check each line of what moved; return how many there are."""
    period, story = asked.facts.period, headline(asked)
    whole = sums(connection, period, None)
    for group in story.news:
        wanted = sums(connection, period, None, group.dimension)
        value = "Mme Odette Dupontel" if group.code == HIDDEN else group.code
        here, there = wanted.of(value)
        assert numbers(fr_news.numbers_of(group)) == [here, round(there)]
        assert fr_news.change_of(group) == signed_percent(here / there - 1)
        own, partner = excess_of(whole, wanted, value)
        # told as a rise it is one beyond the whole, too
        assert (here > there) == (own + partner > 0)
        is_own = "dépôts à France Travail" in fr_news.origin_of(group, story)
        assert is_own == (abs(own) >= abs(partner) and group.dimension != "partner")
    assert bool(story.news) <= bool(whole.days)
    return len(story.news)


def check_tables(connection: Connection[Any], asked: Answers) -> Counter[str]:
    """Check every number of the tables that stands beside another one; count the rows by table and kind."""
    period, count = asked.facts.period, Counter[str]()
    whole = sums(connection, period, None)
    for analysis in COMPARED:
        builder: Any = analysis.builder
        if not builder.is_known(asked):
            continue
        is_trades = analysis.key == "trades"
        wanted = sums(connection, period, None, "domain" if is_trades else builder.query.name)
        found = rows(analysis, asked)
        shown = {key_of(row) for row in found if row["Type de ligne"] == "groupe"}
        has_missing = any(row["Type de ligne"] == "non précisé" for row in found)
        for row in found:
            count[f"{analysis.key} {row['Type de ligne']}"] += 1
            if not wanted.days:
                assert "Habituel" not in row
                continue
            assert int(row["Jours comparés"]) == wanted.days
            values: set[str | None] = {key_of(row)}
            if row["Type de ligne"] == "autres":
                values = wanted.values - shown - ({None} if has_missing else set())
            elif row["Type de ligne"] == "non précisé":
                values = {None}
            check_row(row, *wanted.of(*values))
            if row.get("Écart propre"):
                excess = sum(excess_of(whole, wanted, *values))
                assert abs(int(row["Écart propre"]) - excess) <= 0.5 + 1e-6, (analysis.key, row)
    return count


def key_of(row: dict[str, str]) -> str | None:
    """Return what the warehouse calls a row."""
    (code,) = (row[name] for name in CODE_COLUMNS if name in row)
    return "Mme Odette Dupontel" if code == HIDDEN else code


def check_row(row: dict[str, str], here: int, there: float) -> None:
    """Check the numbers of a row against both sides."""
    shown = row.get("Offres des jours comparés", row.get("Offres", ""))
    # what could be read off a small count is not shown
    left = int(row["Offres"]) - here if row.get("Offres") else 0
    if here >= 5 and not 0 < left < 5:
        assert int(shown) == here, row
        assert row["Habituel"] == "" if 0 < there < 5 else abs(int(row["Habituel"]) - there) <= 0.5
        if there >= 5:
            change = float(row["Évolution"].replace(",", "."))
            assert change == pytest.approx(here / there - 1, abs=1e-6)
    if row["Évolution"]:
        assert shown
        assert min(here, there) >= 5


def report(connection: Connection[Any], period: Period) -> Answers:
    return query_report(connection, source=SOURCE, period=period, analyses=COMPARED)


def check(connection: Connection[Any], period: Period) -> list[str]:
    asked = report(connection, period)
    said = check_headline(connection, asked)
    check_news(connection, asked)
    assert check_tables(connection, asked).total() > 5
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
        check_news(warehouse, asked)
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
            assert usual.difference.before == pytest.approx(wanted.of(None)[1])
            check_band(warehouse, asked)
        check_news(warehouse, asked)
        check_tables(warehouse, asked)


def check_band(connection: Connection[Any], asked: Answers) -> None:
    """Check between which days the usual of a day lies."""
    day = asked.facts.period.start
    bounds = {"start": day, "last": day, "holidays": HOLIDAYS}
    days = " select sum(offers) from pairs inner join counted on other = created_on"
    days += " where dimension = 'all' group by other"
    found = sorted(n for (n,) in connection.execute((USUAL + days).encode(), bounds))
    said = numbers(fr.band(headline(asked), asked.facts).partition(":")[2])
    assert said == ([found[0]] if len(found) == 1 else [found[0], found[-1]])


def test_every_kind_of_row_and_of_news_was_looked_at(warehouse: Connection[Any]) -> None:
    seen, told = Counter[str](), Counter[str]()
    for kind, key in (("week", "2026-W40"), ("week", "2026-W41"), ("month", "2026-10")):
        asked = report(warehouse, parse_period("week" if kind == "week" else "month", key, kind))
        assert check_news(warehouse, asked)
        seen += check_tables(warehouse, asked)
        told += Counter(group.dimension for group in headline(asked).news)
    tables = ("contracts", "top_places", "trades")
    assert {name for name, count in seen.items() if count} >= {
        *(f"{table} {kind}" for table in tables for kind in ("groupe", "autres")),
        *(
            "contracts non précisé",
            "top_places non précisé",
            "technologies groupe",
            "partners groupe",
        ),
        *(
            "trades_up groupe",
            "trades_down groupe",
            "technologies_up groupe",
            "technologies_down groupe",
        ),
    }
    assert told.keys() >= {"rome", "technology", "partner"}


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
