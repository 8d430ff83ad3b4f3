"""The table of the history: made, a day written, counted, taken out.

What lives here: Iceberg. What does not: the rows of a day (``rows``), which catalog (``catalog``), what
becomes of old files (``maintenance``).

A day is written by one commit that takes out what the table holds of it and puts the new rows in, so the
same day again gives the same rows, and whoever reads sees the one state or the other. Two writers of one
day: Iceberg refuses the second commit, because files have come for the day since it looked; it then looks
again and replaces them.
"""

from __future__ import annotations

import random
import time
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from jobmarket.foundation.errors import ConfigurationError, LakeUnavailable
from jobmarket.history.columns import KEPT, PARTITIONED_BY
from jobmarket.history.errors import translated
from jobmarket.history.rows import arrow_schema

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa
    from pyiceberg.catalog import Catalog
    from pyiceberg.expressions import BooleanExpression
    from pyiceberg.schema import Schema
    from pyiceberg.table import Table

NAMESPACE, NAME = "history", "offer"
# As many writers of one day may meet: each round one of them is through.
COMMIT_ATTEMPTS = 8
LONGEST_PAUSE_S = 2.0
_PROPERTIES = {
    "write.parquet.compression-codec": "zstd",
    # one manifest for many days: a reader opens dozens of files less
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}
_TYPES = {"text": "string", "int4": "int", "float8": "double", "bool": "boolean", "date": "date"}


class Written(NamedTuple):
    """A day as it was written.

    :param snapshot_id: of the commit.
    """

    rows: int
    snapshot_id: int
    attempts: int


class History:
    """The table ``history.offer`` of a catalog.

    Every method raises :class:`LakeUnavailable`, :class:`AccessDenied` or :class:`ConfigurationError` where
    catalog or store do not answer, refuse, or hold another table.
    """

    def __init__(self, catalog: Catalog, name: str = f"{NAMESPACE}.{NAME}") -> None:
        self._catalog = catalog
        self.name = name

    def table(self) -> Table:
        """Return the table as it is now; make it if it is not there, add the columns that it lacks."""
        from pyiceberg import exceptions

        with translated():
            try:
                table = self._catalog.load_table(self.name)
            except exceptions.NoSuchTableError:
                namespace = self.name.rpartition(".")[0]
                # looked for first: who may only use one, as on AWS, may not ask for it to be made
                if not self._catalog.namespace_exists(namespace):
                    self._catalog.create_namespace_if_not_exists(namespace)
                try:
                    table = self._make()
                except exceptions.TableAlreadyExistsError:  # by another, just now
                    table = self._catalog.load_table(self.name)
            return self._with_columns(table)

    def location(self) -> str | None:
        """Return where the table lies, ``None`` if nobody has made it yet; it is read, and not made."""
        from pyiceberg import exceptions

        with translated():
            try:
                return str(self._catalog.load_table(self.name).location())
            except exceptions.NoSuchTableError:
                return None

    def write_day(self, source: str, day: date, rows: pa.Table, **said: str) -> Written:
        """Put the rows of a day in the place of those that the table holds of it, by one commit.

        :param rows: all of that source and day; may be none.
        :param said: kept with the snapshot.
        """
        properties = {"jobmarket.source": source, "jobmarket.day": str(day)}
        properties |= {f"jobmarket.{name.replace('_', '-')}": value for name, value in said.items()}

        def write(table: Table) -> None:
            table.overwrite(
                rows, overwrite_filter=_of_day(source, day), snapshot_properties=properties
            )

        snapshot_id, attempts = self._commit(write, day)
        return Written(rows.num_rows, snapshot_id, attempts)

    def delete_day(self, source: str, day: date) -> None:
        """Take the rows of a day out; files of older snapshots keep them until these are expired."""
        self._commit(lambda table: table.delete(_of_day(source, day)), day)

    def days(self, source: str) -> dict[date, int]:
        """Return the days that the table holds, with their rows, as its manifests count them."""
        table = self.table()
        with translated():
            found: dict[date, int] = {}
            if table.current_snapshot() is None:
                return found
            for held in table.inspect.partitions().to_pylist():
                if held["partition"]["source"] == source:
                    found[held["partition"]["created_on"]] = held["record_count"]
            return found

    def _commit(self, change: Any, day: date) -> tuple[int, int]:
        from pyiceberg import exceptions

        conflicts = (
            exceptions.CommitFailedException,
            exceptions.ValidationException,
            # it may have come through: then the next attempt replaces the rows by the same
            exceptions.CommitStateUnknownException,
        )
        for attempt in range(1, COMMIT_ATTEMPTS + 1):
            table = self.table()
            with translated():
                try:
                    with warnings.catch_warnings():
                        # of a day that the table does not hold yet
                        warnings.filterwarnings(
                            "ignore", "Delete operation did not match any records"
                        )
                        change(table)
                except conflicts:
                    time.sleep(random.uniform(0, LONGEST_PAUSE_S * attempt / COMMIT_ATTEMPTS))  # noqa: S311
                    continue
            current = table.current_snapshot()
            return (current.snapshot_id if current else 0), attempt
        raise LakeUnavailable(
            f"Day {day} was not written to the history, because others committed to {self.name} each time in "
            f"{COMMIT_ATTEMPTS} attempts: run the task again when fewer write; the table is as they left it."
        )

    def _make(self) -> Table:
        from pyiceberg.partitioning import PartitionField, PartitionSpec
        from pyiceberg.transforms import IdentityTransform

        schema = iceberg_schema()
        fields = [
            PartitionField(schema.find_field(name).field_id, 1000 + at, IdentityTransform(), name)
            for at, name in enumerate(PARTITIONED_BY)
        ]
        return self._catalog.create_table(
            self.name, schema, partition_spec=PartitionSpec(*fields), properties=_PROPERTIES
        )

    def _with_columns(self, table: Table) -> Table:
        declared = {field.name: str(field.field_type) for field in iceberg_schema().fields}
        held = {field.name: str(field.field_type) for field in table.schema().fields}
        for name, kind in held.items():
            if declared.get(name) != kind:
                raise ConfigurationError(
                    f"The table {self.name} of the history has the column {name} ({kind}), which "
                    f"history/columns.py declares as {declared.get(name, 'nothing that is kept')}: drop it "
                    f"there and expire its snapshots, or name another `warehouse` in history_catalog and "
                    f"write the days again."
                )
        if declared.keys() - held.keys():
            with table.update_schema() as update:
                update.union_by_name(arrow_schema())
            table = self._catalog.load_table(self.name)
        return table


def iceberg_schema() -> Schema:
    """Return the columns of the history as Iceberg has them."""
    from pyiceberg.schema import Schema
    from pyiceberg.types import ListType, NestedField, StringType

    fields = []
    for at, column in enumerate(KEPT, start=1):
        kind: Any = (
            ListType(1000 + at, StringType(), element_required=True)
            if column.kind == "text[]"
            else _TYPES[column.kind]
        )
        required = column.name in PARTITIONED_BY
        fields.append(NestedField(at, column.name, kind, required=required))
    return Schema(*fields)


def _of_day(source: str, day: date) -> BooleanExpression:
    from pyiceberg.expressions import And, EqualTo

    return And(EqualTo("source", source), EqualTo("created_on", day.isoformat()))
