"""The offers of two sweeps, one day apart, as pages: a stock of sixty days, and what became of it.

Edits are spread over all days and mixed as real ones are (``docs/life.md``): half of them a new date alone.
What is new was created on the last two days. What does not live here: how sweeps are loaded (``life``).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from bench.landed import land, read
from sandbox.offers.generated import GeneratedSource
from sandbox.offers.plan import plan_of
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jobmarket.foundation.lake.manifest import Page

LAST = date(2026, 11, 18)
STOCK_DAYS = 60
NEW_DAYS = 2
PER_MILLE = 15  # edited, new and gone, of the stock each
_CHANGED_TITLE = (re.compile(rb'"intitule":"'), b'"intitule":"Revu : ')
_RELABELLED = (re.compile(rb'"romeLibelle":"'), b'"romeLibelle":"Autrement : ')
_DAMAGED = (re.compile(rb'("description":"[^" ]*) '), rb"\1  ")
_UPDATED = (
    re.compile(rb'"dateActualisation":"[^"]*"'),
    b'"dateActualisation":"2026-11-19T01:00:00.000Z"',
)
# of twenty edits: real transitions are a new date (47 %), a change (25), another label (20), damage (8)
EDITS = [*9 * [None], *5 * [_CHANGED_TITLE], *4 * [_RELABELLED], *2 * [_DAMAGED]]


class Swept(NamedTuple):
    """What a sweep held: where its pages lie, and what is said of them."""

    directory: Path
    pages: list[Page]


def bodies(offers: int) -> Iterator[tuple[bool, bytes]]:
    """Yield the records of both sweeps, and whether each is new in the second."""
    days = [LAST - timedelta(days=back) for back in range(STOCK_DAYS)]
    even = Settings(offers_per_day=-(-offers // STOCK_DAYS))  # of a weekday; other days have fewer
    plans = [plan_of(even, day) for day in days]
    held = sum(plan.france_travail + plan.partner for plan in plans)
    source = GeneratedSource(Settings(offers_per_day=even.offers_per_day * offers // held))
    newest = sum(plan.france_travail + plan.partner for plan in plans[:NEW_DAYS])
    new_per_mille = PER_MILLE * held // newest
    for back, of_day in enumerate(days):
        day = source.day(of_day)
        for row in range(len(day.columns)):
            is_new = back < NEW_DAYS and row * 7919 % 1000 < new_per_mille
            yield is_new, day.body(row)
        day.forget_bodies()


def later(records: Iterable[tuple[bool, bytes]]) -> Iterator[bytes]:
    """Yield the records of the second sweep: without what is gone, and with the edits."""
    for number, (is_new, record) in enumerate(records):
        kind = number * 7919 % 1000
        if is_new or kind >= 2 * PER_MILLE:
            yield record
        elif kind >= PER_MILLE:
            edit = EDITS[number // 1000 % len(EDITS)]
            for pattern, replacement in (_UPDATED, edit) if edit else (_UPDATED,):
                record = pattern.sub(replacement, record)
            yield record


def land_both(directory: Path, offers: int) -> tuple[Swept, Swept]:
    """Write the pages of both sweeps; each offer is made once."""
    first, second, everything = (directory / name for name in ("first", "second", "all"))
    at = [f"{LAST + timedelta(days=number)}T05:00:00Z" for number in (1, 2)]
    is_new: list[bool] = []

    def noted() -> Iterator[bytes]:
        for one, record in bodies(offers):
            is_new.append(one)
            yield record

    def records() -> Iterator[tuple[bool, bytes]]:
        cut = FranceTravailReader().cut
        bodies_read = (
            bytes(raw) for _, body in read(everything, whole) for raw in cut(body).records
        )
        yield from zip(is_new, bodies_read, strict=True)

    whole = land(everything, noted(), at[0])
    return (
        Swept(first, land(first, (record for one, record in records() if not one), at[0])),
        Swept(second, land(second, later(records()), at[1])),
    )
