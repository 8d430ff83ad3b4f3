"""Which days are kept, what of them is, and which days the warehouse gives up: on real PostgreSQL and
Iceberg."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.period import day_period, period_around
from jobmarket.history.columns import KEPT, LEFT_OUT, PARTITIONED_BY
from jobmarket.history.days import forget_kept_day, keep_day, open_days
from jobmarket.history.maintenance import maintain, named_files
from jobmarket.history.retention import (
    first_day_kept,
    give_up_old_days,
    parse_months,
    require_in_warehouse,
)
from jobmarket.history.rows import arrow_schema, rows_of
from jobmarket.offers.load import load_run
from jobmarket.offers.schema import JOB_OFFER
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from tests.offers.test_load import manifest, offer, page
from tests.support.history_catalogs import file_text, fresh, rest_catalog
from tests.support.loaded_day import DAY, RUN, SOURCE, add_offers, add_run, count_offers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.history.table import History

    from local.object_store import ObjectStore

Connection = psycopg.Connection[Any]
LATER = DAY + timedelta(days=1)
NOW = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def warehouse(schema_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(schema_dsn) as connection:
        yield connection


@pytest.fixture
def history(object_store: ObjectStore) -> History:
    return fresh(rest_catalog(object_store))


def add_day(connection: Connection, count: int, day: date = DAY, **run: Any) -> None:
    with connection.transaction():
        add_offers(connection, count, prefix=f"{day:%m%d}", created_on=day)
        add_run(connection, count, day=day, **run)
        count_offers(connection, day)


def load_again(connection: Connection, day: date = DAY) -> None:
    with connection.transaction():
        connection.execute(
            "update control.ingestion_run set load_count = load_count + 1 where day = %s", (day,)
        )


def values(connection: Connection, query: str, *given: Any) -> list[Any]:
    with connection.transaction():
        return [row[0] for row in connection.execute(query, given)]


def test_each_column_of_an_offer_is_kept_or_left_out_for_a_reason() -> None:
    kept = {column.name for column in KEPT}
    assert kept | LEFT_OUT.keys() == JOB_OFFER.columns.keys()
    assert not kept & LEFT_OUT.keys()


def test_no_column_of_text_is_kept_without_a_form() -> None:
    texts = [column for column in KEPT if column.kind in ("text", "text[]")]
    assert [column.name for column in texts if column.form is None] == []
    # an id, a name, an address, a sentence fit no form; nor does anything long
    for column in texts:
        for value in (
            "178DXTF",
            "Boulangerie Exemple SARL",
            "59350",
            "a@b.fr",
            "x" * 41,
            "",
            "CDI\n",
        ):
            assert not column.admits(value), column.name


def test_types_are_those_of_the_warehouse(warehouse: Connection) -> None:
    found = dict(
        warehouse.execute(
            "select attname, format_type(atttypid, null) from pg_attribute "
            "where attrelid = 'core.job_offer'::regclass and attnum > 0 and not attisdropped"
        ).fetchall()
    )
    names = {
        "text": "string", "text[]": "list<element: string not null>", "integer": "int32",
        "double precision": "double", "boolean": "bool", "date": "date32[day]",
    }  # fmt: skip
    assert {field.name: str(field.type) for field in arrow_schema()} == {
        column.name: names[found[column.name]] for column in KEPT
    }
    assert [field.name for field in arrow_schema() if not field.nullable] == [*PARTITIONED_BY]


def test_values_without_the_form_of_their_column_are_null() -> None:
    blank: dict[str, Any] = dict.fromkeys(column.name for column in KEPT)
    blank |= {"source": SOURCE, "created_on": DAY}
    day = rows_of(
        [
            tuple(
                (
                    blank | {"rome_code": "M1805", "technology_codes": ("python", "Jean Dupont")}
                ).values()
            ),
            tuple((blank | {"rome_code": "chez Exemple SARL"}).values()),
            tuple((blank | {"technology_codes": ("06 12 34 56 78",)}).values()),
        ]
    )
    assert sorted(day.table["rome_code"].to_pylist(), key=str) == ["M1805", None, None]
    assert sorted(day.table["technology_codes"].to_pylist(), key=str) == [
        None,
        None,
        ["python"],
    ] or sorted(day.table["technology_codes"].to_pylist(), key=str) == [["python"], None, None]
    assert day.withheld == {"rome_code": 1, "technology_codes": 2}


def test_the_same_offers_in_another_order_are_the_same_rows(warehouse: Connection) -> None:
    blank: dict[str, Any] = dict.fromkeys(column.name for column in KEPT)
    rows = [
        tuple(
            (
                blank
                | {"source": SOURCE, "created_on": DAY, "rome_code": code, "weekly_hours": hours}
            ).values()
        )
        for code, hours in (("M1805", 35.0), ("A1201", None), ("M1805", 20.0), (None, 35.0))
    ]
    assert rows_of(rows).table.equals(rows_of(rows[::-1]).table)


def test_a_certified_day_is_kept_once(warehouse: Connection, history: History) -> None:
    add_day(warehouse, 7)
    assert open_days(warehouse, SOURCE) == [DAY]
    assert keep_day(warehouse, history, SOURCE, DAY) == (DAY, 7, "", {})
    assert open_days(warehouse, SOURCE) == []
    assert keep_day(warehouse, history, SOURCE, DAY).rows == 7
    assert history.days(SOURCE) == {DAY: 7}


@pytest.mark.parametrize(
    ("run", "standing"),
    [
        ({"is_certified": False, "certificate": {"certified": False}}, "uncertified"),
        ({"is_certified": False, "certificate": {"certified": False, "gap": 3}}, "with_gap"),
        ({"is_sample": True}, "sample"),
        ({"status": "refused"}, "refused"),
    ],
)
def test_a_day_that_is_not_certified_is_not_kept(
    warehouse: Connection, history: History, run: dict[str, Any], standing: str
) -> None:
    add_day(warehouse, 4, **run)
    assert open_days(warehouse, SOURCE) == []
    assert f"standing is {standing}" in keep_day(warehouse, history, SOURCE, DAY).refusal
    assert "no run of it is loaded" in keep_day(warehouse, history, SOURCE, LATER).refusal
    assert history.days(SOURCE) == {}


def test_a_day_is_open_again_after_another_load_or_when_an_offer_left_it(
    warehouse: Connection, history: History
) -> None:
    add_day(warehouse, 3)
    add_day(warehouse, 2, LATER)
    for day in open_days(warehouse, SOURCE):
        keep_day(warehouse, history, SOURCE, day)
    load_again(warehouse)
    assert open_days(warehouse, SOURCE) == [DAY]
    keep_day(warehouse, history, SOURCE, DAY)
    with warehouse.transaction():  # an offer of the day is dated anew
        warehouse.execute(
            "update core.job_offer set created_on = %s where offer_id = '11181'", (LATER,)
        )
        count_offers(warehouse, DAY, LATER)
    assert open_days(warehouse, SOURCE) == [DAY, LATER]
    for day in open_days(warehouse, SOURCE):
        keep_day(warehouse, history, SOURCE, day)
    assert history.days(SOURCE) == {DAY: 2, LATER: 3}


def test_killed_after_the_commit_and_before_the_note(
    warehouse: Connection, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_day(warehouse, 3)
    monkeypatch.setattr("jobmarket.history.days.statement", _killed_at_the_note)
    with pytest.raises(KeyboardInterrupt):
        keep_day(warehouse, history, SOURCE, DAY)
    monkeypatch.undo()
    assert open_days(warehouse, SOURCE) == [DAY]
    keep_day(warehouse, history, SOURCE, DAY)
    assert history.days(SOURCE) == {DAY: 3}


def _killed_at_the_note(name: str) -> bytes:
    from jobmarket.history.days import DIRECTORY

    if name == "upsert_day":
        raise KeyboardInterrupt
    return (DIRECTORY / f"{name}.sql").read_bytes()


SECRETS = {
    "intitule": "INTITULESECRET boulanger",
    "description": "DESCRIPTIONSECRET appelez Jean Secret au 06 12 34 56 78",
    "entreprise": {
        "nom": "EMPLOYEURSECRET", "description": "PRESENTATIONSECRET", "url": "https://urlsecret.example",
        "entrepriseAdaptee": False,
    },
    "lieuTravail": {
        "libelle": "59 - LIEUSECRET", "latitude": 50.6112233, "longitude": 3.0445566,
        "codePostal": "59113", "commune": "59560",
    },
    "salaire": {"libelle": "Mensuel de 2012.34 Euros", "commentaire": "SALAIRESECRET"},
    "complementExercice": "EXERCICESECRET",
    "conditionExercice": "CONDITIONSECRET",
    "experienceCommentaire": "EXPERIENCESECRET",
    "romeCode": "ROMESECRET",
    "qualificationCode": "QUALIFICATIONSECRET",
    "secteurActivite": "SECTEURSECRET",
    "codeNAF": "10.71C",
}  # fmt: skip
MARKS = [
    *(
        "SECRET",
        "secret",
        "178IDMARK",
        "59113",
        "59560",
        "50.6112",
        "3.04455",
        "10.71C",
        "06 12 34",
    ),
    "2026-11-18T09:07:53",
]


def test_what_must_be_erased_is_in_no_file_of_any_snapshot(
    warehouse: Connection, history: History
) -> None:
    """A day is loaded with marks wherever the licence asks for erasure, written, replaced, and taken out."""
    records = [
        offer(f"178IDMARK{n}", **SECRETS, dateCreation="2026-11-18T09:07:53.000Z") for n in range(3)
    ]
    pages = [page(1, records)]
    load_run(warehouse, manifest(pages), iter(pages), FranceTravailReader())
    kept = keep_day(warehouse, history, SOURCE, DAY)
    assert kept.rows == 3
    assert kept.withheld == dict.fromkeys(("rome_code", "qualification_code", "sector_code"), 3)
    load_again(warehouse)
    keep_day(warehouse, history, SOURCE, DAY)
    forget_kept_day(warehouse, history, SOURCE, DAY)
    table = history.table()
    assert len(table.snapshots()) >= 3
    held = {path: file_text(table, path) for path in named_files(table)}
    assert sum(path.endswith(".parquet") for path in held) == 2
    assert [(path, mark) for path, text in held.items() for mark in MARKS if mark in text] == []
    # what may be kept is found this way, so that what may not would be
    assert sum("2026-11-18" in text and "ROMESECRET" not in text for text in held.values()) >= 2
    assert sum("'departement_code': '59'" in text for text in held.values()) == 2


def test_a_day_taken_out_is_in_no_file_after_maintenance(
    warehouse: Connection, history: History
) -> None:
    add_day(warehouse, 3)
    add_day(warehouse, 2, LATER)
    keep_day(warehouse, history, SOURCE, DAY)
    keep_day(warehouse, history, SOURCE, LATER)
    forget_kept_day(warehouse, history, SOURCE, DAY)
    maintain(history, expire_before=NOW, orphan_before=NOW)
    files = [path for path in named_files(history.table()) if path.endswith(".parquet")]
    assert len(files) == 1
    assert "created_on=2026-11-19" in files[0]
    assert open_days(warehouse, SOURCE) == [DAY]


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        ("2026-11-27", 13, "2025-10-01"),
        ("2026-11-01", 13, "2025-10-01"),
        ("2026-01-31", 1, "2025-12-01"),
        ("2026-12-31", 12, "2025-12-01"),
        ("2024-02-29", 2, "2023-12-01"),
        ("2026-01-01", 13, "2024-12-01"),
    ],
)
def test_whole_months_stay(today: str, months: int, first: str) -> None:
    assert first_day_kept(date.fromisoformat(today), months) == date.fromisoformat(first)


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "13 months", "²", "99999"])
def test_a_number_of_months_that_is_none(text: str) -> None:
    with pytest.raises(ConfigurationError, match="must be a number of months"):
        parse_months(text, "warehouse_kept_months")


@pytest.mark.parametrize(("text", "months"), [("0", 0), ("13", 13), (" 6 ", 6)])
def test_a_number_of_months(text: str, months: int) -> None:
    assert parse_months(text, "warehouse_kept_months") == months


def test_an_old_day_that_the_history_holds_is_given_up_whole(
    warehouse: Connection, history: History
) -> None:
    add_day(warehouse, 3)
    add_day(warehouse, 2, LATER)
    with warehouse.transaction():
        warehouse.execute(
            "insert into core.job_offer_skill (source, offer_id, position, skill_label) "
            "select source, offer_id, 0, 'Maçonner' from core.job_offer"
        )
    for day in (DAY, LATER):
        keep_day(warehouse, history, SOURCE, day)
    assert give_up_old_days(warehouse, history, SOURCE, LATER) == ({DAY: 3}, [])
    assert values(warehouse, "select distinct created_on from core.job_offer") == [LATER]
    assert values(warehouse, "select count(*) from core.job_offer_skill") == [2]
    # what the day was stays known
    counted = "select offer_count from mart.offer_count where dimension = 'all' and created_on = %s"
    assert values(warehouse, counted, DAY) == [3]
    assert values(warehouse, "select day_status from mart.day where created_on = %s", DAY) == [
        "certified"
    ]
    assert open_days(warehouse, SOURCE) == []
    assert history.days(SOURCE) == {DAY: 3, LATER: 2}
    assert give_up_old_days(warehouse, history, SOURCE, LATER) == ({}, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("never_kept", "not in the history as it was loaded last"),
        ("loaded_again", "not in the history as it was loaded last"),
        ("one_more", "the warehouse has 4 offers of it, the history 3"),
        ("one_less_in_history", "the warehouse has 3 offers of it, the history 0"),
        ("uncertified", "not in the history as it was loaded last"),
    ],
)
def test_a_day_that_the_history_does_not_hold_as_it_is_stays(
    warehouse: Connection, history: History, change: str, reason: str
) -> None:
    is_certified = change != "uncertified"
    add_day(warehouse, 3, is_certified=is_certified, certificate={"certified": is_certified})
    if change != "never_kept":
        keep_day(warehouse, history, SOURCE, DAY)
    if change == "loaded_again":
        load_again(warehouse)
    elif change == "one_more":
        with warehouse.transaction():
            add_offers(warehouse, 1, prefix="more", created_on=DAY)
    elif change == "one_less_in_history":
        history.delete_day(SOURCE, DAY)
    before = values(warehouse, "select offer_id from core.job_offer order by 1")
    given_up = give_up_old_days(warehouse, history, SOURCE, LATER)
    assert given_up.days == {}
    assert [reason in refusal for refusal in given_up.refusals] == [True]
    assert values(warehouse, "select offer_id from core.job_offer order by 1") == before


def test_a_day_given_up_never_shrinks_in_the_history(
    warehouse: Connection, history: History
) -> None:
    """Asked again years later the source serves few of its offers; from raw all of them come back."""
    add_day(warehouse, 3)
    keep_day(warehouse, history, SOURCE, DAY)
    give_up_old_days(warehouse, history, SOURCE, LATER)
    with warehouse.transaction():
        add_offers(warehouse, 1, prefix="again", created_on=DAY)
        add_run(warehouse, 1, run_id="forced", collection_finished_at="2028-01-01 Europe/Paris")
    assert open_days(warehouse, SOURCE) == [DAY]
    kept = keep_day(warehouse, history, SOURCE, DAY)
    assert kept.rows == 3
    assert "the warehouse has only 1 of them now" in kept.refusal
    assert history.days(SOURCE) == {DAY: 3}
    with warehouse.transaction():
        add_offers(warehouse, 2, prefix="raw", created_on=DAY)
    assert keep_day(warehouse, history, SOURCE, DAY) == (DAY, 3, "", {})
    assert values(warehouse, "select given_up_at from control.history_day") == [None]


def test_a_report_of_a_day_that_was_given_up_is_refused(
    warehouse: Connection, history: History
) -> None:
    add_day(warehouse, 3)
    add_day(warehouse, 0, LATER)
    for day in (DAY, LATER):
        keep_day(warehouse, history, SOURCE, day)
    give_up_old_days(warehouse, history, SOURCE, LATER)
    for period in (day_period(DAY), period_around("week", DAY), period_around("month", DAY)):
        with pytest.raises(
            ConfigurationError, match=f"given up the offers of 1 days of {period.key}"
        ):
            require_in_warehouse(warehouse, SOURCE, period)
    require_in_warehouse(warehouse, SOURCE, day_period(LATER))
    with warehouse.transaction():
        add_offers(warehouse, 3, prefix="back", created_on=DAY, run_id=RUN)
    require_in_warehouse(warehouse, SOURCE, day_period(DAY))
