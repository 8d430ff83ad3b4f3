"""How many offers a day has, and when each was created.

What lives here: the volume of a weekday and of a weekend day, the hourly curve, the bursts, the two
days a year on which the clock changes. All deterministic in (seed, day); no body, no attribute. What makes
one day unlike another, if the sandbox is lively, is in ``life``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sandbox.offers.chance import uniform
from sandbox.offers.columns import day_start_ms
from sandbox.offers.life import MOST_OWN, MOST_PARTNER, life
from sandbox.settings import PARIS

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.settings import Settings

WEEKEND_SHARE = 0.45
FRANCE_TRAVAIL_SHARE = 0.25
# of the partners of ``attributes.PARTNERS``, in their order
PARTNER_WEIGHTS = (27, 26, 11, 10, 9, 6, 6, 5, 4, 4, 3, 2, 1, 1)
# share of a day's offers that partners send in one second (2,400 and 1,800 of 40,000)
DEFAULT_BURSTS = ((2 * 3600 + 31 * 60 + 25, 0.06), (11 * 3600 + 30 * 60, 0.045))

# Offers per hour of a Thursday, 2025-06-05, still live that night; hours 0-10 and 14 were not seen
# whole and are estimated from other days.
FRANCE_TRAVAIL_CURVE = (
    *(8, 4, 6, 4, 5, 9, 40, 120, 420, 980, 1310, 1414),
    *(519, 368, 1010, 891, 876, 629, 177, 103, 147, 49, 138, 7),
)
# Partner offers per hour among the 1,329 of the sample; bursts come on top
PARTNER_CURVE = (
    5,
    5,
    40,
    52,
    35,
    62,
    45,
    48,
    69,
    61,
    54,
    89,
    83,
    100,
    63,
    73,
    79,
    77,
    71,
    55,
    46,
    65,
    34,
    23,
)


@dataclass(frozen=True)
class Plan:
    """The counts of one day.

    :param france_travail: offers of origin 1.
    :param partner: offers of origin 2, bursts included.
    :param bursts: (second of the day, offers of partners created in it).
    """

    france_travail: int
    partner: int
    bursts: tuple[tuple[int, int], ...]


def plan(settings: Settings, is_weekend: bool) -> Plan:
    """Return the counts of a weekday or of a weekend day."""
    total = round(settings.offers_per_day * (WEEKEND_SHARE if is_weekend else 1))
    asked = sum(count for _, count in settings.bursts)
    total = max(total, asked)
    partner = max(total - round(total * FRANCE_TRAVAIL_SHARE), asked)
    return _with_bursts(settings, total - partner, partner)


def largest(settings: Settings) -> Plan:
    """Return counts that no day exceeds."""
    weekday = plan(settings, is_weekend=False)
    if not settings.is_lively:
        return weekday
    asked = sum(count for _, count in settings.bursts)
    own, partner = weekday.france_travail * MOST_OWN, weekday.partner * MOST_PARTNER
    return Plan(round(own) + 1, max(round(partner) + 1, asked), ())


def _with_bursts(settings: Settings, own: int, partner: int) -> Plan:
    total = own + partner
    left = partner - sum(count for _, count in settings.bursts)
    usual = tuple((at, min(round(total * share), left // 2)) for at, share in DEFAULT_BURSTS)
    bursts = tuple(burst for burst in (*settings.bursts, *usual) if burst[1])
    return Plan(own, partner, bursts)


def plan_of(settings: Settings, day: date) -> Plan:
    """Return the counts of a day."""
    if not settings.is_lively:
        return plan(settings, day.weekday() >= 5)
    found = life(settings.seed, day)
    total = settings.offers_per_day * found.level
    delivered = sum(feed_weights(settings, day)) / sum(PARTNER_WEIGHTS)
    partner = round(total * (1 - FRANCE_TRAVAIL_SHARE) * delivered)
    asked = sum(count for _, count in settings.bursts)
    return _with_bursts(settings, round(total * FRANCE_TRAVAIL_SHARE), max(partner, asked))


def feed_weights(settings: Settings, day: date) -> list[float]:
    """Return how much each partner delivers on a day, on the scale of ``PARTNER_WEIGHTS``."""
    feeds = life(settings.seed, day).feeds if settings.is_lively else {}
    return [weight * feeds.get(place, 1) for place, weight in enumerate(PARTNER_WEIGHTS)]


def trade_factors(settings: Settings, day: date) -> dict[str, float]:
    """Return by how much the share of a trade differs from the usual on a day, ROME code -> factor."""
    return life(settings.seed, day).trades if settings.is_lively else {}


def creation_times(settings: Settings, day: date) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when the offers of a day were created, (France Travail, partner), each ascending.

    Naive Paris milliseconds; France Travail to the millisecond, partners to the second. No time falls
    into the hour that the clock skips; the hour that it repeats gets twice its share.
    """
    counts = plan_of(settings, day)
    start = day_start_ms(day)
    own = _spread(settings, day, 1, counts.france_travail, FRANCE_TRAVAIL_CURVE)
    rest = counts.partner - sum(count for _, count in counts.bursts)
    spread = _spread(settings, day, 2, rest, PARTNER_CURVE) // 1000 * 1000
    bursts = [
        np.full(count, _existing_second(day, second) * 1000, np.int64)
        for second, count in counts.bursts
    ]
    return start + np.sort(own), start + np.sort(np.concatenate([spread, *bursts]))


def _spread(
    settings: Settings, day: date, origin: int, count: int, curve: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return ``count`` milliseconds of the day, spread along an hourly curve."""
    weights = np.array([w * _local_hours(day, hour) for hour, w in enumerate(curve)], np.float64)
    cumulated = np.cumsum(weights) / weights.sum()
    index = np.arange(count)
    # the top value of a uniform draw can round up to 1: the last hour takes it
    hour = np.minimum(
        np.searchsorted(cumulated, uniform(settings.seed, day, origin, "hour", index), "right"), 23
    )
    within = (uniform(settings.seed, day, origin, "within", index) * 3_600_000).astype(np.int64)
    return hour * 3_600_000 + np.minimum(within, 3_599_999)


def _local_hours(day: date, hour: int) -> int:
    """Return how many times this hour of the wall clock happens on a day in Paris: 1, 0 or 2."""
    start = datetime.combine(day, time(hour), PARIS)
    following = datetime.combine(day, time(hour), PARIS) + timedelta(hours=1)
    gap = following.timestamp() - start.timestamp()
    if _skipped(start):
        return 0
    return 2 if gap > 3600 and not _skipped(following) else 1


def _skipped(wall: datetime) -> bool:
    """Tell whether this wall-clock time is skipped when the clock goes forward."""
    back = datetime.fromtimestamp(wall.timestamp(), PARIS)
    return back.replace(tzinfo=None) != wall.replace(tzinfo=None)


def _existing_second(day: date, second: int) -> int:
    """Move a second of the day out of the hour that the clock skips, one hour later."""
    return second + 3600 if _local_hours(day, second // 3600) == 0 else second
