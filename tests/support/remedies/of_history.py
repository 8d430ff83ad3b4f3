"""Sentences about the history: its connection, its catalog, its files, how long things are kept."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import requests
from jobmarket.airflow.connections import open_history
from jobmarket.airflow.history_operators import MONTHS_VARIABLE, GiveUpDaysOperator
from jobmarket.foundation.warehouse.migrate import migrate
from jobmarket.history import table as table_module
from jobmarket.history.columns import KEPT
from jobmarket.history.maintenance import maintain
from jobmarket.history.table import History

from local.object_store import ACCOUNT, SECRET
from local.process import LOOPBACK, free_port
from tests.support.history_catalogs import (
    MOTO_BUCKET,
    NOW,
    blank_rows,
    client_of,
    fresh,
    moto_server,
    rest_catalog,
    rest_extra,
)
from tests.support.loaded_day import DAY, SOURCE
from tests.support.relay import relaying
from tests.support.remedies.parts import Parts, in_warehouse, obeys

if TYPE_CHECKING:
    from pyiceberg.table import Table

REGION = "eu-west-3"


def connect_sql(parts: Parts, **changes: Any) -> None:
    """Let a file be the catalog, and the bucket of the case hold the files."""
    extra = {
        "type": "sql",
        "uri": f"sqlite:///{parts.tmp_path}/catalog.db",
        "warehouse": f"s3://{parts.bucket}/history",
    }
    parts.connect("history_catalog", conn_type="generic", extra={**extra, **changes})


def connect_rest(parts: Parts, **changes: Any) -> None:
    """Let the object store be the catalog."""
    parts.connect(
        "history_catalog",
        conn_type="generic",
        login=ACCOUNT,
        password=SECRET,
        extra={**rest_extra(parts.store), **changes},
    )


def write_a_day() -> None:
    open_history().write_day(SOURCE, DAY, blank_rows(DAY, 2))


def look_into_history() -> None:
    open_history().table()


@obeys("The files of the history cannot be read")
def files_that_do_not_answer(parts: Parts) -> Any:
    with relaying(parts.store.port) as between:
        between.mode = "refuse"
        connect_sql(parts, **{"s3.endpoint": between.url})
        yield write_a_day
        between.mode = "pass"
        yield write_a_day


@obeys("refuses the credentials for the files of the history")
def wrong_keys_for_the_files(parts: Parts) -> Any:
    parts.connect_lake(password="wrong")
    connect_sql(parts)
    yield write_a_day
    parts.connect_lake()


@obeys("The bucket of the history does not exist")
def no_bucket_for_the_files(parts: Parts) -> Any:
    # SeaweedFS makes a bucket that is written to; AWS does not
    with moto_server() as address:
        connect_aws(parts, address)
        connect_sql(parts, warehouse="s3://another-lake/history")
        yield write_a_day
        client_of(address, "s3").create_bucket(Bucket="another-lake")
        yield write_a_day


@obeys("is none by which its catalog can be opened")
def a_uri_that_is_no_address(parts: Parts) -> Any:
    connect_sql(parts, uri="host/catalog")
    yield look_into_history
    connect_sql(parts)


@obeys("The database with the catalog of the history cannot be used")
def a_database_of_the_catalog_that_is_away(parts: Parts) -> Any:
    connect_sql(parts, uri=f"postgresql+psycopg2://user:s3cret@{LOOPBACK}:{free_port()}/catalog")
    yield look_into_history
    connect_sql(parts)


@obeys("refuses what it is asked")
def a_warehouse_that_the_catalog_does_not_know(parts: Parts) -> Any:
    connect_rest(parts, warehouse="s3://no-such-table-bucket")
    yield look_into_history
    connect_rest(parts)


@obeys("AWS Glue, the catalog of the history, refuses")
def an_account_without_rights_on_glue(parts: Parts) -> Any:
    with moto_server() as address:
        iam = client_of(address, "iam")
        iam.create_user(UserName="tasks")
        key = iam.create_access_key(UserName="tasks")["AccessKey"]
        connect_glue(parts, address, login=key["AccessKeyId"], password=key["SecretAccessKey"])
        ask_for_rights(address, after=0)
        try:
            yield look_into_history
            ask_for_rights(address, after=1)
            statement = {"Effect": "Allow", "Action": ["glue:*", "s3:*"], "Resource": "*"}
            policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.put_user_policy(UserName="tasks", PolicyName="history", PolicyDocument=policy)
            yield look_into_history
        finally:
            ask_for_rights(address, after=10**9)


@obeys("AWS Glue, the catalog of the history, cannot be reached")
def glue_elsewhere(parts: Parts) -> Any:
    parts.monkeypatch.setattr("pyiceberg.catalog.glue.MAX_RETRIES", 1)
    with moto_server() as address:
        connect_glue(parts, f"http://{LOOPBACK}:{free_port()}")
        yield look_into_history
        connect_glue(parts, address)
        yield look_into_history


def connect_aws(parts: Parts, address: str, **account: str) -> None:
    """Let the AWS of an address keep the files."""
    fields = {"login": "testing", "password": "testing", **account}
    extra = {"endpoint_url": address, "region_name": REGION}
    parts.connect("aws_default", conn_type="aws", extra=extra, **fields)


def connect_glue(parts: Parts, address: str, **account: str) -> None:
    """Let the AWS of an address be catalog and store."""
    connect_aws(parts, address, **account)
    extra = {"type": "glue", "warehouse": f"s3://{MOTO_BUCKET}/history"}
    extra["glue.endpoint"] = address
    parts.connect("history_catalog", conn_type="generic", extra=extra)


def ask_for_rights(address: str, *, after: int) -> None:
    """Let moto ask each account for its rights, but for the next few requests."""
    requests.post(f"{address}/moto-api/reset-auth", data=str(after), timeout=10)


@obeys("was not written to the history")
def writers_that_are_always_first(parts: Parts) -> Any:
    parts.monkeypatch.setattr(table_module, "COMMIT_ATTEMPTS", 2)
    parts.monkeypatch.setattr(table_module, "LONGEST_PAUSE_S", 0.0)
    other = fresh(rest_catalog(parts.store))
    are_busy = [True]

    class Late(History):
        """Looks, and is overtaken before it writes."""

        def table(self) -> Table:
            found = super().table()
            if are_busy:
                other.write_day(SOURCE, DAY, blank_rows(DAY, 1))
            return found

    late = Late(rest_catalog(parts.store), other.name)
    yield partial(late.write_day, SOURCE, DAY, blank_rows(DAY, 2))
    are_busy.clear()


@obeys("drop it there and expire its snapshots")
def a_column_that_may_no_longer_be_kept(parts: Parts) -> Any:
    history = fresh(rest_catalog(parts.store))
    history.write_day(SOURCE, DAY, blank_rows(DAY, 2))
    fewer = tuple(column for column in KEPT if column.name != "sector_code")
    parts.monkeypatch.setattr(table_module, "KEPT", fewer)
    yield history.table
    table = rest_catalog(parts.store).load_table(history.name)
    with table.update_schema() as update:
        update.delete_column("sector_code")
    maintain(history, expire_before=NOW, orphan_before=NOW)


@obeys("must be a number of months")
def months_in_words(parts: Parts) -> Any:
    in_warehouse(migrate, "warehouse")
    connect_sql(parts)
    name = f"AIRFLOW_VAR_{MONTHS_VARIABLE.upper()}"
    parts.monkeypatch.setenv(name, "a year")
    give_up = GiveUpDaysOperator(task_id="give_up", sources=[SOURCE])
    yield partial(give_up.execute, {})
    parts.monkeypatch.setenv(name, "12")
