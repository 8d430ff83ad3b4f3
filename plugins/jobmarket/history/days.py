"""Which days are written to the history, and what is noted of each in the warehouse.

What lives here: the rules about a day: certified days alone, none that has lost offers. What does not: its
rows (``rows``), Iceberg (``table``), the SQL (``include/sql/iceberg``).

How often the runs of a day have been loaded is its version: it is read together with the rows, while no
load of the day is at work, and a day with another one is written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.rows import dict_row, tuple_row

from jobmarket.foundation.paths import SQL
from jobmarket.history.rows import read_day
from jobmarket.offers.locks import take_day_locks

if TYPE_CHECKING:
    from datetime import date

    from psycopg import Connection

    from jobmarket.history.table import History

DIRECTORY = SQL / "iceberg"


class DayKept(NamedTuple):
    """What became of a day.

    :param rows: in the history now.
    :param refusal: why it was not written, a sentence; empty if it was.
    :param withheld: values without the form of their column, by its name.
    """

    day: date
    rows: int
    refusal: str
    withheld: dict[str, int]


def statement(name: str) -> bytes:
    """Return the text of a file of ``include/sql/iceberg``."""
    return (DIRECTORY / f"{name}.sql").read_bytes()


def open_days(connection: Connection[Any], source: str) -> list[date]:
    """Return the certified days that the history lacks, or holds as they were before another load."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        return [row[0] for row in cursor.execute(statement("select_open_days"), {"source": source})]


def keep_day(connection: Connection[Any], history: History, source: str, day: date) -> DayKept:
    """Write a day to the history as the warehouse holds it, if it is certified.

    No transaction is open while Iceberg writes: a load of the day does not wait for it.

    :param connection: with no transaction begun.
    """
    asked = {"source": source, "day": day}
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        take_day_locks(connection, source, [day])
        known = cursor.execute(statement("select_day"), asked).fetchone()
        if known is None or known["standing"] != "certified":
            stands = f"its standing is {known['standing']}" if known else "no run of it is loaded"
            return DayKept(day, 0, f"Day {day} is not certified ({stands}): it is not kept.", {})
        rows, withheld = read_day(connection, source, day)
    if known["given_up_at"] is not None and rows.num_rows < known["kept_count"]:
        return DayKept(
            day,
            known["kept_count"],
            f"The history holds {known['kept_count']} offers of day {day}, which the warehouse had given up, "
            f"and the warehouse has only {rows.num_rows} of them now, so the history stays as it is: run the "
            f"day again with source = raw, which brings them all back.",
            withheld,
        )
    written = history.write_day(source, day, rows)
    noted = {**asked, "offer_count": written.rows, "load_count": known["load_count"],
             "snapshot_id": written.snapshot_id}  # fmt: skip
    with connection.transaction():
        connection.execute(statement("upsert_day"), noted)
    return DayKept(day, written.rows, "", withheld)


def forget_kept_day(connection: Connection[Any], history: History, source: str, day: date) -> None:
    """Take a day out of the history and out of what is noted of it."""
    history.delete_day(source, day)
    with connection.transaction():
        connection.execute(statement("delete_day"), {"source": source, "day": day})
