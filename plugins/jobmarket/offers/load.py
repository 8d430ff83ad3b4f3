"""The load of one run: one transaction, begun anew where it meets another.

What does not live here: what becomes of each record (``load_records``), what is left in ``control``
(``ledger``).
"""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from jobmarket.foundation.errors import SourceContractError
from jobmarket.foundation.warehouse.migrations import require_idle
from jobmarket.offers.batches import no_garbage_collection
from jobmarket.offers.ledger import record_refused, record_run
from jobmarket.offers.load_records import Load
from jobmarket.offers.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import Connection

    from jobmarket.foundation.lake.manifest import Manifest, Page
    from jobmarket.offers.outcome import LoadResult
    from jobmarket.offers.reading import Reader

# What PostgreSQL says where two loads at once meet in an offer. The loser begins anew and sees what the other
# wrote; the last attempt has the source for itself, so nothing can meet it.
CONFLICTS = (UniqueViolation, SerializationFailure, DeadlockDetected)
ATTEMPTS_BESIDE_OTHERS = 2

log = logging.getLogger(__name__)


def load_run(
    connection: Connection[Any],
    manifest: Manifest,
    pages: Iterable[tuple[Page, bytes]],
    reader: Reader,
) -> LoadResult:
    """Load what a run landed; the same run again changes no row.

    All or nothing: one transaction holds the rows, the rejected records and the row of the run.
    Days of a source are loaded side by side; two loads of one day queue, and so do two that meet in an
    offer. Memory is bounded by one batch.

    :param connection: with no transaction begun.
    :param manifest: of the run.
    :param pages: its pages with their bodies, in the order they were received. What can be gone through only
        once is loaded with no other day beside it, since a load that meets another begins anew.
    :param reader: of its source.

    Raise :class:`SourceContractError` if too many records break the contract: then nothing is
    published, but the rejected records are recorded; :class:`psycopg.Error` as PostgreSQL does.
    """
    require_idle(connection)
    for _ in range(0 if iter(pages) is pages else ATTEMPTS_BESIDE_OTHERS):
        try:
            return _load_once(connection, manifest, pages, reader, is_alone=False)
        except CONFLICTS as conflict:
            log.info(
                "Day %s meets the load of another day in an offer, and begins anew: %s",
                manifest.day,
                type(conflict).__name__,
            )
    return _load_once(connection, manifest, pages, reader, is_alone=True)


def _load_once(
    connection: Connection[Any],
    manifest: Manifest,
    pages: Iterable[tuple[Page, bytes]],
    reader: Reader,
    *,
    is_alone: bool,
) -> LoadResult:
    day = date.fromisoformat(manifest.day)
    load = Load(manifest, reader, day)
    try:
        with no_garbage_collection(), connection.transaction():
            load.run(Writer(connection, manifest.source, day, is_alone=is_alone), pages)
            record_run(connection, manifest, load.result, load.rejections.found, load.rules_hash)
    except SourceContractError:
        with connection.transaction():
            record_refused(connection, manifest, load.result, load.rejections.found)
        raise
    return load.result
