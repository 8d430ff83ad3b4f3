"""One slice of a day: find out how big it is, then read it whole or say where to cut it.

Pure: a slice asks through its ``Desk`` and is called back with the answers.
"""

from __future__ import annotations

import zlib
from enum import Enum, auto
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import SliceCertificate
from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.plan.partition import (
    SHORTEST_CORE_S,
    Window,
    choose_cut,
    middle,
    page_starts,
    peek_start,
    shards,
)
from jobmarket.sources.france_travail.plan.proof import SliceProof

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.sources.france_travail.client.answer import Answer, Cap
    from jobmarket.sources.france_travail.plan.desk import Desk, Keeper, Reply

SAMPLE_SIZE = 10
"""Offers asked for to see whether a slice that was read still looks so: few bytes, and any place will do."""

WARY_LOOKS = 4
"""Looks at a slice at once, when replicas disagree: one of two is missed in one of 16 times."""


class _State(Enum):
    SIZING = auto()
    READING = auto()
    READ = auto()
    CUT = auto()


class Slice:
    """A window on its way to be read.

    :param expected: about how many offers it holds; ``None`` if nothing is known.
    :param is_aimed: the window was cut so as to fit one query. If it does not fit, the order of the
        answers has misled: then it is cut in the middle.
    :param is_fresh: nothing that an earlier attempt landed counts.
    :param is_shard: it is a piece of a slice that could not be proved.
    """

    def __init__(
        self,
        desk: Desk,
        keeper: Keeper,
        window: Window,
        *,
        expected: int | None = None,
        is_aimed: bool = False,
        is_fresh: bool = False,
        is_shard: bool = False,
    ) -> None:
        self.window = window
        self.proof = self._new_proof(desk.cap, window, is_fresh=is_fresh)
        self.offers: dict[str, int | None] | None = None
        """The offers in their order, id -> creation second, as last proved."""
        self.certificate: SliceCertificate | None = None
        self.has_changed = False
        """What was seen of it after it was read is not what was read."""
        self._desk = desk
        self._keeper = keeper
        self._expected = expected
        self._is_aimed = is_aimed
        self._is_shard = is_shard
        self._state = _State.SIZING
        self._facets = ""
        self._is_of_several_states = False
        self._known_facets: set[str] = set()
        self._totals: set[int] = set()
        self._was_replayed = False

    @property
    def is_replayed(self) -> bool:
        """What is held of it was read by an earlier attempt, at least in part."""
        return self._was_replayed

    def start(self) -> None:
        """Ask how big the slice is, by the page that is most likely to be of further use."""
        fits = self._expected is not None and self._expected <= self._desk.cap.last_start
        self._ask_size(0 if fits else peek_start(self._desk.cap))

    def read_again(self) -> None:
        """Read it anew: what was read is out of date."""
        self._keeper.slice_opened(self)
        self.proof = self._new_proof(self._desk.cap, self.window, is_fresh=True)
        self.certificate = None
        self.offers = None
        self.has_changed = False
        self._is_aimed = False
        self._state = _State.SIZING
        self._ask_size(0)

    def look(self, replied: Callable[[], None], calm_looks: int = 1) -> None:
        """See whether it still looks as it was read: its total, its facets, ten offers of some page.

        :param replied: called once, when ``has_changed`` tells.
        :param calm_looks: how often to look while replicas agree; more if an earlier attempt read the slice.
        """
        looks: list[int] = []
        as_read: list[bool] = []
        is_wary = self._desk.replicas_disagree
        times = WARY_LOOKS if is_wary else max(calm_looks, self._looks_at_replayed())

        def reply(answer: Answer, _: bool) -> None:
            self._count(answer)
            looks.append(-1 if answer.announced is None else answer.announced)
            self._desk.notice({*looks, *self._totals} - {-1})
            as_read.append(not self._differs(answer))
            self.has_changed |= self._shows_more(answer)
            if len(looks) < times:
                return
            # one replica of several may lag; but what was read must still be to be seen
            self.has_changed |= not (any(as_read) if is_wary else all(as_read))
            self.has_changed |= max(looks) > max(self._totals, default=0)
            replied()

        for time in range(times):
            self._desk.ask(self._sample_request(time), self.window, reply)

    def _looks_at_replayed(self) -> int:
        if not self._was_replayed:
            return 1
        return max(3, len(page_starts(len(self.offers or ()), self._desk.cap)) // 3)

    def _sample_request(self, time: int) -> Request:
        total = len(self.offers or ())
        # any place will do, but it should not be a page that was asked for as such
        spread = zlib.crc32(f"{self.proof.query}#{time}".encode())
        first = spread % max(1, min(total, self._desk.cap.reach) - SAMPLE_SIZE)
        first = min(first, self._desk.cap.last_start)
        last = first + min(SAMPLE_SIZE, self._desk.cap.page_size - 1) - 1
        return Request(self.proof.query, first, last, is_urgent=True, is_fresh=True)

    def _shows_more(self, answer: Answer) -> bool:
        """Tell whether a look shows an offer, or a state as large, that was not read."""
        offers = self.offers or {}
        if any(sighting.offer_id not in offers for sighting in answer.offers):
            return True
        is_large = answer.announced == max(self._totals, default=0)
        return bool(is_large and answer.facets and all(self._known_facets)) and (
            answer.facets not in self._known_facets
        )

    def _differs(self, answer: Answer) -> bool:
        """Tell whether a look shows something else than was read."""
        offers = self.offers or {}
        if self._is_of_several_states:  # then no order is known
            return answer.announced not in self._totals
        expected = list(offers)[answer.first : answer.first + len(answer.offers)]
        met = [sighting.offer_id for sighting in answer.offers]
        if answer.announced != len(offers) or (self._facets and self._facets != answer.facets):
            return True
        # offers of one second need no fixed order
        return set(met) != set(expected) and not self._are_ties(answer, expected)

    def _are_ties(self, answer: Answer, expected: list[str]) -> bool:
        """Tell whether the offers met differ from the expected ones only among those of one second."""
        offers = self.offers or {}
        known = all(sighting.offer_id in offers for sighting in answer.offers)
        when = [sighting.created for sighting in answer.offers]
        return known and when == [offers[offer_id] for offer_id in expected]

    def _count(self, answer: Answer) -> None:
        self.proof.requests += len(answer.statuses)
        self.proof.retries += len(answer.statuses) - 1
        if answer.announced is not None:
            self.proof.announced_last = answer.announced

    @staticmethod
    def _new_proof(cap: Cap, window: Window, *, is_fresh: bool) -> SliceProof:
        return SliceProof(window.query, cap, may_replay=not is_fresh)

    def _ask_size(self, first: int) -> None:
        self._ask(first, self._sized, is_urgent=True)

    def _ask(self, first: int, reply: Reply, *, is_urgent: bool = False) -> None:
        self.proof.asked(first)
        request = Request(
            self.proof.query,
            first,
            first + self._desk.cap.page_size - 1,
            is_urgent,
            is_fresh=not self.proof.may_replay,
        )
        proof = self.proof
        self._desk.ask(
            request, self.window, lambda answer, fresh: self._take(proof, answer, fresh, reply)
        )

    def _take(self, proof: SliceProof, answer: Answer, is_fresh: bool, reply: Reply) -> None:
        if proof is self.proof:  # else it was asked for a reading that was given up
            proof.receive(answer, is_fresh=is_fresh)
            self._desk.notice(proof.totals)
            reply(answer, is_fresh)

    def _sized(self, answer: Answer, is_fresh: bool) -> None:
        cap = self._desk.cap
        total = answer.announced
        if total is None:
            if answer.first:
                self._ask_size(0)
            else:
                self._state = _State.READING
                self._advance()
        elif total <= cap.reach:
            self._state = _State.READING
            self._advance()
        elif self.window.end - self.window.start <= SHORTEST_CORE_S:
            self._give_back()
        elif self._is_aimed:
            self._cut(middle(self.window), above=None, below=None)
        elif answer.first == 0:
            self._ask_size(peek_start(cap))
        else:
            self._cut_by(answer, total)

    def _cut_by(self, peek: Answer, total: int) -> None:
        shift = self._desk.shift_s
        seconds = [s.created - shift for s in peek.offers if s.created is not None]
        at = choose_cut(self.window, seconds, self._desk.cap)
        # an offer of this page above the cut tells that the part above holds all before the page too
        above = sum(second >= at - 1 for second in seconds) if at else 0
        last_start = self._desk.cap.last_start
        self._cut(at, above=last_start, below=total - last_start - above if above else None)

    def _cut(self, at: int | None, *, above: int | None, below: int | None) -> None:
        if at is None:
            self._give_back()
            return
        self._state = _State.CUT
        newer, older = self.window.cut(at)
        is_fresh = not self.proof.may_replay
        upper = Slice(
            self._desk,
            self._keeper,
            newer,
            expected=above,
            is_aimed=above is not None,
            is_fresh=is_fresh,
        )
        lower = Slice(self._desk, self._keeper, older, expected=below, is_fresh=is_fresh)
        self._keeper.slice_cut(self, [upper, lower])

    def _give_back(self) -> None:
        self._state = _State.CUT
        self._keeper.slice_too_big(self)

    def _page(self, answer: Answer, is_fresh: bool) -> None:
        del answer, is_fresh
        if self._state is _State.READING:
            self._advance()

    def _advance(self) -> None:
        if self.proof.is_over_reach:
            self._cut(middle(self.window), above=None, below=None)
            return
        for first in self.proof.wanted():
            self._ask(first, self._page)
        if not self.proof.is_waiting:
            self._finish()

    def _shatter(self) -> bool:
        """Cut it into pieces of less than a page, which no order can spoil; tell whether it can be."""
        cap, window = self._desk.cap, self.window
        if self._is_shard or self.proof.broken or self.proof.target <= cap.page_size:
            return False
        shift = self._desk.shift_s
        seconds = [s - shift for s in self.proof.created.values() if s is not None]
        windows = shards(window, seconds, 2 * cap.page_size // 3)
        if len(windows) == 1:
            return False
        self._state = _State.CUT
        self._keeper.slice_cut(
            self,
            [
                Slice(self._desk, self._keeper, part, expected=0, is_fresh=True, is_shard=True)
                for part in windows
            ],
        )
        return True

    def _finish(self) -> None:
        proof = self.proof
        offers = proof.snapshot()
        if offers is None and self._shatter():
            return
        self._state = _State.READ
        self.offers = offers
        states = proof.settled()
        self._totals = {state.total for state in states}
        self._is_of_several_states = len(states) > 1
        self._known_facets = {state.facets for state in states}
        self._facets = states[0].facets if len(states) == 1 else ""
        self._was_replayed = proof.is_replayed
        self.certificate = SliceCertificate(
            query=proof.query,
            announced=proof.target,
            announced_first=proof.announced_first or 0,
            announced_last=proof.announced_last,
            collected=len(proof.created),
            gap=0 if offers is not None else proof.gap(),
            requests=proof.requests,
            retries=proof.retries,
            re_reads=proof.re_reads,
        )
        self._keeper.slice_read(self)
        proof.forget_reads()
