"""What a case may break, and where the cases are kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from jobmarket.airflow.connections import open_warehouse
from jobmarket.foundation.warehouse.migrations import apply_ddl

from tests.support.airflow_runs import lake_connection, sandbox_connection, warehouse_connection
from tests.support.loaded_day import DDL

if TYPE_CHECKING:
    import pytest
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore
    from local.postgres import Postgres

INCLUDE = Path(__file__).parents[3] / "include"


class Parts(NamedTuple):
    """The parts of one case: each works, and Airflow's connections lead to it.

    :param dsn: of an empty database.
    """

    monkeypatch: pytest.MonkeyPatch
    postgres: Postgres
    dsn: str
    s3: S3Client
    store: ObjectStore
    bucket: str
    tmp_path: Path

    def connect(self, conn_id: str, **fields: Any) -> None:
        """Set a connection in the environment, as a person would."""
        self.monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(fields))

    def connect_lake(self, **changes: Any) -> None:
        """Set the connection to the object store."""
        self.connect("aws_default", **lake_connection(self.store.endpoint_url, **changes))

    def connect_warehouse(self, dsn: str = "", **changes: Any) -> None:
        """Set the connection to the warehouse."""
        self.connect("warehouse", **warehouse_connection(dsn or self.dsn, **changes))

    def connect_api(self, url: str, **changes: Any) -> None:
        """Set the connection to the API."""
        extra = {"requests_per_second": 400}
        self.connect("france_travail", **sandbox_connection(url, **{"extra": extra, **changes}))


Case = Callable[[Parts], Iterator[Callable[[], object]]]
CASES: dict[str, Case] = {}
"""The words of a remedy, as the source has them, and the case that obeys; ``{}`` is what is filled in."""


def obeys(remedy: str) -> Callable[[Case], Case]:
    """Keep a case for the sentence with these words."""

    def keep(case: Case) -> Case:
        CASES[remedy] = case
        return case

    return keep


@contextmanager
def another(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a session beside the one that is tried."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def in_warehouse(do: Callable[..., object], *given: Any, **named: Any) -> object:
    """Do something with the warehouse as a task does."""
    with open_warehouse() as connection:
        done = do(connection, *given, **named)
        connection.commit()
        return done


def bring_up_to_date() -> None:
    """Apply the schema; who may do what is not said (``of_migration``)."""
    in_warehouse(apply_ddl, DDL)
