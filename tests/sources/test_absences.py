"""Which answers are believed of offers that are asked for one by one: the source is a table of answers."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from jobmarket.foundation.errors import (
    AccessDenied,
    JobMarketError,
    RateLimited,
    SourceContractError,
    SourceUnavailable,
)
from jobmarket.foundation.lake.absences import Absences, read_absences, write_absences
from jobmarket.foundation.lake.store import Lake
from jobmarket.sources.absences import BATCH, MOST_UNANSWERED, ask_each, require_trustworthy

from tests.support.stock import manifest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Answer = bool | JobMarketError
LIVE, GONE = True, False
DOWN = SourceUnavailable("no usable answer")
REFUSED = SourceContractError("refuses the question with 400")


class Table:
    """A client that answers each question for an offer with the next of its answers, the last for ever.

    :param answers: of an offer; one that is not in it is gone.
    """

    threads = 4

    def __init__(self, answers: dict[str, list[Answer]]) -> None:
        self.answers = answers
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def is_live(self, offer_id: str) -> bool:
        with self._lock:
            given = self.answers.get(offer_id, [GONE])
            said = given[min(self.asked[offer_id], len(given) - 1)]
            self.asked[offer_id] += 1
        if isinstance(said, JobMarketError):
            raise said
        return said


def ask(answers: dict[str, list[Answer]], once: set[str] | None = None) -> tuple[Table, Absences]:
    client = Table(answers)
    (found,) = ask_each(client, [*answers], once or set())
    return client, found


@pytest.mark.parametrize(
    ("answers", "kind", "questions"),
    [
        ([LIVE], "alive", 1),
        ([GONE], "gone", 2),
        # for a moment: a replica that lags
        ([GONE, LIVE], "alive", 2),
        ([LIVE, GONE], "alive", 1),
        # nothing usable is no answer, and one of two is not enough
        ([DOWN], "unanswered", 2),
        ([REFUSED], "unanswered", 2),
        ([GONE, DOWN], "unanswered", 2),
        ([GONE, REFUSED], "unanswered", 2),
        ([DOWN, GONE], "unanswered", 2),
        ([REFUSED, LIVE], "alive", 2),
    ],
)
def test_an_offer_that_one_sweep_misses_is_gone_if_it_is_said_twice(
    answers: list[Answer], kind: str, questions: int
) -> None:
    client, found = ask({"001": answers, "002": [GONE], "003": [LIVE]})
    told = {name: getattr(found, name) for name in ("alive", "gone", "unanswered")}
    assert [name for name, ids in told.items() if "001" in ids] == [kind]
    assert ("002" in told["gone"], "003" in told["alive"]) == (True, True)
    assert client.asked["001"] == questions
    assert found.wavering == (["001"] if answers == [GONE, LIVE] else [])


def test_an_offer_that_two_sweeps_miss_is_asked_for_once() -> None:
    given: dict[str, list[Answer]] = {"001": [GONE, LIVE], "002": [GONE, LIVE], "003": [DOWN, GONE]}
    client, found = ask(given, once={"001", "003"})
    assert (found.gone, found.alive) == (["001", "003"], ["002"])
    assert client.asked == {"001": 1, "002": 2, "003": 2}


@pytest.mark.parametrize(
    "error",
    [AccessDenied("403"), RateLimited("429"), DOWN, REFUSED],
    ids=lambda one: type(one).__name__,
)
def test_a_source_that_does_not_answer_ends_the_task_and_is_not_asked_on(
    error: JobMarketError,
) -> None:
    client = Table({f"{n:03d}": [error] for n in range(400)})
    with pytest.raises(type(error)):
        list(ask_each(client, [*client.answers]))
    assert client.asked.total() <= MOST_UNANSWERED + 1 + 4 * client.threads


def test_some_that_are_never_answered_do_not_stop_the_others() -> None:
    answers: dict[str, list[Answer]] = {f"{n:03d}": [DOWN] for n in range(MOST_UNANSWERED)}
    _, found = ask(answers | {"900": [GONE], "901": [LIVE]})
    assert found.unanswered == [f"{n:03d}" for n in range(MOST_UNANSWERED)]
    assert (found.gone, found.alive) == (["900"], ["901"])


def test_batches_that_were_returned_are_whole_when_the_source_goes_away() -> None:
    ids = [f"{n:04d}" for n in range(BATCH + 50)]
    client = Table({one: [DOWN] for one in ids[BATCH:]})
    batches = ask_each(client, ids, once=set(ids))
    assert next(batches).gone == ids[:BATCH]
    with pytest.raises(SourceUnavailable):
        next(batches)


@pytest.mark.parametrize(
    ("gone", "held", "is_believed"),
    [(0, 20, True), (10, 20, True), (11, 20, False), (1, 1, False), (0, 0, True), (2, 4, True)],
)
def test_a_source_that_calls_gone_what_it_has_just_given_is_not_believed(
    gone: int, held: int, is_believed: bool
) -> None:
    ids = [f"{n:03d}" for n in range(held)]
    client = Table({one: [GONE if n < gone else LIVE] for n, one in enumerate(ids)})
    if is_believed:
        require_trustworthy(client, ids, "France Travail")
        return
    with pytest.raises(
        SourceUnavailable, match=f"calls {gone} of {held} offers gone, .* nothing is closed"
    ):
        require_trustworthy(client, ids, "France Travail")


def test_of_the_answers_of_several_attempts_the_one_that_it_is_alive_counts(
    s3: S3Client, bucket: str
) -> None:
    lake = Lake(s3, bucket)
    about = manifest([], day="2026-11-18", run_id="r1", started_at="2026-11-18T04:00:00Z")
    assert read_absences(lake, about) == Absences(asked_at="", alive=[], gone=[])
    for alive, gone, unanswered, wavering in (
        (["1"], ["2"], ["3", "4"], []),
        (["2"], ["3"], [], ["2"]),
        ([], ["1", "5"], [], []),
    ):
        write_absences(
            lake,
            about,
            Absences(
                asked_at="2026-11-18T05:00:00.000Z",
                alive=alive,
                gone=gone,
                unanswered=unanswered,
                wavering=wavering,
            ),
        )
    assert msgspec.to_builtins(read_absences(lake, about)) == {
        "asked_at": "2026-11-18T05:00:00.000Z",
        "alive": ["1", "2"],
        "gone": ["3", "5"],
        "unanswered": ["4"],
        "wavering": ["2"],
    }
