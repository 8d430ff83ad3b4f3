"""How many requests a source may still get: kept in the warehouse over runs, reserved before one is made.

A request is reserved in a transaction of its own, under a lock, before it is sent; it counts whatever
becomes of it. So two runs and a retry that race never make one too many. When Adzuna begins its day or
month is nowhere said: each limit holds in *any* stretch of that length, which keeps every calendar's days
and months, too.

What lives here: the limits, reserving, the sentence that refuses. What does not: waiting and sending
(``client``), the statements (``include/sql/budget``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from psycopg.rows import tuple_row

from jobmarket.foundation.errors import PermanentError
from jobmarket.foundation.paths import SQL
from jobmarket.foundation.warehouse.session import take_lock

if TYPE_CHECKING:
    from psycopg import Connection

_SQL = SQL / "budget"
_PARIS = ZoneInfo("Europe/Paris")

LOCK_TIMEOUT_S = 30
"""A reservation takes milliseconds: who waits longer waits for a session that hangs."""

# Longer than their names by what a request may take from its reservation to the other side's clock, and by
# the hour that a day or a month gains when the clocks go back.
MINUTE = timedelta(seconds=70)
DAY = timedelta(hours=25)
WEEK = timedelta(days=7, hours=1)
MONTH = timedelta(days=31, hours=1)


@dataclass(frozen=True)
class Limits:
    """Requests that may be made in any minute, day, week, month, and by one run with all its retries."""

    requests_per_minute: int
    requests_per_day: int
    requests_per_week: int
    requests_per_month: int
    requests_per_run: int

    def windows(self) -> list[tuple[str, timedelta, int]]:
        """Return each stretch of time: its name, its length, the requests allowed in it."""
        return [
            ("minute", MINUTE, self.requests_per_minute),
            ("day", DAY, self.requests_per_day),
            ("week", WEEK, self.requests_per_week),
            ("month", MONTH, self.requests_per_month),
        ]


class BudgetSpent(PermanentError):
    """A further request would be one too many."""


class Refusal(NamedTuple):
    """A request that may not be made now.

    :param limit: ``minute``, ``day``, ``week``, ``month`` or ``run``.
    :param made: requests already made within it.
    :param wait_s: seconds until there may be one; ``None`` if that is never (of this run).
    :param until: the instant of it.
    """

    limit: str
    made: int
    wait_s: float | None
    until: datetime | None

    def sentence(self, source: str) -> str:
        """Say what is used up, and when it goes on."""
        if self.until is None:
            return (
                f"The {self.made} requests to {source} that one run may make are made: the rest of the day "
                f"was not asked for; raise requests_per_run of the connection, or take the share as it is."
            )
        at = self.until.astimezone(_PARIS) + timedelta(seconds=59)
        return (
            f"The {self.made} requests to {source} that may be made in a {self.limit} are made: it can go on "
            f"from {at:%Y-%m-%d %H:%M} (Europe/Paris); nothing is asked before."
        )


class Budget(Protocol):
    """What says whether one more request may be made."""

    def reserve(self) -> Refusal | None:
        """Count one more request, or say why not."""


class Ledger:
    """The budget of one source, in the warehouse.

    :param connection: used by nothing else, with no transaction begun.
    :param source: whose requests are counted, of all accounts and runs together.
    :param run_id: of the run that asks.
    """

    def __init__(
        self, connection: Connection[Any], source: str, run_id: str, limits: Limits
    ) -> None:
        self._connection = connection
        self._source = source
        self._run_id = run_id
        self._limits = limits

    def reserve(self) -> Refusal | None:
        """Count one more request, in a transaction that is committed before this returns.

        :return: ``None`` if it may be made; otherwise nothing was counted.

        Raise :class:`psycopg.Error` as PostgreSQL does: then none may be made.
        """
        key = {"source": self._source, "run_id": self._run_id}
        with (
            self._connection.transaction(),
            self._connection.cursor(row_factory=tuple_row) as cursor,
        ):
            take_lock(self._connection, f"jobmarket.budget.{self._source}", within_s=LOCK_TIMEOUT_S)
            cursor.execute(_statement("select_run_request_count"), key)
            made = (cursor.fetchone() or (0,))[0]
            if made >= self._limits.requests_per_run:
                return Refusal("run", made, None, None)
            refusal = self._refused(cursor)
            if refusal is None:
                cursor.execute(_statement("delete_old_request"), {**key, "kept": 2 * MONTH})
                cursor.execute(_statement("insert_request"), key)
        return refusal

    def _refused(self, cursor: Any) -> Refusal | None:
        """Return the limit that holds longest; ``None`` if none does."""
        longest: Refusal | None = None
        for name, length, allowed in self._limits.windows():
            cursor.execute(
                _statement("select_wait"),
                {"source": self._source, "length": length, "before_last": allowed - 1},
            )
            found = cursor.fetchone()
            if found and (longest is None or found[0] > (longest.wait_s or 0)):
                longest = Refusal(name, allowed, float(found[0]), found[1].astimezone(UTC))
        return longest


@cache
def _statement(name: str) -> bytes:
    return (_SQL / f"{name}.sql").read_bytes()
