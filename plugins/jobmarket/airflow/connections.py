"""The lake and the warehouse, as Airflow's connections lead to them: one way for tasks and for pages.

What does not live here: what is read and written there (``foundation.lake``, ``offers``), and the
connections to the sources (``source_hook``).
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook, Variable
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowNotFoundException,
    AirflowRuntimeError,
)

from jobmarket.airflow.masking import hide_in_records, mask
from jobmarket.foundation import known_secrets
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.known_secrets import redacted
from jobmarket.foundation.lake.errors import translated
from jobmarket.foundation.lake.store import Lake
from jobmarket.foundation.lake.usage import LakeUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from jobmarket.foundation.warehouse.roles import Role
    from jobmarket.history.table import History

AWS_CONN_ID = "aws_default"
WAREHOUSE_CONN_ID = "warehouse"
# Only whoever migrates needs it, and only where the account of `warehouse` is not the owner.
OWNER_CONN_ID = "warehouse_owner"
HISTORY_CONN_ID = "history_catalog"
BUCKET_VARIABLE = "data_lake_bucket"

# A warehouse that drops packets is noticed in seconds; libpq itself would wait for two minutes.
CONNECT_TIMEOUT_S = 10


def open_lake(conn_id: str = AWS_CONN_ID, *, attempts: int = 4) -> Lake:
    """Return the data lake; raise :class:`ConfigurationError` if its bucket is not named.

    :param attempts: how often a call to S3 is made before it counts as failed.
    """
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook
    from botocore.config import Config

    try:
        bucket = Variable.get(BUCKET_VARIABLE)
    except (AirflowRuntimeError, KeyError):
        raise ConfigurationError(
            f"The variable {BUCKET_VARIABLE} is not set: give it the name of the S3 bucket of the data "
            f"lake (Admin > Variables, or AIRFLOW_VAR_{BUCKET_VARIABLE.upper()})."
        ) from None
    # one connection a thread that lands pages; bounds: a dead S3 is noticed within half a minute
    config = Config(
        connect_timeout=5,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=40,
    )
    hook = S3Hook(aws_conn_id=conn_id, config=config)
    try:
        known = hook.get_connection(conn_id)
        remember_connection(known)
        _extra(known, conn_id)
    except AirflowNotFoundException:
        pass  # then boto3 looks for an IAM role
    try:
        with translated(bucket):
            client, usage = hook.get_conn(), LakeUsage()
            usage.listen(client)
            return Lake(client, bucket, usage)
    except (
        ValueError,
        AirflowException,
    ) as exc:  # an endpoint_url that is none, an extra that boto3 refuses
        raise ConfigurationError(
            f"The connection {conn_id} cannot be used for S3 ({type(exc).__name__}: {redacted(exc)}): "
            f"correct it."
        ) from None


def has_history() -> bool:
    """Tell whether there is a history: Airflow has the connection to its catalog."""
    try:
        BaseHook.get_connection(HISTORY_CONN_ID)
    except AirflowNotFoundException:
        return False
    return True


def open_history(aws_conn_id: str = AWS_CONN_ID) -> History:
    """Return the history, as the connection :data:`HISTORY_CONN_ID` leads to it.

    Its files are reached as those of the lake, unless the extra of the connection says otherwise.

    Raise :class:`ConfigurationError` if there is no such connection, or if it names no catalog.
    """
    try:
        known = BaseHook.get_connection(HISTORY_CONN_ID)
    except AirflowNotFoundException:
        raise missing_connection(HISTORY_CONN_ID, "the catalog of the history") from None
    try:
        lake = BaseHook.get_connection(aws_conn_id)
    except AirflowNotFoundException:
        lake = None  # then there is an IAM role
    return history_of(known, lake)


def history_of(known: Any, lake: Any | None) -> History:
    """Return the history that connections lead to.

    :param known: to its catalog.
    :param lake: to S3; None where there is an IAM role.
    """
    from jobmarket.history.catalog import open_catalog
    from jobmarket.history.errors import translated
    from jobmarket.history.table import History

    remember_connection(known)
    store: dict[str, str | None] = {}
    if lake is not None:
        remember_connection(lake)
        extra = _extra(lake, lake.conn_id or AWS_CONN_ID)
        store = {
            "endpoint": extra.get("endpoint_url"),
            "region": extra.get("region_name"),
            "access-key-id": lake.login,
            "secret-access-key": lake.password,
            "session-token": extra.get("aws_session_token"),
        }
    with translated():
        return History(
            open_catalog(
                _extra(known, HISTORY_CONN_ID),
                login=known.login,
                password=known.password,
                store=store,
            )
        )


def remember_connection(connection: Any) -> None:
    """Hide what is secret in an Airflow connection from now on, in our messages and in what Airflow logs."""
    known_secrets.tell_of_secrets(mask)
    hide_in_records()
    known_secrets.remember_connection(connection)


@contextmanager
def open_warehouse(
    conn_id: str = WAREHOUSE_CONN_ID, *, role: Role | None = None, options: str | None = None
) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection to the warehouse, its errors turned into sentences.

    :param role: whose rights the session has, if the account of the connection is a member of it; what the
        account may do besides is laid down. An account that is none keeps its own rights.
    :param options: settings of the session, as libpq takes them: ``-c statement_timeout=10s``.
    """
    from airflow.providers.postgres.hooks.postgres import PostgresHook

    from jobmarket.foundation.warehouse.explained import explained
    from jobmarket.foundation.warehouse.session import prepare_session

    with explained(conn_id):
        hook = PostgresHook(conn_id, options=options)
        try:
            known = hook.connection
        except AirflowNotFoundException:
            raise missing_connection(conn_id, "the PostgreSQL warehouse") from None
        remember_connection(known)
        known.extra = json.dumps({"connect_timeout": CONNECT_TIMEOUT_S, **_extra(known, conn_id)})
        connection = hook.get_conn()
        try:
            prepare_session(connection, conn_id, role)
            yield connection
        finally:
            connection.close()


def owner_conn_id(conn_id: str = WAREHOUSE_CONN_ID) -> str:
    """Return the connection that migrates: :data:`OWNER_CONN_ID`, or that of the tasks where there is none.

    :param conn_id: of the tasks, whose account then owns the schemas.
    """
    try:
        BaseHook.get_connection(OWNER_CONN_ID)
    except AirflowNotFoundException:
        return conn_id
    return OWNER_CONN_ID


def _extra(connection: Any, conn_id: str) -> dict[str, Any]:
    extra = connection.extra_dejson
    if not isinstance(extra, dict):
        raise ConfigurationError(
            f"The extra of the connection {conn_id} is no JSON object: correct it, or leave it out."
        )
    return extra


def missing_connection(conn_id: str, what: str) -> ConfigurationError:
    """Return the error for a connection that Airflow does not know."""
    return ConfigurationError(
        f"Airflow has no connection {conn_id!r}, which leads to {what}: create it (Admin > "
        f"Connections, or AIRFLOW_CONN_{conn_id.upper()})."
    )
