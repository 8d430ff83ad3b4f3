"""What a counted sweep says of the offers that were known: which it misses, which are back.

What lives here: the order of the statements, for a sweep that comes in its time or late. What does not: which
sweeps count, and what is done with absences (``sweep``, ``conclusion``).

What sweeps have seen is a table of ones and zeros, an offer a row and a sweep a column. Kept are only the
stretches of zeros, so a sweep writes what it changes; one that comes late cuts, joins or moves stretches, and
leaves them as if it had come in its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jobmarket.offers.history.late import settle
from jobmarket.offers.life.statements import statement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from jobmarket.offers.writer import Writer

# The plans of a load must not rest on statistics; those of a sweep, which reads whole tables, must.
_SETTINGS = "select set_config('enable_seqscan', 'on', true), set_config('work_mem', '128MB', true)"


class Absent(NamedTuple):
    """An offer that a sweep misses and that is not closed.

    :param is_due: the sweep before misses it, too: it is closed without an answer of the source.
    """

    offer_id: str
    is_due: bool


def create_swept(writer: Writer) -> None:
    """Make the table that holds the ids of a sweep until its transaction ends."""
    writer.connection.execute(statement("create_swept"))


def see(writer: Writer, offer_ids: Iterable[str]) -> None:
    """Note that a sweep holds these offers."""
    with (
        writer.connection.cursor() as cursor,
        cursor.copy("copy swept (offer_id) from stdin") as copy,
    ):
        copy.write("".join(f"{offer_id}\n" for offer_id in offer_ids))


def count_seen(writer: Writer) -> int:
    """Return how many distinct offers a sweep holds; its table is ready to be joined then."""
    writer.connection.execute(_SETTINGS)
    writer.connection.execute("analyze swept")
    row = writer.connection.execute(statement("select_swept_count")).fetchone()
    return int(row[0]) if row else 0


def put_down(writer: Writer, day: date, started_at: datetime) -> None:
    """Put down what a counted sweep sees and misses.

    :param day: of the sweep, which is in ``control.sweep`` already.
    """
    asked = {"source": writer.source, "day": day, "started_at": started_at}
    beside = _beside(writer, day)
    _end_absences(writer, asked, beside)
    for name in ("create_missing", "delete_not_missing", "update_absence_begin", "insert_absence"):
        writer.connection.execute(statement(name), asked, prepare=False)
    settle(writer, beside, "")


def count_stock(writer: Writer, day: date) -> None:
    """Count what a counted sweep holds, by day of creation and origin."""
    # each offer by its key: the table is read from end to end by no sweep, however long the history
    writer.connection.execute("select set_config('enable_seqscan', 'off', true)")
    asked = {"source": writer.source, "day": day}
    writer.connection.execute(statement("insert_stock_count"), asked, prepare=False)
    writer.connection.execute("select set_config('enable_seqscan', 'on', true)")


def take_back(writer: Writer, day: date, alive_ids: Iterable[str]) -> None:
    """Put down that offers which a sweep missed were alive."""
    writer.connection.execute("drop table if exists pg_temp.swept")
    create_swept(writer)
    see(writer, alive_ids)
    beside = _beside(writer, day)
    _end_absences(writer, {"source": writer.source, "day": day}, beside)
    settle(writer, beside, "")


def absences_of(writer: Writer, day: date) -> list[Absent]:
    """Return the offers that are absent from a sweep and not closed, in the order of their ids."""
    rows = writer.connection.execute(
        statement("select_absent"), {"source": writer.source, "day": day}, prepare=False
    )
    return [Absent(*row) for row in rows]


def _end_absences(writer: Writer, asked: dict[str, Any], beside: list[date | None]) -> None:
    names = ["delete_absence_of_sight", "update_absence_by_sight"]
    if beside[2]:  # a later sweep: what is left of a stretch behind this one
        names.insert(0, "insert_absence_after_sight")
    for name in names:
        writer.connection.execute(statement(name), asked, prepare=False)


def _beside(writer: Writer, day: date) -> list[date | None]:
    """Return a day, and the days of the counted sweeps before and after it, None where there is none."""
    row = writer.connection.execute(
        statement("select_neighbours"), {"source": writer.source, "day": day}
    ).fetchone()
    return [day, *(row or (None, None))]
