"""The Airflow beside the parts of the laptop stack: its environment, metadata database, pools, connections.

What does not live here: the parts that the connections lead to (``stack``), the processes of Airflow
(``supervisor``).

Whatever the environment or ``.env`` sets stays as it is, and a connection that was edited in the UI
is left alone: a real account is three connections away.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values

from local import kept
from local.object_store import ACCOUNT, TABLE_BUCKET
from local.process import LOOPBACK
from local.stack import BUCKET
from sandbox.adzuna.settings import AdzunaSettings
from sandbox.places import write_private

if TYPE_CHECKING:
    from local.kept import Ports

POOLS = {
    "france_travail_api": "France Travail allows one rate for a client: days queue for it",
    "adzuna_api": "Adzuna answers one request at a time, and has one budget: days queue for it",
}


def airflow_environment(ports: Ports) -> dict[str, str]:
    """Return what the Airflow beside the parts needs; what the person set comes last and wins."""
    home = kept.STATE / "airflow"
    keys = kept.keys()
    defaults = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(kept.REPOSITORY / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(kept.REPOSITORY / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # 2 cores: more workers only cost memory
        "AIRFLOW__CORE__PARALLELISM": "8",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{kept.ui_address(ports)}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{kept.UI_USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(kept.STATE / "passwords.json"),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(ports.ui),
        "AIRFLOW__API__BASE_URL": kept.ui_address(ports),
        "AIRFLOW__API__SECRET_KEY": keys["api"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
        # Airflow sleeps this long between two looks for work; 1 s would be most of its share of a run
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": (
            f"postgresql+psycopg2://airflow:{keys['airflow']}@{LOOPBACK}:{ports.postgres}/airflow"
        ),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    chosen = {k: v for k, v in dotenv_values(kept.REPOSITORY / ".env").items() if v is not None}
    return {**defaults, **chosen, **os.environ}


def connections(ports: Ports) -> dict[str, dict[str, Any]]:
    """Return the connections to the embedded parts, by id, as Airflow spells them."""
    keys = kept.keys()
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
            "login": kept.TASKS,
            "password": keys[kept.TASKS],
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

    home, marker = kept.STATE / "airflow", kept.STATE / "prepared.json"
    wanted = {
        "airflow": airflow.__version__,
        "connections": connections(ports),
        "pools": sorted(POOLS),
    }
    before = json.loads(marker.read_text()) if marker.exists() else {}
    (home / "config").mkdir(parents=True, exist_ok=True)
    shutil.copy(
        kept.REPOSITORY / "local" / "preload.py", home / "config" / "airflow_local_settings.py"
    )
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
