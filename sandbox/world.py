"""What one sandbox holds: its offers as the API shows them, replicas, what vanished, the result sets.

What lives here: which offers exist, for which replica, at which moment. What does not: which of them a
query keeps (``selection``), HTTP (``server``).
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sandbox.offers import chance
from sandbox.offers.columns import DAY_MS, EPOCH, EPOCH_ORDINAL
from sandbox.offers.file import FileSource
from sandbox.offers.generated import GeneratedSource
from sandbox.offers.lifetime import Lifetimes, LivingDay, lifetimes, longest_days
from sandbox.results import Result, result
from sandbox.selection import matching

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.offers.columns import Day, Source
    from sandbox.query import Query
    from sandbox.settings import Faults, Settings

MAX_DAYS_OF_A_WINDOW = 31
RESULTS_KEPT = 256
LAGGING_NEWEST = 80
_ALL_TIME = (0, 2**62)


class World:
    """The offers of a sandbox and how they look from outside."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faults = settings.faults
        self._source = source_of(settings)
        self._results: OrderedDict[tuple[object, ...], Result] = OrderedDict()
        self._searches = 0
        self.details = 0
        self._searches_about: Counter[date] = Counter()
        self._now = settings.now
        self._lives: dict[date, Lifetimes] = {}

    def paris_now(self) -> datetime:
        """Return the naive Paris wall clock, set or read."""
        return self._now or self.settings.paris_now()

    def move_clock(self, now: datetime) -> None:
        """Stand at this naive Paris wall clock from now on."""
        self._now = now
        self._results.clear()

    def change_faults(self, faults: Faults) -> None:
        """Misbehave otherwise from now on; result sets are made anew, and vanishing starts again."""
        self.faults = faults
        self._results.clear()
        self._searches_about.clear()

    def search(self, query: Query) -> tuple[int, Result]:
        """Return the number of this search, from 1, and its result on the replica whose turn it is."""
        self._searches += 1
        is_lagging = self.faults.replicas and self._searches % 2 == 0
        window = self._window_ms(query)
        days = self._days(query, window)
        self._searches_about.update(days)
        vanished = tuple(self._vanished_count(day) for day in days)
        # today still grows, and a stock lives: their results hold for a second
        moves = self.settings.mean_life_days is not None or self._today() in days
        clock = self.paris_now().replace(microsecond=0) if moves else None
        key = (query, tuple(days), window if query.created_s else None, is_lagging, vanished, clock)
        found = self._results.pop(key, None)
        if found is None:
            found = self._find(query, days, window, is_lagging=is_lagging)
        self._results[key] = found
        if len(self._results) > RESULTS_KEPT:
            self._results.popitem(last=False)
        return self._searches, found

    def offer(self, offer_id: str) -> bytes | None:
        """Return one offer as the leading replica has it, None if it is gone or never was.

        Each question counts in ``details``.
        """
        self.details += 1
        place = self._source.find(offer_id, self._today())
        if place is None:
            return None
        day, row = place
        if self._visible(day, is_lagging=False)[row]:
            return self._as_now(day).body(row)
        is_hidden = self.faults.hidden_share and self._has_left(day, row)
        index = np.array([row])
        draw = chance.uniform(self.settings.seed, day.day, 0, "hidden", index).item()
        return day.body(row) if is_hidden and draw < self.faults.hidden_share else None

    def ids(self, day: date, *, vanished: bool = False) -> list[str]:
        """Return the ids created on a day, as the leading replica has them now; or those that vanished."""
        offers = self._source.day(day)
        if vanished:
            return [offers.id(row) for row in self._vanished_rows(offers).tolist()]
        return [
            offers.id(row)
            for row in np.flatnonzero(self._visible(offers, is_lagging=False)).tolist()
        ]

    def live_ids(self) -> list[str]:
        """Return the ids of all that is live now, as the leading replica has it."""
        return [offer_id for day in self._stock_days() for offer_id in self.ids(day)]

    def lives(self, day: date) -> list[tuple[str, int, int, int, int, int, bool]]:
        """Return the truth of each offer of a day.

        Its id, and in naive Paris milliseconds when it is created, changed, gone for some days, back, gone
        for good (``NEVER_MS``: never); at last whether the change is more than another ``dateActualisation``.
        """
        offers = self._source.day(day)
        lives = self._lifetimes(offers)
        return [
            (offers.id(row), *instants)
            for row, instants in enumerate(
                zip(
                    offers.columns.created_ms.tolist(),
                    lives.changed_ms.tolist(),
                    lives.gap_from_ms.tolist(),
                    lives.gap_to_ms.tolist(),
                    lives.leaves_ms.tolist(),
                    lives.is_for_good.tolist(),
                    strict=True,
                )
            )
        ]

    def _lifetimes(self, offers: Day) -> Lifetimes:
        found = self._lives.get(offers.day)
        if found is None:
            found = self._lives[offers.day] = lifetimes(self.settings, offers)
        return found

    def _as_now(self, offers: Day) -> Day:
        """Return the offers of a day as they are now."""
        if self.settings.mean_life_days is None:
            return offers
        return LivingDay(offers, self._lifetimes(offers), self._now_ms())

    def _has_left(self, offers: Day, row: int) -> bool:
        is_created = offers.columns.created_ms.item(row) < self._now_ms()
        is_live = self.settings.mean_life_days is None or bool(
            self._lifetimes(offers).are_live(self._now_ms())[row]
        )
        return is_created and not is_live

    def _stock_days(self) -> list[date]:
        """Return the days of which an offer may be live, newest first."""
        if self.settings.mean_life_days is None:
            return self._source.live_days(self._today(), self.settings.live)
        return [
            self._today() - timedelta(days=back) for back in range(longest_days(self.settings) + 1)
        ]

    def _find(
        self, query: Query, days: list[date], window: tuple[int, int], *, is_lagging: bool
    ) -> Result:
        low, high = window
        found: list[tuple[Day, NDArray[np.intp]]] = []
        for day in days:
            offers = self._source.day(day)
            created = offers.columns.created_ms
            keep = (
                self._visible(offers, is_lagging=is_lagging) & (created >= low) & (created <= high)
            )
            if not query.created_s and not query.published_days:
                keep &= self._is_live(offers)
            if keep.any():
                keep &= matching(offers, query, self._source.partner_names)
            found.append((self._as_now(offers), np.flatnonzero(keep)))
        return result(query, found or [(self._source.day(self._today()), np.empty(0, np.intp))])

    def _window_ms(self, query: Query) -> tuple[int, int]:
        """Return the naive instants asked, both included, after the faults of the date filter."""
        low, high = _ALL_TIME
        if query.created_s:
            shift = self.faults.filter_shift_s
            low, high = ((second + shift) * 1000 for second in query.created_s)
            if self.faults.exclusive_bounds:
                low, high = low + 1, high - 1
        if query.published_days:
            since = self.paris_now() - timedelta(days=query.published_days)
            low = max(low, (since - EPOCH) // timedelta(milliseconds=1))
        return low, high

    def _days(self, query: Query, window: tuple[int, int]) -> list[date]:
        """Return the days that a query touches, newest first, at most a month of them."""
        if not query.created_s and not query.published_days:
            return self._stock_days()
        today = self._today()
        if self.settings.mean_life_days is not None:
            first, last = _day_of(window[0]), _day_of(window[1])
            return [day for day in self._stock_days() if first <= day <= last]
        last = min(_day_of(window[1]), today)
        days = (last - timedelta(days=back) for back in range(MAX_DAYS_OF_A_WINDOW + 1))
        first = _day_of(window[0])
        return [day for day in days if first <= day]

    def _is_live(self, offers: Day) -> NDArray[np.bool_]:
        """Return which offers of a day are in the live stock: the oldest day may be in it only in part."""
        live = self.settings.live
        if live is None:
            return np.ones(len(offers.columns), np.bool_)
        days = self._source.live_days(self._today(), live)
        newer = sum(len(self._source.day(day).columns) for day in days if day > offers.day)
        newest_first = np.argsort(-offers.columns.created_ms, kind="stable")
        keep = np.zeros(len(offers.columns), np.bool_)
        keep[newest_first[: max(0, live - newer)]] = True
        return keep

    def _visible(self, offers: Day, *, is_lagging: bool) -> NDArray[np.bool_]:
        """Return which offers of a day a replica shows now."""
        created = offers.columns.created_ms
        keep = created < self._now_ms()
        if self.settings.mean_life_days is not None:
            keep &= self._lifetimes(offers).are_live(self._now_ms())
        keep[self._vanished_rows(offers)] = False
        if is_lagging:
            index = np.arange(len(created))
            lost = chance.uniform(self.settings.seed, offers.day, 0, "replica", index)
            keep &= lost >= self.faults.replica_gap
            if offers.day == self._newest_day():
                keep &= ~_newest(created, offers.columns.origin)
        return keep

    def _vanished_rows(self, offers: Day) -> NDArray[np.intp]:
        count = self._vanished_count(offers.day)
        if not count:
            return np.empty(0, np.intp)
        index = np.arange(len(offers.columns))
        return np.argsort(chance.bits(self.settings.seed, offers.day, 0, "vanish", index))[:count]

    def _vanished_count(self, day: date) -> int:
        return min(self.faults.vanish, self._searches_about[day] // self.faults.vanish_pace)

    def _newest_day(self) -> date:
        return next(iter(self._source.live_days(self._today(), None)), self._today())

    def _today(self) -> date:
        return self.paris_now().date()

    def _now_ms(self) -> int:
        return (self.paris_now() - EPOCH) // timedelta(milliseconds=1)


def source_of(settings: Settings) -> Source:
    """Return where the offers come from: the file if there is one, the generator if not."""
    if settings.offers_file:
        return FileSource(settings.offers_file, settings.redate)
    return GeneratedSource(settings)


def _newest(created_ms: NDArray[np.int64], origin: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which rows are among the newest 80 of their origin."""
    chosen = np.zeros(len(created_ms), np.bool_)
    for one in (1, 2):
        rows = np.flatnonzero(origin == one)
        chosen[rows[np.argsort(created_ms[rows], kind="stable")[-LAGGING_NEWEST:]]] = True
    return chosen


def _day_of(ms: int) -> date:
    # dates end with the year 9999
    return date.fromordinal(max(1, min(ms // DAY_MS + EPOCH_ORDINAL, date.max.toordinal())))
