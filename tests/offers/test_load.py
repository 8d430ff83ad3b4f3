"""The warehouse on a real PostgreSQL: the schema, what a load does to the rows, and what stops it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jobmarket.enrich.contact.mask import mask
from jobmarket.foundation.errors import (
    AccessDenied,
    ConfigurationError,
    JobMarketError,
    PermanentError,
    SourceContractError,
    WarehouseUnavailable,
)
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.warehouse.explained import explained
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers import batches as batches_module
from jobmarket.offers.counted import counted_by, named_columns
from jobmarket.offers.load import load_run
from jobmarket.offers.schema import JOB_OFFER, PARTS, JobOffer, OfferRows, Partner
from jobmarket.offers.writer import Writer
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobmarket.offers.outcome import LoadResult

    from local.postgres import Postgres

DDL = Path(__file__).parents[2] / "include" / "sql" / "ddl"
DAY = "2026-11-18"
TABLES = ("job_offer", *(part.name for part in PARTS))
Connection = psycopg.Connection[Any]
Pages = list[tuple[Page, bytes]]


@pytest.fixture
def warehouse(schema_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(schema_dsn) as connection:
        yield connection


def offer(offer_id: str = "0000001", **fields: Any) -> dict[str, Any]:
    return {
        "id": offer_id,
        "intitule": "Boulanger (H/F)",
        "dateCreation": f"{DAY}T09:00:00.000Z",
        "dateActualisation": f"{DAY}T10:00:00.000Z",
        "competences": [{"code": "1", "libelle": "Pétrir", "exigence": "E"}],
        "origineOffre": {"origine": "1"},
        "contact": {"nom": "Une personne"},
    } | fields


def page(
    number: int, records: Iterable[Any], received_at: str = "2026-11-19T00:00:00Z"
) -> tuple[Page, bytes]:
    encoded = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records]
    body = f'{{"resultats":[{",".join(encoded)}],"filtresPossibles":[]}}'.encode()
    about = Page(
        key=f"raw/page-{number:05d}.json.zst",
        query="",
        status=206,
        content_range="",
        announced=len(encoded),
        offers=len(encoded),
        sha256="",
        body_bytes=len(body),
        received_at=received_at,
        statuses=[206],
        attempt_at=received_at,
    )
    return about, body


def manifest(pages: Pages, run_id: str = "r1", day: str = DAY) -> Manifest:
    offers = sum(about.offers for about, _ in pages)
    return Manifest(
        day=day,
        run_id=run_id,
        started_at="2026-11-19T00:00:00Z",
        finished_at="2026-11-19T00:01:00Z",
        certificate=Certificate(
            certified=True,
            announced=offers,
            collected=offers,
            duplicates=0,
            outside_day=0,
            gap=0,
            requests=len(pages),
            retries=0,
            re_reads=0,
            bytes=0,
            seconds=1.0,
            statuses={"206": len(pages)},
            filter_shift_s=0,
            slices=[],
        ),
        pages=[about for about, _ in pages],
    )


def load(
    connection: Connection, pages: Pages, run_id: str = "r1", day: str = DAY
) -> dict[str, int]:
    """Load pages; return the counts that are not zero."""
    return told(
        load_run(connection, manifest(pages, run_id, day), iter(pages), FranceTravailReader())
    )


def told(result: LoadResult) -> dict[str, int]:
    outcomes = (
        "inserted", "updated", "unchanged", "stale", "rejected", "duplicates", "outside_day",
    )  # fmt: skip
    counts = {name: getattr(result, name) for name in outcomes}
    assert result.records == sum(counts.values())
    return {name: count for name, count in counts.items() if count}


def query(connection: Connection, text: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.transaction():
        return connection.execute(text, values).fetchall()


def snapshot(connection: Connection) -> list[Any]:
    """Return all rows of core with the transaction that wrote each."""
    return [
        query(connection, f"select xmin::text, * from core.{name} order by source, offer_id, 4")  # noqa: S608
        for name in TABLES
    ]


def test_the_schema_is_applied_once_and_costs_nothing_again(postgres_dsn: str) -> None:
    names = sorted(path.name for path in DDL.glob("*.sql"))
    with psycopg.connect(postgres_dsn) as connection:
        assert apply_ddl(connection, DDL) == names
        assert apply_ddl(connection, DDL) == []
        found = query(connection, "select file_name from control.schema_migration order by 1")
        assert [name for (name,) in found] == names


def test_every_table_and_column_is_described(warehouse: Connection) -> None:
    undescribed = query(
        warehouse,
        """
        select c.relname, a.attname
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('core', 'control', 'mart')
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind in ('r', 'p', 'v') and not c.relispartition
            and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)
        """,
    )
    assert undescribed == []


@pytest.mark.parametrize("table", [JOB_OFFER, *PARTS], ids=lambda table: table.name)
def test_the_load_writes_the_columns_that_the_schema_has(warehouse: Connection, table: Any) -> None:
    found = query(
        warehouse,
        """
        select a.attname, format_type(a.atttypid, null) from pg_attribute a
        where a.attrelid = %s::regclass and a.attnum > 0 order by a.attnum
        """,
        f"core.{table.name}",
    )
    sql_names = {
        "int2": "smallint",
        "int4": "integer",
        "float8": "double precision",
        "bool": "boolean",
        "timestamptz": "timestamp with time zone",
    }
    assert dict(found) == {name: sql_names.get(kind, kind) for name, kind in table.columns.items()}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "alter table core.job_offer drop column travel_label cascade",
            r"declares core\.job_offer\.travel_label \(text\), but the warehouse has no such column",
        ),
        (
            "alter table core.job_offer_skill drop column skill_code cascade",
            r"declares core\.job_offer_skill\.skill_code \(text\), but the warehouse has no such",
        ),
        (
            "alter table core.job_offer rename column soft_skill_labels to soft_skills",
            r"declares core\.job_offer\.soft_skill_labels \(text\[\]\), but the warehouse has no such",
        ),
        (
            "alter table core.job_offer alter column position_count type bigint",
            r"declares core\.job_offer\.position_count as int4, but in the warehouse it is int8",
        ),
        (
            "alter table core.job_offer alter column working_condition_labels type text",
            r"core\.job_offer\.working_condition_labels as text\[\], but in the warehouse it is text,",
        ),
        (
            "alter table core.job_offer add column remote_days_count integer",
            r"has the column core\.job_offer\.remote_days_count, which offers/schema\.py does not declare",
        ),
        (
            "drop table core.job_offer_partner cascade",
            r"declares core\.job_offer_partner\.source \(text\), but the warehouse has no such column",
        ),
    ],
    ids=lambda value: value[:60],
)
def test_a_column_that_schema_and_warehouse_do_not_share_is_named(
    warehouse: Connection, change: str, sentence: str
) -> None:
    with warehouse.transaction():
        warehouse.execute("drop schema mart cascade")  # views would hold the columns
        warehouse.execute(change)
    with pytest.raises(ConfigurationError, match=sentence) as raised:
        load(warehouse, [page(1, [offer()])])
    assert "nothing was loaded" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_column_that_postgresql_computes_is_not_the_loads(warehouse: Connection) -> None:
    with warehouse.transaction():
        warehouse.execute(
            "alter table core.job_offer add column title_chars int generated always as (length(title)) stored"
        )
    assert load(warehouse, [page(1, [offer()])]) == {"inserted": 1}


def copied_ddl(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DDL, tmp_path / "ddl"))


def test_an_applied_file_may_not_change(warehouse: Connection, tmp_path: Path) -> None:
    directory = copied_ddl(tmp_path)
    with (directory / "004_mart.sql").open("a") as file:
        file.write("create table mart.x ();")
    with pytest.raises(ConfigurationError, match=r"004_mart\.sql has changed since it was applied"):
        apply_ddl(warehouse, directory)


def test_line_ends_are_no_change(warehouse: Connection, tmp_path: Path) -> None:
    directory = copied_ddl(tmp_path)
    path = directory / "001_control.sql"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert apply_ddl(warehouse, directory) == []


def test_a_new_file_comes_after_the_applied_ones(warehouse: Connection, tmp_path: Path) -> None:
    directory = copied_ddl(tmp_path)
    (directory / "003_a_view.sql").write_text("create table mart.x ();")
    with pytest.raises(ConfigurationError, match=r"003_a_view\.sql is new but sorts before"):
        apply_ddl(warehouse, directory)


def test_a_file_that_fails_leaves_nothing(postgres_dsn: str, tmp_path: Path) -> None:
    directory = copied_ddl(tmp_path)
    (directory / "999_wrong.sql").write_text("create table mart.x (); select 1 / 0;")
    with psycopg.connect(postgres_dsn) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            apply_ddl(connection, directory)
        assert query(connection, "select to_regnamespace('control')::text") == [(None,)]


@pytest.mark.parametrize(
    ("name", "words"), [("x.sql", "must be called"), ("readme.md", "holds no .sql")]
)
def test_a_directory_that_is_no_schema(
    postgres_dsn: str, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / name).touch()
    with (
        psycopg.connect(postgres_dsn) as connection,
        pytest.raises(ConfigurationError, match=words),
    ):
        apply_ddl(connection, tmp_path)


def test_two_runs_apply_the_schema_at_once(postgres_dsn: str) -> None:
    applied: list[list[str]] = []
    together = threading.Barrier(4)

    def run() -> None:
        with psycopg.connect(postgres_dsn) as connection:
            together.wait()
            applied.append(apply_ddl(connection, DDL))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, applied)) == [0, 0, 0, len(list(DDL.glob("*.sql")))]


@pytest.mark.parametrize("act", [apply_ddl, load_run])
def test_an_open_transaction_is_not_ours(warehouse: Connection, act: Any) -> None:
    warehouse.execute("select 1")
    with pytest.raises(ValueError, match="in a transaction"):
        act(warehouse, DDL) if act is apply_ddl else act(
            warehouse, manifest([]), [], FranceTravailReader()
        )
    warehouse.rollback()


def test_a_first_load_and_the_same_again(warehouse: Connection) -> None:
    pages = [page(1, [offer("0000001"), offer("0000002")]), page(2, [offer("193KRPK")])]
    assert load(warehouse, pages) == {"inserted": 3}
    before = snapshot(warehouse)
    assert load(warehouse, pages) == {"unchanged": 3}
    assert snapshot(warehouse) == before
    (row,) = query(
        warehouse,
        "select source, run_id, title, created_at, created_on, updated_at, observed_at "
        "from core.job_offer where offer_id = '0000001'",
    )
    assert row == (
        "france_travail",
        "r1",
        "Boulanger (H/F)",
        datetime(2026, 11, 18, 8, tzinfo=UTC),
        date(2026, 11, 18),
        datetime(2026, 11, 18, 9, tzinfo=UTC),
        datetime(2026, 11, 19, tzinfo=UTC),
    )
    assert query(warehouse, "select count(*) from core.job_offer_skill") == [(3,)]


def test_the_row_of_the_run(warehouse: Connection) -> None:
    pages = [
        page(
            1,
            [offer(nouveau=1), offer("0000002", lieuTravail={"latitude": 2.3, "longitude": 48.8})],
        )
    ]
    load(warehouse, pages)
    load(warehouse, pages)
    (row,) = query(
        warehouse,
        "select source, day, run_id, status, is_sample, is_certified, page_count, record_count, "
        "inserted_count, unchanged_count, load_count, drift, repairs, certificate ->> 'announced', checks "
        "from control.ingestion_run",
    )
    assert row == (
        "france_travail", date(2026, 11, 18), "r1", "loaded", False, True, 1, 2, 0, 2, 2,
        {"nouveau": 1}, {"coordinates_swapped": 1}, "2", None,
    )  # fmt: skip


def test_a_second_load_writes_almost_no_wal(warehouse: Connection) -> None:
    pages = [page(n, [offer(f"{n:03d}{i:04d}") for i in range(150)]) for n in range(10)]
    assert load(warehouse, pages) == {"inserted": 1500}
    position = "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
    ((before,),) = query(warehouse, position)
    assert load(warehouse, pages) == {"unchanged": 1500}
    ((after,),) = query(warehouse, position)
    assert after - before < 200_000


NEWER = {"dateActualisation": f"{DAY}T11:00:00.000Z"}


def test_a_newer_state_replaces_the_offer_and_its_parts(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer(), offer("0000002")])])
    changed = offer(
        intitule="Pâtissier (H/F)", competences=[], langues=[{"libelle": "Anglais"}], **NEWER
    )
    pages = [page(1, [changed, offer("0000002")], "2026-11-20T00:00:00Z")]
    assert load(warehouse, pages, "r2") == {"updated": 1, "unchanged": 1}
    assert query(warehouse, "select offer_id, title, run_id from core.job_offer order by 1") == [
        ("0000001", "Pâtissier (H/F)", "r2"),
        ("0000002", "Boulanger (H/F)", "r1"),
    ]
    assert query(warehouse, "select offer_id from core.job_offer_skill") == [("0000002",)]
    assert query(warehouse, "select offer_id from core.job_offer_language") == [("0000001",)]
    assert load(warehouse, pages, "r2") == {"unchanged": 2}


def test_what_stays_the_same_in_a_newer_state_is_not_written(warehouse: Connection) -> None:
    long = "".join(
        Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=4900)
    )  # lies outside of the row
    first = {
        "description": long,
        "permis": [{"libelle": "B - Véhicule léger", "exigence": "E"}],
        "langues": [{"libelle": "Anglais", "exigence": "S"}],
    }
    load(warehouse, [page(1, [offer("001", **first), offer("002", **first)])])
    before = dict(zip(TABLES, snapshot(warehouse), strict=True))
    text_chunks = (
        "select pg_relation_size(reltoastrelid) from pg_class "
        "where oid = 'core.job_offer'::regclass"
    )
    held = query(warehouse, text_chunks)
    later = first | {"dateActualisation": f"{DAY}T20:00:00.000Z", "intitule": "Boulangère"}
    languages = [{"libelle": "Anglais", "exigence": "E"}, {"libelle": "Espagnol", "exigence": "S"}]
    records = [
        offer("001", **later, competences=[]),
        offer("002", **later | {"langues": languages}),
    ]
    assert load(warehouse, [page(1, records)], run_id="r2") == {"updated": 2}
    after = dict(zip(TABLES, snapshot(warehouse), strict=True))
    assert query(warehouse, "select distinct title, description from core.job_offer") == [
        ("Boulangère", long)
    ]
    assert query(warehouse, text_chunks) == held
    assert after["job_offer_licence"] == before["job_offer_licence"]
    assert after["job_offer_skill"] == before["job_offer_skill"][1:]
    assert after["job_offer_language"][0] == before["job_offer_language"][0]
    assert [row[2:5] for row in after["job_offer_language"][1:]] == [
        ("002", 0, "Anglais"),
        ("002", 1, "Espagnol"),
    ]


def test_an_older_observation_never_overwrites_a_newer_one(warehouse: Connection) -> None:
    old = [page(1, [offer()])]
    new = [page(1, [offer(intitule="Pâtissier", **NEWER)], "2026-11-20T00:00:00Z")]
    load(warehouse, new, "r2")
    before = snapshot(warehouse)
    assert load(warehouse, old, "r1") == {"stale": 1}
    assert load(warehouse, old, "r1") == {"stale": 1}
    assert snapshot(warehouse) == before


def test_the_later_observation_wins_where_the_update_is_the_same(warehouse: Connection) -> None:
    first, second = offer(intitule="A"), offer(intitule="B")
    load(warehouse, [page(1, [second], "2026-11-20T00:00:00Z")], "r2")
    assert load(warehouse, [page(1, [first], "2026-11-19T00:00:00Z")], "r1") == {"stale": 1}
    # it comes back without a new date: which of the two is newer is told by what was observed first
    assert load(warehouse, [page(1, [first], "2026-11-21T00:00:00Z")], "r3") == {"stale": 1}
    third = offer(intitule="C")
    assert load(warehouse, [page(1, [third], "2026-11-21T00:00:00Z")], "r3") == {"updated": 1}


def test_rows_do_not_depend_on_which_run_is_loaded_first(postgres: Postgres) -> None:
    runs = [
        (f"r{n}", [page(1, [offer(intitule=f"v{n}", competences=[{"libelle": f"c{n}"}])])])
        for n in range(3)
    ]
    states = []
    for turn, order in enumerate((runs, runs[::-1], [runs[1], runs[0], runs[2]])):
        with psycopg.connect(postgres.create_database(f"order_{os.getpid()}_{turn}")) as connection:
            apply_ddl(connection, DDL)
            for run_id, pages in order:
                load(connection, pages, run_id)
            states.append(
                query(
                    connection,
                    "select title, run_id, skill_label "
                    "from core.job_offer join core.job_offer_skill using (offer_id)",
                )
            )
    assert states[0] == states[1] == states[2]


@pytest.mark.parametrize(
    "other",
    [offer(contact={"nom": "Une autre"}), dict(reversed(offer().items()))],
    ids=["an ignored field", "the order of fields"],
)
def test_other_bytes_without_other_columns_change_nothing(
    warehouse: Connection, other: Any
) -> None:
    load(warehouse, [page(1, [offer()])])
    before = snapshot(warehouse)
    assert load(warehouse, [page(1, [other], "2026-11-20T00:00:00Z")], "r2") == {"unchanged": 1}
    assert snapshot(warehouse) == before


@pytest.mark.parametrize("batch_bytes", [1, 600, 10**6])
@pytest.mark.parametrize(
    ("records", "counts", "title"),
    [
        (["a", "a", "a"], {"inserted": 1, "duplicates": 2}, "a"),
        (["a", "b"], {"inserted": 1, "duplicates": 1}, "b"),
        (["b", "a"], {"inserted": 1, "duplicates": 1}, "b"),
        (["a", "b", "a"], {"inserted": 1, "duplicates": 2}, "b"),
        (["bad", "a"], {"inserted": 1, "duplicates": 1}, "a"),
        (["a", "bad"], {"inserted": 1, "duplicates": 1}, "a"),
        (["bad", "bad"], {"rejected": 1, "duplicates": 1}, None),
        (["elsewhere", "a", "elsewhere"], {"inserted": 1, "outside_day": 2}, "a"),
    ],
)
def test_duplicates_in_a_run(
    warehouse: Connection,
    monkeypatch: pytest.MonkeyPatch,
    batch_bytes: int,
    records: list[str],
    counts: dict[str, int],
    title: str | None,
) -> None:
    monkeypatch.setattr(batches_module, "BATCH_BYTES", batch_bytes)
    kinds = {
        "a": offer(intitule="a"),
        "b": offer(intitule="b", **NEWER),
        "bad": offer(intitule=True),
        "elsewhere": offer(dateCreation="2026-11-17T23:59:59.999Z"),
    }
    pages = [page(n, [kinds[kind]], f"2026-11-19T00:00:{n:02d}Z") for n, kind in enumerate(records)]
    assert load(warehouse, pages) == counts
    assert query(warehouse, "select title from core.job_offer") == ([(title,)] if title else [])
    before = snapshot(warehouse)
    again = load(warehouse, pages)
    assert snapshot(warehouse) == before
    assert sum(again.values()) == len(records)
    assert "inserted" not in again
    assert "updated" not in again


@pytest.mark.parametrize(
    ("before", "records", "counts"),
    [
        ("a", ["a", "b"], {"updated": 1, "duplicates": 1}),
        ("b", ["a", "b"], {"unchanged": 1, "duplicates": 1}),
        ("b", ["a", "c"], {"updated": 1, "duplicates": 1}),
        ("c", ["a", "b"], {"stale": 1, "duplicates": 1}),
        ("a", ["b", "c"], {"updated": 1, "duplicates": 1}),
    ],
)
def test_an_offer_has_one_outcome_a_run(
    warehouse: Connection, before: str, records: list[str], counts: dict[str, int]
) -> None:
    kinds = {
        name: offer(intitule=name, dateActualisation=f"{DAY}T1{hour}:00:00.000Z")
        for hour, name in enumerate("abc")
    }
    load(warehouse, [page(1, [kinds[before]])], "r0")
    pages = [page(n, [kinds[name]]) for n, name in enumerate(records)]
    assert load(warehouse, pages, "r1") == counts
    newest = max(before, *records)
    assert query(warehouse, "select title from core.job_offer") == [(newest,)]


def test_only_offers_of_the_day_are_loaded(warehouse: Connection) -> None:
    times = [
        "2026-11-17T23:59:59.999Z",
        f"{DAY}T00:00:00.000Z",
        f"{DAY}T23:59:59.999Z",
        "2026-11-19T00:00:00.000Z",
    ]
    records = [offer(f"{n}", dateCreation=time) for n, time in enumerate(times)]
    broken = offer("9", dateCreation=times[0], intitule=True)  # the load of its own day judges it
    pages = [page(1, [*records, broken])]
    assert load(warehouse, pages) == {"inserted": 2, "outside_day": 3}
    assert query(warehouse, "select offer_id from core.job_offer order by 1") == [("1",), ("2",)]
    assert load(warehouse, pages, day="2026-11-17") == {
        "inserted": 1,
        "rejected": 1,
        "outside_day": 3,
    }
    assert load(warehouse, pages) == {"unchanged": 2, "outside_day": 3}


def test_a_broken_record_is_kept_by_its_place(warehouse: Connection) -> None:
    records: list[Any] = [
        offer(),
        {"intitule": "sans id"},
        offer("0000002", alternance="oui"),
        None,
    ]
    pages = [page(7, records)]
    assert load(warehouse, pages) == {"inserted": 1, "rejected": 3}
    assert load(warehouse, pages) == {"unchanged": 1, "rejected": 3}
    rejected = query(
        warehouse,
        "select run_id, page_key, position, offer_id, reason from control.rejected_record order by position",
    )
    key = "raw/page-00007.json.zst"
    no_id = "Expected an `id` of 1 to 20 letters and digits"
    assert rejected == [
        ("r1", key, 1, None, no_id),
        ("r1", key, 2, "0000002", "Expected `bool | null`, got `str` - at `$.alternance`"),
        ("r1", key, 3, None, no_id),
    ]


def test_a_corrected_contract_forgets_what_it_no_longer_rejects(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer(), offer("0000002", alternance="oui")])])
    load(warehouse, [page(1, [offer(), offer("0000002")])])
    assert query(warehouse, "select count(*) from control.rejected_record") == [(0,)]


def test_two_ids_are_a_breach(warehouse: Connection) -> None:
    about, body = page(1, [offer("1")])
    body = body.replace(b'"intitule"', b'"id":"2","intitule"', 1)
    assert load(warehouse, [(about, body)]) == {"rejected": 1}


def test_too_many_broken_records_publish_nothing(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer("0000009")])], "r0")
    before = snapshot(warehouse)
    records = [offer(f"{i:07d}") for i in range(30)] + [
        offer(f"{i:07d}", intitule=True) for i in range(100, 125)
    ]
    with pytest.raises(SourceContractError) as caught:
        load(warehouse, [page(1, records[:40]), page(2, records[40:])])
    assert str(caught.value).startswith(
        "21 of the first 55 records of day 2026-11-18 (run r1) break the contract, "
        "more than the 20 allowed, so nothing was published"
    )
    assert "Expected `str`, got `bool` - at `$.intitule`" in str(caught.value)
    assert snapshot(warehouse) == before
    assert query(warehouse, "select count(*) from control.rejected_record") == [(21,)]
    assert query(
        warehouse, "select run_id, status, rejected_count from control.ingestion_run order by 1"
    ) == [
        ("r0", "loaded", 0),
        ("r1", "refused", 21),
    ]


def test_the_bound_on_broken_records_grows_with_the_day(warehouse: Connection) -> None:
    good = [offer(f"{i:07d}") for i in range(2475)]
    bad = [offer(f"{i:07d}", intitule=True) for i in range(9000, 9025)]
    assert load(warehouse, [page(1, bad), page(2, good)]) == {"inserted": 2475, "rejected": 25}
    with pytest.raises(SourceContractError, match="26 of the first"):
        load(warehouse, [page(1, [*bad, offer("x", intitule=True)]), page(2, good)], "r2")


BROKEN = (
    "Expected an answer of the search endpoint, got a body of which nothing from here on "
    "can be told apart"
)


def test_a_broken_page_costs_what_cannot_be_told_apart(warehouse: Connection) -> None:
    first, whole = page(1, [offer(), offer("0000002"), offer("0000003")])
    pages = [
        (first, whole[: whole.rindex(b"origineOffre")]),
        (page(2, [])[0], b"<html>"),
        page(3, [offer("0000004")]),
        (page(4, [])[0], b""),
    ]
    assert load(warehouse, pages) == {"inserted": 3, "rejected": 2}
    assert load(warehouse, pages) == {"unchanged": 3, "rejected": 2}
    rejected = "select page_key, position, offer_id, reason from control.rejected_record order by 1"
    assert query(warehouse, rejected) == [
        ("raw/page-00001.json.zst", 2, None, BROKEN),
        ("raw/page-00002.json.zst", 0, None, BROKEN),
    ]
    assert load(warehouse, [(first, whole), pages[2]], "r2") == {"inserted": 1, "unchanged": 3}


def test_a_field_beside_the_records_of_a_page_is_drift(warehouse: Connection) -> None:
    about, body = page(1, [offer()])
    load(
        warehouse,
        [(about, body.replace(b'"filtresPossibles"', b'"suite":"/x","filtresPossibles"'))],
    )
    assert query(warehouse, "select drift from control.ingestion_run") == [({"(page).suite": 1},)]


def test_records_of_all_faults_on_one_page(warehouse: Connection) -> None:
    """Each is loaded or rejected by itself; its neighbours never notice."""
    texts = {
        "surrogate": rb"fin \ud83d",
        "control": b"un\tdeux\x01",
        "escape": rb"\x41 \q",
        "utf8": b"\xff",
        "quote": b'il dit "oui"',
        "comma": b'","competences":[],"x":[1,],"y":"',
        "nan": b'","nombrePostes":NaN,"x":"',
        "deep": b'","x":' + b"[" * 3000 + b"]" * 3000 + b',"y":"',
        "open": b'","x":[{"y":"',
        "closed": b'"},"x":"',
    }
    records = [offer("1000000")]
    for number in range(len(texts)):
        records += [offer(f"2{number:06d}", description=f"<{number}>"), offer(f"1{number + 1:06d}")]
    about, body = page(1, records)
    for number, text in enumerate(texts.values()):
        body = body.replace(f"<{number}>".encode(), text)
    assert load(warehouse, [(about, body)]) == {"inserted": len(texts) + 1 + 5, "rejected": 5}
    rejected = query(
        warehouse, "select position, offer_id from control.rejected_record order by position"
    )
    named = list(texts)
    assert [named[(position - 1) // 2] for position, _ in rejected] == [
        "utf8", "quote", "deep", "open", "closed",
    ]  # fmt: skip
    assert [offer_id for _, offer_id in rejected] == [
        f"2{(position - 1) // 2:06d}" for position, _ in rejected
    ]
    assert query(warehouse, "select repairs from control.ingestion_run") == [
        ({
            "surrogate_replaced": 1, "control_escaped": 1, "escape_read": 1, "comma_removed": 1,
            "literal_read": 1,
        },)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "updated",
    [
        "9999-12-31T23:59:59.000Z",
        "2026-11-21T02:00:00.000Z",
        "0001-01-01T00:00:00.000Z",
        "2025-11-16T09:00:00.000Z",
        "bientôt",
        "2026-11-18T10:00:00+01:00",
    ],
)
def test_an_update_that_cannot_be_never_pins_an_offer(warehouse: Connection, updated: str) -> None:
    load(warehouse, [page(1, [offer(dateActualisation=updated)])])
    assert query(warehouse, "select updated_at from core.job_offer") == [(None,)]
    assert query(warehouse, "select repairs from control.ingestion_run") == [
        ({"update_not_believed": 1},)
    ]
    later = [page(1, [offer(intitule="Pâtissier (H/F)")], "2026-11-20T00:00:00Z")]
    assert load(warehouse, later, "r2") == {"updated": 1}


def test_an_update_a_little_ahead_is_believed(warehouse: Connection) -> None:
    ahead = offer(dateActualisation="2026-11-20T23:00:00.000Z")
    load(warehouse, [page(1, [ahead])])
    assert query(warehouse, "select updated_at from core.job_offer") == [
        (datetime(2026, 11, 20, 22, tzinfo=UTC),)
    ]


def test_an_offer_pinned_before_is_freed(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer()])])
    with warehouse.transaction():
        warehouse.execute("update core.job_offer set updated_at = '9999-12-31'")
    later = [page(1, [offer(intitule="Pâtissier (H/F)", **NEWER)], "2026-11-20T00:00:00Z")]
    assert load(warehouse, later, "r2") == {"updated": 1}


def test_empty_pages_and_an_empty_day(warehouse: Connection) -> None:
    about, _ = page(1, [])
    assert load(warehouse, [(about, b"")]) == {}
    assert load(warehouse, [], "r2") == {}
    assert query(warehouse, "select run_id, status from control.ingestion_run order by 1") == [
        ("r1", "loaded"),
        ("r2", "loaded"),
    ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="&\0"), min_size=1),
    number=st.floats(allow_nan=False, allow_infinity=False),
    labels=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="&\0")), max_size=4
    ),
)
def test_any_text_goes_through_copy_and_comes_back(
    warehouse: Connection, text: str, number: float, labels: list[str]
) -> None:
    # what holds a contact comes back masked: test_contact
    assume(all(mask(one)[0] == one for one in (f"Titre {text}", text, *labels)))
    record = offer(
        intitule=f"Titre {text}",
        description=text,
        lieuTravail={"latitude": number, "longitude": None},
        outilsBureautiques=labels,
        competences=[{"libelle": text}],
    )
    load(warehouse, [page(1, [record])], run_id="r1")
    (row,) = query(
        warehouse,
        "select title, description, latitude, office_tool_labels, skill_label "
        "from core.job_offer join core.job_offer_skill using (source, offer_id)",
    )
    assert row == (f"Titre {text}", text, number, labels or None, text)
    with warehouse.transaction():
        warehouse.execute("truncate core.job_offer, core.job_offer_skill")


def test_long_texts_are_compressed_with_lz4(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer(description="Vous pétrissez la pâte. " * 200)])])
    assert query(warehouse, "select pg_column_compression(description) from core.job_offer") == [
        ("lz4",)
    ]


def test_a_second_load_waits_for_the_first(schema_dsn: str, warehouse: Connection) -> None:
    """Two runs at once, the second begun while the first is in the middle: both end, no row twice."""
    pages = [page(n, [offer(f"{n}{i:06d}") for i in range(50)]) for n in range(3)]
    second_began = threading.Event()
    outcomes: dict[str, dict[str, int]] = {}

    def slowly() -> Iterator[tuple[Page, bytes]]:
        yield pages[0]
        thread.start()
        assert second_began.wait(20)
        yield from pages[1:]

    def second() -> None:
        with psycopg.connect(schema_dsn) as connection:
            second_began.set()
            outcomes["second"] = load(connection, pages, "r2")

    thread = threading.Thread(target=second)
    outcomes["first"] = told(load_run(warehouse, manifest(pages), slowly(), FranceTravailReader()))
    thread.join(60)
    assert outcomes == {"first": {"inserted": 150}, "second": {"unchanged": 150}}


def test_a_load_that_waits_too_long_gives_up(
    schema_dsn: str, warehouse: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmarket.offers.locks.LOAD_LOCK_TIMEOUT_S", 0.1)
    with psycopg.connect(schema_dsn) as other, other.transaction():
        other.execute(
            "select pg_advisory_xact_lock(hashtextextended('jobmarket.load.france_travail', 0))"
        )
        with (
            pytest.raises(WarehouseUnavailable, match="busy with another load"),
            explained("warehouse"),
        ):
            load(warehouse, [page(1, [offer()])])


def test_an_error_in_the_middle_publishes_nothing(warehouse: Connection) -> None:
    def pages() -> Iterator[tuple[Page, bytes]]:
        yield page(1, [offer()])
        raise OSError("the lake went away")

    with pytest.raises(OSError, match="the lake went away"):
        load_run(warehouse, manifest([page(1, [offer()])]), pages(), FranceTravailReader())
    assert query(warehouse, "select count(*) from core.job_offer") == [(0,)]
    assert query(warehouse, "select count(*) from control.ingestion_run") == [(0,)]


def test_what_other_rules_have_read_is_read_again(warehouse: Connection) -> None:
    pages = [page(1, [offer("001"), offer("002"), offer("003")])]
    load(warehouse, pages)
    before = query(warehouse, "select * from core.job_offer order by offer_id")
    with warehouse.transaction():
        warehouse.execute(
            "update core.job_offer set rules_hash = rules_hash + 1, departement_code = '00' "
            "where offer_id = '002'"
        )
        warehouse.execute(
            "update core.job_offer set rules_hash = null, run_id = 'r0' where offer_id = '003'"
        )
    # 003 was read by other rules, but they came to the same
    assert load(warehouse, pages, run_id="r2") == {"updated": 1, "unchanged": 2}
    after = query(warehouse, "select * from core.job_offer order by offer_id")
    assert after[:2] == before[:2]  # lineage included: nothing new was observed
    assert load(warehouse, pages, run_id="r3") == {"unchanged": 3}


def test_a_contact_that_was_loaded_before_there_was_a_mask_is_masked(warehouse: Connection) -> None:
    text = "Envoyez le CV à nom@domaine.fr ou appelez le 06 12 34 56 78."
    pages = [page(1, [offer("001", description=text), offer("002", description="Rien.")])]
    load(warehouse, pages)
    with warehouse.transaction():
        warehouse.execute(
            "update core.job_offer set description = %s, rules_hash = 7 where offer_id = '001'",
            (text,),
        )
        warehouse.execute("update core.job_offer set rules_hash = 7 where offer_id = '002'")
    assert load(warehouse, pages, run_id="r2") == {"updated": 1, "unchanged": 1}
    assert query(warehouse, "select description from core.job_offer order by offer_id") == [
        ("Envoyez le CV à [adresse e-mail masquée] ou appelez le [téléphone masqué].",),
        ("Rien.",),
    ]
    assert query(warehouse, "select repairs from control.ingestion_run where run_id = 'r2'") == [
        ({"emails_masked": 1, "phones_masked": 1},)
    ]
    # another contact only: what is kept of the offer is the same
    other = [
        page(
            1,
            [
                offer("001", description=text.replace("nom@", "autre@")),
                offer("002", description="Rien."),
            ],
        )
    ]
    assert load(warehouse, other, run_id="r3") == {"unchanged": 2}


def test_no_contact_is_kept_of_a_record_that_was_rejected(warehouse: Connection) -> None:
    broken = offer("001", origineOffre={"origine": "nom@domaine.fr"})
    load(warehouse, [page(1, [broken])])
    ((reason,),) = query(warehouse, "select reason from control.rejected_record")
    assert reason == "Expected `str` of length <= 20 - at `$.origineOffre.origine`"
    unknown = offer("002", origineOffre={"origine": "0612345678"})
    load(warehouse, [page(1, [unknown])], run_id="r2")
    ((drift,),) = query(
        warehouse, "select drift::text from control.ingestion_run where run_id = 'r2'"
    )
    assert "0612345678" not in drift
    assert "origineOffre.origine=" in drift


def test_a_later_state_stays_though_other_rules_have_read_it(warehouse: Connection) -> None:
    older, newer = offer("001"), offer("001", dateActualisation=f"{DAY}T20:00:00.000Z")
    load(warehouse, [page(1, [newer])])
    with warehouse.transaction():
        warehouse.execute("update core.job_offer set rules_hash = null")
    assert load(warehouse, [page(1, [older])], run_id="r2") == {"stale": 1}


def counts(connection: Connection) -> dict[tuple[str, str, str], int]:
    rows = query(
        connection,
        "select dimension, value_code, origin_code, offer_count from mart.offer_count where created_on = %s",
        DAY,
    )
    return {row[:3]: row[3] for row in rows}


def test_the_offers_of_a_day_are_counted(warehouse: Connection) -> None:
    partner = {"origine": "2", "partenaires": [{"nom": "P"}, {"nom": "P"}, {"nom": "Q"}]}
    first = offer("001", typeContrat="CDI", romeCode="D1102", description="Excel, Python, Excel")
    second = offer(
        "002",
        typeContrat="CDD",
        origineOffre=partner,
        secteurActivite="78",
        salaire={"libelle": "Mensuel de 2000.0 Euros sur 12.0 mois"},
        lieuTravail={"libelle": "59 - LILLE", "commune": "59350"},
    )
    load(warehouse, [page(1, [first, second])])
    known = {
        ("all", "", "1"): 1,
        ("all", "", "2"): 1,
        ("contract_type", "CDI", "1"): 1,
        ("contract_type", "CDD", "2"): 1,
        ("departement", "", "1"): 1,
        ("departement", "59", "2"): 1,
        ("naf_division", "", "1"): 1,
        ("naf_division", "78", "2"): 1,
        ("place_kind", "unknown", "1"): 1,
        ("place_kind", "commune", "2"): 1,
        ("rome", "D1102", "1"): 1,
        ("rome", "", "2"): 1,
        ("rome_label", "", "1"): 1,
        ("rome_label", "", "2"): 1,
        ("salary_kind", "absent", "1"): 1,
        ("salary_kind", "stated", "2"): 1,
        ("technology", "excel", "1"): 1,
        ("technology", "python", "1"): 1,
        ("partner", "P", "2"): 1,
        ("partner", "Q", "2"): 1,
    }
    # what is counted besides needs no line here: its analysis has a sample, and the statement is read
    dimensions = {dimension for dimension, _, _ in known}
    assert {key: count for key, count in counts(warehouse).items() if key[0] in dimensions} == known


def test_a_day_is_counted_by_what_its_statement_names() -> None:
    def stated(partner: tuple[str, str] = ("P", "p"), **columns: Any) -> list[Any]:
        named = Partner(partner_name=partner[0], partner_url=partner[1])
        at = datetime(2026, 11, 18, 9, tzinfo=UTC)
        whole: dict[str, Any] = {
            "source": "s",
            "offer_id": "1",
            "created_on": at.date(),
            "created_at": at,
            "title": "T",
        }
        return counted_by(OfferRows(JobOffer(**whole | columns), partner=[named]))

    same: list[dict[str, Any]] = [{"title": "U"}, {"salary_min_eur": 1.0}, {"partner": ("P", "q")}]
    other: list[dict[str, Any]] = [
        *({"origin_code": "2"}, {"contract_type_code": "CDI"}, {"technology_codes": ("python",)}),
        *({"rome_label": "R"}, {"naf_code": "62.01Z"}, {"partner": ("Q", "p")}),
        {"created_on": date(2026, 11, 19)},
    ]
    assert [one for one in same if stated(**one) != stated()] == []
    assert [one for one in other if stated(**one) == stated()] == []


def test_a_comment_names_no_column_and_a_table_that_is_not_read_has_none() -> None:
    sql = "select rome_code -- not salary_kind\nfrom core.job_offer where created_on = %(day)s"
    assert named_columns(sql, JOB_OFFER) == ["created_on", "rome_code"]
    assert [named_columns(sql, table) for table in PARTS] == [[]] * len(PARTS)


def test_counts_follow_their_day_and_are_not_written_again(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer("001", typeContrat="CDI")])])
    written = query(warehouse, "select xmin::text, * from mart.offer_count order by 2, 3, 4, 5, 6")
    load(warehouse, [page(1, [offer("001", typeContrat="CDI")])], run_id="r2")
    again = query(warehouse, "select xmin::text, * from mart.offer_count order by 2, 3, 4, 5, 6")
    assert again == written
    changed = offer("001", typeContrat="CDD", dateActualisation=f"{DAY}T20:00:00.000Z")
    load(warehouse, [page(1, [changed])], run_id="r3")
    assert ("contract_type", "CDD", "1") in counts(warehouse)
    assert ("contract_type", "CDI", "1") not in counts(warehouse)


def test_an_offer_that_moves_to_another_day_leaves_the_counts_of_its_own(
    warehouse: Connection,
) -> None:
    load(warehouse, [page(1, [offer("001"), offer("002")])])
    moved = offer(
        "001",
        dateCreation="2026-11-19T09:00:00.000Z",
        dateActualisation="2026-11-19T10:00:00.000Z",
    )
    assert load(warehouse, [page(1, [moved])], "r2", "2026-11-19") == {"updated": 1}
    counted = "select created_on::text, offer_count from mart.offer_count where dimension = 'all'"
    assert sorted(query(warehouse, counted)) == [("2026-11-18", 1), ("2026-11-19", 1)]


DAYS = ("2026-11-17", "2026-11-18")
STATES = st.tuples(
    st.sampled_from(["001", "002", "003"]),
    st.sampled_from(DAYS),
    st.integers(10, 23),  # hour of the update
    st.sampled_from(["CDI", "CDD", "broken"]),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    runs=st.lists(
        st.tuples(st.sampled_from(DAYS), st.integers(0, 9), st.lists(STATES, max_size=5)),
        max_size=6,
    )
)
def test_counts_are_those_of_the_rows_after_any_loads(
    warehouse: Connection, runs: list[tuple[str, int, list[tuple[str, str, int, str]]]]
) -> None:
    with warehouse.transaction():
        warehouse.execute("delete from control.rejected_record")
        warehouse.execute(
            "truncate mart.offer_count, core.job_offer, core.job_offer_skill, core.job_offer_partner"
        )
        # of partitions that is quicker
        warehouse.execute("delete from core.job_offer_version")
        warehouse.execute("delete from core.job_offer_restatement")
    for number, (day, minute, states) in enumerate(runs):
        records = [
            offer(
                offer_id,
                dateCreation=f"{created_on}T09:00:00.000Z",
                dateActualisation=f"{created_on}T{hour}:00:00.000Z",
                typeContrat=7 if contract == "broken" else contract,
                romeCode=f"A{hour % 3}101",
                description="Python" if hour % 4 else "Excel",
                origineOffre={
                    "origine": f"{hour % 2 + 1}",
                    "partenaires": [{"nom": f"P{n}"} for n in range(hour % 3)],
                },
            )
            for offer_id, created_on, hour, contract in states
        ]
        load(warehouse, [page(1, records, f"2026-11-19T00:0{minute}:00Z")], f"r{number}", day)
    held = query(
        warehouse,
        "select created_on, contract_type_code, count(*) from core.job_offer group by 1, 2",
    )
    counted = query(
        warehouse,
        "select created_on, value_code, sum(offer_count) from mart.offer_count "
        "where dimension = 'contract_type' group by 1, 2",
    )
    assert sorted(counted) == sorted(held)
    # counted by what differs, and counted anew
    every = "select * from mart.offer_count order by 1, 2, 3, 4, 5"
    written = query(warehouse, every)
    with warehouse.transaction():
        warehouse.execute("delete from mart.offer_count")
        for day in DAYS:
            Writer(warehouse, "france_travail", None).count_day(date.fromisoformat(day))
            warehouse.execute("drop table met")
    assert query(warehouse, every) == written


def test_a_count_that_stays_the_same_is_not_written(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer("001", typeContrat="CDI"), offer("002", typeContrat="CDI")])])
    told = (
        "select dimension, value_code, offer_count, xmin::text from mart.offer_count order by 1, 2"
    )
    before = query(warehouse, told)
    changed = offer("001", typeContrat="CDD", dateActualisation=f"{DAY}T20:00:00.000Z")
    load(warehouse, [page(1, [changed])], run_id="r2")
    after = query(warehouse, told)
    assert {row[:3] for row in set(after) - set(before)} == {
        ("contract_type", "CDI", 1),
        ("contract_type", "CDD", 1),
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"typeContrat": "x"},
        {"romeCode": "x"},
        {"secteurActivite": "x"},
        {"origineOffre": {"origine": "2", "partenaires": [{"nom": "x"}]}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_no_code_is_too_long_to_be_counted(warehouse: Connection, fields: dict[str, Any]) -> None:
    # no text that repeats: PostgreSQL would compress it to what an index takes
    long = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9000))
    fields = json.loads(json.dumps(fields).replace('"x"', f'"{long}"'))
    assert load(warehouse, [page(1, [offer("001", **fields), offer("002")])]) == {"inserted": 2}
    assert long[:200] in {value for _, value, _ in counts(warehouse)}


def test_a_day_loaded_before_there_were_counts_gets_them(warehouse: Connection) -> None:
    load(warehouse, [page(1, [offer("001")])])
    with warehouse.transaction():
        warehouse.execute("delete from mart.offer_count")
    assert load(warehouse, [page(1, [offer("001")])], run_id="r2") == {"unchanged": 1}
    assert counts(warehouse)["all", "", "1"] == 1


# forks for each load that is to be killed: what it imports takes longer than the load
KILLED = """
import json, os, signal, sys
import psycopg
from psycopg import _copy_base
from tests.offers.test_load import manifest, offer, page
from jobmarket.offers import batches, load
from jobmarket.sources.france_travail.contract import reader
batches.BATCH_BYTES = 100_000
_copy_base.BUFFER_SIZE = 1  # what COPY was given so far is on its way when the load is killed
pages = [page(n, [offer(f"{n:03d}{i:04d}") for i in range(150)]) for n in range(20)]
reached = dict.fromkeys(("pages", "rows"), 0)
def counting(name, function, at):
    def counted(*args, **named):
        reached[name] += 1
        if reached[name] == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **named)
    return counted
