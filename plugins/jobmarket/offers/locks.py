"""The locks of loads: days of a source are loaded side by side, a day by one load at a time.

What does not live here: which transaction takes which (``writer``, ``forget``, ``history``), how a lock is
taken (``foundation.warehouse.session``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobmarket.foundation.warehouse.session import take_lock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from psycopg import Connection

# A load takes seconds, a first one of a large day a minute: whoever waits longer should be told.
LOAD_LOCK_TIMEOUT_S = 600


def take_load_lock(connection: Connection[Any], source: str) -> None:
    """Wait until no other transaction loads or deletes offers of a source.

    Raise :class:`psycopg.errors.LockNotAvailable` if that takes too long.
    """
    take_lock(connection, f"jobmarket.load.{source}", within_s=LOAD_LOCK_TIMEOUT_S)


def take_day_locks(connection: Connection[Any], source: str, days: Iterable[date]) -> None:
    """Wait until no other transaction loads one of these days, or works on the source alone.

    Raise :class:`psycopg.errors.LockNotAvailable` if that takes too long.
    """
    name = f"jobmarket.load.{source}"
    take_lock(connection, name, within_s=LOAD_LOCK_TIMEOUT_S, is_shared=True)
    for day in days:
        take_lock(connection, f"{name}.{day}", within_s=LOAD_LOCK_TIMEOUT_S)
