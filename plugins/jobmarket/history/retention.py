"""Which days the warehouse gives up, because the history holds them.

What lives here: the months that stay, and the proof that must be there before a row goes. What does not:
how rows are deleted (``offers.forget``), the SQL (``include/sql/iceberg``).

Counts, certificates and rejected records of a day stay in the warehouse; its offers go. A replay from raw
brings them back.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.rows import dict_row, tuple_row

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.history.days import statement
from jobmarket.offers.forget import delete_offers
from jobmarket.offers.locks import take_day_locks

if TYPE_CHECKING:
    from psycopg import Connection

    from jobmarket.foundation.period import Period
    from jobmarket.history.table import History

KEPT_MONTHS = 13
"""A month, and the same one a year before."""


class GivenUp(NamedTuple):
    """What the warehouse has given up.

    :param days: with the offers deleted of each.
    :param refusals: of days that are old and stay, a sentence each.
    """

    days: dict[date, int]
    refusals: list[str]


def first_day_kept(today: date, months: int) -> date:
    """Return the first day of the first month that stays.

    :param months: whole months that stay before the one of ``today``; at least 1.
    """
    at = today.year * 12 + today.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def parse_months(text: str, name: str) -> int:
    """Return how many months stay; 0 keeps all.

    :param name: of the variable, for the sentence.

    Raise :class:`ConfigurationError` if it is no such number.
    """
    if not text.strip().isascii() or not text.strip().isdigit() or len(text.strip()) > 4:
        raise ConfigurationError(
            f"The variable {name} must be a number of months, such as {KEPT_MONTHS}, or 0 to keep all of "
            f"them: correct it (Admin > Variables)."
        )
    return int(text)


def give_up_old_days(
    connection: Connection[Any], history: History, source: str, before: date
) -> GivenUp:
    """Delete the offers of days of before a date that the history holds with as many offers.

    Each day is a transaction of its own, and goes whole or not at all.

    :param connection: with no transaction begun.
    """
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        asked = {"source": source, "before": before}
        old = [row[0] for row in cursor.execute(statement("select_old_days"), asked)]
    given_up = GivenUp({}, [])
    held = history.days(source) if old else {}
    for day in old:
        try:
            given_up.days[day] = _give_up(connection, source, day, held.get(day, 0))
        except _NotHeld as reason:
            given_up.refusals.append(str(reason))
    return given_up


def require_in_warehouse(connection: Connection[Any], source: str, period: Period) -> None:
    """Refuse to report on a period of which the warehouse has given up a day: the report would lack it.

    Raise :class:`ConfigurationError` that names the first of those days.
    """
    asked = {"source": source, "first": period.start, "last": period.end}
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        days = [row[0] for row in cursor.execute(statement("select_given_up"), asked)]
    if days:
        raise ConfigurationError(
            f"The warehouse has given up the offers of {len(days)} days of {period.key}, the first of them "
            f"{days[0]}, since the history holds them: the report that was written stays as it is; to "
            f"write it again, first run those days with source = raw."
        )


class _NotHeld(Exception):
    """The history does not hold what the warehouse would lose."""


def _give_up(connection: Connection[Any], source: str, day: date, held: int) -> int:
    asked = {"source": source, "day": day}
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        take_day_locks(connection, source, [day])
        known = cursor.execute(statement("select_day"), asked).fetchone()
        if known is None or known["kept_load_count"] != known["load_count"]:
            raise _NotHeld(f"Day {day} stays: it is not in the history as it was loaded last.")
        deleted = len(delete_offers(cursor, source, day))
        if deleted != held:  # the transaction takes the deletion back
            raise _NotHeld(
                f"Day {day} stays: the warehouse has {deleted} offers of it, the history {held}."
            )
        cursor.execute(statement("mark_given_up"), asked)
    return deleted
