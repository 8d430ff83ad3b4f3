"""The statements of a load: what core holds of a batch, and what it gets.

What lives here: SQL and COPY, nothing else. What does not: which offer gets written and why (``load``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import convert
from psycopg import sql
from psycopg.errors import SerializationFailure
from psycopg.rows import dict_row, tuple_row
from psycopg.types.string import BytesBinaryDumper

from jobmarket.foundation.paths import SQL
from jobmarket.foundation.warehouse.copy_format import TextArrayDumper
from jobmarket.offers.columns import require_columns
from jobmarket.offers.copied import rows_of, update_renewed
from jobmarket.offers.locks import take_day_locks, take_load_lock
from jobmarket.offers.outcome import Outcome
from jobmarket.offers.schema import JOB_OFFER, PARTS, TABLES, JobOffer, Lineage, OfferRows
from jobmarket.offers.state import OfferState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from psycopg import Connection

    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.offers.schema import Table

TRANSFORM = SQL / "transform"

# For all statements until the transaction ends. The plan must not depend on statistics, which a new
# table has none of: a batch is always looked up by key. LZ4, where the server has it, halves the
# cost of storing long texts. The counts of a day fit in memory, and no
# worker shares it: containers have little shared memory.
_SETTINGS = """
select
    set_config('enable_seqscan', 'off', true),
    set_config('work_mem', '64MB', true),
    set_config('max_parallel_workers_per_gather', '0', true),
    (
        select set_config('default_toast_compression', 'lz4', true) from pg_settings
        where name = 'default_toast_compression' and 'lz4' = any(enumvals)
    )
