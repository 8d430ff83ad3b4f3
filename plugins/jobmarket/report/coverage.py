"""Did the market move, or what is read of it? A difference of two totals told apart. Pure.

A difference has these parts, which add up to it:

``own``         offers given to France Travail
``partners``    offers of partner sites that delivered both times
``absent``      partner feeds that usually deliver and delivered nothing, or next to nothing
``new``         partner feeds that did not deliver before
``late``        what partner feeds deliver twice as much of because they delivered nothing the day before
``unread``      offers that were announced and not read, now against then

The first two are the market, the others are coverage. An offer that two partners deliver counts in both
feeds: then a part is an upper bound, and ``partners`` takes what is counted twice.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST_FEED = 20  # offers: a feed that gives fewer may well give none by chance
NOTHING = 0.05  # of what a feed gives otherwise
NOISE = 3.0  # standard deviations

Diagnosis = Literal["unchanged", "market", "coverage", "both", "unknown"]


class Side(NamedTuple):
    """One side of a comparison.

    :param own: offers given to France Travail.
    :param partners: offers of partner sites.
    :param feeds: offers by partner; an offer counts once for each of its partners.
    :param gap: offers announced and not read.
    :param is_proved: no offer is missing but those of the gap.
    """

    own: float
    partners: float
    feeds: Mapping[str, float]
    gap: float = 0
    is_proved: bool = True

    @property
    def total(self) -> float:
        """Return all offers."""
        return self.own + self.partners


class Difference(NamedTuple):
    """A difference of two totals and its parts, in offers; see the module.

    :param absent_feeds: partners whose feed is absent, the largest first.
    :param new_feeds: partners whose feed is new, the largest first.
    :param late_feeds: partners whose feed makes up for the day before, the largest first.
    """

    before: float
    total: float
    own: float
    partners: float
    absent: float
    new: float
    late: float
    unread: float
    absent_feeds: Sequence[str]
    new_feeds: Sequence[str]
    late_feeds: Sequence[str]
    diagnosis: Diagnosis

    @property
    def coverage(self) -> float:
        """Return the part that what is read explains."""
        return self.absent + self.new + self.late + self.unread

    @property
    def market(self) -> float:
        """Return the part that the market explains."""
        return self.total - self.coverage

    @property
    def change(self) -> float | None:
        """Return the difference as a part of what was before; None if that was nothing."""
        return self.total / self.before if self.before else None


def difference(
    now: Side, before: Side, margin: float = 0, yesterday: Mapping[str, float] | None = None
) -> Difference:
    """Tell the difference of two totals apart.

    :param margin: offers by which the total goes up and down anyway, where that is known; less than chance
        alone explains is never taken for a movement.
    :param yesterday: offers by partner of the day before, where one day is compared.
    """
    absent = _feeds(before.feeds, now.feeds)
    new = _feeds(now.feeds, before.feeds)
    lost = sum(now.feeds.get(name, 0) - before.feeds[name] for name in absent)
    gained = sum(now.feeds[name] - before.feeds.get(name, 0) for name in new)
    caught_up = {} if yesterday is None else _caught_up(now.feeds, before.feeds, yesterday)
    late = sum(caught_up.values())
    unread = before.gap - now.gap
    own, partners = now.own - before.own, now.partners - before.partners
    total = own + partners
    return Difference(
        before=before.total,
        total=total,
        own=own,
        # the missing offers are of one origin or the other: which, nobody knows
        partners=partners - lost - gained - late - unread,
        absent=lost,
        new=gained,
        late=late,
        unread=unread,
        absent_feeds=absent,
        new_feeds=new,
        late_feeds=sorted(caught_up, key=lambda name: (-caught_up[name], name)),
        diagnosis=_diagnosis(now, before, lost + gained + late + unread, margin),
    )


def _feeds(there: Mapping[str, float], missing: Mapping[str, float]) -> list[str]:
    """Return the feeds of one side that are as good as nothing on the other, the largest first."""
    found = [
        name
        for name, offers in there.items()
        if name and offers >= LEAST_FEED and missing.get(name, 0) < NOTHING * offers
    ]
    return sorted(found, key=lambda name: (-there[name], name))


def _caught_up(
    now: Mapping[str, float], before: Mapping[str, float], yesterday: Mapping[str, float]
) -> dict[str, float]:
    """Return what feeds that were absent yesterday deliver beyond the usual, no more than they owed."""
    found = {}
    for name in _feeds(before, yesterday):
        owed = before[name] - yesterday.get(name, 0)
        more = now.get(name, 0) - before[name]
        # less than half of it may well be a good day
        if more >= max(LEAST_FEED, owed / 2):
            found[name] = min(more, owed)
    return found


def _diagnosis(now: Side, before: Side, coverage: float, margin: float) -> Diagnosis:
    if not (now.is_proved and before.is_proved):
        return "unknown"
    noise = NOISE * sqrt(now.total + before.total)
    market = now.total - before.total - coverage
    # what is missing is known by name; only the market goes up and down by itself
    has_market, has_coverage = abs(market) >= max(noise, margin), abs(coverage) >= noise
    if has_market and has_coverage:
        # what is a tenth of the other is no second cause
        if abs(coverage) < 0.1 * abs(market):
            return "market"
        return "coverage" if abs(market) < 0.1 * abs(coverage) else "both"
    if has_coverage:
        return "coverage"
    return "market" if has_market else "unchanged"
