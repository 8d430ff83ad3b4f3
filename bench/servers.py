"""Servers that a measurement has for itself, stopped at its end: PostgreSQL, S3 and the sandbox.

What does not live here: how each is started (``local.postgres``, ``local.object_store``), the stack that
``make up`` runs, which the measures of Airflow use.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from jobmarket.foundation.lake.store import Lake

from local.object_store import ACCOUNT, SECRET, ObjectStore
from local.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).parents[1]
BUCKET = "bench"
CONNECTIONS = 40
"""To S3 at once: more than an extraction opens."""


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a directory that PostgreSQL, which runs as another account, reaches too."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@contextmanager
def postgres(directory: Path, *, durable: bool = True) -> Iterator[Postgres]:
    """Run the cluster of a directory, made at the first start."""
    cluster = Postgres.start(directory, durable=durable).wait()
    try:
        yield cluster
    finally:
        cluster.stop()


@contextmanager
def object_store(directory: Path, *, catalog_port: int = 0) -> Iterator[ObjectStore]:
    """Run the object store of a directory.

    :param catalog_port: of a catalog of Iceberg tables; 0 for none.
    """
    store = ObjectStore.start(directory, catalog_port=catalog_port).wait()
    try:
        yield store
    finally:
        store.stop()


def s3_address(store: ObjectStore) -> dict[str, Any]:
    """Return how boto3 reaches the store."""
    return {
        "endpoint_url": store.endpoint_url,
        "aws_access_key_id": ACCOUNT,
        "aws_secret_access_key": SECRET,
        "region_name": "us-east-1",
    }


def lake_of(store: ObjectStore) -> Lake:
    """Return a lake in the store, in a bucket of its own."""
    config = Config(max_pool_connections=CONNECTIONS)
    client: S3Client = boto3.client("s3", **s3_address(store), config=config)
    lake = Lake(client, BUCKET)
    lake.ensure_bucket()
    return lake


@contextmanager
def sandbox(options: list[str]) -> Iterator[str]:
    """Serve a sandbox from a process of its own; yield its address.

    :param options: of ``python -m sandbox``.
    """
    command = [sys.executable, "-m", "sandbox", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait()
