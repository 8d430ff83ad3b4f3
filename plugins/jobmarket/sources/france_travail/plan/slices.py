"""One slice of a day: find out how big it is, then read it whole or say where to cut it.

Pure: a slice asks through its ``Desk`` and is called back with the answers. What does not live here: when it
is read whole (``proof``), where a cut falls (``partition``), whether it stays as it was read (``recheck``).
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import SliceCertificate
from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.plan.partition import (
    SHORTEST_CORE_S,
    Window,
    choose_cut,
    middle,
    peek_start,
    shards,
)
from jobmarket.sources.france_travail.plan.proof import SliceProof
from jobmarket.sources.france_travail.plan.recheck import Recheck

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.answer import Answer, Cap
    from jobmarket.sources.france_travail.plan.desk import Desk, Keeper, Reply


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
    :param loan: the answer by which it was cut off the slice below, as an answer of its own: a last page,
        and whether it is of this attempt.
    """

    def __init__(
        self,
        desk: Desk,
        keeper: Keeper[Slice],
        window: Window,
        *,
        expected: int | None = None,
        is_aimed: bool = False,
        is_fresh: bool = False,
        is_shard: bool = False,
        loan: tuple[Answer, bool] | None = None,
    ) -> None:
        self.window = window
        self.proof = self._new_proof(desk.cap, window, is_fresh=is_fresh)
        self.offers: dict[str, int | None] | None = None
        """The offers in their order, id -> creation second, as last proved."""
        self.certificate: SliceCertificate | None = None
        self.recheck = Recheck(desk, window, self.proof.as_read({}), self._count)
        self._desk = desk
        self._keeper = keeper
        self._expected = expected
        self._is_aimed = is_aimed
        self._is_shard = is_shard
        self._loan = loan
        self._state = _State.SIZING

    @property
    def is_replayed(self) -> bool:
        """What is held of it was read by an earlier attempt, at least in part."""
        return self.recheck.is_replayed

    def start(self) -> None:
        """Ask how big the slice is, by the page that is most likely to be of further use."""
        fits = self._expected is not None and self._expected <= self._desk.cap.last_start
        self._ask_size(0 if fits or self._loan else peek_start(self._desk.cap))

    def read_again(self) -> None:
        """Read it anew: what was read is out of date."""
        self._keeper.slice_opened(self)
        self.proof = self._new_proof(self._desk.cap, self.window, is_fresh=True)
        self.certificate = None
        self.offers = None
        self.recheck.forget()
        self._is_aimed = False
        self._state = _State.SIZING
        self._ask_size(0)

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
            if proof.has_wavered or not self._desk.terms.may_shrink:
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
            self._borrow(total)
            self._advance()
        elif self.window.end - self.window.start <= SHORTEST_CORE_S:
            self._give_back()
        elif self._is_aimed:
            self._cut(middle(self.window), above=None, below=None)
        elif answer.first == 0:
            self._ask_size(peek_start(cap))
        else:
            self._cut_by(answer, total, is_fresh=is_fresh)

    def _borrow(self, total: int) -> None:
        """Take the lent page as its last one, as far as it is of this slice, if it shows where that ends."""
        if self._loan is None:
            return
        (peek, is_fresh), self._loan = self._loan, None
        due = min(total - peek.first, self._desk.cap.page_size)
        shift, first = self._desk.shift_s, self.window.asked[0]
        seconds = [s.created - shift if s.created is not None else first for s in peek.offers]
        # at `first` itself it is not known to which side an offer belongs
        if 0 < due <= len(seconds) and min(seconds[:due]) > first > max(
            seconds[due:], default=first - 1
        ):
            self.proof.lend(
                replace(peek, announced=total, offers=peek.offers[:due], facets="", statuses=()),
                is_fresh=is_fresh,
            )

    def _cut_by(self, peek: Answer, total: int, *, is_fresh: bool) -> None:
        shift = self._desk.shift_s
        seconds = [s.created - shift for s in peek.offers if s.created is not None]
        at = choose_cut(self.window, seconds, self._desk.cap)
        # an offer of this page above the cut tells that the part above holds all before the page too
        above = sum(second >= at - 1 for second in seconds) if at else 0
        last_start = self._desk.cap.last_start
        loan = (peek, is_fresh) if above and self._desk.terms.lends_pages else None
        below = total - last_start - above if above else None
        self._cut(at, above=last_start, below=below, loan=loan)

    def _cut(
        self,
        at: int | None,
        *,
        above: int | None,
        below: int | None,
        loan: tuple[Answer, bool] | None = None,
    ) -> None:
        if at is None:
            self._give_back()
            return
        self._state = _State.CUT
        newer, older = self.window.cut(at)
        must_be_fresh = not self.proof.may_replay
        upper = Slice(
            self._desk,
            self._keeper,
            newer,
            expected=above,
            is_aimed=above is not None,
            is_fresh=must_be_fresh,
            loan=loan,
        )
        lower = Slice(self._desk, self._keeper, older, expected=below, is_fresh=must_be_fresh)
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
        self.proof.patience = self._desk.patience if self._desk.replicas_disagree else 0.0
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
        if proof.shows_hiding:
            self._desk.notice_hiding()
        self.recheck.expect(proof.as_read(offers or {}), is_replayed=proof.is_replayed)
        self._desk.is_led_astray |= proof.is_led_astray
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
