"""Erasing: in the transaction that closes an offer, or when its period of grace is over.

What lives here: the order of the statements, in core and in the history. What does not: which columns go
(``history.erased``); the raw pages, which are the lake's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from jobmarket.offers.history.erased import ERASED_COLUMNS, ERASED_LIST_COLUMNS
from jobmarket.offers.life.statements import statement
from jobmarket.offers.schema import JOB_OFFER, VERSION

if TYPE_CHECKING:
    from datetime import date

    from jobmarket.offers.writer import Writer

# An offer that is back within a week is the same spell (core.offer_absence.is_end): nothing of it is lost.
GRACE_DAYS = 7
LONGEST_GRACE_DAYS = 30
"""The licence names no grace at all; this long, answers as received are kept, too."""

_TITLE = sql.SQL("title = coalesce(rome_appellation_label, rome_label, '')")
_NULL = sql.SQL("{} = null")
_MISSING = sql.SQL("missing_since_on = erased.first_missing_on")


def erase_closed(writer: Writer, day: date, grace_days: int) -> int:
    """Erase the offers that were closed that many days before a day, or more; return how many.

    :param writer: in a transaction.
    :param grace_days: 0 erases what is closed on the day itself.
    """
    connection, asked = writer.connection, {"source": writer.source, "day": day}
    connection.execute(statement("create_erased"), {**asked, "grace_days": grace_days})
    connection.execute("analyze erased")
    connection.execute(statement("insert_offer_trace"), asked)
    columns = [_NULL.format(sql.Identifier(name)) for name in ERASED_COLUMNS]
    # a row that nobody has read: if the source gives the offer again, it is read anew
    unread = [_NULL.format(sql.Identifier("rules_hash")), _MISSING]
    _update(writer, JOB_OFFER.name, [_TITLE, *columns, *unread])
    _update(writer, VERSION.name, [_TITLE, *columns])
    for part, column in ERASED_LIST_COLUMNS.items():
        _update(writer, f"job_offer_{part}", [_NULL.format(sql.Identifier(column))])
    connection.execute(
        statement("update_version_lists_erased"),
        {**asked, "names": [*ERASED_LIST_COLUMNS.values()]},
    )
    connection.execute(
        statement("update_restatement_erased"),
        {**asked, "names": ["title", *ERASED_COLUMNS, *ERASED_LIST_COLUMNS]},
    )
    connection.execute(statement("insert_erasure"), asked)
    erased = connection.execute(statement("update_absence_erased"), asked).rowcount
    connection.execute(statement("update_post_key"), asked)
    connection.execute("drop table erased")
    return erased


def _update(writer: Writer, table: str, assignments: list[sql.Composable]) -> None:
    name = sql.Identifier(table)
    writer.connection.execute(
        sql.SQL(
            "update core.{name} set {assignments} from erased "
            "where {name}.source = %s and {name}.offer_id = erased.offer_id"
        ).format(name=name, assignments=sql.SQL(", ").join(assignments)),
        (writer.source,),
        prepare=False,
    )
