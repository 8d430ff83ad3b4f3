from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jobmarket.sources.france_travail.client.answer import Answer, Cap, Sighting
from jobmarket.sources.france_travail.plan.proof import FACET_STATES, SliceProof
from jobmarket.sources.france_travail.plan.states import FEWEST_ANSWERS, FORGET_AFTER, answers_due

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL = Cap(page_size=5, last_start=20)


def tell(
    proof: SliceProof,
    first: int,
    total: int | None,
    numbers: Sequence[int],
    *,
    facets: str = "",
    tries: int = 1,
    is_fresh: bool = True,
    is_broken: bool = False,
) -> None:
    """Ask for a page and answer it at once."""
    proof.asked(first)
    proof.receive(
        Answer(
            query="q",
            first=first,
            status=206,
            content_range="",
            announced=total,
            offers=tuple(Sighting(str(number), 0) for number in numbers),
            body=b"",
            received_at="",
            statuses=(500,) * (tries - 1) + (206,),
            facets=facets,
            is_broken=is_broken,
        ),
        is_fresh=is_fresh,
    )


def small(**options: bool) -> SliceProof:
    return SliceProof("q", SMALL, **options)


def proved(proof: SliceProof) -> list[int] | None:
    offers = proof.snapshot()
    return None if offers is None else sorted(map(int, offers))


def test_a_slice_is_proved_by_chained_pages_that_hold_the_total() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 301, range(150))
    assert proof.wanted() == [149, 298]
    assert proof.gap() == 301 - 150
    tell(proof, 298, 301, range(298, 301))
    tell(proof, 149, 301, range(149, 299), tries=3)
    assert proved(proof) == list(range(301))
    assert proof.wanted() == []
    assert (proof.gap(), proof.requests, proof.retries, proof.re_reads) == (0, 5, 2, 0)


def test_an_empty_slice_is_proved_by_one_read() -> None:
    proof = small()
    assert proof.snapshot() is None
    tell(proof, 0, 0, [])
    assert proved(proof) == []
    assert proof.wanted() == []


@pytest.mark.parametrize("total", [None, 3])
def test_nothing_is_believed_of_an_empty_answer_past_the_end(total: int | None) -> None:
    proof = small()
    tell(proof, 20, total, [])
    assert proof.snapshot() is None
    assert proof.wanted() == [0]


def test_one_that_goes_and_one_that_comes_between_two_pages_are_seen_by_the_chain() -> None:
    proof = small()
    tell(proof, 0, 9, range(5))
    # 0 was withdrawn and 99 came at the end: the total is the same, and offer 5 would be lost
    tell(proof, 4, 9, [5, 6, 7, 8, 99])
    assert proof.snapshot() is None
    assert proof.wanted() == [0, 4]
    for _ in range(2):
        tell(proof, 0, 9, [1, 2, 3, 4, 5])
        tell(proof, 4, 9, [5, 6, 7, 8, 99])
        assert proof.snapshot() is None  # 0 was there a moment ago: it may be again
    for _ in range(FORGET_AFTER):
        assert proof.wanted() == [0]
        tell(proof, 0, 9, [1, 2, 3, 4, 5])
        if proof.snapshot():
            break
    assert proved(proof) == [1, 2, 3, 4, 5, 6, 7, 8, 99]


def test_pages_that_hold_the_total_only_in_sum_prove_nothing() -> None:
    proof = small()
    tell(proof, 0, 9, [0, 1, 2, 3, 4])
    tell(proof, 4, 9, [3, 4, 5, 6, 7])  # not chained, and one too few
    assert proof.snapshot() is None
    assert proof.wanted() == [0, 4]


def test_pages_of_ties_without_an_order_are_proved_by_two_reads_that_agree() -> None:
    proof = small()
    tell(proof, 0, 8, [0, 1, 2, 3, 4])
    tell(proof, 4, 8, [3, 5, 6, 7])  # the same eight offers, 3 and 4 in another order
    assert proof.snapshot() is None
    assert proof.wanted() == [0, 4]
    tell(proof, 0, 8, [0, 1, 2, 4, 3])
    assert proof.snapshot() is None
    tell(proof, 4, 8, [4, 5, 6, 7])
    assert proved(proof) == list(range(8))


