"""The instants of an offer: Paris wall-clock, in spite of the ``Z`` that it ends in. Pure, no Airflow.

What lives here: the type of a date of the source, its instant, which updates are believed. What does not: the
fields that hold dates (``offer``).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from jobmarket.foundation.day import PARIS
from jobmarket.offers.reading import ContractBreach
from jobmarket.offers.state import is_believed

if TYPE_CHECKING:
    from jobmarket.offers.reading import Notes

WallClock = Annotated[datetime, Meta(tz=True)]


def instant(wall: datetime, name: str) -> datetime:
    """Return the instant of a date of the source: Paris wall-clock in spite of its ``Z``.

    An hour that occurs twice (October) is read as the first, summer time; one that does not occur
    (March) with the offset before the jump, so that 02:30 is 03:30.

    :param wall: as decoded, in UTC since it ends in ``Z``.
    :param name: of the field, for the message.

    Raise :class:`ContractBreach` if it has another offset, or is at the very beginning of the calendar.
    """
    if wall.tzinfo is not UTC:
        raise ContractBreach(
            f"Expected a date that ends in `Z`, got {wall.isoformat()} - at `$.{name}`"
        )
    try:
        return wall - _offset(wall.year, wall.month, wall.day, wall.hour)
    except OverflowError:
        raise ContractBreach(f"Expected a date, got {wall.isoformat()} - at `$.{name}`") from None


def update_instant(
    wall: datetime | None, created_at: datetime, observed_at: datetime, notes: Notes
) -> datetime | None:
    """Return the instant of an update; None if there is none, or one that is not believed.

    :param created_at: the instant of the creation.
    :param observed_at: when the source gave the offer.
    :param notes: where an update that is not believed is counted.
    """
    if wall is None:
        return None
    try:
        updated_at = instant(wall, "dateActualisation")
    except ContractBreach:
        pass
    else:
        if is_believed(updated_at, created_at, observed_at):
            return updated_at
    notes.note_repair("update_not_believed")
    return None


@lru_cache(maxsize=4096)
def _offset(year: int, month: int, day: int, hour: int) -> timedelta:
    # Paris changes its offset on the hour, so an hour has one offset
    offset = datetime(year, month, day, hour, tzinfo=PARIS).utcoffset()
    return offset or timedelta()
