"""Days of offers written into the history: as the DAG does, a month a commit, by two writers of one day.

What does not live here: the offers (``history_offers``), what is asked of the history then (``history``).
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from typing import Any, NamedTuple

import pyarrow as pa
from jobmarket.history.catalog import open_catalog
from jobmarket.history.table import COMMIT_ATTEMPTS, History
from pyiceberg.exceptions import CommitFailedException, CommitStateUnknownException

from bench.figures import timed
from bench.history_offers import FIRST_DAY, SOURCE, dated, day_of
from local.object_store import ACCOUNT, TABLE_BUCKET


class Place(NamedTuple):
    """How processes reach the history.

    :param endpoint: of the object store.
    :param catalog: address of its REST catalog.
    :param secret: of the account, of this start.
    """

    endpoint: str
    catalog: str
    secret: str

    def open(self) -> History:
        """Return the history."""
        settings = {
            "endpoint": self.endpoint,
            "region": "eu-west-3",
            "access-key-id": ACCOUNT,
            "secret-access-key": self.secret,
        }
        extra = {"type": "rest", "uri": self.catalog, "warehouse": f"s3://{TABLE_BUCKET}"}
        return History(open_catalog(extra, login=ACCOUNT, password=self.secret, store=settings))


class Filler:
    """Appends months of days, one commit each; each day is one of a month drawn before, dated anew."""

    def __init__(self, place: Place, pool: pa.Table, per_day: int) -> None:
        self.place, self.pool, self.per_day = place, pool, per_day

    def __call__(self, days: list[date]) -> int:
        """Append the days; return how many."""
        rows = pa.concat_tables([dated(drawn(self, day.day), day) for day in days])
        for _ in range(COMMIT_ATTEMPTS):
            try:
                self.place.open().table().append(rows)
            except (CommitFailedException, CommitStateUnknownException):
                continue
            return len(days)
        raise SystemExit(f"The days from {days[0]} were not written.")


_DRAWN: dict[int, pa.Table] = {}


def drawn(filler: Filler, number: int) -> pa.Table:
    """Return one of the days that a process has at hand."""
    if number not in _DRAWN:
        day = FIRST_DAY + timedelta(days=number)
        _DRAWN[number] = day_of(filler.pool, day, filler.per_day)
    return _DRAWN[number]


def written(history: History, pool: pa.Table, days: list[date], per_day: int) -> list[float]:
    """Write days as the DAG does; return the seconds of each, generation left out."""
    took = []
    for day in days:
        rows = day_of(pool, day, per_day)
        took.append(timed(partial(history.write_day, SOURCE, day, rows)).wall_s)
    return took


def fill(place: Place, pool: pa.Table, days: list[date], per_day: int) -> float:
    """Write days a month a commit, by two processes; return the seconds."""
    months = [list(group) for _, group in groupby(days, lambda day: (day.year, day.month))]
    began = time.perf_counter()
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        done = 0
        for count in processes.map(Filler(place, pool, per_day), months):
            done += count
            print(f"{done} days, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return time.perf_counter() - began


def write_once(place: Place, pool: pa.Table, day: date, count: int) -> int:
    """Write a day in a process of its own; return the attempts."""
    return place.open().write_day(SOURCE, day, day_of(pool, day, count)).attempts


def two_writers(place: Place, pool: pa.Table, day: date, counts: tuple[int, int]) -> dict[str, Any]:
    """Let two processes write one day at once, with other rows each; return what is left of it."""
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        waiting = [processes.submit(write_once, place, pool, day, count) for count in counts]
        attempts = [one.result() for one in waiting]
    held = place.open().days(SOURCE)[day]
    if held not in counts:
        raise SystemExit(f"Two writers of {day} with {counts} rows left {held}.")
    return {"attempts": attempts, "wrote": counts, "held": held}
