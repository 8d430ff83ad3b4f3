"""Catalogs for tests: of the object store, of a SQL file, AWS Glue as moto plays it; what their files say."""

from __future__ import annotations

import io
import itertools
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import pyarrow.parquet as pq
from jobmarket.history.catalog import open_catalog
from jobmarket.history.columns import KEPT
from jobmarket.history.rows import rows_of
from jobmarket.history.table import History

from local.object_store import ACCOUNT, SECRET, TABLE_BUCKET
from local.process import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import pyarrow as pa
    from pyiceberg.catalog import Catalog

    from local.object_store import ObjectStore

NOW = datetime(2100, 1, 1, tzinfo=UTC)
"""After all that a test writes."""
MOTO_BUCKET = "lake-of-moto"
_names = itertools.count(1)


def store_settings(store: ObjectStore) -> dict[str, str]:
    return {
        "endpoint": store.endpoint_url,
        "region": "us-east-1",
        "access-key-id": ACCOUNT,
        "secret-access-key": SECRET,
    }


def rest_extra(store: ObjectStore) -> dict[str, str]:
    return {
        "type": "rest",
        "uri": f"http://{LOOPBACK}:{store.catalog_port}",
        "warehouse": f"s3://{TABLE_BUCKET}",
    }


def rest_catalog(store: ObjectStore) -> Catalog:
    return open_catalog(
        rest_extra(store), login=ACCOUNT, password=SECRET, store=store_settings(store)
    )


def sql_catalog(store: ObjectStore, directory: Path, bucket: str) -> Catalog:
    extra = {
        "type": "sql",
        "uri": f"sqlite:///{directory}/catalog.db",
        "warehouse": f"s3://{bucket}/history",
    }
    return open_catalog(extra, store=store_settings(store))


@contextmanager
def moto_server() -> Iterator[str]:
    """Give the address of an AWS that moto plays, with a bucket."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        client_of(address, "s3").create_bucket(Bucket=MOTO_BUCKET)
        yield address
    finally:
        server.stop()


def client_of(address: str, service: Literal["s3", "iam"]) -> Any:
    """Return a client of that AWS, of an account that may do everything."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=address,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name="us-east-1",
    )


@contextmanager
def glue_catalog() -> Iterator[Catalog]:
    """Give the catalog of an AWS that moto plays, with S3 beside it."""
    keys = {"access-key-id": "testing", "secret-access-key": "testing", "region": "eu-west-3"}
    with moto_server() as address:
        extra = {
            "type": "glue",
            "warehouse": f"s3://{MOTO_BUCKET}/history",
            "glue.endpoint": address,
            "s3.endpoint": address,
        }
        yield open_catalog(extra, store=keys)


def fresh(catalog: Catalog) -> History:
    """Return a history that nobody has written yet."""
    return History(catalog, f"history_{os.getpid()}_{next(_names)}.offer")


def blank_rows(day: date, count: int, **columns: Any) -> pa.Table:
    """Return offers of a day that state nothing but these columns."""
    one: dict[str, Any] = dict.fromkeys(column.name for column in KEPT)
    one |= {"source": "france_travail", "created_on": day} | columns
    return rows_of([tuple(one.values())] * count).table


def file_text(table: Any, path: str) -> str:
    """Return all that a file says: its bytes, and what its columns or entries hold once unpacked."""
    content = table.io.new_input(path).open().read()
    text = content.decode("latin-1")
    if path.endswith(".parquet"):
        return text + str(pq.ParquetFile(io.BytesIO(content)).read().to_pylist())
    if path.endswith(".avro") and "-m" in path:
        entries = [
            entry
            for snapshot in table.snapshots()
            for one in snapshot.manifests(table.io)
            if one.manifest_path == path
            for entry in one.fetch_manifest_entry(table.io, discard_deleted=False)
        ]
        text += str([[*map(str, _bounds(entry.data_file))] for entry in entries])
    return text


def _bounds(file: Any) -> list[Any]:
    return [
        file.file_path,
        file.partition,
        *(file.lower_bounds or {}).values(),
        *(file.upper_bounds or {}).values(),
    ]
