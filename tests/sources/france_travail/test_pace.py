from __future__ import annotations

import threading
import time

import pytest
from jobmarket.foundation.errors import SourceUnavailable
from jobmarket.sources.france_travail.client.pace import CREDIT, Pace


def slots(pace: Pace, count: int, threads: int) -> list[float]:
    """Take slots from several threads; return when, in order."""
    taken: list[float] = []
    is_open = threading.Event()

    def take() -> None:
        for _ in range(count // threads):
            pace.wait(is_open)
            taken.append(time.monotonic())

    started = [threading.Thread(target=take) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return sorted(taken)


def test_the_rate_is_kept_full_and_not_passed() -> None:
    taken = slots(Pace(200), 240, 8)
    seconds = taken[-1] - taken[0]
    # 240 slots at 200/s, of which the first few may come at once
    assert seconds >= (240 - 1 - CREDIT - 1) / 200
    assert seconds < 1.5 * 240 / 200


def test_a_burst_never_passes_the_credit() -> None:
    pace = Pace(50)
    slots(pace, 1, 1)
    threading.Event().wait(0.3)  # idle: slots of that time are not made up for
    taken = slots(pace, 8, 8)
    assert sum(moment - taken[0] < 0.015 for moment in taken) <= CREDIT + 1


def test_a_pause_stops_everybody_even_who_already_waits() -> None:
    pace = Pace(10)
    is_open = threading.Event()
    pace.wait(is_open)
    moments: list[float] = []

    def take() -> None:
        for _ in range(CREDIT + 2):  # more than the credit: has to wait
            pace.wait(is_open)
        moments.append(time.monotonic())

    thread = threading.Thread(target=take)
    started = time.monotonic()
    thread.start()
    pace.pause(0.5)
    thread.join()
    assert moments[0] - started >= 0.5


def test_a_closed_client_does_not_wait() -> None:
    pace = Pace(0.1)
    closed = threading.Event()
    for _ in range(CREDIT + 1):
        pace.wait(closed)
    timer = threading.Timer(0.1, closed.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(SourceUnavailable, match="was closed"):
        pace.wait(closed)
    assert time.monotonic() - started < 5
    timer.join()
