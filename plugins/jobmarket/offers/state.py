"""The states of one offer: what orders them, and what of a row is its content. Pure.

What does not live here: which state gets written (``load``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jobmarket.offers.schema import JOB_OFFER, LINEAGE

if TYPE_CHECKING:
    from datetime import date, datetime

LONGEST_AHEAD = timedelta(days=2)
"""That an update may lie after its observation: more than any zone or clock is off."""

LONGEST_BEFORE_CREATION = timedelta(days=366)
"""That an update may lie before the creation, which the source dates anew at times."""

_CREATED_ON = list(JOB_OFFER.columns).index("created_on")


def is_believed(updated_at: datetime, created_at: datetime, observed_at: datetime) -> bool:
    """Return whether an offer can have been updated then: an offer of the year 9999 would stay the newest."""
    return created_at - LONGEST_BEFORE_CREATION <= updated_at <= observed_at + LONGEST_AHEAD


def content(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row of ``core.job_offer`` without its lineage."""
    return row[: -len(LINEAGE)]


def lineage_of(row: tuple[Any, ...]) -> tuple[datetime, bytes, str, int]:
    """Return the lineage of a row of ``core.job_offer``."""
    observed_at, content_hash, run_id, rules = row[-len(LINEAGE) :]
    return observed_at, content_hash, run_id, rules


def day_of(row: tuple[Any, ...]) -> date:
    """Return the day that a row of ``core.job_offer`` stands under."""
    day: date = row[_CREATED_ON]
    return day


def version(row: tuple[Any, ...]) -> tuple[datetime, datetime, bytes]:
    """Return what orders the states of an offer, from a row of ``core.job_offer``."""
    held = dict(zip(JOB_OFFER.columns, row, strict=True))
    updated_at, created_at, observed_at = (
        held["updated_at"],
        held["created_at"],
        held["observed_at"],
    )
    # rows of before there was this rule may hold an update that nobody believes
    is_updated = updated_at is not None and is_believed(updated_at, created_at, observed_at)
    return updated_at if is_updated else created_at, observed_at, held["content_hash"]
