"""Catalogs for tests: of the object store, of a SQL file, AWS Glue as moto plays it; what their files say."""

from __future__ import annotations

import io
import itertools
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from jobmarket.history.catalog import open_catalog
from jobmarket.history.table import History

from local.process import LOOPBACK
from local.services import ACCOUNT, SECRET, TABLE_BUCKET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyiceberg.catalog import Catalog

    from local.services import ObjectStore

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
def glue_catalog(bucket: str = "lake-of-moto") -> Iterator[Catalog]:
    """Give the catalog of an AWS that moto plays, with S3 beside it."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    keys = {"access-key-id": "testing", "secret-access-key": "testing", "region": "eu-west-3"}
    try:
        boto3.client(
            "s3",
            endpoint_url=address,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            region_name="us-east-1",
        ).create_bucket(Bucket=bucket)
        extra = {
            "type": "glue",
            "warehouse": f"s3://{bucket}/history",
            "glue.endpoint": address,
            "s3.endpoint": address,
        }
        yield open_catalog(extra, store=keys)
    finally:
        server.stop()


def fresh(catalog: Catalog) -> History:
    """Return a history that nobody has written yet."""
    return History(catalog, f"history_{os.getpid()}_{next(_names)}.offer")


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
