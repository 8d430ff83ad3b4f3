"""The real parts every test may ask for: a PostgreSQL database, an S3 bucket, Airflow's environment.

Airflow reads its environment when it is imported first, so that is set here, before any test module.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

REPOSITORY = Path(__file__).parents[1]
STATE = Path(tempfile.mkdtemp(prefix="jobmarket-tests-"))
STATE.chmod(0o755)  # PostgreSQL runs as another account when the tests run as root

os.environ.update(
    AIRFLOW_HOME=str(STATE / "airflow"),
    AIRFLOW__CORE__DAGS_FOLDER=str(REPOSITORY / "dags"),
    AIRFLOW__CORE__PLUGINS_FOLDER=str(REPOSITORY / "plugins"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{STATE}/airflow.db",
)

from local.object_store import ACCOUNT, SECRET, ObjectStore  # noqa: E402
from local.postgres import Postgres  # noqa: E402
from local.process import free_port  # noqa: E402
from tests.support.databases import copy_database, make_template  # noqa: E402
from tests.support.reachable import open_to_all  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

_names = itertools.count(1)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(STATE, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Yield a PostgreSQL cluster for the session."""
    cluster = Postgres.start(STATE / "postgres", durable=False).wait()
    yield cluster
    cluster.stop()


@pytest.fixture
def postgres_dsn(postgres: Postgres) -> str:
    """Return the address of a fresh, empty database."""
    return postgres.create_database(f"test_{os.getpid()}_{next(_names)}")


@pytest.fixture(scope="session")
def schema_template(postgres: Postgres) -> str:
    """Return the name of a database with the schema, which nobody uses: it is copied."""
    from jobmarket.foundation.warehouse.migrations import apply_ddl

    return make_template(postgres, "schema_template", apply_ddl)


@pytest.fixture
def schema_dsn(postgres: Postgres, schema_template: str) -> str:
    """Return the address of a database with the schema and no row."""
    return copy_database(postgres, schema_template, f"test_{os.getpid()}_{next(_names)}")


@pytest.fixture
def warehouse(schema_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """Yield a connection to a database with the schema and no row; each statement commits by itself."""
    import psycopg

    with psycopg.connect(schema_dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def warehouse_template(postgres: Postgres, schema_template: str) -> str:
    """Return the name of a database as a migration leaves it, which nobody uses: it is copied."""
    from jobmarket.foundation.warehouse.migrate import migrate
    from jobmarket.offers.reference import apply_reference

    copy_database(postgres, schema_template, "warehouse_template")
    return make_template(
        postgres, "warehouse_template", lambda c: migrate(c, "warehouse"), apply_reference
    )


@pytest.fixture
def warehouse_dsn(postgres: Postgres, warehouse_template: str) -> str:
    """Return the address of a database as a migration leaves it: schema, rights, reference tables."""
    return copy_database(postgres, warehouse_template, f"test_{os.getpid()}_{next(_names)}")


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """Yield an S3-compatible server for the session."""
    store = ObjectStore.start(
        STATE / "s3", readers={"reader": "reader-secret"}, catalog_port=free_port()
    ).wait()
    yield store
    store.stop()


@pytest.fixture(scope="session")
def s3(object_store: ObjectStore) -> Iterator[S3Client]:
    """Yield a boto3 client of that server."""
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=object_store.endpoint_url,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )
    yield client
    client.close()


@pytest.fixture
def bucket(s3: S3Client) -> str:
    """Return the name of a fresh, empty bucket."""
    name = f"lake-{os.getpid()}-{next(_names)}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def open_path(tmp_path: Path) -> Path:
    """Return a folder of the test that PostgreSQL, which runs as another account, reaches too."""
    return open_to_all(tmp_path)


@pytest.fixture(scope="session")
def airflow_metadata() -> None:
    """Make Airflow's metadata database, once a session."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture(scope="session")
def dag_bag() -> DagBag:
    """Return the DAGs of the project, as Airflow parses them."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag()
