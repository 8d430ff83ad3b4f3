"""The parts of the laptop stack, started together: PostgreSQL, SeaweedFS and the sandbox of the sources.

What lives here: which parts there are, and what is set up in them before anybody uses them. What does not:
each part itself (``postgres``, ``object_store``), ports and passwords (``kept``), the Airflow beside them
(``airflow_setup``), the commands a person types (``commands``).
"""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local import kept
from local.accounts import create_member
from local.object_store import ACCOUNT, ObjectStore
from local.postgres import Postgres
from local.process import LOOPBACK, Service, answers_http, launch
from sandbox.places import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.kept import Ports

BUCKET = "jobmarket"


@contextmanager
def running(ports: Ports) -> Iterator[dict[str, Service]]:
    """Start PostgreSQL, S3 and the sandbox side by side, and give them by name; stop them at the end."""
    services: dict[str, Service] = {}
    keys = kept.keys()
    try:
        postgres = Postgres.start(kept.STATE / "postgres", ports.postgres)
        services["PostgreSQL"] = postgres.service
        store = _object_store(ports)
        services["S3"] = store.service
        services["sandbox"] = sandbox = start_sandbox(ports)
        for database in kept.DATABASES:
            postgres.wait().create_owner(database, keys[database])
        for account, roles in kept.MEMBERS.items():
            create_member(
                postgres.uri(),
                account,
                keys[account],
                "warehouse",
                *roles,
                is_acting=account == kept.TASKS,
            )
        # for whoever asks questions, and for whoever looks behind them
        write_private(
            kept.STATE / "warehouse.url", f"{kept.warehouse_address(ports, kept.ANALYST)}\n"
        )
        write_private(kept.STATE / "warehouse-owner.url", f"{kept.warehouse_address(ports)}\n")
        store.wait()
        sandbox.wait_until(
            lambda: answers_http(f"http://{LOOPBACK}:{ports.sandbox}/_sandbox/health")
        )
        yield services
    finally:
        for service in reversed(list(services.values())):
            service.stop()


def start_sandbox(ports: Ports) -> Service:
    """Start the France Travail sandbox."""
    command = [sys.executable, "-m", "sandbox", "--port", str(ports.sandbox), "--lively"]
    # options of `python -m sandbox --help`: another size of day, misbehaviour, a file of offers
    command += shlex.split(os.environ.get("SANDBOX_OPTIONS", ""))
    return launch("sandbox", command, kept.STATE / "sandbox.log", cwd=kept.REPOSITORY)


def start_again(name: str, ports: Ports) -> Service:
    """Start a part that died, on its data and its port; it may take a moment to answer."""
    if name == "PostgreSQL":
        return Postgres.start(kept.STATE / "postgres", ports.postgres).service
    if name == "S3":
        return _object_store(ports).service
    return start_sandbox(ports)


def _object_store(ports: Ports) -> ObjectStore:
    return ObjectStore.start(
        kept.STATE / "s3", ports.s3, secret=kept.keys()["s3"], catalog_port=ports.catalog
    )


def make_bucket(ports: Ports) -> None:
    """Make the bucket of the embedded object store, as the first run of a day does."""
    import boto3
    from botocore.exceptions import ClientError

    client = boto3.client(
        "s3",
        endpoint_url=f"http://{LOOPBACK}:{ports.s3}",
        region_name="us-east-1",
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=kept.keys()["s3"],
    )
    try:
        client.head_bucket(Bucket=BUCKET)
    except ClientError:
        client.create_bucket(Bucket=BUCKET)
    finally:
        client.close()