def test_a_lagging_replica_does_not_win_though_its_pages_are_whole() -> None:
    proof = small()
    tell(proof, 0, 7, range(5))
    tell(proof, 4, 6, [4, 5])
    tell(proof, 0, 6, range(5))
    assert proof.target == 7
    assert proof.snapshot() is None
    assert proof.wanted() == [4]
    tell(proof, 4, 7, [4, 5, 6])
    assert proved(proof) == list(range(7))


def test_a_replica_that_announces_less_and_has_more_is_read_too() -> None:
    proof = small()
    tell(proof, 0, 7, range(5))
    tell(proof, 4, 7, [4, 5, 6])
    assert proved(proof) == list(range(7))
    tell(proof, 0, 6, [99, 0, 1, 2, 3])
    assert proof.snapshot() is None
    assert proof.wanted() == [4]
    tell(proof, 4, 6, [3, 4])
    assert proved(proof) == [*range(7), 99]


def test_replicas_with_one_total_and_two_sets_are_told_apart_by_their_facets() -> None:
    proof = small()
    tell(proof, 0, 7, [0, 1, 2, 3, 4], facets="a")
    tell(proof, 4, 7, [4, 5, 99], facets="b")
    assert proof.wanted() == [0, 4]
    tell(proof, 4, 7, [4, 5, 6], facets="a")
    assert proof.snapshot() is None
    tell(proof, 0, 7, [0, 1, 2, 3, 4], facets="b")
    assert proved(proof) == [0, 1, 2, 3, 4, 5, 6, 99]


def test_replicas_that_nothing_tells_apart_are_not_certified_once_both_were_met() -> None:
    proof = small()
    for turn in range(200):
        for first in proof.wanted():
            tell(proof, first, 7, [0, 1, 2, 3, 4] if first == 0 else [4, 5, 6 if turn % 2 else 99])
        if turn > 2:
            assert proof.snapshot() is None
        if turn == 1:
            tell(proof, 4, 7, [4, 5, 99])
    assert proof.has_given_up
    assert proof.gap() == 1


def test_a_total_that_is_not_met_again_is_given_up() -> None:
    proof = small()
    tell(proof, 0, 7, range(5))
    tell(proof, 4, 6, [5, 6])
    for _ in range(FORGET_AFTER - 2):
        assert proof.target == 7
        assert proof.wanted() == [4]
        tell(proof, 4, 6, [5, 6])
    assert proof.target == 7
    tell(proof, 4, 6, [5, 6])
    assert proof.target == 6
    assert proof.wanted() == [0]


@pytest.mark.parametrize("is_one_left_out", [False, True])
def test_facets_that_are_left_out_contradict_none(is_one_left_out: bool) -> None:
    proof = small()
    tell(proof, 0, 7, range(5), facets="" if is_one_left_out else "a")
    tell(proof, 4, 7, [4, 5, 6], facets="a" if is_one_left_out else "")
    assert proved(proof) == list(range(7))


def test_facets_that_never_agree_are_noise_and_then_two_reads_must() -> None:
    proof = small()
    for number in range(FACET_STATES + 1):
        tell(proof, 0, 7, range(5), facets=f"noise {number}")
    assert proof.wanted() == [0]
    for read in range(2):
        assert proof.snapshot() is None
        tell(proof, 0, 7, range(5), facets=f"other {read}")
        tell(proof, 4, 7, [4, 5, 6], facets=f"more {read}")
    assert proved(proof) == list(range(7))


