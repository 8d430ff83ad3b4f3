"""Lies about sets: offers that come and go while they are read, replicas, orders that change."""

from __future__ import annotations

import threading
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tests.support.lying_api.api import Lie, Question
from tests.support.lying_api.world import DAY, NEVER, START_MS, wall

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time


class HonestDay(Lie):
    kind = "honest"
    sizes = (0, 12, 1_200, 5_000, 8_000, 20_000)
    must = "whole"


class HonestBurst(Lie):
    """One second holds more than a query gives."""

    kind = "honest"
    sizes = (8_000,)
    burst = 3_600
    must = "whole"


class HonestLargeDay(Lie):
    kind = "honest"
    sizes = (40_000,)
    must = "whole"


class HonestDayOfPartners(Lie):
    """No offer of France Travail's own."""

    kind = "honest"
    sizes = (1_200,)
    must = "whole"

    def prepare(self) -> None:
        self.world.origin[:] = 2


class HonestDayAtTheReach(Lie):
    """Exactly as many partner offers as one query gives, asked for with what lies around the day."""

    kind = "honest"
    sizes = (5_000,)
    must = "whole"

    def prepare(self) -> None:
        world = self.world
        world.origin[world.in_day] = 1
        world.origin[world.some(3_150)] = 2
        world.origin[~world.in_day] = 1


class HonestDayOfWholeSeconds(Lie):
    """All offers come in sixty seconds of the day."""

    kind = "honest"
    sizes = (5_000,)
    must = "whole"

    def prepare(self) -> None:
        world = self.world
        day = world.in_day
        world.created[day] = START_MS + world.rng.integers(0, 60, int(day.sum())) * 1_440_000
        for at in np.flatnonzero(day):
            world.rewrite(int(at), dateCreation=wall(int(world.created[at])))


class HonestDayBesideOtherObjects(Lie):
    """Below the day lie objects that are not ours."""

    kind = "honest"
    sizes = (1_200,)
    must = "whole"
    clutter = tuple(
        f"raw/france_travail/offers/day={DAY}/{name}"
        for name in (
            "",
            "notes.txt",
            "run=old/",
            "run=old/page-abc.json.zst",
            "run=old/page-.json.zst",
            "page-00001.json.zst",
            "run=other/page-00001.json.zst",
            "run=/page-00001.json.zst",
        )
    )


class _ComeAndGo(Lie):
    """Offers leave at one search and others come at another."""

    kind = "A1"
    gone = 20
    gone_at = 8
    come = 20
    come_at = 12

    def prepare(self) -> None:
        world = self.world
        chosen = self.rng.permutation(world.some(self.gone + self.come))
        world.leaves[chosen[: self.gone]] = self.gone_at
        world.arrives[chosen[self.gone :]] = self.come_at
        self.seen_by = self.come_at


class GoneHideLate(_ComeAndGo):
    pass


class GoneAtOnceLateInTheMiddle(_ComeAndGo):
    gone, gone_at, come, come_at = 30, 2, 30, 25


class LateBeforeGone(_ComeAndGo):
    gone, gone_at, come, come_at = 30, 30, 30, 6


class GoneAfterTheLastPage(_ComeAndGo):
    gone, gone_at, come, come_at = 20, 40, 20, 34


class BalancedSwap(_ComeAndGo):
    gone, gone_at, come, come_at = 15, 18, 15, 18


class BalancedSwapOfHundreds(_ComeAndGo):
    gone, gone_at, come, come_at = 400, 20, 400, 20


class ManyGoneFewLate(_ComeAndGo):
    gone, gone_at, come, come_at = 600, 15, 30, 22


class LateOnly(_ComeAndGo):
    gone, come, come_at = 0, 30, 20


class GoneOnly(_ComeAndGo):
    gone, gone_at, come = 60, 20, 0


class SmallDaySwap(_ComeAndGo):
    sizes = (12, 1_200)
    gone, gone_at, come, come_at = 5, 3, 5, 4


class KilledThenGoneAndLate(_ComeAndGo):
    """Killed before its end; while nobody asks, offers go and others come."""

    sizes = (8_000,)
    kills = (50,)
    gone, gone_at, come, come_at = 100, 51, 30, 51


class KilledEarlyThenGoneAndLate(_ComeAndGo):
    kills = (12,)
    gone, gone_at, come, come_at = 100, 13, 100, 13


class KilledThreeTimes(_ComeAndGo):
    kills = (10, 25, 38)
    gone, gone_at, come, come_at = 80, 26, 80, 39


class KilledNearTheEnd(_ComeAndGo):
    kills = (41,)
    gone, gone_at, come, come_at = 40, 42, 40, 42


