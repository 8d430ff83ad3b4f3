"""Whether an answer still shows what was read of a slice, and what a day may cost."""

from __future__ import annotations

import pytest
from jobmarket.sources.france_travail.client.answer import Answer, Cap, Sighting
from jobmarket.sources.france_travail.plan.as_read import AsRead
from jobmarket.sources.france_travail.plan.budget import (
    HIDING_ANSWERS,
    LEAST_BUDGET,
    MOST_ANSWERS,
    MOST_BUDGET,
    answers_for_a_page,
    questions_for,
)
from jobmarket.sources.france_travail.plan.states import State

SMALL = Cap(page_size=5, last_start=20)


def answer(first: int, total: int | None, ids: str, facets: str = "") -> Answer:
    return Answer(
        query="q",
        first=first,
        status=206,
        content_range="",
        announced=total,
        offers=tuple(Sighting(name, 0 if name in "xyz" else ord(name)) for name in ids),
        body=b"",
        received_at="",
        statuses=(206,),
        facets=facets,
    )


def as_read(ids: str, *states: State, unseen: tuple[int, ...] = ()) -> AsRead:
    offers = {name: None if name == "?" else 0 if name in "xyz" else ord(name) for name in ids}
    return AsRead("q", offers, frozenset(states), unseen, answers=1)


ONE = as_read("abcdefg", State(7, "f"))
TWO = as_read("abcdefg", State(7, "f"), State(6, "g"))
TIES = as_read("abxyz", State(5, ""))


@pytest.mark.parametrize(
    ("read", "met", "differs", "shows_more", "hides", "knows"),
    [
        (ONE, answer(2, 7, "cde", "f"), False, False, False, True),
        (ONE, answer(2, 7, "cde"), False, False, False, True),  # facets left out contradict none
        (ONE, answer(2, 7, "cde", "other"), True, True, False, False),
        (ONE, answer(2, 7, "bcd", "f"), True, False, False, True),  # moved by one
        (ONE, answer(2, 7, "cdX", "f"), True, True, False, True),
        (ONE, answer(2, 6, "cde", "f"), True, False, False, False),  # one less
        (ONE, answer(2, 8, "cde", "f"), True, False, False, False),  # one more
        (ONE, answer(2, None, "", ""), True, False, False, False),
        (TWO, answer(2, 6, "def", "g"), False, False, False, True),  # the smaller, as it was met
        (TWO, answer(2, 6, "deX", "g"), False, True, True, True),  # it adds something after all
        (TWO, answer(2, 6, "def", "f"), False, False, False, False),
        (TWO, answer(2, 5, "def", "g"), True, False, False, False),
        (TWO, answer(2, 7, "cde", "f"), False, False, False, True),
        (TIES, answer(2, 5, "zxy"), False, False, False, True),  # of one second: in any order
        (TIES, answer(0, 5, "ba"), False, False, False, True),
        (TIES, answer(1, 5, "ax"), True, False, False, True),
    ],
)
def test_what_an_answer_shows_of_a_slice_that_was_read(
    read: AsRead, met: Answer, differs: bool, shows_more: bool, hides: bool, knows: bool
) -> None:
    assert (read.differs(met), read.shows_more(met), read.hides(met), read.knows(met)) == (
        differs,
        shows_more,
        hides,
        knows,
    )


def test_pages_that_were_not_seen_in_each_state_are_looked_at_first() -> None:
    starts = [ONE.page(time, SMALL).first for time in range(3)]
    assert starts == [0, 4, 0]
    unseen = as_read("abcdefg", State(7, "f"), unseen=(4,))
    question = unseen.page(0, SMALL)
    assert (question.first, question.last, question.is_fresh) == (4, 8, True)


def test_a_sample_lies_within_the_slice_and_is_no_page() -> None:
    read = as_read("".join(chr(200 + number) for number in range(90)), State(90, ""))
    for time in range(40):
        question = read.sample(time, Cap(page_size=150, last_start=3_000))
        assert 0 <= question.first <= question.last < 90
        assert question.last - question.first + 1 == 10


@pytest.mark.parametrize(
    ("pages", "questions", "answers", "answers_if_hidden"),
    [
        (0, LEAST_BUDGET, MOST_ANSWERS, MOST_ANSWERS),
        (1, LEAST_BUDGET + 8, MOST_ANSWERS, MOST_ANSWERS),
        (30, LEAST_BUDGET + 240, 10, 10),
        (100, LEAST_BUDGET + 800, 3, HIDING_ANSWERS),
        (300, LEAST_BUDGET + 2_400, 1, HIDING_ANSWERS),
        (10**9, MOST_BUDGET, 3e-7, HIDING_ANSWERS),
    ],
)
def test_what_a_day_may_cost(
    pages: int, questions: int, answers: float, answers_if_hidden: float
) -> None:
    assert questions_for(pages) == questions
    assert answers_for_a_page(pages, replicas_hide=False) == answers
    assert answers_for_a_page(pages, replicas_hide=True) == answers_if_hidden
