"""Raw pages of many days in the lake of the stack, by the project's own writing.

The offers are the sandbox's. Two days of them are drawn in each of two processes; a day of the year is one of
these with ids and dates of its own, so that nothing is the same for the load. What does not live here: what
becomes of the days (``year``).
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.layout import Scope, page_key

from bench.figures import timed
from bench.landed import PAGE, RUN_ID, batched, body_of, manifest, page_of
from sandbox.offers.generated import GeneratedDay, GeneratedSource
from sandbox.offers.ids import Ids
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST_DAY = date(2026, 11, 18)
# nine digits that begin with 0 would be looked at as a telephone number, in each offer
FIRST_PARTNER_ID = 100_000_000
DRAWN_DAYS = 2
"""Days that each process draws."""


def land_days(days: list[date], offers: int) -> None:
    """Put the raw pages of days into the lake of the stack, by two processes."""
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        landed = timed(lambda: list(processes.map(Landing(offers), days)))
    print(
        f"{len(days)} days landed, {sum(landed.result) / 1e9:.1f} GB, in {landed.wall_s:.0f} s",
        file=sys.stderr,
        flush=True,
    )


class Landing:
    """Lands days; one in each process.

    :param offers: a day.
    """

    def __init__(self, offers: int) -> None:
        self.offers = offers

    def __call__(self, day: date) -> int:
        """Land a day, certified; return the bytes of its pages."""
        from jobmarket.airflow.connections import open_lake

        lake = open_lake()
        scope = Scope("france_travail", str(day))
        instant = f"{day + timedelta(days=1)}T00:00:00Z"
        pages = []
        records = dated(drawn(self.offers, day.toordinal() // 2 % DRAWN_DAYS), day)
        for number, batch in enumerate(batched(records), start=1):
            body = body_of(batch)
            page = page_of(
                page_key(scope, RUN_ID, number),
                body,
                query=f"range={(number - 1) * PAGE}-{number * PAGE - 1}",
                offers=len(batch),
                announced=self.offers,
                at=instant,
                is_generated=True,
            )
            lake.put_page(page, body)
            pages.append(page)
        lake.write_manifest(manifest(day, pages, instant, is_generated=True))
        return sum(page.body_bytes for page in pages)


_DRAWN: dict[int, GeneratedDay] = {}


def drawn(offers: int, number: int) -> GeneratedDay:
    """Return one of the days that a process has drawn, with all its bodies made."""
    if number not in _DRAWN:
        day = LAST_DAY - timedelta(days=number)
        found = GeneratedSource(Settings(offers_per_day=offers, seed=os.getpid())).day(day)
        for row in range(len(found.columns)):
            found.body(row)
        _DRAWN[number] = found
    return _DRAWN[number]


def dated(source: GeneratedDay, day: date) -> Iterator[bytes]:
    """Yield the offers of a drawn day as offers of another, which have ids of their own."""
    was, now = f'"{source.day}T'.encode(), f'"{day}T'.encode()
    own = source.france_travail_count
    ids = Ids(1, len(source.columns))
    partners = len(source.columns) - own
    # partners' ids of seven digits would come again within a year of such days
    first = (day.toordinal() - LAST_DAY.toordinal()) % 3_000 * partners
    for row in range(own + partners):
        new = ids.of(day, row) if row < own else f"{FIRST_PARTNER_ID + first + row - own}"
        yield source.body(row).replace(source.id(row).encode(), new.encode()).replace(was, now)
