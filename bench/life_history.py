"""A long history, written by SQL: offers that closed and were erased, their absences, their versions.

What does not live here: the stock beside it, which sweeps bring (``life_sweeps``).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
from jobmarket.offers.history.erased import ERASED_COLUMNS
from jobmarket.offers.schema import JOB_OFFER, VERSION

if TYPE_CHECKING:
    from jobmarket.offers.schema import Table


def add_history(dsn: str, versions: int) -> None:
    """Write the history into a warehouse that holds the stock.

    Keys are made at the end, as they would take most of the time otherwise; tables beside each other.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_SAMPLE)
    with ThreadPoolExecutor(len(HISTORY)) as pool:
        written = [pool.submit(_write_history, dsn, *one, versions) for one in HISTORY.items()]
        for one in written:
            one.result()


def _write_history(dsn: str, table: str, insert: str, versions: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute("set maintenance_work_mem = '512MB'")
        keys = connection.execute(_KEYS, {"table": table}).fetchall()
        for name, is_constraint, _ in keys:
            gone = (
                f"alter table {table} drop constraint {name}"
                if is_constraint
                else f"drop index core.{name}"
            )
            connection.execute(gone.encode())
        for one in insert.split(";"):
            connection.execute(one.encode(), {"offers": versions // 2})
        for _, _, made in keys:
            connection.execute(made.encode())
        connection.execute(f"vacuum analyze {table}".encode())


# Offers as they stand in the stock, a thousand of them, of which those that closed are copies.
_SAMPLE = """
create table public.sample as
select row_number() over (order by offer_id) - 1 as number, job_offer.*
from core.job_offer tablesample system (5) repeatable (1)
limit 1000
"""
_KEYS = r"""
select
    coalesce(con.conname, i.relname),
    con.oid is not null,
    coalesce(
        'alter table ' || %(table)s || ' add primary key '
        || substring(pg_get_constraintdef(con.oid) from '\(.*\)'),
        replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ')
    )
from pg_index
inner join pg_class as i on pg_index.indexrelid = i.oid
left join pg_constraint as con on con.conindid = i.oid and con.contype = 'p'
where pg_index.indrelid = %(table)s::regclass
"""
# Of offer n: a quarter has an id that grows with time, as those given to France Travail, the others any, as
# those of partners; created in the order of n over 255 days; two versions of five days, then it closed.
_OF_OFFER = """
    case n %% 4
        when 0 then '18' || lpad(n::text, 8, '0')
        else lpad((n * 7654321 %% 100000000)::text, 8, '0')
    end as offer_id,
    timestamptz '2025-12-28' + n * 255.0 / %(offers)s * interval '1 day' as at
"""


def _insert_copies(table: Table, also: str = "", **columns: str) -> str:
    """Return what inserts copies of the sample without what is erased, with other values in some columns.

    :param also: another table to join.
    """
    values = dict.fromkeys(table.columns)
    values |= {name: f"sample.{name}" for name in JOB_OFFER.columns if name in table.columns}
    values |= dict.fromkeys(ERASED_COLUMNS, "null")
    values |= {
        "offer_id": "made.offer_id", "created_at": "made.at", "created_on": "made.at::date",
        "updated_at": "made.at", "observed_at": "made.at", "title": "coalesce(sample.rome_label, '')",
        "content_hash": "decode(md5(made.n::text), 'hex')", "rules_hash": "null",
    } | columns  # fmt: skip
    return (
        f"insert into core.{table.name} ({', '.join(values)}) select {', '.join(map(str, values.values()))} "  # noqa: S608
        f"from (select n, {_OF_OFFER} from generate_series(1, %(offers)s::bigint) as n) as made {also} "
        f"inner join public.sample on sample.number = made.n %% (select count(*) from public.sample)"
    )


# Of the open offers every other one was another before.
_OF_STOCK = """
    insert into core.job_offer_version ({names})
    select {values}
    from core.job_offer as sample
    where sample.rules_hash is not null and get_byte(sample.content_hash, 0) %% 2 = 0
"""


def _insert_earlier() -> str:
    values = {name: f"sample.{name}" for name in JOB_OFFER.columns if name in VERSION.columns}
    values |= dict.fromkeys(ERASED_COLUMNS, "null")
    values |= {
        "title": "coalesce(sample.rome_label, '')", "content_hash": "sha256(sample.content_hash)",
        "observed_at": "sample.created_at", "valid_from": "sample.created_at",
        "valid_to": "sample.created_at + (sample.observed_at - sample.created_at) / 2",
        "ended_by_run_id": "'sweep'", "changed_fields": "array['title']", "parts": "'{}'",
    }  # fmt: skip
    return _OF_STOCK.format(names=", ".join(values), values=", ".join(values.values()))


HISTORY = {
    "core.job_offer": _insert_copies(JOB_OFFER, missing_since_on="made.at::date + 11"),
    "core.job_offer_version": _insert_copies(
        VERSION,
        "cross join (values (0), (1)) as of_offer (k)",
        content_hash="decode(md5(made.n || '-' || of_offer.k), 'hex')",
        valid_from="made.at + of_offer.k * interval '5 days'",
        valid_to="made.at + (of_offer.k + 1) * interval '5 days'",
        ended_by_run_id="'sweep'",
        changed_fields="array['title']",
        parts="'{}'",
    )
    + ";"
    + _insert_earlier(),
    "core.offer_absence": f"""
        insert into core.offer_absence (
            source, offer_id, first_missing_on, last_seen_on, second_missing_on, is_closed, is_erased
        )
        select
            'france_travail', made.offer_id, made.at::date + 11, made.at::date + 10, made.at::date + 12,
            true, true
        from (select n, {_OF_OFFER} from generate_series(1, %(offers)s::bigint) as n) as made
    """,  # noqa: S608
}