class SlowChurn(Lie):
    """With every second search one goes and another comes, until the fortieth."""

    kind = "A1"
    seen_by = 40

    def prepare(self) -> None:
        chosen = self.rng.permutation(self.world.some(40))
        for number, (out, into) in enumerate(chosen.reshape(20, 2)):
            self.world.leaves[out] = self.world.arrives[into] = 2 * number + 2


class SwapsBySecond(Lie):
    """What goes and what comes are neighbours in time: each page holds as many as before."""

    kind = "A1"
    seen_by = 20

    def prepare(self) -> None:
        chosen = self.world.some(40)
        self.world.leaves[chosen] = 20
        beside = chosen + 1
        self.world.leaves[beside] = NEVER
        self.world.arrives[beside] = 20


class DatedAnew(Lie):
    """Offers move to another hour of the day while they are read: the same ids all the time."""

    kind = "A1"

    def prepare(self) -> None:
        world = self.world
        self._moved = world.some(30)
        self._new = world.created[self._moved][::-1].copy()

    def shown(self, question: Question) -> NDArray[np.bool_]:
        if question.number == 20:
            self.world.created[self._moved] = self._new
            for at in self._moved:
                self.world.rewrite(at, dateCreation=wall(int(self.world.created[at])))
        return super().shown(question)


class ReviewHides(Lie):
    """Offers are hidden while they are reviewed, and come back: each for a stretch of its own."""

    kind = "A1"

    def prepare(self) -> None:
        self._hidden = self.world.some(40)
        self._from = self.rng.integers(1, 40, len(self._hidden))

    def shown(self, question: Question) -> NDArray[np.bool_]:
        keep = super().shown(question).copy()
        out = (self._from <= question.number) & (question.number < self._from + 12)
        keep[self._hidden[out]] = False
        return keep


class _Replicas(Lie):
    """Several replicas, each of which hides offers of its own."""

    kind = "A2"
    count = 2
    hidden: tuple[int, ...] = (0, 30)

    def prepare(self) -> None:
        total = sum(self.hidden)
        chosen = self.rng.permutation(self.world.some(total))
        bounds = np.cumsum((0, *self.hidden))
        self.missing = [chosen[low:high] for low, high in pairwise(bounds)]

    def replica(self, question: Question) -> int:
        return question.number % len(self.missing)

    def shown(self, question: Question) -> NDArray[np.bool_]:
        keep = super().shown(question).copy()
        keep[self.missing[self.replica(question)]] = False
        return keep


class ReplicaLags(_Replicas):
    hidden = (0, 120)


class ReplicaLagsByOne(_Replicas):
    hidden = (0, 1)


class ReplicasOfEqualTotals(_Replicas):
    hidden = (30, 30)


class ReplicasOfEqualTotalsSmall(_Replicas):
    sizes = (12, 1_200)
    hidden = (2, 2)


class ReplicasOfEqualTotalsAtRandom(_Replicas):
    hidden = (30, 30)

    def replica(self, question: Question) -> int:
        return int(self.rng.integers(2))


class ThreeReplicas(_Replicas):
    hidden = (20, 20, 20)


class ThreeReplicasOneWhole(_Replicas):
    hidden = (0, 25, 40)

    def replica(self, question: Question) -> int:
        return int(self.rng.choice(3, p=(0.1, 0.45, 0.45)))


class ReplicasHideFew(_Replicas):
    """Each replica hides a few of its own, so that one more page shows what all others hid."""

    sizes = (700, 1_500, 4_000)
    hidden = (2, 3)

    def replica(self, question: Question) -> int:
        return int(self.rng.choice(2, p=(0.4, 0.6)))


class ReplicasHideOneEach(_Replicas):
    sizes = (1_500, 4_000)
    hidden = (1, 1)

    def replica(self, question: Question) -> int:
        return int(self.rng.integers(2))


class ThreeReplicasHideFewOneSeldomIsWhole(_Replicas):
    sizes = (1_500, 5_000)
    hidden = (2, 3, 0)

    def replica(self, question: Question) -> int:
        return int(self.rng.choice(3, p=(0.3, 0.63, 0.07)))


class LargeReplicaHidesThreeOfTheOther(_Replicas):
    """The replica that announces more hides a few that the other one, which announces far less, shows."""

    sizes = (1_000, 5_000)
    hidden = (3, 60)

    def replica(self, question: Question) -> int:
        return int(self.rng.integers(2))


class ReplicaInStretches(_Replicas):
    """The same replica for twenty searches, then the other."""

    hidden = (30, 30)

    def replica(self, question: Question) -> int:
        return question.number // 20 % 2