"""


@cache
def statement(name: str) -> bytes:
    """Return the text of a file of ``include/sql/transform``."""
    return (TRANSFORM / f"{name}.sql").read_bytes()


class Known(NamedTuple):
    """An offer that core holds.

    :param is_of_day: it was created on the day of the run.
    :param is_of_rules: what reads offers today has written it; None if that is not known, or it was erased.
    :param is_of_this_load: this very transaction wrote it.
    :param observed_at: when its state was first observed.
    """

    content_hash: bytes
    is_of_day: bool | None
    is_of_rules: bool | None
    is_of_this_load: bool | None
    observed_at: datetime


class Writer:
    """The warehouse within the transaction of one load.

    :param connection: with its transaction begun.
    :param source: whose offers are loaded.
    :param day: of the run; loads of one day queue here. None if it holds offers of any day.
    :param is_alone: no day of the source may be loaded meanwhile; always so where there is no day.
    Raise :class:`psycopg.errors.LockNotAvailable` if a load that it waits for does not end in time, and
    :class:`ConfigurationError` if the tables have not the columns of ``schema``.
    """

    def __init__(
        self, connection: Connection[Any], source: str, day: date | None, *, is_alone: bool = True
    ) -> None:
        self.source = source
        self.day = day
        self._is_alone = is_alone or day is None
        self.connection = connection
        self._cursor = connection.cursor(binary=True, row_factory=tuple_row)
        # psycopg would choose the one of DB-API's Binary type, which is written in Python
        self._cursor.adapters.register_dumper(bytes, BytesBinaryDumper)
        self._cursor.adapters.register_dumper(None, TextArrayDumper)
        self._cursor.execute(_SETTINGS)
        tables = [table.name for table in TABLES]
        require_columns(self._select(statement("select_columns"), {"tables": tables}))
        if day is None or self._is_alone:
            take_load_lock(connection, source)
        else:
            take_day_locks(connection, source, [day])
        self._cursor.execute(statement("create_met"))
        self._has_met = False
        self._has_renewed = False
        self.has_written = False

    def rules_of_files(self, reader: str, files_hash: bytes) -> int | None:
        """Return the version of the rules that these files were found to hold, None if nobody has looked yet.

        :param reader: module of the reader.
        :param files_hash: of all files that may take part.
        """
        parameters = {"reader": reader, "files_hash": files_hash}
        rows = self._select(statement("select_reader_version"), parameters)
        return rows[0][0] if rows else None

    def remember_rules(self, reader: str, files_hash: bytes, rules_hash: int) -> None:
        """Keep which version of the rules these files hold."""
        parameters = {"reader": reader, "files_hash": files_hash, "rules_hash": rules_hash}
        self._cursor.execute(statement("insert_reader_version"), parameters)

    def is_run_read(self, manifest: Manifest, rules_hash: int) -> bool:
        """Return whether a load before this has compared all records of the run by the same rules."""
        parameters = {
            "source": self.source,
            "day": self.day,
            "run_id": manifest.run_id,
            "finished_at": manifest.finished_at,
            "page_count": len(manifest.pages),
            "rules_hash": rules_hash,
        }
        return bool(self._select(statement("select_is_run_read"), parameters)[0][0])

    def take_days(self, days: Iterable[date]) -> None:
        """Wait until nobody else loads these days: what is written about a day is about all of its rows."""
        if not self._is_alone:
            take_day_locks(self.connection, self.source, sorted(days))

    def forget_runs_read(self, days: Iterable[date], rules_hash: int) -> None:
        """Have runs of these days that other rules have read be compared again: their rows have changed."""
        parameters = {"source": self.source, "days": [*days], "rules_hash": rules_hash}
        self._cursor.execute(statement("update_runs_read"), parameters)

    def known(self, offer_ids: Iterable[str], rules_hash: int) -> dict[str, Known]:
        """Return what matters of the offers that core holds.

        :param rules_hash: version of what reads offers today.
        """
        parameters = {
            "source": self.source,
            "day": self.day,
            "rules_hash": rules_hash,
            "offer_ids": ",".join(offer_ids),
        }
        rows = self._select(statement("select_known"), parameters)
        return {row[0]: Known(*row[1:]) for row in rows}

    def outcomes_before(self, offer_ids: Iterable[str]) -> dict[str, Outcome]:
        """Return what became of the offers that this load has met before and not written."""
        if not self._has_met:
            return {}
        rows = self._select(statement("select_met"), {"offer_ids": ",".join(offer_ids)})
        return {offer_id: Outcome(outcome) for offer_id, outcome in rows}

    def remember(self, outcome: Outcome, offer_ids: Iterable[str], *, is_first: bool) -> None:
        """Keep what became of offers that were not written, met for the first time or again."""
        self._has_met = True
        name = "insert_met" if is_first else "update_met"
        parameters = {"outcome": outcome.value, "offer_ids": ",".join(offer_ids)}
        self._cursor.execute(statement(name), parameters, prepare=False)

    def stored(self, offer_ids: list[str]) -> dict[str, OfferState]:
        """Return offers as core holds them, each with its lists and its lineage.

        Where days are loaded side by side, no other load touches them from here on: their past follows from
        what they are now. Raise :class:`psycopg.errors.SerializationFailure` if one has replaced some since
        they were known.
        """
        found = {}
        for row in self._select_of(JOB_OFFER, offer_ids, is_to_stay=not self._is_alone):
            offer = convert(row, JobOffer)
            found[offer.offer_id] = OfferState(OfferRows(offer), convert(row, Lineage))
        if len(found) < len(offer_ids):
            raise SerializationFailure(
                f"{len(offer_ids) - len(found)} offers were replaced by the load of another day"
            )
        for table in PARTS:
            for row in self._select_of(table, offer_ids):
                held = getattr(found[row["offer_id"]].rows, table.part)
                held.append(convert(row, table.item))
        return found

    def replace(self, replaced: Iterable[tuple[OfferState, OfferState]]) -> None:
        """Put other states into the rows of offers; leave the lists that stay the same.

        :param replaced: each state that core holds, and what it becomes.
        """
        self.has_written = True
        lists: dict[str, list[tuple[Any, ...]]] = {table.part: [] for table in PARTS}
        pairs = [*replaced]
        self._update(rows_of((after for _, after in pairs), lists))
        for table in PARTS:
            part = table.part
            differing = {
                after.rows.offer.offer_id
                for held, after in pairs
                if getattr(held.rows, part) != getattr(after.rows, part)
            }
            if differing:
                self._delete(table, [*differing])
            # the source, the id
            if rows := [row for row in lists[part] if row[1] in differing]:
                self.copy(table, rows)

    def write(self, offers: Iterable[OfferState]) -> None:
        """COPY offers, each with its lineage, and then their lists into the final tables.

        The server stores one offer while ``offers`` makes the next.
        """
        self.has_written = True
        lists: dict[str, list[tuple[Any, ...]]] = {table.part: [] for table in PARTS}
        self.copy(JOB_OFFER, rows_of(offers, lists))
        for table in PARTS:
            if lists[table.part]:
                self.copy(table, lists[table.part])

    def count_day(self, day: date) -> None:
        """Count the offers of a day anew, for comparisons with other days; write the counts that differ."""
        parameters = {"source": self.source, "day": day}
        self._cursor.execute(statement("merge_offer_count"), parameters)

    def is_day_counted(self, day: date) -> bool:
        """Return whether a day has counts: days loaded before there were any, or by no run, have none."""
        parameters = {"source": self.source, "day": day}
        return bool(self._select(statement("select_is_day_counted"), parameters)[0][0])

    def _select(self, query: bytes, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        # never prepared: a plan kept from the first batches, into an empty table, would not fit the
        # last
        return self._cursor.execute(query, parameters, prepare=False).fetchall()

    def _select_of(
        self, table: Table, offer_ids: list[str], *, is_to_stay: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of some offers by the names of their columns, each list in its order."""
        query = sql.SQL("select {} from core.{} where source = %s and offer_id = any(%s)").format(
            sql.SQL(", ").join(map(sql.Identifier, table.columns)), sql.Identifier(table.name)
        )
        if "position" in table.columns:
            query += sql.SQL(" order by position")
        if is_to_stay:
            query += sql.SQL(" order by offer_id for update")
        with self._cursor.connection.cursor(binary=True, row_factory=dict_row) as cursor:
            # one by one: as many dictionaries at once no longer fit into the processor's cache
            yield from cursor.execute(query, (self.source, offer_ids), prepare=False)

    def copy(
        self, table: Table, rows: Iterable[tuple[Any, ...]], into: sql.Identifier | None = None
    ) -> None:
        """COPY rows into a table of core, their values in the order of its columns.

        :param into: another table that has its columns.
        """
        command = sql.SQL("copy {} ({}) from stdin (format binary)").format(
            into or sql.Identifier("core", table.name),
            sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        )
        with self._cursor.copy(command) as copy:
            copy.set_types([*table.columns.values()])
            write_row = copy.write_row
            for row in rows:
                write_row(row)

    def _update(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Update rows of ``core.job_offer`` from a table of the transaction, which no log is written of."""
        if self._has_renewed:
            self._cursor.execute("delete from renewed")
        else:
            self._cursor.execute(statement("create_renewed"))
            self._has_renewed = True
        self.copy(JOB_OFFER, rows, sql.Identifier("renewed"))
        self._cursor.execute(update_renewed(), prepare=False)

    def _delete(self, table: Table, offer_ids: list[str]) -> None:
        query = sql.SQL("delete from core.{} where source = %s and offer_id = any(%s)")
        self._cursor.execute(
            query.format(sql.Identifier(table.name)), (self.source, offer_ids), prepare=False
        )
