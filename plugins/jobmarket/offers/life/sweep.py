"""The load of a sweep of the whole stock: its offers, and what it misses, in one transaction.

What lives here: the order of the work, which sweeps count, which absences are to be asked for. What does not:
the load of offers (``offers.load_records``), what is closed (``conclusion``).

A sweep goes the way of a day's load, but holds offers of any day of creation. An offer that has not changed
touches nothing. If the sweep is certified, what it misses is put down (``absence``), and a random sample of
that is to be asked for one by one; whatever the source says then is ``conclusion``'s. A sweep that is not
certified, or a sample, opens and changes offers and says nothing of absences; nor does a second certified
sweep of a day.
"""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from jobmarket.foundation.errors import SourceContractError
from jobmarket.foundation.warehouse.migrations import require_idle
from jobmarket.offers.batches import no_garbage_collection
from jobmarket.offers.ledger import insert_rejections
from jobmarket.offers.life.absence import (
    absences_of,
    count_seen,
    count_stock,
    create_swept,
    put_down,
    see,
)
from jobmarket.offers.life.statements import statement
from jobmarket.offers.load_records import Load
from jobmarket.offers.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import Connection

    from jobmarket.foundation.lake.manifest import Manifest, Page
    from jobmarket.offers.life.absence import Absent
    from jobmarket.offers.outcome import LoadResult
    from jobmarket.offers.reading import Reader

# None alive among a thousand: with 95 % confidence at most 0.3 % of the others are. 100 s at 10 a second.
ASKED = 1000
# Offers of a sweep by which it is seen whether questions for single offers are answered truly.
CONTROLS = 20


class SweepResult(Struct, kw_only=True):
    """What the load of a sweep came to.

    :param load: counts of its records.
    :param offers: distinct offers that it holds.
    :param is_counted: absences are told by it.
    :param absent: offers that it misses and that are not closed yet.
    :param to_ask: those of them to be asked for by detail: all, or what :func:`drawn` draws.
    """

    load: LoadResult
    offers: int
    is_counted: bool
    absent: int
    to_ask: list[str]


def load_sweep(
    connection: Connection[Any],
    manifest: Manifest,
    pages: Iterable[tuple[Page, bytes]],
    reader: Reader,
) -> SweepResult:
    """Load what a sweep landed; the same sweep again changes no row.

    :param connection: with no transaction begun.
    :param manifest: of the sweep; its day is the day on which it was made.
    :param pages: its pages with their bodies, in the order they were received.
    :param reader: of its source.

    Raise :class:`SourceContractError` if too many records break the contract: then nothing is published;
    :class:`psycopg.Error` as PostgreSQL does.
    """
    require_idle(connection)
    load = Load(manifest, reader, None)
    day = date.fromisoformat(manifest.day)
    try:
        with no_garbage_collection(), connection.transaction():
            writer = Writer(connection, manifest.source, None)
            create_swept(writer)
            load.run(writer, pages, lambda offer_ids: see(writer, offer_ids))
            offers = count_seen(writer)
            insert_rejections(connection, manifest, load.rejections.found)
            is_counted, is_new = _record(connection, manifest, load.result, offers)
            if is_counted and is_new:
                put_down(writer, day, datetime.fromisoformat(manifest.started_at))
                count_stock(writer, day)
            absent = absences_of(writer, day) if is_counted else []
            if is_counted and is_new:
                connection.execute(
                    statement("update_absent_count"),
                    {"source": manifest.source, "day": day, "absent_count": len(absent)},
                )
    except SourceContractError:
        with connection.transaction():
            insert_rejections(connection, manifest, load.rejections.found)
        raise
    return SweepResult(
        load=load.result,
        offers=offers,
        is_counted=is_counted,
        absent=len(absent),
        to_ask=drawn(absent, day),
    )


def drawn(absent: list[Absent], day: date) -> list[str]:
    """Return the absences of a day to be asked for: the same ones each time, at most ``ASKED``.

    First those that are due, by a lot: what is said of offers that are closed unasked has to rest on a sample
    of these. The others are next time's.

    :param absent: sorted.
    """
    if len(absent) <= ASKED:
        return [one.offer_id for one in absent]
    lot = random.Random(day.toordinal())  # noqa: S311  # a lot, no secret
    due, rest = (
        [one.offer_id for one in absent if one.is_due is is_due] for is_due in (True, False)
    )
    from_due = lot.sample(due, min(ASKED, len(due)))
    return sorted(from_due + lot.sample(rest, ASKED - len(from_due)))


def all_absent(connection: Connection[Any], source: str, sweep_day: date) -> list[Absent]:
    """Return all absences of a sweep that are not closed: to be asked for once one of the sample is alive."""
    with connection.transaction():
        return absences_of(Writer(connection, source, None), sweep_day)


def held(connection: Connection[Any], source: str, sweep_day: date) -> list[str]:
    """Return the newest offers that a counted sweep holds, at most ``CONTROLS``."""
    asked = {"source": source, "day": sweep_day, "count": CONTROLS}
    with connection.transaction():
        return [row[0] for row in connection.execute(statement("select_held"), asked)]


def _record(
    connection: Connection[Any], manifest: Manifest, result: LoadResult, offers: int
) -> tuple[bool, bool]:
    row = connection.execute(
        statement("insert_sweep"),
        {
            "source": manifest.source,
            "day": manifest.day,
            "run_id": manifest.run_id,
            "started_at": manifest.started_at,
            "finished_at": manifest.finished_at,
            "is_certified": manifest.certificate.certified and not manifest.is_sample,
            "offer_count": offers,
            "counts": msgspec.json.encode(result.counts()).decode(),
        },
    ).fetchone()
    assert row is not None  # noqa: S101 - `returning` gives one
    return row[0], row[1]


def is_counted(connection: Connection[Any], manifest: Manifest) -> bool:
    """Tell whether absences are told by a sweep: it is loaded, certified, and the first such of its day."""
    row = connection.execute(
        statement("select_is_counted"),
        {"source": manifest.source, "day": manifest.day, "run_id": manifest.run_id},
    ).fetchone()
    connection.rollback()
    return row is not None
