"""The states of one offer, and what orders them. Pure.

What does not live here: which state gets written (``load``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import datetime

    from jobmarket.offers.schema import JobOffer, Lineage, OfferRows

LONGEST_AHEAD = timedelta(days=2)
"""That an update may lie after its observation: more than any zone or clock is off."""

LONGEST_BEFORE_CREATION = timedelta(days=366)
"""That an update may lie before the creation, which the source dates anew at times."""


class OfferState(Struct, frozen=True, gc=False):
    """An offer as it is, or is to be, in ``core``, and where that comes from."""

    rows: OfferRows
    lineage: Lineage


def is_believed(updated_at: datetime, created_at: datetime, observed_at: datetime) -> bool:
    """Return whether an offer can have been updated then: an offer of the year 9999 would stay the newest."""
    return created_at - LONGEST_BEFORE_CREATION <= updated_at <= observed_at + LONGEST_AHEAD


def precedence(state: OfferState) -> tuple[datetime, datetime, bytes]:
    """Return what orders the states of an offer."""
    offer, lineage = state.rows.offer, state.lineage
    return _version_at(offer, lineage), lineage.observed_at, lineage.content_hash


def _version_at(offer: JobOffer, lineage: Lineage) -> datetime:
    # rows of before there was this rule may hold an update that nobody believes
    updated_at = offer.updated_at
    is_updated = updated_at and is_believed(updated_at, offer.created_at, lineage.observed_at)
    return updated_at if updated_at and is_updated else offer.created_at
