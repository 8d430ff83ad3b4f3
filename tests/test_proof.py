from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.france_travail.answer import Answer, Sighting
from jobmarket.france_travail.proof import FORGET_AFTER, SliceProof

if TYPE_CHECKING:
    from collections.abc import Sequence


def tell(
    proof: SliceProof, first: int, total: int | None, ids: Sequence[int], *, tries: int = 1
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
            offers=tuple(Sighting(str(number), 0) for number in ids),
            body=b"",
            received_at="",
            statuses=(500,) * (tries - 1) + (206,),
        ),
        is_page=True,
        is_fresh=True,
    )


def names(numbers: Sequence[int]) -> frozenset[str]:
    return frozenset(map(str, numbers))


def test_a_slice_is_proved_when_its_pages_hold_the_total() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 301, range(150))
    assert proof.wanted() == [150, 300]
    assert proof.gap() == 301 - 150
    tell(proof, 300, 301, range(300, 301))
    tell(proof, 150, 301, range(150, 300), tries=3)
    assert proof.snapshot() == names(range(301))
    assert proof.wanted() == []
    assert (proof.gap(), proof.requests, proof.retries, proof.re_reads) == (0, 5, 2, 0)


def test_an_empty_slice_is_proved_by_one_read() -> None:
    proof = SliceProof("q")
    assert proof.snapshot() is None
    tell(proof, 0, 0, [])
    assert proof.snapshot() == frozenset()
    assert proof.wanted() == []


def test_nothing_is_believed_of_an_empty_answer_past_the_end() -> None:
    proof = SliceProof("q")
    tell(proof, 3_000, None, [])
    assert proof.snapshot() is None


def test_a_lagging_replica_does_not_win_though_its_pages_are_whole() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 160, [*range(150)])
    tell(proof, 150, 155, [*range(150, 155)])
    tell(proof, 0, 155, [*range(150)])
    assert proof.target == 160
    assert proof.snapshot() is None
    assert proof.wanted() == [150]
    tell(proof, 150, 160, range(150, 160))
    assert proof.snapshot() == names(range(160))


def test_a_total_that_is_not_met_again_is_given_up() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 160, range(150))
    tell(proof, 150, 155, range(155, 160))
    for _ in range(FORGET_AFTER - 2):
        assert proof.target == 160
        assert proof.wanted() == [150]
        tell(proof, 150, 155, range(155, 160))
    assert proof.target == 160
    tell(proof, 150, 155, range(155, 160))
    assert proof.target == 155
    assert proof.wanted() == [0]
    tell(proof, 0, 155, range(5, 155))
    assert proof.snapshot() == names(range(5, 160))


def test_pages_of_one_total_that_repeat_an_offer_are_read_again() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 160, range(150))
    tell(proof, 150, 160, range(149, 159))  # one vanished and one came: everything moved by one
    assert proof.snapshot() is None
    assert proof.wanted() == [0, 150]
    tell(proof, 0, 160, range(1, 150 + 1))
    tell(proof, 150, 160, range(151, 161))
    assert proof.snapshot() == names(range(1, 161))


def test_what_cannot_be_proved_ends_with_a_gap() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 160, range(150))
    reads = 0
    while proof.wanted():
        first = proof.wanted()[0]
        tell(proof, first, 160, range(150) if first == 0 else range(140, 150))
        reads += 1
    assert proof.has_given_up
    assert reads == 3 * 2 + 40 - 1
    assert proof.gap() == 10


def test_an_unproved_slice_has_a_gap_even_if_enough_ids_were_met() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 160, range(150))
    for turn in range(60):
        tell(proof, 150, 158, range(150 + turn, 158 + turn))
        tell(proof, 0, 160, range(150))
    assert len(proof.ids) > 160
    assert proof.gap() == 1


def test_more_than_a_query_gives_is_not_asked_for() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 3_151, range(150))
    assert proof.is_over_reach
    assert proof.wanted() == []


def test_a_question_in_flight_is_waited_for() -> None:
    proof = SliceProof("q")
    tell(proof, 0, 151, range(150))
    proof.asked(150)
    assert proof.wanted() == []
    assert proof.is_waiting
