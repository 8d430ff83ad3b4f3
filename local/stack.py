"""The laptop stack: which parts run, where they keep their data, and how Airflow is told about them.

What lives here: PostgreSQL, SeaweedFS and the France Travail sandbox started together, and the
environment, connections and pool of the Airflow beside them. What does not: the parts themselves
(``services``, ``server``), the commands a person types (``commands``).

Whatever the environment or ``.env`` sets stays as it is, and a connection that was edited in the UI
is left alone: a real account is three connections away.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shlex
import shutil
import socket
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values

from local.accounts import create_member
from local.process import (
    LOOPBACK,
    Service,
    ServiceError,
    answers_http,
    free_port,
    launch,
)
from local.services import ACCOUNT, TABLE_BUCKET, ObjectStore, Postgres
from sandbox.adzuna.settings import AdzunaSettings
from sandbox.places import postgres_directory, private_directory, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[1]
STATE = Path(os.environ.get("JOBMARKET_STATE", REPOSITORY / ".local"))
BUCKET = "jobmarket"
POOLS = {
    "france_travail_api": "France Travail allows one rate for a client: days queue for it",
    "adzuna_api": "Adzuna answers one request at a time, and has one budget: days queue for it",
}
# each with an account of the same name that owns it, and is no superuser
DATABASES = ("airflow", "warehouse")
# who uses the warehouse beside its owner: an account, and what it may do there
TASKS, ANALYST = "warehouse_tasks", "warehouse_analyst"
MEMBERS = {TASKS: ("jobmarket_loader", "jobmarket_reporter"), ANALYST: ("jobmarket_reader",)}
UI_PORT = 8080
UI_USER = "admin"


@dataclass(frozen=True)
class Ports:
    """The ports of the parts on loopback; kept, so that addresses stay the same from run to run."""

    postgres: int
    s3: int
    sandbox: int
    ui: int
    catalog: int

    @classmethod
    def kept(cls) -> Ports:
        """Read the ports of the last start, or choose anew if there are none or one is taken."""
        file = STATE / "ports.json"
        if file.exists():
            ports = cls.last()
            if not any(_is_taken(port) for port in asdict(ports).values()):
                write_private(file, json.dumps(asdict(ports)))
                return ports
        ui = UI_PORT if not _is_taken(UI_PORT) else free_port()
        ports = cls(free_port(), free_port(), free_port(), ui, free_port())
        private_directory(STATE)
        write_private(file, json.dumps(asdict(ports)))
        return ports

    @classmethod
    def last(cls) -> Ports:
        """Read the ports of the last start."""
        # a stack of before there was a history has no port for its catalog
        return cls(**{"catalog": free_port(), **json.loads((STATE / "ports.json").read_text())})


@contextmanager
def running(ports: Ports) -> Iterator[dict[str, Service]]:
    """Start PostgreSQL, S3 and the sandbox side by side, and give them by name; stop them at the end."""
    services: dict[str, Service] = {}
    keys = _kept_keys()
    try:
        postgres = Postgres.start(STATE / "postgres", ports.postgres)
        services["PostgreSQL"] = postgres.service
        store = _object_store(ports)
        services["S3"] = store.service
        services["sandbox"] = sandbox = start_sandbox(ports)
        for database in DATABASES:
            postgres.wait().create_owner(database, keys[database])
        for account, roles in MEMBERS.items():
            create_member(
                postgres.uri(),
                account,
                keys[account],
                "warehouse",
                *roles,
                is_acting=account == TASKS,
            )
        # for whoever asks questions, and for whoever looks behind them
        write_private(STATE / "warehouse.url", f"{warehouse_address(ports, ANALYST)}\n")
        write_private(STATE / "warehouse-owner.url", f"{warehouse_address(ports)}\n")
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
    return launch("sandbox", command, STATE / "sandbox.log", cwd=REPOSITORY)


def start_again(name: str, ports: Ports) -> Service:
    """Start a part that died, on its data and its port; it may take a moment to answer."""
    if name == "PostgreSQL":
        return Postgres.start(STATE / "postgres", ports.postgres).service
    if name == "S3":
        return _object_store(ports).service
    return start_sandbox(ports)


def _object_store(ports: Ports) -> ObjectStore:
    return ObjectStore.start(
        STATE / "s3", ports.s3, secret=_kept_keys()["s3"], catalog_port=ports.catalog
    )


def airflow_environment(ports: Ports) -> dict[str, str]:
    """Return what the Airflow beside the parts needs; what the person set comes last and wins."""
    home = STATE / "airflow"
    keys = _kept_keys()
    defaults = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(REPOSITORY / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # 2 cores: more workers only cost memory
        "AIRFLOW__CORE__PARALLELISM": "8",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{ui_address(ports)}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{UI_USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(STATE / "passwords.json"),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(ports.ui),
        "AIRFLOW__API__BASE_URL": ui_address(ports),
        "AIRFLOW__API__SECRET_KEY": keys["api"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
        # Airflow sleeps this long between two looks for work; 1 s would be most of its share of a run
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": (
            f"postgresql+psycopg2://airflow:{keys['airflow']}@{LOOPBACK}:{ports.postgres}/airflow"
        ),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    chosen = {k: v for k, v in dotenv_values(REPOSITORY / ".env").items() if v is not None}
    return {**defaults, **chosen, **os.environ}


def connections(ports: Ports) -> dict[str, dict[str, Any]]:
    """Return the connections to the embedded parts, by id, as Airflow spells them."""
    keys = _kept_keys()
    found: dict[str, dict[str, Any]] = {
        "france_travail": {
            "conn_type": "http",
            "description": "The API « Offres d'emploi »: host, login = client id, password = client secret. "
            "Here: the sandbox, whose offers are generated.",
            "host": f"http://{LOOPBACK}:{ports.sandbox}",
            "login": "sandbox",
            "password": "sandbox",
        },
        "adzuna": {
            "conn_type": "http",
            "description": "Adzuna: login = app id, password = app key; its terms stand at the DAG. "
            "Here: the sandbox, whose ads are generated.",
            "host": f"http://{LOOPBACK}:{ports.sandbox}",
            "login": AdzunaSettings().app_id,
            "password": AdzunaSettings().app_key,
        },
        "aws_default": {
            "conn_type": "aws",
            "description": "S3 of the data lake: raw pages and reports. Here: SeaweedFS on this machine.",
            "login": ACCOUNT,
            "password": keys["s3"],
            "extra": json.dumps(
                {"endpoint_url": f"http://{LOOPBACK}:{ports.s3}", "region_name": "eu-west-3"}
            ),
        },
        "history_catalog": {
            "conn_type": "generic",
            "description": "Where the history is registered (Apache Iceberg): docs/history.md. Here: the "
            "catalog of SeaweedFS on this machine.",
            "login": ACCOUNT,
            "password": keys["s3"],
            "extra": json.dumps(
                {
                    "type": "rest",
                    "uri": f"http://{LOOPBACK}:{ports.catalog}",
                    "warehouse": f"s3://{TABLE_BUCKET}",
                }
            ),
        },
        "warehouse": {
            "conn_type": "postgres",
            "description": "The PostgreSQL warehouse, as the tasks use it: the database is the schema. Here: "
            "on this machine.",
            "host": LOOPBACK,
            "port": ports.postgres,
            "login": TASKS,
            "password": keys[TASKS],
            "schema": "warehouse",
        },
    }
    # to a warehouse that somebody put in its place another account leads, or the same one
    if "AIRFLOW_CONN_WAREHOUSE" not in os.environ:
        found["warehouse_owner"] = {
            **found["warehouse"],
            "description": "The same, as the owner of its schemas: only warehouse_migrate uses it.",
            "login": "warehouse",
            "password": keys["warehouse"],
        }
    return found


def prepare_airflow(ports: Ports) -> None:
    """Make the metadata database, the pool, the variable and the connections that are missing.

    In the environment of :func:`airflow_environment`. A connection that this function did not write,
    or that was edited since, stays as it is. Does nothing when nothing has changed since the last call.
    """
    import airflow

    home, marker = STATE / "airflow", STATE / "prepared.json"
    wanted = {
        "airflow": airflow.__version__,
        "connections": connections(ports),
        "pools": sorted(POOLS),
    }
    before = json.loads(marker.read_text()) if marker.exists() else {}
    (home / "config").mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "local" / "preload.py", home / "config" / "airflow_local_settings.py")
    if before == wanted:
        return
    _write_metadata(wanted["connections"], before.get("connections", {}))
    write_private(marker, json.dumps(wanted))


def _write_metadata(wanted: dict[str, Any], before: dict[str, Any]) -> None:
    from airflow.models import Connection, Pool, Variable
    from airflow.utils.db import initdb, upgradedb
    from airflow.utils.session import create_session
    from sqlalchemy import select

    initdb() if not before else upgradedb()
    with create_session() as session:
        for name, description in POOLS.items():
            Pool.create_or_update_pool(
                name, slots=1, description=description, include_deferred=False, session=session
            )
        if session.scalar(select(Variable).where(Variable.key == "data_lake_bucket")) is None:
            session.add(
                Variable("data_lake_bucket", BUCKET, description="The S3 bucket of the data lake")
            )
        for conn_id, fields in wanted.items():
            known = session.scalar(select(Connection).where(Connection.conn_id == conn_id))
            if known is not None:
                if before.get(conn_id) != {name: getattr(known, name) for name in fields}:
                    continue  # somebody else's: a real account, say
                session.delete(known)
                session.flush()
            session.add(Connection(conn_id=conn_id, **fields))
        for conn_id in before.keys() - wanted.keys():
            known = session.scalar(select(Connection).where(Connection.conn_id == conn_id))
            if known and before[conn_id] == {
                name: getattr(known, name) for name in before[conn_id]
            }:
                session.delete(known)


def make_bucket(ports: Ports) -> None:
    """Make the bucket of the embedded object store, as the first run of a day does."""
    import boto3
    from botocore.exceptions import ClientError

    client = boto3.client(
        "s3",
        endpoint_url=f"http://{LOOPBACK}:{ports.s3}",
        region_name="us-east-1",
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=_kept_keys()["s3"],
    )
    try:
        client.head_bucket(Bucket=BUCKET)
    except ClientError:
        client.create_bucket(Bucket=BUCKET)
    finally:
        client.close()


def ui_address(ports: Ports) -> str:
    """Return where a browser finds the UI: below a path that no other checkout has.

    Browsers keep cookies by host and path, whatever the port: two checkouts at one path would log each other
    out.
    """
    checkout = hashlib.sha256(str(STATE.resolve()).encode()).hexdigest()[:6]
    return f"http://{LOOPBACK}:{ports.ui}/jobmarket-{checkout}"


def ui_password() -> str:
    """Return the password of the UI's user, made at the first call."""
    file = STATE / "passwords.json"
    if not file.exists():
        write_private(file, json.dumps({UI_USER: secrets.token_urlsafe(9)}))
    return str(json.loads(file.read_text())[UI_USER])


