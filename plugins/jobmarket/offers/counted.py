"""All of an offer that its day is counted by: the columns that the statement of the counts names.

No list repeats them: who counts one more changes the statement alone.

What does not live here: the counting (``writer``, ``merge_offer_count.sql``), when a day is counted anew
(``load_records``).
"""

from __future__ import annotations

import re
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from jobmarket.offers.schema import JOB_OFFER, PARTS
from jobmarket.offers.writer import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.offers.schema import OfferRows, Table

_COMMENT = re.compile(r"--.*")


class _Named(NamedTuple):
    """What a statement names of a table.

    :param part: the field of :class:`OfferRows` that holds its rows.
    :param values_of: returns the values of these columns of a row.
    """

    part: str
    values_of: Callable[[Any], Any]


def counted_by(rows: OfferRows) -> list[Any]:
    """Return what must differ between two states of an offer for the counts of its day to differ."""
    offer, *lists = _counted()
    values = [offer.values_of(rows.offer)]
    values += ([*map(one.values_of, getattr(rows, one.part))] for one in lists)
    return values


def named_columns(sql: str, table: Table) -> list[str]:
    """Return the columns of a table that a statement names, in the order of the schema.

    A column of another table that is called so is one too many: then a day is counted once more.
    """
    words = set(re.findall(r"\w+", _COMMENT.sub("", sql)))
    fields = table.item.__struct_fields__ if table.name in words else ()
    return [name for name in fields if name in words]


@cache
def _counted() -> list[_Named]:
    sql = statement("merge_offer_count").decode()
    named = [(table.part, named_columns(sql, table)) for table in (JOB_OFFER, *PARTS)]
    return [_Named(part, attrgetter(*columns)) for part, columns in named if columns]