class ReplicaPerConnection(_Replicas):
    """Each connection sticks to a replica."""

    hidden = (30, 30)
    threads = 8

    def prepare(self) -> None:
        super().prepare()
        self._numbers: dict[int, int] = {}

    def replica(self, question: Question) -> int:
        return self._numbers.setdefault(threading.get_ident(), len(self._numbers)) % 2


class ReplicaOfTheOnlyConnection(ReplicaPerConnection):
    threads = 1
    why = "a replica hides the same offers from every question"


class ReplicaPerAddress(_Replicas):
    """Each address is answered by the same replica every time."""

    hidden = (30, 30)

    def replica(self, question: Question) -> int:
        return zlib.crc32(str(sorted(question.asked.items())).encode()) % 2


class ReplicaPerQuery(_Replicas):
    """All pages of a query come from the same replica."""

    hidden = (30, 30)

    def replica(self, question: Question) -> int:
        return zlib.crc32(question.query.encode()) % 2


class ReplicaGivesPagesOnly(_Replicas):
    """Whole pages come from the replica that hides, totals alone from the other."""

    hidden = (0, 30)

    def replica(self, question: Question) -> int:
        return int(question.last - question.first > 10)


class WholeReplicaIsGoneAtTheEnd(_Replicas):
    """The replica that has all answers the first searches only."""

    hidden = (0, 30)
    why = "the same as if these offers had been withdrawn after the fourth search"

    def replica(self, question: Question) -> int:
        return int(question.number > 4)


class WholeReplicaComesAtTheEnd(_Replicas):
    hidden = (0, 30)

    def replica(self, question: Question) -> int:
        return int(question.number <= 38)


class SameOffersHiddenAlways(_Replicas):
    """One replica, which hides the same offers from every question."""

    hidden = (30,)
    why = "a replica hides the same offers from every question"


class ReplicaOfOneOrder(_Replicas):
    """What is sorted by relevance comes from the other replica."""

    hidden = (30, 30)

    def replica(self, question: Question) -> int:
        return int(question.asked.get("sort") == "1")


class ReplicaOfOneOrigin(_Replicas):
    """Partner offers come from a replica that lags, but now and then."""

    hidden = (0, 40)

    def replica(self, question: Question) -> int:
        return int(question.origin == "2" and self.rng.random() < 0.8)


class ReplicaFrozen(_Replicas):
    """One replica shows the state of the beginning."""

    hidden = (0, 0)
    seen_by = 12

    def prepare(self) -> None:
        super().prepare()
        chosen = self.rng.permutation(self.world.some(50))
        self.world.leaves[chosen[:25]] = self.world.arrives[chosen[25:]] = 12

    def shown(self, question: Question) -> NDArray[np.bool_]:
        return self.world.visible(1 if self.replica(question) else question.number)


class AllReplicasAreFrozen(Lie):
    """Everything shows the state of the beginning until it is over."""

    kind = "A2"
    why = "arrivals after the last question"
    seen_by = 12

    def prepare(self) -> None:
        self.world.arrives[self.world.some(25)] = 12

    def shown(self, question: Question) -> NDArray[np.bool_]:
        return self.world.visible(1)


class OrderShuffledWithTies(Lie):
    """Offers of the same minute come in another order each time."""

    kind = "A2"

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        minute = -(self.world.created[rows] // 60_000)
        return rows[np.lexsort((self.rng.random(len(rows)), minute))]


class OrderShuffledInTheBurst(OrderShuffledWithTies):
    sizes = (8_000,)
    burst = 2_900


class OrderShuffledWhole(Lie):
    kind = "A2"

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return self.rng.permutation(rows)


class OrderShuffledAtTimes(Lie):
    kind = "A2"

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        if question.number % 7:
            return super().ordered(question, rows)
        return self.rng.permutation(rows)


class OrderReversedAtTimes(Lie):
    kind = "A2"

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        rows = super().ordered(question, rows)
        return rows[::-1] if question.number % 5 == 0 else rows


class OrderMovesOn(Lie):
    """Each search begins a few offers later in the ring of all."""

    kind = "A2"

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return np.roll(super().ordered(question, rows), question.number * 3)


class OrderChangesOnce(Lie):
    """Half-way the ranking is another one."""

    kind = "A2"

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        rows = super().ordered(question, rows)
        return rows if question.number < 20 else rows[np.argsort(rows * 7919 % 10_007)]


class OrderIgnoresDates(Lie):
    """The same order each time, which has nothing to do with dates."""

    kind = "A2"

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return rows[np.argsort(rows * 7919 % 10_007, kind="stable")]