def _kept_keys() -> dict[str, str]:
    """Return what Airflow's components share and the passwords of the parts, made at the first call."""
    from cryptography.fernet import Fernet

    file = STATE / "keys.json"
    if not file.exists():
        keys = {"fernet": Fernet.generate_key().decode()}
        keys |= {name: secrets.token_hex(32) for name in ("api", "jwt")}
        keys |= {name: secrets.token_hex(16) for name in ("s3", *DATABASES)}
        private_directory(STATE)
        write_private(file, json.dumps(keys))
    kept: dict[str, str] = json.loads(file.read_text())
    new = {name: secrets.token_hex(16) for name in MEMBERS if name not in kept}
    if not {"s3", *DATABASES} <= kept.keys():
        raise ServiceError(
            f"{STATE} was made by an earlier version, whose passwords were known to all: `make clean` "
            f"removes it with what it holds, then start again."
        )
    if new:  # the accounts came later than the others
        kept |= new
        write_private(file, json.dumps(kept))
    return kept


def warehouse_address(ports: Ports, account: str = "warehouse") -> str:
    """Return the address of the warehouse for one of its accounts, its owner by default, ``postgresql://…``."""
    return f"postgresql://{account}:{_kept_keys()[account]}@{LOOPBACK}:{ports.postgres}/warehouse"


def remove() -> None:
    """Remove all data of the parts, which must not run."""
    shutil.rmtree(postgres_directory(STATE / "postgres"), ignore_errors=True)
    shutil.rmtree(STATE, ignore_errors=True)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
