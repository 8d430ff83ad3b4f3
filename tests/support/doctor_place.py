"""A place in which everything is as the doctor wants it, and what breaks one thing of it.

PostgreSQL with TLS, an object store with keys, a sandbox, Airflow's pools: real parts. Only the block of
public access, which the object store does not know, is answered by a double.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from jobmarket.airflow.connections import open_lake
from jobmarket.airflow.doctor.clock import Clocks
from jobmarket.airflow.doctor.examine import examine
from jobmarket.airflow.doctor.history import history_lines
from jobmarket.airflow.doctor.lake import lake_lines
from jobmarket.airflow.doctor.platform import platform_lines, pools_of_airflow
from jobmarket.airflow.doctor.sources import source_lines
from jobmarket.airflow.doctor.warehouse import warehouse_lines

from local.object_store import ACCOUNT
from tests.support.airflow_runs import (
    lake_connection,
    make_tasks_account,
    sandbox_connection,
    tasks_connection,
    warehouse_connection,
)
from tests.support.history_catalogs import rest_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest
    from jobmarket.airflow.doctor.line import Line
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore
    from local.postgres import Postgres

KEY = "alias/job-market"
ALL_BLOCKED = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


@dataclass
class Place:
    """Where the doctor looks: each part works, and Airflow's connections lead to it.

    :param dsn: of the warehouse, for its owner.
    :param authority: certificate that vouches for PostgreSQL.
    :param blocks: of public access, as the bucket answers.
    :param honours_conditions: of writes, as the store does by itself.
    """

    environment: pytest.MonkeyPatch
    postgres: Postgres
    dsn: str
    authority: Path
    store: ObjectStore
    s3: S3Client
    bucket: str
    sandbox_url: str
    blocks: dict[str, bool] = field(default_factory=lambda: dict(ALL_BLOCKED))
    honours_conditions: bool = True

    def set_up(self) -> None:
        """Let everything be as it should."""
        self.encrypt("aws:kms")
        self.version("Enabled")
        self.connect_api()
        self.connect(
            "adzuna", conn_type="http", host=self.sandbox_url, login="5a4db0c5", password="k" * 32
        )
        self.connect_lake()
        self.environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", self.bucket)
        self.connect_warehouse()
        self.connect_owner()
        self.connect_history()
        for name in ("france_travail_api", "adzuna_api"):
            set_pool(name, 1)
        for module in ("sources", "lake", "warehouse"):  # none of it counts as a stand-in
            self.environment.setattr(
                f"jobmarket.airflow.doctor.{module}.is_on_a_laptop", lambda host: False
            )
        self.environment.setattr("jobmarket.airflow.doctor.lake.open_lake", self._open_lake)

    def reds(self, part: str = "clock") -> dict[str, str]:
        """Return the red lines: part and check -> what is said.

        :param part: to look at; the clock is compared with all others.
        """
        look: dict[str, Callable[[], list[Line]]] = {
            "Airflow": lambda: platform_lines(pools_of_airflow()),
            "bucket": lambda: lake_lines(Clocks()),
            "warehouse": lambda: warehouse_lines(Clocks()),
            "history": lambda: history_lines(),
            "clock": lambda: examine(pools_of_airflow()),
        }
        lines = look.get(part, source_lines)()
        return {f"{line.part}: {line.check}": line.said for line in lines if line.state == "red"}

    def connect(self, conn_id: str, **fields: Any) -> None:
        self.environment.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(fields))

    def forget(self, conn_id: str) -> None:
        self.environment.delenv(f"AIRFLOW_CONN_{conn_id.upper()}")

    def connect_api(self, **changes: Any) -> None:
        fields = {"extra": {"requests_per_second": 400}, **changes}
        self.connect("france_travail", **sandbox_connection(self.sandbox_url, **fields))

    def connect_lake(self, **changes: Any) -> None:
        self.connect("aws_default", **lake_connection(self.store.endpoint_url, **changes))

    def connect_warehouse(self, dsn: str = "", mode: str = "verify-full", **changes: Any) -> None:
        extra = {"sslmode": mode, "sslrootcert": str(self.authority)}
        if mode == "disable":
            del extra["sslrootcert"]
        fields = {"login": "tasks", "password": "tasks-secret", "extra": extra, **changes}
        self.connect("warehouse", **warehouse_connection(dsn or self.dsn, **fields))

    def connect_owner(self, dsn: str = "", **changes: Any) -> None:
        self.connect("warehouse_owner", **warehouse_connection(dsn or self.dsn, **changes))

    def connect_history(self, **changes: Any) -> None:
        fields = {"login": ACCOUNT, "password": self.store.secret, "extra": rest_extra(self.store)}
        self.connect("history_catalog", conn_type="generic", **{**fields, **changes})

    def encrypt(self, way: str) -> None:
        key = {"KMSMasterKeyID": KEY} if way == "aws:kms" else {}
        rule: Any = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": way, **key}}
        self.s3.put_bucket_encryption(
            Bucket=self.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
        )

    def version(self, status: Any) -> None:
        self.s3.put_bucket_versioning(
            Bucket=self.bucket, VersioningConfiguration={"Status": status}
        )

    def say(self, statement: str) -> None:
        """Tell the warehouse something, as its superuser."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _open_lake(self, **options: Any) -> Any:
        lake = open_lake(**options)
        events = lake.client.meta.events
        events.register("before-call.s3.GetPublicAccessBlock", self._answer_blocks)
        if not self.honours_conditions:
            events.register("before-call.s3.PutObject", drop_condition)
        return lake

    def _answer_blocks(self, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse
        from botocore.compat import HTTPHeaders

        return AWSResponse("", 200, HTTPHeaders(), None), {
            "PublicAccessBlockConfiguration": self.blocks
        }


def drop_condition(params: Any, **_: Any) -> None:
    params["headers"].pop("If-None-Match", None)


def set_pool(name: str, slots: int) -> None:
    """Make a pool as `airflow pools set` does; with no slots take it away."""
    from airflow.models import Pool
    from airflow.utils.session import create_session

    with create_session() as session:
        if slots:
            Pool.create_or_update_pool(
                name, slots=slots, description="", include_deferred=False, session=session
            )
        elif name in pools_of_airflow():
            Pool.delete_pool(name, session=session)


def let_verify(postgres: Postgres, directory: Path) -> Path:
    """Let a cluster speak TLS; return the certificate that vouches for it."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "warehouse")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    cluster = postgres.directory / "cluster"
    owner = cluster.stat()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    for file, body in (("server.key", private), ("server.crt", public)):
        (cluster / file).write_bytes(body)
        (cluster / file).chmod(0o600)
        os.chown(cluster / file, owner.st_uid, owner.st_gid)
    with psycopg.connect(postgres.uri(), autocommit=True) as connection:
        connection.execute("alter system set ssl to on")
        connection.execute("select pg_reload_conf()")
    authority = directory / "authority.crt"
    shutil.copy(cluster / "server.crt", authority)
    return authority


@contextmanager
def made_places(directory: Path, sandbox_url: str) -> Iterator[Any]:
    """Start the parts; give what makes a place of them for one test."""
    import boto3

    from local.object_store import ObjectStore
    from local.postgres import Postgres
    from local.process import free_port

    postgres = Postgres.start(directory / "postgres", durable=False)
    readers = {"reader": "reader-secret"}
    store = ObjectStore.start(
        directory / "s3", readers=readers, has_keys=True, catalog_port=free_port()
    )
    try:
        authority = let_verify(postgres.wait(), directory)
        dsn = postgres.create_database("doctored")
        tasks_connection(dsn)
        make_tasks_account(dsn)
        s3 = boto3.client(
            "s3",
            endpoint_url=store.wait().endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=store.secret,
        )
        s3.create_bucket(Bucket="doctored")
        yield lambda environment: Place(
            environment, postgres, dsn, authority, store, s3, "doctored", sandbox_url
        )
        s3.close()
    finally:
        store.stop()
        postgres.stop()
