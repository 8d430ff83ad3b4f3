"""Offers made from (seed, day): attributes of a whole day at once, bodies one by one when asked for."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from sandbox.offers import attributes, chance
from sandbox.offers.body import write
from sandbox.offers.facts import Facts, facts
from sandbox.offers.ids import FRANCE_TRAVAIL_ID, Ids
from sandbox.offers.keywords import normalised
from sandbox.offers.lifetime import longest_days
from sandbox.offers.plan import creation_times, largest, plan_of
from sandbox.reference import jobs

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.settings import Settings

DEFAULT_LIVE_DAYS = 3
# columns of about 3 MB each for 40,000 offers
_DAYS_KEPT = 40
# bodies of about 4 kB: at most 320 MB, whatever the days are
_BODIES_KEPT = 80_000
_COPIED_TEXT = 0.05
# offers decoded at once: a neighbouring day is often asked for an hour or two only
_CHUNK = 2_048


class GeneratedDay:
    """The generated offers of one day: France Travail first, then partners, each by creation time."""

    def __init__(self, settings: Settings, day: date, ids: tuple[Ids, Ids]) -> None:
        self.day = day
        self._ids = ids
        own_times, partner_times = creation_times(settings, day)
        self.france_travail_count = len(own_times)
        own, partner = (
            attributes.columns(settings, day, origin, times)
            for origin, times in ((1, own_times), (2, partner_times))
        )
        self.columns = own.joined([partner])
        index = np.arange(len(self.columns))
        self._chance = chance.bits(settings.seed, day, 0, "body", index)
        self._is_copy = chance.uniform(settings.seed, day, 0, "copied", index) < _COPIED_TEXT
        self.bodies: dict[int, bytes] = {}
        self._facts: dict[int, list[Facts]] = {}

    def id(self, row: int) -> str:
        """Return the offer's id."""
        if row < self.france_travail_count:
            return self._ids[0].of(self.day, row)
        return self._ids[1].of(self.day, row - self.france_travail_count)

    def body(self, row: int) -> bytes:
        """Return the offer as compact JSON, made on first use."""
        made = self.bodies.get(row)
        if made is None:
            own = Random(self._chance.item(row))
            text = Random(self._chance.item(row - 1)) if self._is_copy.item(row) else own
            made = msgspec.json.encode(write(self._facts_of(row), text, own))
            self.bodies[row] = made
        return made

    def forget_bodies(self) -> None:
        """Give the memory of all bodies back; they are made again, the same, when asked for."""
        self.bodies.clear()
        self._facts.clear()

    def _facts_of(self, row: int) -> Facts:
        chunk, position = divmod(row, _CHUNK)
        if chunk not in self._facts:
            rows = np.arange(chunk * _CHUNK, min((chunk + 1) * _CHUNK, len(self.columns)))
            self._facts[chunk] = facts(self.columns.take(rows), map(self.id, rows.tolist()))
        return self._facts[chunk][position]

    def mentions(self, word: str) -> NDArray[np.bool_]:
        """Return which offers have this word in their job's label."""
        by_job = np.array([word in normalised(job.label) for job in jobs()], np.bool_)
        return by_job[self.columns.rome]


class GeneratedSource:
    """All days of a seed, those used last kept in memory, with a bound on what they hold."""

    partner_names = attributes.PARTNERS

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        most = largest(settings)
        self._ids = Ids(1, max(1, most.france_travail)), Ids(2, max(1, most.partner))
        self._days_kept = _DAYS_KEPT
        if settings.mean_life_days is not None:  # each look at the stock looks at all of its days
            self._days_kept += longest_days(settings)
        self._days: OrderedDict[date, GeneratedDay] = OrderedDict()

    def day(self, day: date) -> GeneratedDay:
        """Return the offers of a day."""
        found = self._days.pop(day, None) or GeneratedDay(self._settings, day, self._ids)
        self._days[day] = found
        if len(self._days) > self._days_kept:
            # a kept result may still hold the day
            self._days.popitem(last=False)[1].forget_bodies()
        self._bound_bodies()
        return found

    def find(self, offer_id: str, newest: date) -> tuple[GeneratedDay, int] | None:
        """Return (day, row) of an offer created on or before ``newest``, None if there is none."""
        is_own = FRANCE_TRAVAIL_ID.fullmatch(offer_id) is not None
        place = self._ids[0 if is_own else 1].find(offer_id, newest)
        if place is None:
            return None
        day, index = place
        counts = plan_of(self._settings, day)
        if index >= (counts.france_travail if is_own else counts.partner):
            return None
        return self.day(day), index if is_own else counts.france_travail + index

    def live_days(self, newest: date, count: int | None) -> list[date]:
        """Return the days before ``newest``, newest first, that hold ``count`` offers; 3 days if None."""
        days: list[date] = []
        held = 0
        while len(days) < DEFAULT_LIVE_DAYS if count is None else held < count:
            day = newest - timedelta(days=len(days) + 1)
            counts = plan_of(self._settings, day)
            size = counts.france_travail + counts.partner
            if not size:
                break
            held += size
            days.append(day)
        return days

    def _bound_bodies(self) -> None:
        """Forget the bodies of the days used longest ago; the day in use comes last."""
        held = sum(len(day.bodies) for day in self._days.values())
        for day in self._days.values():
            if held <= _BODIES_KEPT:
                return
            held -= len(day.bodies)
            day.forget_bodies()
