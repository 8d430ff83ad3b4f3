"""Lies about pages: what stands on them is not what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.support.lying_api.api import PAGE, Lie, Question

if TYPE_CHECKING:
    from numpy.typing import NDArray  # the types of the columns are read at run time


class _Pages(Lie):
    kind = "A2"
    sizes: tuple[int, ...] = (1_200, 5_000)


class PagesAreShort(_Pages):
    """Ten offers fewer than asked; the range says so, and the next page begins where it was asked."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows)
        return page[:-10] if len(page) == PAGE else page


class OnePageIsShort(_Pages):
    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows)
        return page[:-10] if question.holds(500) else page


class PagesRepeatOffers(_Pages):
    """One offer of each page stands twice, in the place of another."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows).copy()
        if len(page) > 2:
            page[1] = page[0]
        return page


class OnePageRepeatsOffers(_Pages):
    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows).copy()
        if question.holds(350):
            page[len(page) // 2 :] = page[: len(page) - len(page) // 2]
        return page


class PagesRepeatOffersNowAndThen(_Pages):
    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows).copy()
        if question.number % 4 == 1 and len(page) > 2:
            page[2] = page[0]
        return page


class PagesBeginOneLater(_Pages):
    """The first offer of the first page is on none."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return rows[question.first + 1 : question.last + 2]


class PagesBeginOneEarlier(_Pages):
    """The last offer is on no page."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        if not question.first:
            return super().page(question, rows)
        return rows[question.first - 1 : question.last]


class LastPageIsMissing(_Pages):
    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        is_last = question.last >= len(rows) - 1 and question.first
        return rows[:0] if is_last else super().page(question, rows)


class FirstOfferIsMissing(_Pages):
    """Each page lacks its first offer, and says so."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return super().page(question, rows)[1:]


class FirstOfferOfADayIsMissing(_Pages):
    """The newest offer of each query is neither counted nor given."""

    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return super().ordered(question, rows)[1:]


class LastOfferOfADayIsMissing(_Pages):
    def ordered(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return super().ordered(question, rows)[:-1]


class PagesOfAnotherDay(_Pages):
    """Every seventh answer belongs to a question about the day before; the total does not."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows)
        if question.number % 7:
            return page
        older = np.flatnonzero(~self.world.in_day)
        return older[-len(page) :] if len(page) else page


class PagesOfAnotherOrigin(_Pages):
    """Every sixth answer gives the other origin's offers, as many."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows)
        if question.number % 6 or not len(page):
            return page
        other = np.flatnonzero(
            self.world.in_day & (self.world.origin != self.world.origin[page[0]])
        )
        return other[: len(page)]


class OnePageAlwaysOfAnother(_Pages):
    """One page of each query gives what the page before does."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        back = PAGE if question.first and question.holds(500) else 0
        first = max(0, question.first - back)
        return rows[first : question.last + 1 - back][: max(0, len(rows) - question.first)]


class FarPagesBeginAgain(_Pages):
    """From index 1,500 on the first pages come again."""

    sizes = (5_000,)

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        back = 1_500 if question.first >= 1_500 else 0
        return rows[question.first - back : question.last + 1 - back][
            : max(0, len(rows) - question.first)
        ]


class PagesDropAtChance(_Pages):
    """One offer in a hundred is replaced by its neighbour, each time others."""

    def page(self, question: Question, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        page = super().page(question, rows).copy()
        lost = np.flatnonzero(self.rng.random(len(page)) < 0.01)
        page[lost] = page[lost - 1]
        return page
