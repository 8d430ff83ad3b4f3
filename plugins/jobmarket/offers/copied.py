"""Offers as rows for COPY, and what puts copied rows in the place of those that core holds.

What does not live here: COPY itself and the other statements of a load (``writer``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple
from psycopg import sql

from jobmarket.offers.schema import JOB_OFFER, Erased

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobmarket.offers.state import OfferState

_KEY = ("source", "offer_id")
_NOT_ERASED = astuple(Erased())
_PLAIN = sql.SQL("{name} = renewed.{name}")
_TEXT = sql.SQL(
    "{name} = case when held.{name} = renewed.{name} then held.{name} else renewed.{name} end"
)


@cache
def update_renewed() -> sql.Composed:
    """Return what updates the offers of ``renewed``.

    A text that stays the same is taken from the row that has it: where it is long it lies outside of it, and
    stays there.
    """
    assignments = []
    for name, kind in JOB_OFFER.columns.items():
        if name in _KEY:
            continue
        template = _TEXT if kind == "text" else _PLAIN
        assignments.append(template.format(name=sql.Identifier(name)))
    return sql.SQL(
        "update core.job_offer as held set {} from renewed "
        "where held.source = renewed.source and held.offer_id = renewed.offer_id"
    ).format(sql.SQL(", ").join(assignments))


def rows_of(
    offers: Iterable[OfferState], lists: dict[str, list[tuple[Any, ...]]]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of ``core.job_offer``; put those of the lists by for later."""
    collected = [*lists.items()]
    for state in offers:
        rows = state.rows
        for part, put_by in collected:
            if items := getattr(rows, part):
                source, offer_id = rows.offer.source, rows.offer.offer_id
                put_by += [(source, offer_id, at, *astuple(item)) for at, item in enumerate(items)]
        yield astuple(rows.offer) + astuple(state.lineage) + _NOT_ERASED
