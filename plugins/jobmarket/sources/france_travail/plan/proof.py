"""The proof that one slice was read whole, though the API's replicas disagree and offers come and go.

Pure. What the API says of a slice in one answer, its total and its facets, is a *state*. A slice is proved
when, for each state that is still announced and could hold something of its own, all pages were read and

* hold exactly as many distinct ids as announced, and
* are *chained*: each page starts with the offer that ended the page before, so nothing moved in between;
  or, where they are not (offers of one second need no fixed order), two whole reads one after the other
  gave the same ids.

Rules beside it:

* A state that was not met in the last ``FORGET_AFTER`` reads has gone: offers came, went or were edited.
* Of the states that are announced, those with the largest total must be proved, and each other one that
  gave an offer which these do not hold: a replica that lags announces less, and adds nothing.
* An offer that was read in a state and is not in its proof must have been missed by ``FORGET_AFTER`` reads
  since: else two sets stand behind one total.
* Once replicas disagree anywhere in the day, pages are asked for until each was seen in each announced state,
  and until ``patience`` answers a page were taken: two sets may stand behind one total and one page each.
* Pages that an earlier attempt landed count while nothing contradicts them; then they are dropped.
* A page is asked for again up to ``4 x pages + 40`` questions for the slice, or ``patience`` a page. Not
  proved by then, the slice has a gap: ``total - distinct ids of all its reads``, and at least 1.
"""

from __future__ import annotations

from collections import Counter
from itertools import cycle, islice
from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.answer import CAP, Cap
from jobmarket.sources.france_travail.plan.as_read import AsRead
from jobmarket.sources.france_travail.plan.partition import page_starts
from jobmarket.sources.france_travail.plan.states import FORGET_AFTER, Reads, State, answers_due

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.answer import Answer

FACET_STATES = 4
"""Facets met under one total; more are noise, and then say nothing of this slice."""

BROKEN_READS = 2
"""Times that a page comes broken, each after the client's own retries, before it is given up."""