def test_landed_pages_count_until_something_contradicts_them() -> None:
    proof = small()
    tell(proof, 0, 7, range(5), is_fresh=False)
    tell(proof, 4, 7, [4, 5, 6], is_fresh=False)
    assert proved(proof) == list(range(7))
    assert proof.is_replayed

    proof = small()
    tell(proof, 0, 8, range(5), is_fresh=False)
    tell(proof, 4, 7, [4, 5, 6])
    assert not proof.may_replay
    assert proof.wanted() == [0]
    tell(proof, 0, 8, range(5), is_fresh=False)  # was on its way: says nothing any more
    assert proof.snapshot() is None
    tell(proof, 0, 7, range(5))
    tell(proof, 4, 7, [4, 5, 6])
    assert proved(proof) == list(range(7))
    assert not proof.is_replayed


def test_a_page_that_stays_broken_is_given_up_and_its_offers_are_a_gap() -> None:
    proof = small()
    tell(proof, 0, 7, range(5))
    tell(proof, 4, 7, [4, 5], is_broken=True)
    assert proof.wanted() == [4]
    tell(proof, 4, 7, [4, 5], is_broken=True)
    assert proof.wanted() == []
    assert proof.gap() == 1
    assert proof.broken == {4: 2}


def test_a_page_shorter_than_announced_is_no_page() -> None:
    proof = small()
    tell(proof, 0, 7, range(4))
    assert proof.wanted() == [0, 4]


def test_what_cannot_be_proved_ends_with_a_gap() -> None:
    proof = small()
    tell(proof, 0, 7, range(5))
    reads = 1
    while proof.wanted():
        first = proof.wanted()[0]
        tell(proof, first, 7, range(5) if first == 0 else [2, 3, 4])
        reads += 1
    assert proof.has_given_up
    assert reads == 4 * 2 + 40
    assert proof.gap() == 2


def test_more_than_a_query_gives_is_not_asked_for() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 3_151, range(150))
    assert proof.is_over_reach
    assert proof.wanted() == []


def test_a_question_in_flight_is_waited_for() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 151, range(150))
    proof.asked(149)
    assert proof.wanted() == []
    assert proof.is_waiting


def test_a_page_that_a_smaller_state_was_not_seen_on_is_asked_for_once_replicas_disagree() -> None:
    proof = small()
    tell(proof, 0, 7, range(5))
    tell(proof, 4, 7, [4, 5, 6])
    tell(proof, 0, 6, range(5))  # what is on its other page is unknown
    assert proof.wanted() == []
    proof.patience = 5
    assert set(proof.wanted()) == {4}
    tell(proof, 4, 6, [4, 99])
    assert proved(proof) == [*range(7), 99]
    assert proof.shows_hiding
    assert set(proof.wanted()) == {0, 4}  # all is seen; others may still have not answered


def test_pages_are_asked_for_until_all_replicas_have_answered() -> None:
    proof = small()
    tell(proof, 0, 3, range(3))
    proof.patience = 20
    asked = 1
    while pages := proof.wanted():
        assert set(pages) == {0}
        for first in pages:
            tell(proof, first, 3, range(3))
        asked += len(pages)
    assert asked == 20
    assert not proof.shows_hiding
    tell(proof, 0, 3, [0, 1, 99])  # the same total, another set
    assert proof.wanted() == [0]
    assert proof.snapshot() is None


def test_what_is_asked_for_again_has_an_end() -> None:
    proof = small()
    proof.patience = 3
    tell(proof, 0, 7, range(5))
    tell(proof, 4, 7, [4, 5, 6])
    tell(proof, 0, 6, range(5))
    asked = 3
    while pages := proof.wanted():
        asked += len(pages)
        for first in pages:
            tell(proof, first, 7, [4, 5, 6] if first else range(5))
    assert asked == answers_due(3, 2) == FEWEST_ANSWERS
    assert proved(proof) == list(range(7))


@pytest.mark.parametrize("is_asked_first", [False, True])
def test_landed_pages_that_contradict_each_other_tell_that_they_lead_astray(
    is_asked_first: bool,
) -> None:
    proof = small()
    if is_asked_first:
        tell(proof, 0, 8, range(5))
    tell(proof, 0, 7, range(5), is_fresh=False)
    tell(proof, 4, 6, [4, 5], is_fresh=False)
    assert proof.is_led_astray is not is_asked_first
