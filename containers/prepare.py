"""What the service ``airflow-init`` does before the others start: refuse, make databases and accounts.

Copied into the image. What does not live here: the services (``docker-compose.yaml``), the schema of the
warehouse (the DAG ``warehouse_migrate``), what the scheduler imports once (``local/preload.py``).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRETS = (
    *("POSTGRES_PASSWORD", "AIRFLOW_PASSWORD", "REDIS_PASSWORD"),
    *("AIRFLOW_FERNET_KEY", "AIRFLOW_API_SECRET_KEY", "AIRFLOW_JWT_SECRET"),
)
"""Variables of ``.env`` whose defaults everybody can read in this repository."""

BEYOND = "AIRFLOW_BIND"
TASKS = "warehouse_tasks"
CATALOG = "history_catalog"
ROLES = ("jobmarket_loader", "jobmarket_reporter", "jobmarket_reader")
CONFIG = Path("/opt/airflow/config")


def require_own_secrets(environment: Mapping[str, str]) -> None:
    """Raise :class:`SystemExit` if others than this machine reach a port that a known secret protects.

    :param environment: ``DEFAULT_<name>`` beside each of :data:`SECRETS`: what it is unless ``.env`` sets it.
    """
    bind = environment.get(BEYOND, "") or "127.0.0.1"
    if _is_loopback(bind):
        return
    known = [
        name
        for name in SECRETS
        if environment.get(name, "") in ("", environment.get(f"DEFAULT_{name}"))
    ]
    if known:
        raise SystemExit(
            f"{BEYOND}={bind} opens the UI to other machines, but {', '.join(known)} still "
            f"{'has its default' if len(known) == 1 else 'have their defaults'}, which everybody can read: "
            f"set your own in .env (.env.example says how), or leave {BEYOND} out."
        )


def require_broker(environment: Mapping[str, str]) -> None:
    """Raise :class:`SystemExit` if tasks would wait in a queue that is not there, or nobody would read it."""
    executor = environment.get("AIRFLOW__CORE__EXECUTOR", "")
    has_broker = _is_there("redis", 6379)
    if executor == "CeleryExecutor" and not has_broker:
        raise SystemExit(
            "AIRFLOW_EXECUTOR=CeleryExecutor needs Redis, and none answers: set COMPOSE_PROFILES=celery, "
            "too; if it is set, `docker compose logs redis` says why it does not start."
        )
    if executor != "CeleryExecutor" and has_broker:
        raise SystemExit(
            "COMPOSE_PROFILES=celery starts workers to whom nobody gives a task: set "
            "AIRFLOW_EXECUTOR=CeleryExecutor, too."
        )


def make_databases(address: str) -> None:
    """Make Airflow's database and that of the history's catalog, the roles of the warehouse and its accounts.

    Safe to repeat.

    :param address: of the server's database ``warehouse``, for its superuser.
    """
    import psycopg
    from jobmarket.foundation.warehouse.accounts import give_password
    from psycopg import conninfo, sql

    secret = str(conninfo.conninfo_to_dict(address)["password"])
    with psycopg.connect(address, autocommit=True) as connection:
        if not connection.execute("select from pg_database where datname = 'airflow'").rowcount:
            connection.execute("create database airflow")
        # the account of the tasks owns nothing: it acts as the role that a task needs
        kinds = {**dict.fromkeys(ROLES, "nologin"), TASKS: "noinherit", CATALOG: "inherit"}
        for name, kind in kinds.items():
            if not connection.execute("select from pg_roles where rolname = %s", (name,)).rowcount:
                create = sql.SQL("create role {} {}")
                connection.execute(create.format(sql.Identifier(name), sql.SQL(kind)))
        for name in (TASKS, CATALOG):
            give_password(connection, name, secret)
        is_there = sql.SQL("select from pg_database where datname = {}").format(CATALOG)
        if not connection.execute(is_there).rowcount:  # its account owns it, and nothing else
            own = sql.SQL("create database {0} owner {0}").format(sql.Identifier(CATALOG))
            connection.execute(own)
        roles = sql.SQL(", ").join(map(sql.Identifier, ROLES[:2]))
        grant = sql.SQL("grant {} to {}").format(roles, sql.Identifier(TASKS))
        connection.execute(grant)


def write_config(environment: Mapping[str, str], directory: Path = CONFIG) -> None:
    """Write the login of the UI, and what the scheduler imports once."""
    file = directory / "passwords.json"
    file.write_text(json.dumps({"admin": environment["AIRFLOW_PASSWORD"]}))
    file.chmod(0o600)
    shutil.copy(Path(__file__).with_name("preload.py"), directory / "airflow_local_settings.py")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False  # Compose takes no name here


def _is_there(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), 5).close()
    except OSError:
        return False
    return True


def main() -> None:
    """Do all of it."""
    require_own_secrets(os.environ)
    require_broker(os.environ)
    airflow = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    make_databases(f"{airflow.rpartition('/')[0]}/warehouse")
    write_config(os.environ)


if __name__ == "__main__":
    main()