class SliceProof:
    """The reads of one query, and whether they prove it.

    Questions asked are registered with :meth:`asked`, answers with :meth:`receive`; :meth:`wanted` says
    what to ask next. The order in which answers come does not matter for what is believed.

    :param query: without ``range``.
    :param cap: what one query gives.
    :param may_replay: landed answers of an earlier attempt may count.
    """

    def __init__(self, query: str, cap: Cap = CAP, *, may_replay: bool = True) -> None:
        self.query = query
        self.cap = cap
        self.may_replay = may_replay
        self.patience = 0.0
        """Replicas disagree: answers to take for each page, so that what is proved is seen in all states."""
        self.is_led_astray = False
        """Pages that an earlier attempt landed contradict each other, before anything was asked."""
        self.created: dict[str, int | None] = {}
        """All offers met of the slice by this proof: their creation second."""
        self.announced_first: int | None = None
        self.announced_last = 0
        self.totals: set[int] = set()
        self.has_wavered = False
        """A total was announced again after another one: what merely goes does not come back."""
        self.requests = 0
        self.retries = 0
        self.re_reads = 0
        self.broken: Counter[int] = Counter()  # first index of a page -> times that it came broken
        self._reads = 0
        self._fresh = 0
        self._replayed = 0
        self._has_noisy_facets = False
        self._in_flight: Counter[int] = Counter()
        self._asked_once: set[int] = set()
        self._states: dict[State, Reads] = {}

    def asked(self, first: int) -> None:
        """Register a question for the page that starts at this index."""
        self._in_flight[first] += 1
        if first in self._asked_once:
            self.re_reads += 1
        self._asked_once.add(first)

    def receive(self, answer: Answer, *, is_fresh: bool) -> None:
        """Register the answer to a question for a page.

        :param is_fresh: asked by this attempt, not replayed from what an earlier one landed.
        """
        self._in_flight[answer.first] -= 1
        self.requests += len(answer.statuses)
        self.retries += len(answer.statuses) - 1
        self._fresh += is_fresh
        if not is_fresh and not self.may_replay:
            return  # asked for before the landed pages were found to contradict
        self._replayed += not is_fresh
        self._reads += 1
        if answer.is_broken:
            self.broken[answer.first] += 1
        self.created.update(answer.offers)
        total = answer.announced
        if total is None:
            return
        if self.announced_first is None:
            self.announced_first = total
        self.has_wavered |= total in self.totals and total != self.announced_last
        self.announced_last = total
        self.totals.add(total)
        self._register(self._state_of(total, answer.facets), answer)
        if self._replayed and self._is_contradicted():
            self._drop_replayed()

    def lend(self, answer: Answer, *, is_fresh: bool) -> None:
        """Take a page that an answer to another query showed, as one of the state that was just met.

        It counts only if it is chained to the page before it and fills the total, as any other page.

        :param answer: its offers and its first index; announced as that state does.
        """
        state = next((s for s in self._announced() if s.total == answer.announced), None)
        if state is None or (not is_fresh and not self.may_replay):
            return
        self._replayed += not is_fresh
        self._asked_once.add(answer.first)
        self.created.update(answer.offers)
        self._states[state].add(self._reads, answer, needs_agreement=self._has_noisy_facets)

    @property
    def target(self) -> int:
        """The total to prove."""
        return max((state.total for state in self._announced() or self._states), default=0)

    @property
    def is_waiting(self) -> bool:
        """Questions are still without answer."""
        return any(self._in_flight.values())

    @property
    def is_over_reach(self) -> bool:
        """The slice holds more offers than one query gives."""
        return self.target > self.cap.reach

    @property
    def has_given_up(self) -> bool:
        """The questions that a slice may cost are spent, or a page of it cannot be read."""
        if any(count >= BROKEN_READS for count in self.broken.values()):
            return True
        each = max(4.0, self.patience)
        return self._fresh >= each * len(page_starts(self.target, self.cap)) + 40

    def snapshot(self) -> dict[str, int | None] | None:
        """Return the offers of the slice in order, id -> creation second; ``None`` if not proved."""
        needed = self._needed()
        found: dict[str, int | None] = {}
        for reads in needed:
            if reads.proved is None:
                return None
            found |= reads.proved
        if not needed or any(reads.unsettled(self._reads, found) for reads in needed):
            return None
        return found

    def wanted(self) -> list[int]:
        """Return the first indexes of the pages to ask for now."""
        if self.is_over_reach or self.has_given_up:
            return []
        if not self._states:  # all that was read is dropped
            return [] if self.is_waiting else [0]
        needed = self._needed()
        missing: set[int] = set()
        for reads in needed:
            if reads.proved is None:
                missing |= reads.missing()
        if not missing and not self.is_waiting:
            found = {offer_id for reads in needed for offer_id in reads.proved or ()}
            for reads in needed:
                missing |= reads.unsettled(self._reads, found)
            if not missing and self.patience:
                return self._unseen()
        return [first for first in sorted(missing) if not self._in_flight[first]]

    def gap(self) -> int:
        """Return how many announced offers cannot be shown to have been read."""
        return 0 if self.snapshot() is not None else max(1, self.target - len(self.created))

    def as_read(self, offers: dict[str, int | None]) -> AsRead:
        """Return what was read, to compare later answers with.

        :param offers: that are proved.
        """
        announced = self._announced()
        return AsRead(
            query=self.query,
            offers=offers,
            known=frozenset(announced or self._states),
            unseen=tuple(sorted({f for reads in announced.values() for f in reads.unseen()})),
            answers=self._reads,
        )

    @property
    def shows_hiding(self) -> bool:
        """A state that announces less holds an offer that the largest ones lack."""
        return len({reads.total for reads in self._needed()}) > 1

    @property
    def is_replayed(self) -> bool:
        """What is proved rests on pages that an earlier attempt landed, too."""
        return self._replayed > 0

    def forget_reads(self) -> None:
        """Drop what was read of a slice that is done."""
        self._states.clear()
        self.created = {}

    def _unseen(self) -> list[int]:
        """Return pages that an announced state may show otherwise, or any until all replicas have spoken."""
        announced = self._announced().values()
        starts = page_starts(self.target, self.cap)
        unseen = sorted({first for reads in announced for first in reads.unseen()})
        due = answers_due(self.patience, len(starts)) - self._reads
        pages = unseen or starts
        return list(islice(cycle(pages), max(0, min(due, 4 * len(pages)))))

    # States

    def _announced(self) -> dict[State, Reads]:
        return {
            state: reads
            for state, reads in self._states.items()
            if self._reads - reads.last_met < FORGET_AFTER
        }

    def _needed(self) -> list[Reads]:
        """Return the states that must be proved: the largest, and those with offers of their own."""
        announced = self._announced() or self._states
        most = max((state.total for state in announced), default=0)
        needed = [reads for state, reads in announced.items() if state.total == most]
        if any(reads.proved is None for reads in needed):
            return needed
        held = {offer_id for reads in needed for offer_id in reads.proved or ()}
        return needed + [
            reads
            for state, reads in announced.items()
            if state.total < most and reads.unsettled(self._reads, held)
        ]

    def _state_of(self, total: int, facets: str) -> State:
        """Return the state that an answer belongs to.

        Facets that are left out, as they are past the last offer, contradict none.
        """
        if self._has_noisy_facets:
            return State(total, "")
        known = [state for state in self._states if state.total == total]
        if not facets and known:
            return known[-1]
        if facets and known == [State(total, "")]:
            self._states[State(total, facets)] = self._states.pop(known[0])
        return State(total, facets)

    def _register(self, state: State, answer: Answer) -> None:
        reads = self._states.setdefault(state, Reads(state.total, self.cap))
        reads.last_met = self._reads
        same_total = sum(known.total == state.total for known in self._states)
        if state.facets and same_total > FACET_STATES:
            self._has_noisy_facets = True
            self._restart()
            return
        if answer.is_broken:
            return
        reads.add(self._reads, answer, needs_agreement=self._has_noisy_facets)

    def _is_contradicted(self) -> bool:
        return len(self._states) > 1 or any(reads.failed for reads in self._states.values())

    def _drop_replayed(self) -> None:
        self.is_led_astray = self._fresh == 0
        self.may_replay = False
        self._replayed = 0
        self._restart()

    def _restart(self) -> None:
        self._states.clear()
        self._reads = 0
