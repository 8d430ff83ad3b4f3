"""How a day leaves the warehouse: its offers, its runs, what they refused, its counts; in one transaction.

What does not live here: what has landed and the reports (``lake``), who may ask for it
(``airflow.forget_operator``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

from jobmarket.foundation.paths import SQL
from jobmarket.offers.locks import take_load_lock
from jobmarket.offers.schema import PARTS, RESTATEMENT, VERSION
from jobmarket.offers.writer import statement

if TYPE_CHECKING:
    from datetime import date

    from psycopg import Connection, Cursor

DIRECTORY = SQL / "forget"
# The log of erasures (control.erasure) stays: it names nobody, and proves what was done.
LIFE = ("offer_absence", "offer_trace")


def count_day(connection: Connection[Any], source: str, day: date) -> dict[str, int]:
    """Return how many rows there are of a day: offers, runs, rejected records, counts."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_text("count"), {"source": source, "day": day}).fetchone()
    return dict(row or {})


def delete_day(connection: Connection[Any], source: str, day: date) -> None:
    """Delete all rows of a day; an offer that has been dated anew stands under its new day, and stays.

    Waits for a load of the source that is at work. Raise :class:`psycopg.errors.LockNotAvailable` if that
    does not end in time.
    """
    asked = {"source": source, "day": day}
    with connection.transaction(), connection.cursor() as cursor:
        take_load_lock(connection, source)
        delete_offers(cursor, source, day)
        cursor.execute(statement("delete_offer_count"), asked)
        cursor.execute(_text("rejected_record"), asked)
        cursor.execute(_text("ingestion_run"), asked)


def delete_offers(cursor: Cursor[Any], source: str, day: date) -> list[str]:
    """Delete the offers of a day with all that belongs to them, and nothing else; return their ids."""
    rows = cursor.execute(_text("job_offer"), {"source": source, "day": day}).fetchall()
    offer_ids = [row["offer_id"] if isinstance(row, dict) else row[0] for row in rows]
    for name in (*(table.name for table in (*PARTS, VERSION, RESTATEMENT)), *LIFE):
        query = sql.SQL("delete from core.{} where source = %s and offer_id = any(%s)")
        cursor.execute(query.format(sql.Identifier(name)), (source, offer_ids))
    return offer_ids


def _text(stem: str) -> bytes:
    return (DIRECTORY / f"{stem}.sql").read_bytes()
