"""How the days of a lively sandbox differ, so that reports have something to say; only (seed, day) decides.

What lives here: by how much a day is fuller or emptier than the settings say, which partner's feed fails or
comes back, which trade rises. What does not: the offers themselves (``plan``, ``attributes``).

=============  ================================================================================
seasons        the market swells and shrinks by 6 %, once in a quarter
weeks          Tuesday is the fullest day, Sunday the emptiest
holidays       a third of an ordinary day
feeds          in one week of three, a larger partner fails for a day and delivers twice the day after
trades         in each four weeks one of the common trades rises to three times its share, then it is over
chance         1.5 % up or down
=============  ================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import pi, sin

import numpy as np
from dateutil.easter import easter

from sandbox.offers import chance
from sandbox.reference import jobs

WEEK = (1.0, 1.06, 1.03, 1.02, 0.92, 0.5, 0.38)
HOLIDAY = 0.35
SEASON_SHARE, SEASON_DAYS = 0.06, 91
CHANCE_SHARE = 0.015
RISE_DAYS, RISE_FACTOR = 28, 3.0
INCIDENT_SHARE = 1 / 3
# the largest partners by their place in ``attributes.PARTNERS``: a small feed would not be missed
LARGE_FEEDS = 4
# by how much a day may exceed the settings: own offers, and those of partners with a feed delivered twice
MOST_OWN = max(WEEK) * (1 + SEASON_SHARE) * (1 + CHANCE_SHARE)
MOST_PARTNER = MOST_OWN * 1.25


@dataclass(frozen=True)
class Life:
    """What is particular about a day.

    :param level: offers of an ordinary day, as a part of what the settings say.
    :param feeds: place of a partner -> what it delivers, as a part of the usual; 1 where it is not here.
    :param trades: ROME code -> its share, as a part of the usual; 1 where it is not here.
    """

    level: float
    feeds: dict[int, float]
    trades: dict[str, float]


def life(seed: int, day: date) -> Life:
    """Return what is particular about a day."""
    season = 1 + SEASON_SHARE * sin(2 * pi * (day.toordinal() % SEASON_DAYS) / SEASON_DAYS)
    by_chance = 1 + CHANCE_SHARE * (2 * _draw(seed, day, "level") - 1)
    of_day = HOLIDAY if is_holiday(day) and day.weekday() < 6 else WEEK[day.weekday()]
    feeds = {}
    if failed := failed_feed(seed, day):
        feeds[failed - 1] = 0.0
    if back := failed_feed(seed, day - timedelta(days=1)):
        feeds[back - 1] = 2.0
    code, factor = rising_trade(seed, day)
    return Life(of_day * season * by_chance, feeds, {code: factor})


def failed_feed(seed: int, day: date) -> int:
    """Return the number of the partner, from 1, whose feed fails on this day; 0 if none does."""
    monday = day - timedelta(days=day.weekday())
    if _draw(seed, monday, "incident") >= INCIDENT_SHARE:
        return 0
    # Tuesday to Thursday, so that the day after is a weekday
    if day.weekday() != 1 + int(3 * _draw(seed, monday, "incident day")):
        return 0
    return 1 + int(LARGE_FEEDS * _draw(seed, monday, "incident feed"))


def rising_trade(seed: int, day: date) -> tuple[str, float]:
    """Return the trade that rises in these four weeks, and by how much it has."""
    week, position = divmod(day.toordinal(), RISE_DAYS)
    common = sorted(jobs(), key=lambda job: (-job.weight, job.code))[:20]
    first = date.fromordinal(week * RISE_DAYS)
    code = common[int(len(common) * _draw(seed, first, "rising"))].code
    return code, 1 + (RISE_FACTOR - 1) * position / (RISE_DAYS - 1)


@cache
def _holidays(year: int) -> frozenset[date]:
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset(
        [date(year, month, day) for month, day in fixed]
        + [easter(year) + timedelta(days=number) for number in moving]
    )


def is_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday in France (code du travail, L3133-1)."""
    return day in _holidays(day.year)


def _draw(seed: int, day: date, purpose: str) -> float:
    return float(chance.uniform(seed, day, 0, purpose, np.zeros(1, np.int64))[0])
