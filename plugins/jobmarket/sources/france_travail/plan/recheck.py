"""A slice that was read, looked at again: whether it still looks as it was read. Pure.

What lives here: how often it is asked for, which of its offers, and what the answers say. What does not: how
it is read (``slices``), how it looked then (``as_read``), what follows from a change (``division``,
``comparison``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.plan.partition import page_starts
from jobmarket.sources.france_travail.plan.states import answers_due

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.client.request import Request
    from jobmarket.sources.france_travail.plan.as_read import AsRead
    from jobmarket.sources.france_travail.plan.desk import Desk
    from jobmarket.sources.france_travail.plan.partition import Window

WARY_LOOKS = 3
"""Looks at a slice at once, when replicas disagree, beside those that make up for answers it was read by."""


class Recheck:
    """Looks at one slice, as often as it is told to.

    :param window: of the slice.
    :param read: nothing yet.
    :param count: called with each answer: it is an answer of the slice.
    """

    def __init__(
        self, desk: Desk, window: Window, read: AsRead, count: Callable[[Answer], None]
    ) -> None:
        self.has_changed = False
        """What was seen of the slice after it was read is not what was read."""
        self.lost = 0
        """Offers fewer than were read that it announced since, where that is no change."""
        self.is_replayed = False
        """What is held of it was read by an earlier attempt, at least in part."""
        self._desk = desk
        self._window = window
        self._read = read
        self._count = count
        self._knew_of_hiding = False

    def expect(self, read: AsRead, *, is_replayed: bool) -> None:
        """Take how the slice looks as it is read, to compare with."""
        self._read = read
        self._knew_of_hiding = self._desk.replicas_hide
        self.is_replayed = is_replayed

    def forget(self) -> None:
        """Forget what was seen since: the slice is read anew."""
        self.has_changed = False
        self.lost = 0

    def look(self, replied: Callable[[], None], calm_looks: int = 1) -> None:
        """See whether it still looks as it was read: its total, its facets, some of its offers.

        :param replied: called once, when ``has_changed`` tells.
        :param calm_looks: how often to look while replicas agree; all over it, if an earlier attempt read it.
        """
        read, desk = self._read, self._desk
        is_wary = desk.replicas_disagree
        times = max(self._wary_looks() if is_wary else calm_looks, self._looks_at_replayed())
        told: list[int] = []
        as_read: list[bool] = []
        # a page that some replica was not asked for may hold what the others hide
        self.has_changed |= bool(read.unseen) and desk.replicas_hide and not self._knew_of_hiding

        def reply(answer: Answer, _: bool) -> None:
            self._count(answer)
            has_shrunk = desk.terms.may_shrink and read.has_shrunk(answer)
            told.append(-1 if answer.announced is None else answer.announced)
            # where offers come and go while it is read, another total than then is no other replica
            desk.notice({*told, *(() if desk.terms.may_shrink else read.totals)} - {-1})
            as_read.append(has_shrunk or not read.differs(answer))
            is_known = has_shrunk or not is_wary or read.knows(answer)
            self.has_changed |= read.shows_more(answer) or not is_known
            if read.hides(answer):
                desk.notice_hiding()
            if len(told) < times:
                return
            # one replica of several may lag; but what was read must still be to be seen
            self.has_changed |= not (any(as_read) if is_wary else all(as_read))
            self.has_changed |= max(told) > max(read.totals, default=0)
            self.lost = max(0, len(read.offers) - max(told)) if desk.terms.may_shrink else 0
            replied()

        for time in range(times):
            desk.ask(self._question(time, is_wary=is_wary), self._window, reply)

    def _question(self, time: int, *, is_wary: bool) -> Request:
        read, cap = self._read, self._desk.cap
        if self.is_replayed and time < read.stretches(cap):
            return read.stretch(time, cap)
        return read.page(time, cap) if is_wary else read.sample(time, cap)

    def _wary_looks(self) -> int:
        pages = len(page_starts(len(self._read.offers), self._desk.cap))
        due = answers_due(self._desk.patience, pages)
        return max(WARY_LOOKS, due - self._read.answers)

    def _looks_at_replayed(self) -> int:
        # an earlier attempt's offers may be others by now, of the same number and the same facets
        return max(1, self._read.stretches(self._desk.cap)) if self.is_replayed else 1