def be_killed(dsn, what, at):
    name = {"pages": "cut_records", "rows": "rows_of"}[what]
    setattr(reader, name, counting(what, getattr(reader, name), at))
    with psycopg.connect(dsn) as connection:
        load.load_run(connection, manifest(pages), pages, reader.FranceTravailReader())
for line in sys.stdin:
    child = os.fork()
    if not child:
        be_killed(*json.loads(line))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def loads_to_kill() -> Iterator[subprocess.Popen[str]]:
    """Yield a process that loads where a line of its input says, and says how that ended."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


# pages are read between two COPY, rows are made within one
@pytest.mark.parametrize(
    ("what", "reached"),
    [
        *(("pages", number) for number in sorted(Random(1).sample(range(1, 21), 3))),
        *(("rows", number) for number in sorted(Random(2).sample(range(1, 3001), 5))),
    ],
)
def test_killed_at_any_moment_and_tried_again(
    schema_dsn: str,
    warehouse: Connection,
    loads_to_kill: subprocess.Popen[str],
    what: str,
    reached: int,
) -> None:
    assert loads_to_kill.stdin
    assert loads_to_kill.stdout
    print(json.dumps([schema_dsn, what, reached]), file=loads_to_kill.stdin, flush=True)
    assert int(loads_to_kill.stdout.readline()) == -signal.SIGKILL
    assert query(warehouse, "select count(*) from core.job_offer") == [(0,)]
    assert query(warehouse, "select count(*) from control.ingestion_run") == [(0,)]
    pages = [page(n, [offer(f"{n:03d}{i:04d}") for i in range(150)]) for n in range(20)]
    assert load(warehouse, pages) == {"inserted": 3000}
    assert query(
        warehouse, "select count(*), count(distinct offer_id) from core.job_offer_skill"
    ) == [(3000, 3000)]


def refused(sqlstate: str) -> psycopg.Error:
    error: psycopg.Error = psycopg.errors.lookup(sqlstate)("as PostgreSQL says it")
    return error


@pytest.mark.parametrize(
    ("sqlstate", "error", "words"),
    [
        (
            "53100",
            WarehouseUnavailable,
            "no disk space left: nothing was published; free or add space",
        ),
        ("53300", WarehouseUnavailable, "out of memory or connections"),
        ("42501", AccessDenied, "refuses a right"),
        ("28P01", AccessDenied, "refuses the account or its password"),
        ("3D000", ConfigurationError, "has no such database"),
        ("25006", ConfigurationError, "is read-only"),
        ("40P01", WarehouseUnavailable, "gave way to another transaction"),
        ("57P01", WarehouseUnavailable, "was stopped or is starting"),
        ("57014", WarehouseUnavailable, "did not answer in the time"),
        ("08006", WarehouseUnavailable, "lost the connection"),
        ("42P01", PermanentError, "refuses a statement of the load"),
    ],
)
def test_errors_of_postgres_in_one_sentence(
    sqlstate: str, error: type[JobMarketError], words: str
) -> None:
    with pytest.raises(error) as caught, explained("warehouse"):
        raise refused(sqlstate)
    assert type(caught.value) is error
    assert words in str(caught.value)
    assert "(connection warehouse)" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"password": "wrong-secret"}, AccessDenied, "refuses the account or its password"),
        ({"user": "nobody"}, AccessDenied, "refuses the account or its password"),
        ({"dbname": "absent"}, ConfigurationError, "has no such database"),
        ({"port": 1}, WarehouseUnavailable, "cannot be reached"),
        ({"host": "absent.invalid"}, WarehouseUnavailable, "cannot be reached"),
    ],
)
def test_a_connection_that_fails(
    postgres_dsn: str, change: dict[str, Any], error: type[JobMarketError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught, explained("warehouse"):
        psycopg.connect(postgres_dsn, **change)
    assert "wrong-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rights_and_a_read_only_server(schema_dsn: str, warehouse: Connection) -> None:
    with warehouse.transaction():
        warehouse.execute("create role reader login password 'reader'")
        warehouse.execute("grant usage on schema core, control to reader")
    try:
        with (
            psycopg.connect(schema_dsn, user="reader", password="reader") as reader,
            pytest.raises(AccessDenied, match="refuses a right"),
            explained("warehouse"),
        ):
            load(reader, [page(1, [offer()])])
    finally:
        with warehouse.transaction():
            warehouse.execute("drop owned by reader; drop role reader")
    with (
        psycopg.connect(schema_dsn, options="-c default_transaction_read_only=on") as replica,
        pytest.raises(ConfigurationError, match="is read-only"),
        explained("warehouse"),
    ):
        load(replica, [page(1, [offer()])])


def test_a_server_that_ends_the_connection(schema_dsn: str, warehouse: Connection) -> None:
    def pages() -> Iterator[tuple[Page, bytes]]:
        yield page(1, [offer()])
        with psycopg.connect(schema_dsn, autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s)", (warehouse.info.backend_pid,))

    with (
        pytest.raises(WarehouseUnavailable, match="was stopped or is starting"),
        explained("warehouse"),
    ):
        load_run(warehouse, manifest([page(1, [offer()])]), pages(), FranceTravailReader())
    with psycopg.connect(schema_dsn) as connection:
        assert query(connection, "select count(*) from core.job_offer") == [(0,)]


def test_errors_of_others_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), explained("warehouse"):
        raise ZeroDivisionError
