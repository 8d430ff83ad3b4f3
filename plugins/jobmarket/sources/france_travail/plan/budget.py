"""What a day may cost, from the pages of offers that it was announced to hold. Pure."""

from __future__ import annotations

LEAST_BUDGET = 1_000
"""Questions that any day may cost."""

BUDGET_PER_PAGE = 8
"""Questions that a day may cost for each page of offers announced: a hard day takes 3."""

PATIENCE = 300
"""Answers that the pages of a day may cost together once replicas disagree: a small day is read often."""

MOST_ANSWERS = 20
"""Answers that one page may cost then: with two replicas in turn, all miss one once in a million."""

HIDING_ANSWERS = 5
"""The same at least, once a replica that announced less held what a larger one hid."""

MOST_BUDGET = 40_000
"""Questions that no day may cost: more than an hour at ten a second."""


def questions_for(pages: int) -> int:
    """Return how many questions a day of so many pages may cost; beyond them it is given up."""
    return min(MOST_BUDGET, LEAST_BUDGET + BUDGET_PER_PAGE * pages)


def answers_for_a_page(pages: int, *, replicas_hide: bool) -> float:
    """Return how many answers a page may cost once replicas disagree.

    :param pages: of the day.
    :param replicas_hide: a replica that announced less held what a larger one hid.
    """
    fewest = HIDING_ANSWERS if replicas_hide else 0.0
    return max(fewest, min(MOST_ANSWERS, PATIENCE / max(1, pages)))
